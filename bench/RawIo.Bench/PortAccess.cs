using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using RawIo.Native;

namespace RawIo.Bench;

/// <summary>Real ports by the instructions. For a guest alone: bench/guest.sh runs it in QEMU's PC.</summary>
public partial class PortAccess
{
    private const string Limit = "the emulator takes 5 ns and more for a call and for a return, and 50 for the instruction, which takes a microsecond on hardware";
    private const int Times = 256;
    // Reading the keyboard controller's status takes nothing away.
    private const int StatusPort = 0x64;
    // What firmware tells of itself with; nobody keeps it.
    private const int PostPort = 0x80;

    /// <summary>The row that the simulated port read is held against.</summary>
    internal const string GuestRead = "`inb` in C in QEMU's PC";

    private HostMachine _host = null!;
    private IPortGrant _status = null!, _post = null!;

    [GlobalSetup]
    public void Setup()
    {
        _host = HostMachine.Open();
        _status = _host.OpenPorts(StatusPort, 1);
        _post = _host.OpenPorts(PostPort, 1);
        _ = _status.In8(StatusPort);
    }

    [GlobalCleanup]
    public void Cleanup() => _host.Dispose();

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound(GuestRead, double.PositiveInfinity)]
    public uint InC() => TwinIn8(StatusPort, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("port read in QEMU's PC", 1.1, Of = nameof(InC), Reference = "`inb` in C in the same guest", ReachedAot = 2.5, Limit = Limit)]
    public uint In()
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += _status.In8(StatusPort);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void OutC() => TwinOut8(PostPort, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("port write in QEMU's PC", 1.1, Of = nameof(OutC), Reference = "`outb` in C in the same guest", ReachedAot = 2.5, Limit = Limit)]
    public void Out()
    {
        for (var i = 0; i < Times; i++) _post.Out8(PostPort, 1);
    }

    [LibraryImport("rawiotwin", EntryPoint = "twin_in8")]
    private static partial uint TwinIn8(ushort port, int n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_out8")]
    private static partial void TwinOut8(ushort port, int n);
}
