using System.Text;

namespace RawIo.Bench;

/// <summary>Runs what has a bound, and says of each row whether it holds.</summary>
internal static class BoundsTable
{
    /// <summary>How far a ratio may be beyond its bound before the quick mode fails: what a busy machine does to a short run.</summary>
    private const double Tolerance = 1.5;

    private const int Rounds = 400;
    private const int QuickRounds = 100;

    /// <returns>0 when every row holds; in the quick mode, when no ratio is beyond its bound by more than the tolerance. Times are told there, and fail nothing: a machine may be slow.</returns>
    public static int Run(bool quick, string only)
    {
        var rows = new List<Row>();
        foreach (var row in Suites.Run(quick ? QuickRounds : Rounds, "JIT", only))
        {
            Console.Error.WriteLine(row.ToMarkdown());
            rows.Add(row);
        }
        var text = new StringBuilder($"{Host.Description}{(quick ? "; a quick run" : "")}.\n\n{Row.Head}");
        foreach (var row in rows) text.Append(row.ToMarkdown()).Append('\n');
        Console.Write(text);
        if (!quick && only.Length == 0) Save(text.ToString());
        return rows.All(row => quick ? (row.IsTime || row.OfBound <= Tolerance) && !row.AllocatesTooMuch : row.Holds) ? 0 : 1;
    }

    /// <summary>bench/results/CPU/table.md, and the same in the README between its marks.</summary>
    private static void Save(string table)
    {
        var cpu = string.Concat(Host.Cpu.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
        var folder = Directory.CreateDirectory(Path.Combine(Host.Root, "bench", "results", cpu)).FullName;
        File.WriteAllText(Path.Combine(folder, "table.md"), $"# The bounds, and what was measured\n\n`dotnet run -c Release --project bench/RawIo.Bench -- table`. {table}");
        var readme = Path.Combine(Host.Root, "README.md");
        var lines = File.ReadAllText(readme);
        const string Begin = "<!-- bench table -->\n", End = "<!-- end of bench table -->";
        var (from, to) = (lines.IndexOf(Begin, StringComparison.Ordinal), lines.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"README.md lost its marks '{Begin.Trim()}' and '{End}'.");
        File.WriteAllText(readme, lines[..(from + Begin.Length)] + table + lines[to..]);
    }
}
