namespace RawIo.Fuzz;

/// <summary>What a device must never do, and did.</summary>
internal enum FailureKind
{
    /// <summary>It threw what no interface declares.</summary>
    Exception,
    /// <summary>Its state contradicts itself.</summary>
    Invariant,
    /// <summary>A read value has more bits than the access.</summary>
    Width,
    /// <summary>It has its timers run more often than any hardware would.</summary>
    Timers,
    /// <summary>An access takes far too long.</summary>
    Slow,
    /// <summary>It allocates with every step, or keeps what it allocates.</summary>
    Memory,
    /// <summary>A restored snapshot goes on differently.</summary>
    Snapshot,
}

/// <summary>A failure, and the step that showed it.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Step">The index of the step.</param>
/// <param name="What">The details, for people.</param>
internal sealed record Failure(FailureKind Kind, int Step, string What);
