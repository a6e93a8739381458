using System.Runtime.CompilerServices;

namespace RawIo.Metal;

/// <summary>One thing to see on a real kernel: it throws if it is not so.</summary>
/// <param name="Name">One line, unique in its boot.</param>
/// <param name="Run">Sees.</param>
/// <param name="TimeLimit">How long it may take before it counts as hanging.</param>
public sealed record Check(string Name, Action Run, TimeSpan TimeLimit)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    /// <summary>A check named as its method is: underscores are spaces.</summary>
    public static Check Of(Action run, [CallerArgumentExpression(nameof(run))] string name = "") =>
        new(name[(name.LastIndexOf('.') + 1)..].Replace('_', ' '), run, Usual);

    /// <summary>A check named otherwise.</summary>
    public static Check Named(string name, Action run) => new(name, run, Usual);
}
