namespace RawIo;

/// <summary>A driver on a <see cref="Replay"/> did not do what it did when it was recorded (EIO). The message has the entry, what the recording has, what the driver did, and the remedy.</summary>
public sealed class ReplayException : RawIoException
{
    internal ReplayException(string message, long entry, RecordingEntry? recorded, RecordingEntry? attempted) : base(Errno.EIO, message) =>
        (EntryNumber, Recorded, Attempted) = (entry, recorded, attempted);

    /// <summary>Which entry of the recording it is about, from 1; one more than it has where it was at its end.</summary>
    public long EntryNumber { get; }

    /// <summary>What the recording has there; null at its end.</summary>
    public RecordingEntry? Recorded { get; }

    /// <summary>What the driver did; null where it stopped early.</summary>
    public RecordingEntry? Attempted { get; }
}
