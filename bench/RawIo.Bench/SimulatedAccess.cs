using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>The way of one simulated access: window, MMU, bus, device, clock.</summary>
public class SimulatedAccess
{
    internal const string PortRead = "simulated port read";

    private const int Times = 1024;
    private const long Gplev0 = 0x34;
    private const long Gpset0 = 0x1c;
    private const int StatusPort = 0x64;

    private SimMachine _pi = null!;
    private SimMachine _pc = null!;
    private IMmioMapping _gpio = null!;
    private IPortGrant _keyboard = null!;
    private IoMem _level;

    [GlobalSetup]
    public void Setup()
    {
        _pi = SimMachine.Create("pi3");
        _gpio = _pi.IoRemap(0x3f200000, 0xb4);
        _pc = SimMachine.Create("pc");
        _keyboard = _pc.OpenPorts(0x60, 5);
        _level = new IoMem(_gpio, Gplev0);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _keyboard.Dispose();
        _gpio.Dispose();
        _pc.Dispose();
        _pi.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Times), Bound("simulated 32-bit read", 10)]
    public uint Read32()
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += _gpio.Read32(Gplev0);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times), Bound("simulated 32-bit write", 10)]
    public void Write32()
    {
        for (var i = 0; i < Times; i++) _gpio.Write32(Gpset0, 1);
    }

    [Benchmark(OperationsPerInvoke = Times), Bound("simulated `ioread32`", 10)]
    public uint Ioread32()
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += LinuxKernel.ioread32(_level);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times), Bound(PortRead, 10)]
    public uint In8()
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += _keyboard.In8(StatusPort);
        return sum;
    }
}
