using System.Globalization;
using RawIo.Bench;

// The rows of a program that has every backend, a line each: ROUNDS [CLASS].
var runs = new PairedRuns(int.Parse(args[0], CultureInfo.InvariantCulture), "AOT", args.ElementAtOrDefault(1) ?? "");
Print(runs.Of<DeviceAccess>().Where(row => row.What.Contains("`IMmio`", StringComparison.Ordinal)).Select(row => row with
{
    What = row.What + " in a program that has every backend",
    Reached = 9,
    Limit = "with more than three kinds of windows the compiler leaves the call, which is two indirect jumps",
}));
Print(runs.Of<SimulatedAccess>());
Print(runs.Of<EmulatedAccess>());
Print(runs.Of<RecordedAccess>());
Print(runs.Of<BusGrowth>());
Print(runs.Of<TreeGrowth>());
Print(runs.Of<DeviceTreeRead>());
Print(runs.Of<BoardReady>());

static void Print(IEnumerable<Row> rows)
{
    foreach (var row in rows) Console.WriteLine(row.ToLine());
}
