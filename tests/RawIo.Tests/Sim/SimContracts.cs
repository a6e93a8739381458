using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture("arm64")]
[TestFixture("x86-64")]
internal sealed class SimMmioContract(string format) : TracedMmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe(format == "arm64" ? new Arm64PageFormat() : new X64PageFormat());

    private sealed class Probe : IMmioProbe
    {
        private readonly SimMachine _machine;
        private readonly RecordingDevice _device;

        public Probe(PageFormat format) => _machine = TestBoards.WithScratch(out _device, format: format);

        public IMmioMapping Map() => _machine.IoRemap(TestBoards.DeviceAddress, 256);

        public IReadOnlyList<string> TakeAccesses() => _device.Take();

        public void Dispose() => _machine.Dispose();
    }
}

internal sealed class SimPortIoContract : PortIoContract
{
    protected override IPortProbe MakeProbe() => new Probe();

    private sealed class Probe : IPortProbe
    {
        private readonly SimMachine _machine = TestBoards.Make(TestBoards.Plan() with { Ports = [] });
        private readonly RecordingDevice _device = new(8, AccessSizes.One);

        public Probe() => _machine.Attach(_device, 0x300, 8, ports: [.. Enumerable.Range(0x300, 8)]);

        public int First => 0x300;

        public IPortGrant Open(int first, int count) => _machine.OpenPorts(first, count);

        public IReadOnlyList<string> TakeAccesses() => [.. _device.Take().Select(a => a.Replace("1@", "@", StringComparison.Ordinal))];

        public void Dispose() => _machine.Dispose();
    }
}

internal sealed class SimArmHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware() => TestBoards.WithScratch(out _);

    protected override ulong DeviceAddress => TestBoards.DeviceAddress;

    protected override int? Ports => null;
}

internal sealed class SimPcHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware()
    {
        var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        machine.Attach(new RecordingDevice(0x40), DeviceAddress, 0x40);
        machine.Attach(new RecordingDevice(4, AccessSizes.One), 0x300, 4, ports: [0x300, 0x301, 0x302, 0x303]);
        return machine;
    }

    protected override ulong DeviceAddress => 0xfed0_0000;

    protected override int? Ports => 0x300;
}
