using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using RawIo.Native;

namespace RawIo.Bench;

/// <summary>
/// What an access costs around the access itself: a mapping backed by memory, against the same loop in C (gcc -O2).
/// Times are per access.
/// </summary>
public partial class DeviceAccess
{
    private const string Lines = "where the JIT lays the loop across two lines of the processor's cache of decoded instructions, its one cycle becomes two";
    private const string Loads = "a turn of C's loop is one cycle; ours loads the base and compares the offset again at each access";
    private const int Times = 4096;
    private const long Offset = 0x40;
    private static readonly ReadWriteRegister<uint> s_register = new("FSEL", Offset);
    private static readonly BitField s_field = new(5, 3);

    private MappedPages _pages = null!;
    private NativeMmio _mapping = null!;
    private IMmio _io = null!;

    [GlobalSetup]
    public void Setup()
    {
        _pages = new(4096);
        _io = _mapping = _pages.Mapping;
    }

    [GlobalCleanup]
    public void Cleanup() => _pages.Dispose();

    [Benchmark(OperationsPerInvoke = Times)]
    public uint ReadC() => TwinRead32(_pages.Pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("32-bit read through `NativeMmio`", 1.2, Of = nameof(ReadC), Reference = "C volatile loop", Reached = 1.3, ReachedAot = 1.4, Limit = Loads)]
    public uint ReadConcrete()
    {
        var io = _mapping;
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += io.Read32(Offset);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("32-bit read through `IMmio`", 1.5, AtMostAot = 4, Of = nameof(ReadC), Reference = "C volatile loop", Reached = 1.9, Limit = Lines)]
    public uint ReadInterface()
    {
        var io = _io;
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += io.Read32(Offset);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void WriteC() => TwinWrite32(_pages.Pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("32-bit write through `NativeMmio`", 1.2, Of = nameof(WriteC), Reference = "C volatile loop", Reached = 1.3, ReachedAot = 1.4, Limit = Loads)]
    public void WriteConcrete()
    {
        var io = _mapping;
        for (var i = 0; i < Times; i++) io.Write32(Offset, 1);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("32-bit write through `IMmio`", 1.5, AtMostAot = 4, Of = nameof(WriteC), Reference = "C volatile loop", Reached = 1.9, Limit = Lines)]
    public void WriteInterface()
    {
        var io = _io;
        for (var i = 0; i < Times; i++) io.Write32(Offset, 1);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void ModifyC() => TwinModify32(_pages.Pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public void ModifyRegister()
    {
        var io = _io;
        for (var i = 0; i < Times; i++) s_register.Modify(io, s_field, 1);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("`Register.Modify` of a field through `NativeMmio`", 1.2, Of = nameof(ModifyC), Reference = "C volatile loop",
        ReachedAot = 3.2, Limit = "the C compiler knows the field, a program compiled ahead of time loads and shifts it")]
    public void ModifyConcrete()
    {
        var io = _mapping;
        for (var i = 0; i < Times; i++) s_register.Modify(io, s_field, 1);
    }

    [LibraryImport("rawiotwin", EntryPoint = "twin_read32")]
    private static partial uint TwinRead32(nint p, int n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write32")]
    private static partial void TwinWrite32(nint p, int n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_modify32")]
    private static partial void TwinModify32(nint p, int n);
}
