using System.Globalization;

namespace RawIo.Fuzz;

/// <summary>What a step does.</summary>
internal enum StepKind : byte
{
    Read,
    Write,
    Wait,
    Outside,
    PokeRam,
    Reset,
    Mark,
    Verify,
}

/// <summary>What a written value is.</summary>
internal enum ValueKind : byte
{
    Literal,
    LastRead,
    LastReadFlipped,
    LastWritten,
}

/// <summary>One step of a tape.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Size">An access's bytes: 1, 2, 4 or 8.</param>
/// <param name="Strict">Whether a guest error of the access throws; else the hardware's answer counts.</param>
/// <param name="From">What value is written.</param>
/// <param name="Where">The offset into the device; the number of an outside stimulus; the RAM address.</param>
/// <param name="Value">The value, the bits to flip of another, nanoseconds, or what the stimulus makes of it.</param>
internal readonly record struct FuzzStep(StepKind Kind, int Where = 0, ulong Value = 0, byte Size = 0, bool Strict = false, ValueKind From = ValueKind.Literal)
{
    /// <summary>The step for people; <paramref name="stimuli"/> are the device's.</summary>
    public string Describe(IReadOnlyList<IStimulus> stimuli) => Kind switch
    {
        StepKind.Read => $"read{Size * 8} 0x{Where:x}{Mode}",
        StepKind.Write => $"write{Size * 8} 0x{Where:x} {What}{Mode}",
        StepKind.Wait => string.Create(CultureInfo.InvariantCulture, $"wait {Value} ns"),
        StepKind.Outside => stimuli[Where].Describe(Value),
        StepKind.PokeRam => $"RAM 0x{Where:x} = 0x{Value:x}",
        StepKind.Reset => "reset",
        StepKind.Mark => "snapshot",
        _ => "restore, and the same again since the snapshot",
    };

    private string Mode => Strict ? " (guest errors throw)" : "";

    private string What => From switch
    {
        ValueKind.Literal => $"0x{Value:x}",
        ValueKind.LastRead => "the value last read",
        ValueKind.LastReadFlipped => $"the value last read with 0x{Value:x} flipped",
        _ => "the value last written",
    };
}
