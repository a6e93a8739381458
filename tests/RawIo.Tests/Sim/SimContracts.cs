using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture("arm64")]
[TestFixture("x86-64")]
internal sealed class SimMmioContract(string format) : TracedMmioContract
{
    protected override IMmioProbe MakeProbe()
    {
        var machine = TestBoards.WithScratch(out var device, format: format == "arm64" ? new Arm64PageFormat() : new X64PageFormat());
        return new SimMmioProbe(machine, device);
    }
}

internal sealed class SimPortIoContract : PortIoContract
{
    protected override IPortProbe MakeProbe()
    {
        var machine = TestBoards.WithPorts(out var device);
        return new SimPortProbe(machine, device);
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
    protected override IHardware MakeHardware() => TestBoards.PcWithScratch();

    protected override ulong DeviceAddress => TestBoards.PcDeviceAddress;

    protected override int? Ports => TestBoards.FirstPort;
}

/// <summary>The scratch device of a simulated machine, through that or what stands in front of it.</summary>
internal sealed class SimMmioProbe(IHardware hardware, RecordingDevice device) : IMmioProbe
{
    public IMmioMapping Map() => hardware.IoRemap(TestBoards.DeviceAddress, 256);

    public IReadOnlyList<string> TakeAccesses() => device.Take();

    public void Dispose() => hardware.Dispose();
}

/// <summary>The scratch ports of a simulated machine, through that or what stands in front of it.</summary>
internal sealed class SimPortProbe(IHardware hardware, RecordingDevice device) : IPortProbe
{
    public int First => TestBoards.FirstPort;

    public IPortGrant Open(int first, int count) => hardware.OpenPorts(first, count);

    public IReadOnlyList<string> TakeAccesses() => [.. device.Take().Select(a => a.Replace("1@", "@", StringComparison.Ordinal))];

    public void Dispose() => hardware.Dispose();
}
