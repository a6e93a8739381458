namespace RawIo.Bench;

/// <summary>What a benchmark may cost: a row of the table.</summary>
/// <param name="what">The row's name.</param>
/// <param name="atMost">The bound: how many times the reference, or nanoseconds where there is none.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BoundAttribute(string what, double atMost) : Attribute
{
    public string What { get; } = what;

    public double AtMost { get; } = atMost;

    /// <summary>The bound of a program compiled ahead of time, where it is another one.</summary>
    public double AtMostAot { get; init; } = atMost;

    /// <summary>What was reached of a bound that cannot be met, JIT; 0 where it is met. The quick mode holds the row to this then.</summary>
    public double Reached { get; init; }

    /// <summary>The same of a program compiled ahead of time.</summary>
    public double ReachedAot { get; init; }

    /// <summary>Why the bound cannot be met.</summary>
    public string Limit { get; init; } = "";

    /// <summary>The same of a program compiled ahead of time, where it is another reason.</summary>
    public string? LimitAot { get; init; }

    /// <summary>The benchmark it is measured against, of the same class and with the same parameters.</summary>
    public string? Of { get; init; }

    /// <summary>Whether the bound is the nanoseconds that it may take more than the reference.</summary>
    public bool IsAdded { get; init; }

    /// <summary>What the reference is, in words.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Whether it makes objects; an access must not.</summary>
    public bool Allocates { get; init; }
}
