namespace RawIo;

/// <summary>Recordings of what drivers did with a machine: made on any backend, and a backend themselves.</summary>
/// <remarks>What is in a recording, in which order, and the file's format: docs/recording.md.</remarks>
public static class Recording
{
    /// <summary>Records what is done with a machine into a file, which is replaced.</summary>
    /// <param name="hardware">The machine; the recorder owns it from now on.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="RawIoException">The file cannot be made: EACCES, ENOENT, EIO. The machine is still the caller's.</exception>
    public static Recorder Record(IHardware hardware, string path)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Unbuffered: what the recorder has written is in the kernel's hands, should the process die.
        var file = Guard(path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
        try
        {
            return new(hardware, file, leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Records what is done with a machine into a stream.</summary>
    /// <param name="hardware">The machine; the recorder owns it from now on.</param>
    /// <param name="stream">The stream, which is written 64 KiB at a time.</param>
    /// <param name="leaveOpen">Whether the stream stays the caller's.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    public static Recorder Record(IHardware hardware, Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite) throw new ArgumentException("A recording is written to its stream; this one cannot be written.", nameof(stream));
        return new(hardware, stream, leaveOpen);
    }

    /// <summary>Opens a recording as a machine: it answers as the recorded one did, and checks that the driver does what it did then.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RawIoException">The file is not there (ENOENT), may not be read (EACCES) or fails (EIO).</exception>
    /// <exception cref="MalformedInputException">It is no recording, or a damaged one; the position is the byte.</exception>
    public static Replay Open(string path)
    {
        var file = OpenFile(path);
        try
        {
            return new(file, leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a recording in a stream as a machine.</summary>
    /// <param name="stream">The stream, from its current position. One that cannot seek is read into memory.</param>
    /// <param name="leaveOpen">Whether the stream stays the caller's.</param>
    /// <exception cref="MalformedInputException">It is no recording, or a damaged one; the position is the byte.</exception>
    public static Replay Open(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(stream, leaveOpen);
    }

    /// <summary>Opens a recording to look at its entries.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RawIoException">The file is not there (ENOENT), may not be read (EACCES) or fails (EIO).</exception>
    /// <exception cref="MalformedInputException">It is no recording; the position is the byte.</exception>
    public static RecordingReader Read(string path)
    {
        var file = OpenFile(path);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guard(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1));
    }

    private static T Guard<T>(string path, Func<T> open) => FileRefusals.Tell(open, errno => errno switch
    {
        Errno.ENOENT => $"The recording {path} is not there, nor a folder for it.",
        Errno.EACCES => $"The recording {path} may not be opened by this user, or is a folder.",
        _ => $"The recording {path} cannot be opened",
    });
}
