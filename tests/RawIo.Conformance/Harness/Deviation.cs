namespace RawIo.Conformance;

/// <summary>
/// Where QEMU is known to be otherwise than the datasheet, and our model not: a line of docs/conformance.md. It must be
/// met in each run, be it by its <paramref name="Mask"/> or by a line "…, qemu VALUE : ID" of a scenario; else it is
/// stale and the test fails.
/// </summary>
/// <param name="Id">A short name, unique in the profile.</param>
/// <param name="Register">The register, as the datasheet calls it.</param>
/// <param name="Qemu">What QEMU does.</param>
/// <param name="Datasheet">What the datasheet says, with its page.</param>
/// <param name="Model">What our model does.</param>
/// <param name="Mask">The bits of a value that may differ by it, 0 where it is not concerned; null where only scenarios show it and random steps keep away from it.</param>
internal sealed record Deviation(string Id, string Register, string Qemu, string Datasheet, string Model, Func<Compared, ulong>? Mask = null)
{
    /// <summary>Whether it may also explain that interrupt lines changed otherwise, at this step.</summary>
    public Func<Compared, bool>? Interrupts { get; init; }
}

/// <summary>What the two machines answered to a step.</summary>
/// <param name="Run">All steps of the run.</param>
/// <param name="Index">Which step it is.</param>
/// <param name="Qemu">QEMU's value.</param>
/// <param name="Sim">Ours.</param>
internal readonly record struct Compared(IReadOnlyList<Step> Run, int Index, ulong Qemu, ulong Sim)
{
    public Step Step => Run[Index];

    /// <summary>Whether it reads this port or address.</summary>
    public bool Reads(ulong address) => Step.IsRead && Step.Address == address;

    /// <summary>The value last written there before this step, or null.</summary>
    public ulong? LastWrite(ulong address)
    {
        for (var i = Index - 1; i >= 0; i--)
            if (Run[i].IsWrite && Run[i].Address == address) return Run[i].Value;
        return null;
    }

    /// <summary>Whether a step before this one is such.</summary>
    public bool Earlier(Func<Step, bool> which)
    {
        for (var i = Index - 1; i >= 0; i--)
            if (which(Run[i])) return true;
        return false;
    }
}
