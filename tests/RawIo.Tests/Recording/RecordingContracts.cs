using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A recorder over a simulated machine is a machine like any other.</summary>
internal sealed class RecordedMmioContract : TracedMmioContract
{
    protected override IMmioProbe MakeProbe()
    {
        var machine = TestBoards.WithScratch(out var device);
        return new SimMmioProbe(Recording.Record(machine, new MemoryStream()), device);
    }
}

internal sealed class RecordedPortIoContract : PortIoContract
{
    protected override IPortProbe MakeProbe()
    {
        var machine = TestBoards.WithPorts(out var device);
        return new SimPortProbe(Recording.Record(machine, new MemoryStream()), device);
    }
}

internal sealed class RecordedArmHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware() => Recording.Record(TestBoards.WithScratch(out _), new MemoryStream());

    protected override ulong DeviceAddress => TestBoards.DeviceAddress;

    protected override int? Ports => null;
}

internal sealed class RecordedPcHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware() => Recording.Record(TestBoards.PcWithScratch(), new MemoryStream());

    protected override ulong DeviceAddress => TestBoards.PcDeviceAddress;

    protected override int? Ports => TestBoards.FirstPort;
}

[TestFixture(false)]
[TestFixture(true)]
internal sealed class RecordedInterruptContract(bool edge) : InterruptContract
{
    private SimMachine _bench = null!;

    protected override bool IsEdgeTriggered => edge;

    protected override IHardware Open() => Recording.Record(_bench = InterruptBench.Make(edge), new MemoryStream());

    protected override IInterrupt OpenInterrupt(string name) => Hardware.OpenInterrupt(3, name);

    protected override void Raise() => _bench.Raise();

    protected override void Quiet() => _bench.Quiet();
}
