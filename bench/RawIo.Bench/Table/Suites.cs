namespace RawIo.Bench;

/// <summary>The classes whose benchmarks have bounds.</summary>
internal static class Suites
{
    /// <param name="rounds">How many turns each takes.</param>
    /// <param name="runtime">What runs this program.</param>
    /// <param name="only">Part of a class's name; empty for all.</param>
    public static IEnumerable<Row> Run(int rounds, string runtime, string only)
    {
        var runs = new PairedRuns(rounds, runtime);
        (string Name, IEnumerable<Row> Rows)[] suites =
        [
            (nameof(DeviceAccess), runs.Of<DeviceAccess>()),
            (nameof(Repeated), runs.Of<Repeated>()),
            (nameof(Blocks), runs.Of<Blocks>()),
#if !AOT
            // Looks into a package by reflection.
            (nameof(GpioWrite), runs.Of<GpioWrite>()),
#endif
            (nameof(SimulatedAccess), runs.Of<SimulatedAccess>()),
            (nameof(EmulatedAccess), runs.Of<EmulatedAccess>()),
            (nameof(RecordedAccess), runs.Of<RecordedAccess>()),
            (nameof(BusGrowth), runs.Of<BusGrowth>()),
            (nameof(TreeGrowth), runs.Of<TreeGrowth>()),
            (nameof(DeviceTreeRead), runs.Of<DeviceTreeRead>()),
            (nameof(BoardReady), runs.Of<BoardReady>()),
        ];
        return suites.Where(suite => suite.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).SelectMany(suite => suite.Rows);
    }

    /// <summary>What touches the real ports of the machine: for a guest that is made for it.</summary>
    public static IEnumerable<Row> RunInGuest(int rounds) => new PairedRuns(rounds, "AOT").Of<PortAccess>();
}
