using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RawIo.Bench;

/// <summary>Runs every benchmark that has a bound, and says of each whether it holds.</summary>
internal static class BoundsTable
{
    /// <summary>How far a row may be beyond its bound before the quick mode fails: what a busy machine does to a short run.</summary>
    private const double Tolerance = 1.5;

    // Bytes of an operation that the harness itself allocates now and then.
    private const long Noise = 16;

    public static int Run(bool quick)
    {
        var types = typeof(BoundsTable).Assembly.GetTypes().Where(t => t.GetMethods().Any(m => m.GetCustomAttribute<BoundAttribute>() is not null)).OrderBy(t => t.Name, StringComparer.Ordinal);
        var job = Job.Default.WithLaunchCount(1).WithWarmupCount(quick ? 20 : 10).WithIterationCount(quick ? 15 : 30)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(quick ? 20 : 100));
        if (quick) job = job.WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty().AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddLogger(new QuietLogger())
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance).WithOptions(ConfigOptions.DisableLogFile);
        var rows = new List<Row>();
        var host = "";
        foreach (var type in types)
        {
            Console.Error.WriteLine($"{type.Name} …");
            var summary = BenchmarkRunner.Run(type, config);
            host = Host(summary);
            rows.AddRange(Rows(summary));
        }
        var table = Format(rows, host, quick);
        Console.WriteLine(table);
        if (!quick) Save(table);
        return rows.Count > 0 && rows.All(r => r.Ratio <= (quick ? Tolerance : 1) && !r.AllocatesTooMuch) ? 0 : 1;
    }

    /// <param name="What">The row's name and parameters.</param>
    /// <param name="Reference">What it is measured against.</param>
    /// <param name="Measured">Times the reference, or nanoseconds.</param>
    /// <param name="IsTime">Whether those are nanoseconds.</param>
    /// <param name="Bound">The bound in the same unit.</param>
    /// <param name="Allocated">Bytes an operation.</param>
    /// <param name="MayAllocate">Whether it may allocate any.</param>
    private sealed record Row(string What, string Reference, double Measured, bool IsTime, double Bound, long Allocated, bool MayAllocate)
    {
        public double Ratio => Measured / Bound;

        public bool AllocatesTooMuch => !MayAllocate && Allocated >= Noise;
    }

    private static IEnumerable<Row> Rows(Summary summary)
    {
        foreach (var report in summary.Reports)
        {
            var method = report.BenchmarkCase.Descriptor.WorkloadMethod;
            if (method.GetCustomAttribute<BoundAttribute>() is not { } bound) continue;
            var parameters = report.BenchmarkCase.Parameters.DisplayInfo;
            var what = parameters.Length > 0 ? $"{bound.What} {parameters}" : bound.What;
            var measured = Nanoseconds(report);
            if (bound.Of is { } name)
            {
                var reference = summary.Reports.First(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == name && r.BenchmarkCase.Parameters.DisplayInfo == parameters);
                measured /= Nanoseconds(reference);
            }
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
            yield return new(what, bound.Reference, measured, bound.Of is null, bound.AtMost, allocated, bound.Allocates);
        }
    }

    // The best of the iterations: what a neighbour on the machine does to a run only adds to it.
    private static double Nanoseconds(BenchmarkReport report) => report.ResultStatistics?.Min ?? double.NaN;

    private static string Format(List<Row> rows, string host, bool quick)
    {
        var text = new StringBuilder($"{host}{(quick ? "; a quick run" : "")}.\n\n| what | measured against | bound | measured | allocated | |\n|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            string Unit(double value) => row.IsTime ? value >= 1e6 ? $"{value / 1e6:f2} ms" : $"{value:f1} ns" : $"{value:f2} ×";
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.What} | {row.Reference} | {Unit(row.Bound)} | {Unit(row.Measured)} | {(row.Allocated < Noise ? 0 : row.Allocated)} B | {(row.Ratio <= 1 ? "holds" : $"{row.Ratio:f2} of the bound")} |\n");
        }
        return text.ToString();
    }

    private static string Host(Summary summary)
    {
        var info = summary.HostEnvironmentInfo;
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return $"{cpu}, {Environment.ProcessorCount} cores, Linux {kernel}, {info.RuntimeVersion}, commit {Commit()}";
    }

    private static string Commit()
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }

    /// <summary>bench/results/CPU/table.md, and the same in the README between its marks.</summary>
    private static void Save(string table)
    {
        var root = Root();
        var cpu = string.Concat(table[..table.IndexOf(',', StringComparison.Ordinal)].ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
        var folder = Directory.CreateDirectory(Path.Combine(root, "bench", "results", cpu)).FullName;
        File.WriteAllText(Path.Combine(folder, "table.md"), $"# The bounds, and what was measured\n\n`dotnet run -c Release --project bench/RawIo.Bench -- table`. {table}");
        var readme = Path.Combine(root, "README.md");
        var lines = File.ReadAllText(readme);
        const string Begin = "<!-- bench table -->\n", End = "<!-- end of bench table -->";
        var (from, to) = (lines.IndexOf(Begin, StringComparison.Ordinal), lines.IndexOf(End, StringComparison.Ordinal));
        if (from >= 0 && to > from) File.WriteAllText(readme, lines[..(from + Begin.Length)] + table + lines[to..]);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RawIo.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run it from within the repository.");
        return folder;
    }

    private sealed class QuietLogger : ILogger
    {
        public string Id => nameof(QuietLogger);
        public int Priority => 0;
        public void Write(LogKind logKind, string text)
        {
            if (logKind == LogKind.Error) Console.Error.Write(text);
        }

        public void WriteLine() { }
        public void WriteLine(LogKind logKind, string text)
        {
            if (logKind == LogKind.Error) Console.Error.WriteLine(text);
        }

        public void Flush() { }
    }
}
