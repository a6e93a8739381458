namespace RawIo.Bench;

/// <summary>Runs what has a bound, and says of each row whether it holds.</summary>
/// <param name="quick">Fewer turns, for every change: minutes instead of a quarter of an hour.</param>
/// <param name="only">Part of the name of the class to run; empty for all.</param>
internal sealed class BoundsTable(bool quick, string only)
{
    /// <summary>How far a ratio may be beyond its bound, or what was reached of a bound that cannot be met, before the quick mode fails: what a busy machine does to a short run.</summary>
    private const double Tolerance = 1.5;

    private readonly List<Row> _rows = [];

    /// <returns>0 when every row holds that can; in the quick mode, when no ratio is beyond its bound, or what was reached of it, by more than the tolerance. Times are told there, and fail nothing: a machine may be slow.</returns>
    public int Run()
    {
        Console.Error.WriteLine("fetching the kernels that are not here yet …");
        var kernels = Path.GetFullPath(Kernels.Folder, Host.Root);
        Host.Output("sh", "tests/fetch-kernels.sh", kernels);
        Environment.SetEnvironmentVariable("RAWIO_KERNELS", kernels);
        var (rounds, starts) = quick ? (120, 15) : (800, 60);
        AddJit(new(rounds, "JIT", only));
        var programs = Path.Combine(Host.Root, "artifacts", "bench");
        var driver = Publish("bench/RawIo.Bench.Driver", Path.Combine(programs, "driver"));
        Add(Lines(Host.Output(Path.Combine(driver, "rawio-bench-driver"), $"{rounds}", only)));
        var aot = Publish("bench/RawIo.Bench.Aot", Path.Combine(programs, "aot"));
        Add(Lines(Host.Output(Path.Combine(aot, "rawio-bench-aot"), $"{rounds}", only)));
        if (Includes(nameof(ColdStart))) Add(ColdStart.Run(Environment.GetEnvironmentVariable("RAWIO_PROGRAM") ?? Path.Combine(Publish("src/RawIo.Tool", Path.Combine(programs, "rawio")), "rawio"), starts));
        if (Includes(nameof(PortAccess))) Add(Guest(driver, rounds));

        if (!quick && Includes(nameof(UnitSuite))) Add(UnitSuite.Run());

        var host = Host.Description + (quick ? "; a quick run" : "");
        Console.Write(TableText.All(host, _rows));
        if (!quick && only.Length == 0) Save(host);
        var failed = _rows.Where(row => quick ? (!row.IsTime && row.OfReached > Tolerance) || row.AllocatesTooMuch : !row.Holds && row.Reached == 0).ToList();
        foreach (var row in failed) Console.Error.WriteLine($"beyond{(quick ? $" {Tolerance} times" : "")} its bound: {row.ToMarkdown()}");
        return failed.Count == 0 ? 0 : 1;
    }

    private void AddJit(PairedRuns runs)
    {
        Add(runs.Of<DeviceAccess>());
        Add(runs.Of<Repeated>());
        Add(runs.Of<Blocks>());
        Add(runs.Of<GpioWrite>());
        Add(runs.Of<SimulatedAccess>());
        Add(runs.Of<EmulatedAccess>());
        Add(runs.Of<RecordedAccess>());
        Add(runs.Of<BusGrowth>());
        Add(runs.Of<TreeGrowth>());
        Add(runs.Of<DeviceTreeRead>());
        Add(runs.Of<BoardReady>());
    }

    private bool Includes(string name) => name.Contains(only, StringComparison.OrdinalIgnoreCase);

    private void Add(IEnumerable<Row> rows)
    {
        foreach (var row in rows)
        {
            Console.Error.WriteLine(row.ToMarkdown());
            _rows.Add(row);
        }
    }

    private List<Row> Guest(string program, int rounds)
    {
        var rows = Lines(Host.Output("sh", "bench/guest.sh", Kernels.Folder, program, $"{rounds}")).ToList();
        var theirs = rows.Single(row => row.What == PortAccess.GuestRead);
        foreach (var ours in _rows.Where(row => row.What == SimulatedAccess.PortRead).ToList())
            rows.Add(ours with
            {
                Reference = theirs.What,
                Ratio = ours.Nanoseconds / theirs.Nanoseconds,
                Bound = 0.1,
                Reached = ours.Runtime == "AOT" ? 0.14 : 0.11,
                Limit = ours.Runtime == "AOT" ? "calls that the JIT puts into one another by profile stay calls" : "a fifth of ours is the lock's look at which thread it is",
            });
        return rows;
    }

    private static IEnumerable<Row> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Row.Parse);

    private static string Publish(string project, string folder)
    {
        Console.Error.WriteLine($"publishing {project} …");
        Host.Output("dotnet", "publish", project, "-c", "Release", "-v", "quiet", "--nologo", "-o", folder);
        return folder;
    }

    /// <summary>bench/results/CPU/table.md, and the short form in the README between its marks.</summary>
    private void Save(string host)
    {
        var full = Path.Combine(Host.Root, Host.ResultsLink);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, $"# The bounds, and what was measured\n\n`dotnet run -c Release --project bench/RawIo.Bench -- table`. {TableText.All(host, _rows)}");
        var readme = Path.Combine(Host.Root, "README.md");
        var lines = File.ReadAllText(readme);
        const string Begin = "<!-- bench table -->\n", End = "<!-- end of bench table -->";
        var (from, to) = (lines.IndexOf(Begin, StringComparison.Ordinal), lines.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"README.md lost its marks '{Begin.Trim()}' and '{End}'.");
        File.WriteAllText(readme, lines[..(from + Begin.Length)] + TableText.Short(host, _rows) + lines[to..]);
    }
}
