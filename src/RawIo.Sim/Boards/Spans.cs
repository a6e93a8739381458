namespace RawIo.Sim;

/// <summary>Sets of addresses as spans whose end is exclusive. Each step sorts once and goes through once.</summary>
internal static class Spans
{
    /// <summary>What is left of some spans when others are taken away, sorted and joined.</summary>
    public static List<(ulong Start, ulong End)> Without(IEnumerable<(ulong Start, ulong End)> spans, IEnumerable<(ulong Start, ulong End)> holes)
    {
        var left = new List<(ulong, ulong)>();
        var taken = Join(holes);
        var next = 0;
        foreach (var (start, end) in Join(spans))
        {
            var from = start;
            while (next < taken.Count && taken[next].End <= from) next++;
            // The last hole may reach into the next span, so it is kept.
            for (var i = next; i < taken.Count && taken[i].Start < end; next = i, i++)
            {
                if (taken[i].Start > from) left.Add((from, taken[i].Start));
                from = taken[i].End;
            }
            if (from < end) left.Add((from, end));
        }
        return left;
    }

    /// <summary>The whole 4 KiB pages in sorted spans, as start and length.</summary>
    public static List<(ulong Start, ulong Length)> WholePages(List<(ulong Start, ulong End)> spans)
    {
        var pages = new List<(ulong, ulong)>();
        foreach (var (first, last) in spans)
        {
            var (start, end) = ((first + 0xfff) & ~0xffful, last & ~0xffful);
            if (end > start) pages.Add((start, end - start));
        }
        return pages;
    }

    /// <summary>Sorted, without the empty ones, joined where they overlap or touch.</summary>
    private static List<(ulong Start, ulong End)> Join(IEnumerable<(ulong Start, ulong End)> spans)
    {
        var joined = new List<(ulong Start, ulong End)>();
        foreach (var span in spans.Where(s => s.End > s.Start).OrderBy(s => s.Start))
        {
            if (joined.Count > 0 && span.Start <= joined[^1].End) joined[^1] = (joined[^1].Start, Math.Max(joined[^1].End, span.End));
            else joined.Add(span);
        }
        return joined;
    }
}
