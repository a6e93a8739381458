namespace RawIo;

/// <summary>One entry of a recording.</summary>
/// <param name="Number">Which it is, from 1.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Size">The access's width in bytes; 0 where it has none.</param>
/// <param name="Address">The physical address, or the port; of an interrupt and of a timer its number in the recording.</param>
/// <param name="Value">
/// What was read or written; of a block its bytes; of a claim or a mapping its length; of an interrupt opened its number or
/// index, and how many came; of a wait its number; of the clock what it showed; of a timer when it is due.
/// </param>
public sealed record RecordingEntry(long Number, RecordingKind Kind, int Size, ulong Address, ulong Value)
{
    /// <summary>A block's bytes in little-endian order, the value of a fill, the names of a claim.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What it was refused with; null where it was done.</summary>
    public Exception? Refusal { get; init; }

    /// <summary>The thread that did it, by its managed number then; 0 for the one that made the recorder, until another did something.</summary>
    public int Thread { get; init; }

    /// <summary>In the kernel's words: "readl 0x3f200034 = 0x000101ff".</summary>
    public override string ToString() => RecordingText.Of(this);

    /// <summary>Whether what a driver does is what was recorded: the same, there, of that width, and of what it writes the same value.</summary>
    internal string? Difference(RecordingEntry attempt)
    {
        if (Ordered(Kind) != Ordered(attempt.Kind)) return "another step";
        if (Size != attempt.Size) return "another width";
        // What the recording numbers is told by it.
        var isTold = Kind is RecordingKind.Timestamp or RecordingKind.UtcNow or RecordingKind.OpenInterrupt or RecordingKind.OpenNodeInterrupt or RecordingKind.CreateTimer;
        if (!isTold && Address != attempt.Address) return Kind < RecordingKind.OpenInterrupt ? "another address" : "another number";
        if (Comparison(Kind).Value && Value != attempt.Value)
            return Kind is RecordingKind.Write or RecordingKind.WriteRelaxed or RecordingKind.Out ? "another value"
                : Kind >= RecordingKind.CreateTimer ? "another time"
                : Kind >= RecordingKind.OpenInterrupt ? "another number" : "another length";
        if (!Comparison(Kind).Data || Data.Span.SequenceEqual(attempt.Data.Span)) return null;
        return Kind is >= RecordingKind.ClaimMemory and < RecordingKind.Timestamp ? "another name" : Kind >= RecordingKind.CreateTimer ? "another period" : "other data";
    }

    private static RecordingKind Ordered(RecordingKind kind) => kind switch
    {
        RecordingKind.ReadRelaxed => RecordingKind.Read,
        RecordingKind.WriteRelaxed => RecordingKind.Write,
        RecordingKind.TryReadNothing => RecordingKind.TryRead,
        _ => kind,
    };

    // What the driver says, and what the machine answers, which is not to be compared.
    private static (bool Value, bool Data) Comparison(RecordingKind kind) => kind switch
    {
        RecordingKind.Write or RecordingKind.WriteRelaxed or RecordingKind.Out => (true, false),
        RecordingKind.WriteRep or RecordingKind.OutRep or RecordingKind.CopyTo or RecordingKind.Fill => (true, true),
        RecordingKind.ReadRep or RecordingKind.InRep or RecordingKind.CopyFrom => (true, false),
        RecordingKind.ClaimMemory or RecordingKind.ClaimPorts => (true, true),
        RecordingKind.ReleaseMemory or RecordingKind.Map or RecordingKind.Unmap => (true, false),
        RecordingKind.ReleasePorts or RecordingKind.OpenPorts or RecordingKind.ClosePorts => (true, false),
        RecordingKind.OpenInterrupt or RecordingKind.OpenNodeInterrupt => (true, true),
        RecordingKind.CreateTimer or RecordingKind.ChangeTimer => (true, true),
        _ => (false, false),
    };
}
