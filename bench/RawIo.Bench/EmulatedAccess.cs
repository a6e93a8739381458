using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>A simulated register beside an emulator's: a guest of Unicorn reads one that a C callback answers for.</summary>
public partial class EmulatedAccess
{
    private const int Times = 1024;
    private const long Gplev0 = 0x34;

    private nint _unicorn;
    private SimMachine _machine = null!;
    private IMmioMapping _gpio = null!;

    [GlobalSetup]
    public void Setup()
    {
        _machine = SimMachine.Create("pi3");
        _gpio = _machine.IoRemap(0x3f200000, 0xb4);
        _unicorn = TwinOpen();
        if (TwinRead(_unicorn, 3) != 3 * 0x1ff) throw new InvalidOperationException("Unicorn does not read what its device says.");
    }

    [GlobalCleanup]
    public void Cleanup() => _machine.Dispose();

    [Benchmark(OperationsPerInvoke = Times)]
    public uint Unicorn() => TwinRead(_unicorn, Times);

    [Benchmark(OperationsPerInvoke = Times), Bound("simulated 32-bit read", 1, Of = nameof(Unicorn), Reference = "a guest's load in Unicorn, C callback")]
    public uint RawIo()
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += _gpio.Read32(Gplev0);
        return sum;
    }

    [LibraryImport("rawiounicorn", EntryPoint = "twin_unicorn_open")]
    private static partial nint TwinOpen();

    [LibraryImport("rawiounicorn", EntryPoint = "twin_unicorn_read")]
    private static partial uint TwinRead(nint machine, int n);
}
