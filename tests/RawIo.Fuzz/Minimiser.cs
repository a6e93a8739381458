using System.Diagnostics;
using System.Text;

namespace RawIo.Fuzz;

/// <summary>Takes steps out of a tape that fails as long as it fails the same way.</summary>
internal static class Minimiser
{
    private const int MostRuns = 3000;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>The failure with its shortest tape found, for people.</summary>
    public static string Report(Subject subject, DeviceShape shape, ulong? seed, IReadOnlyList<FuzzStep> steps, Failure failure)
    {
        var text = new StringBuilder();
        text.Append($"{subject}: {failure.Kind}: {failure.What}\n");
        text.Append(seed is null ? "of the tape given" : $"--board {subject.Board} --device {subject.Index} --seed {seed}");
        List<FuzzStep> least = [.. steps.Take(failure.Step + 1)];
        if (Again(subject, least, failure.Kind) is null)
        {
            text.Append($"\nIt does not fail again on a board just powered on; step {failure.Step} of {steps.Count}, after:");
            least = [.. least.TakeLast(20)];
        }
        else
        {
            least = Minimise(subject, least, failure.Kind);
            text.Append($"\n{Again(subject, least, failure.Kind)!.What}\nafter {least.Count} steps:");
        }
        foreach (var step in least) text.Append("\n  ").Append(step.Describe(shape.Stimuli));
        return text.ToString();
    }

    public static List<FuzzStep> Minimise(Subject subject, List<FuzzStep> steps, FailureKind kind)
    {
        var runs = 0;
        var started = Stopwatch.GetTimestamp();
        for (var chunk = steps.Count / 2; chunk > 0; chunk /= 2)
            for (var removed = true; removed && runs < MostRuns;)
            {
                removed = false;
                for (var at = 0; at < steps.Count && runs < MostRuns && Stopwatch.GetElapsedTime(started) < s_longest; runs++)
                {
                    List<FuzzStep> fewer = [.. steps.Take(at), .. steps.Skip(at + chunk)];
                    if (fewer.Count > 0 && fewer.Count < steps.Count && Again(subject, fewer, kind) is { } failure)
                    {
                        steps = [.. fewer.Take(failure.Step + 1)];
                        removed = true;
                    }
                    else at += chunk;
                }
            }
        return steps;
    }

    private static Failure? Again(Subject subject, List<FuzzStep> steps, FailureKind kind)
    {
        using var run = new Run(subject, thorough: true);
        return run.Do([.. steps], new ulong[steps.Count]) is { } failure && failure.Kind == kind ? failure : null;
    }
}
