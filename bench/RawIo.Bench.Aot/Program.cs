using System.Globalization;
using RawIo.Bench;

// The rows of a program that has every backend, a line each: ROUNDS [CLASS].
var runs = new PairedRuns(int.Parse(args[0], CultureInfo.InvariantCulture), "AOT", args.ElementAtOrDefault(1) ?? "");
Row.Print(runs.Of<DeviceAccess>().Where(row => row.What.Contains("`IMmio`", StringComparison.Ordinal)).Select(row => row with
{
    What = row.What + " in a program that has every backend",
    Reached = 9,
    Limit = "with more than three kinds of windows the compiler leaves the call, which is two indirect jumps",
}));
Row.Print(runs.Of<SimulatedAccess>());
Row.Print(runs.Of<EmulatedAccess>());
Row.Print(runs.Of<RecordedAccess>());
Row.Print(runs.Of<BusGrowth>());
Row.Print(runs.Of<TreeGrowth>());
Row.Print(runs.Of<DeviceTreeRead>());
Row.Print(runs.Of<BoardReady>());
