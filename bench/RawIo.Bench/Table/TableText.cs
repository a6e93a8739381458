using System.Globalization;
using System.Text;

namespace RawIo.Bench;

/// <summary>The rows as text: each, and shortened to one line for all sizes of a thing.</summary>
internal static class TableText
{
    public static string All(string host, IEnumerable<Row> rows)
    {
        var text = new StringBuilder($"{host}.\n\n{Row.Head}");
        foreach (var row in rows) text.Append(row.ToMarkdown()).Append('\n');
        return text.ToString();
    }

    /// <summary>The worst of the sizes, side by side for the two ways of compiling.</summary>
    public static string Short(string host, IEnumerable<Row> rows)
    {
        var text = new StringBuilder($"{host}. The worst of all sizes; [each size]({Host.ResultsLink}).\n\n| what | measured against | bound | JIT | ahead of time | |\n|---|---|---|---|---|---|\n");
        foreach (var group in rows.Where(row => !double.IsInfinity(row.Bound)).GroupBy(row => (row.Family, row.Reference)))
        {
            Row? Worst(string runtime) => group.Where(row => row.Runtime == runtime).MaxBy(row => row.OfBound);
            var (jit, aot) = (Worst("JIT"), Worst("AOT"));
            var worst = (jit is null || aot?.OfBound > jit.OfBound ? aot : jit)!;
            var bound = jit is not null && aot is not null && aot.Bound != jit.Bound ? $"{jit.BoundText}, {aot.BoundText}" : worst.BoundText;
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Family} | {group.Key.Reference} | {bound} | {jit?.MeasuredText} | {aot?.MeasuredText} | {(group.All(row => row.Holds) ? "holds" : worst.Verdict)} |\n");
        }
        return text.ToString();
    }
}
