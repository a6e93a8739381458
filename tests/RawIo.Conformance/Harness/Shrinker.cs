namespace RawIo.Conformance;

/// <summary>Makes a failing run as short as it gets: drops halves, quarters … single groups of steps, and keeps what still fails (Zeller's delta debugging).</summary>
internal static class Shrinker
{
    /// <param name="steps">A run that fails. Steps of one group stay together.</param>
    /// <param name="fails">Where a run first differs on a fresh pair; null where it does not.</param>
    /// <param name="budget">How many runs at most.</param>
    /// <returns>A run that fails at its last step.</returns>
    public static List<Step> Shrink(IReadOnlyList<Step> steps, Func<IReadOnlyList<Step>, int?> fails, int budget = 200)
    {
        if (fails(steps) is not { } at) throw new ArgumentException("The run does not fail.", nameof(steps));
        var groups = Groups(steps.Take(at + 1));
        for (var size = Math.Max(1, groups.Count / 2); budget > 0;)
        {
            var dropped = false;
            for (var start = 0; start < groups.Count && budget > 0;)
            {
                List<Step> rest = [.. groups.Where((_, i) => i < start || i >= start + size).SelectMany(g => g)];
                budget--;
                if (rest.Count > 0 && fails(rest) is { } end)
                {
                    groups = Groups(rest.Take(end + 1));
                    dropped = true;
                }
                else
                {
                    start += size;
                }
            }
            if (size == 1 && !dropped) break;
            if (!dropped || size > groups.Count) size = Math.Max(1, Math.Min(size, groups.Count) / 2);
        }
        return [.. groups.SelectMany(g => g)];
    }

    private static List<Step[]> Groups(IEnumerable<Step> steps) => [.. steps.GroupBy(s => s.Group).Select(g => g.ToArray())];
}
