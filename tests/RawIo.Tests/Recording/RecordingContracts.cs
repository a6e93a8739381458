using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A recorder over a simulated machine is a machine like any other.</summary>
internal sealed class RecordedMmioContract : TracedMmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe();

    private sealed class Probe : IMmioProbe
    {
        private readonly Recorder _recorder;
        private readonly RecordingDevice _device;

        public Probe() => _recorder = Recording.Record(TestBoards.WithScratch(out _device), new MemoryStream());

        public IMmioMapping Map() => _recorder.IoRemap(TestBoards.DeviceAddress, 256);

        public IReadOnlyList<string> TakeAccesses() => _device.Take();

        public void Dispose() => _recorder.Dispose();
    }
}

internal sealed class RecordedPortIoContract : PortIoContract
{
    protected override IPortProbe MakeProbe() => new Probe();

    private sealed class Probe : IPortProbe
    {
        private readonly Recorder _recorder;
        private readonly RecordingDevice _device = new(8, AccessSizes.One);

        public Probe()
        {
            var machine = TestBoards.Make(TestBoards.Plan() with { Ports = [] });
            machine.Attach(_device, 0x300, 8, ports: [.. Enumerable.Range(0x300, 8)]);
            _recorder = Recording.Record(machine, new MemoryStream());
        }

        public int First => 0x300;

        public IPortGrant Open(int first, int count) => _recorder.OpenPorts(first, count);

        public IReadOnlyList<string> TakeAccesses() => [.. _device.Take().Select(a => a.Replace("1@", "@", StringComparison.Ordinal))];

        public void Dispose() => _recorder.Dispose();
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
    protected override IHardware MakeHardware()
    {
        var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        machine.Attach(new RecordingDevice(0x40), DeviceAddress, 0x40);
        machine.Attach(new RecordingDevice(4, AccessSizes.One), 0x300, 4, ports: [0x300, 0x301, 0x302, 0x303]);
        return Recording.Record(machine, new MemoryStream());
    }

    protected override ulong DeviceAddress => 0xfed0_0000;

    protected override int? Ports => 0x300;
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
