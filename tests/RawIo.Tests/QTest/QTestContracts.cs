using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class QTestMmioContract : MmioContract
{
    private QTestMachine? _pc;

    protected override IMmioProbe MakeProbe() => new Probe(_pc ??= Qemu.Open("pc"));

    [OneTimeTearDown]
    public void EndQemu() => _pc?.Dispose();

    // RAM above the first MiB.
    private sealed class Probe(QTestMachine pc) : IMmioProbe
    {
        public IMmioMapping Map()
        {
            pc.Connection.Command("memset 0x200000 0x100 0");
            return pc.IoRemap(0x20_0000, 256);
        }

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose()
        {
        }
    }
}

internal sealed class QTestPortIoContract : PortIoContract
{
    private QTestMachine? _pc;

    protected override IPortProbe MakeProbe() => new Probe(_pc ??= Qemu.OpenPcWithScratchPorts());

    [OneTimeTearDown]
    public void EndQemu() => _pc?.Dispose();

    private sealed class Probe(QTestMachine pc) : IPortProbe
    {
        public int First => 0xc008;

        public bool TakesMisaligned => false;

        public IPortGrant Open(int first, int count) => pc.OpenPorts(first, count);

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose()
        {
        }
    }
}

internal sealed class QTestPcHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware() => Qemu.OpenPcWithScratchPorts();

    protected override ulong DeviceAddress => 0x20_0000;

    protected override int? Ports => 0xc008;
}

internal sealed class QTestPiHardwareContract : HardwareContract
{
    protected override IHardware MakeHardware() => Qemu.Open("raspi3b");

    protected override ulong DeviceAddress => 0x3f20_0000;

    protected override int? Ports => null;
}

/// <summary>Our own server behind our own client, whose device tells which accesses it saw.</summary>
internal sealed class QTestLoopMmioContract : TracedMmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe();

    private sealed class Probe : IMmioProbe
    {
        private readonly SimMachine _sim;
        private readonly RecordingDevice _device;
        private readonly QTestMachine _machine;

        public Probe()
        {
            _sim = TestBoards.WithScratch(out _device);
            _machine = new(new(new ServerStream(new(_sim.PhysicalMemory))), "loop", hasPorts: false);
        }

        public IMmioMapping Map() => _machine.IoRemap(TestBoards.DeviceAddress, 256);

        public IReadOnlyList<string> TakeAccesses() => _device.Take();

        public void Dispose()
        {
            _machine.Dispose();
            _sim.Dispose();
        }
    }
}
