using System.Globalization;

namespace RawIo.Bench;

/// <summary>One line of the table.</summary>
/// <param name="What">The row's name and parameters.</param>
/// <param name="Runtime">What ran it: JIT, AOT, or a program's name.</param>
/// <param name="Reference">What it is measured against; empty for a time.</param>
/// <param name="Nanoseconds">What an operation took.</param>
/// <param name="Ratio">How many times the reference that is; of a time, how many times its bound.</param>
/// <param name="Bound">How many times the reference it may take; of a time, nanoseconds.</param>
/// <param name="Allocated">Bytes an operation made; null where that was not looked at.</param>
/// <param name="MayAllocate">Whether it may make any.</param>
/// <param name="Reached">What was reached of a bound that cannot be met; 0 where it is met.</param>
/// <param name="Limit">Why that bound cannot be met.</param>
internal sealed record Row(string What, string Runtime, string Reference, double Nanoseconds, double Ratio, double Bound, long? Allocated, bool MayAllocate, double Reached = 0, string Limit = "")
{
    public const string Head = "| what | by | each | measured against | ratio | bound | allocated | |\n|---|---|---|---|---|---|---|---|\n";

    public static Row OfTime(string what, string runtime, double nanoseconds, double bound, long? allocated = null, bool mayAllocate = true) =>
        new(what, runtime, "", nanoseconds, nanoseconds / bound, bound, allocated, mayAllocate);

    public bool IsTime => Reference.Length == 0;

    /// <summary>What was measured, in bounds: 1 at most is good.</summary>
    public double OfBound => IsTime ? Ratio : Ratio / Bound;

    /// <summary>The same, of what was reached where the bound cannot be met.</summary>
    public double OfReached => OfBound * Bound / Math.Max(Bound, Reached);

    public bool AllocatesTooMuch => !MayAllocate && Allocated > 0;

    public bool Holds => OfBound <= 1 && !AllocatesTooMuch;

    /// <summary>For a program that hands its rows to another.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{What}\t{Runtime}\t{Reference}\t{Nanoseconds:r}\t{Ratio:r}\t{Bound:r}\t{Allocated}\t{MayAllocate}\t{Reached:r}\t{Limit}");

    /// <summary>A line each, for the program that started this one.</summary>
    public static void Print(IEnumerable<Row> rows)
    {
        foreach (var row in rows) Console.WriteLine(row.ToLine());
    }

    public static Row Parse(string line)
    {
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        return line.Split('\t') is [var what, var runtime, var reference, var nanoseconds, var ratio, var bound, var allocated, var may, var reached, var limit]
            ? new(what, runtime, reference, Number(nanoseconds), Number(ratio), Number(bound), allocated.Length > 0 ? long.Parse(allocated, CultureInfo.InvariantCulture) : null, bool.Parse(may), Number(reached), limit)
            : throw new FormatException($"No row of the table: '{line}'.");
    }

    /// <summary>The name without what follows a comma: the sizes.</summary>
    public string Family => What.Split(", ")[0];

    public string BoundText => double.IsInfinity(Bound) ? "" : IsTime ? Time(Bound) : Times(Bound);

    public string MeasuredText => IsTime ? Time(Nanoseconds) : Times(Ratio);

    public string Verdict => double.IsInfinity(Bound) ? "" : AllocatesTooMuch ? "**allocates**" : Holds ? "holds"
        : string.Create(CultureInfo.InvariantCulture, $"**{OfBound:f2} of the bound**{(Reached > 0 ? ": " + Limit : "")}");

    public string ToMarkdown() =>
        $"| {What} | {Runtime} | {Time(Nanoseconds)} | {Reference} | {(IsTime ? "" : Times(Ratio))} | {BoundText} | {(Allocated is { } bytes ? $"{bytes} B" : "")} | {Verdict} |";

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:f2} ×");

    private static string Time(double nanoseconds) => FormattableString.Invariant(nanoseconds switch
    {
        >= 1e9 => (FormattableString)$"{nanoseconds / 1e9:f1} s",
        >= 1e5 => $"{nanoseconds / 1e6:f2} ms",
        >= 1e3 => $"{nanoseconds / 1e3:f1} µs",
        >= 10 => $"{nanoseconds:f1} ns",
        _ => $"{nanoseconds:f2} ns",
    });
}
