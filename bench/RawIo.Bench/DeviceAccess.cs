using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using RawIo.Native;

namespace RawIo.Bench;

/// <summary>
/// What an access costs around the access itself: a mapping backed by memory, against the same loop in C (gcc -O2).
/// Times are per access.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public partial class DeviceAccess
{
    private const int Times = 4096;
    private const long Offset = 0x40;
    private static readonly ReadWriteRegister<uint> s_register = new("FSEL", Offset);
    private static readonly BitField s_field = new(5, 3);

    private string _path = null!;
    private NativeMmio _mapping = null!;
    private IMmio _io = null!;
    private nint _pointer;

    [GlobalSetup]
    public unsafe void Setup()
    {
        _path = Path.GetTempFileName();
        File.WriteAllBytes(_path, new byte[4096]);
        _mapping = DeviceFile.Map(_path, 0, 4096, 0);
        _io = _mapping;
        // C gets memory of its own: a mapping hands out no pointers.
        _pointer = (nint)NativeMemory.AlignedAlloc(4096, 4096);
        NativeMemory.Clear((void*)_pointer, 4096);
    }

    [GlobalCleanup]
    public unsafe void Cleanup()
    {
        _mapping.Dispose();
        File.Delete(_path);
        NativeMemory.AlignedFree((void*)_pointer);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Times), BenchmarkCategory("read")]
    public uint ReadC() => TwinRead32(_pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times), BenchmarkCategory("read")]
    public uint ReadConcrete()
    {
        var io = _mapping;
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += io.Read32(Offset);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Times), BenchmarkCategory("read")]
    public uint ReadInterface()
    {
        var io = _io;
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += io.Read32(Offset);
        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Times), BenchmarkCategory("write")]
    public void WriteC() => TwinWrite32(_pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times), BenchmarkCategory("write")]
    public void WriteConcrete()
    {
        var io = _mapping;
        for (var i = 0; i < Times; i++) io.Write32(Offset, (uint)i);
    }

    [Benchmark(OperationsPerInvoke = Times), BenchmarkCategory("write")]
    public void WriteInterface()
    {
        var io = _io;
        for (var i = 0; i < Times; i++) io.Write32(Offset, (uint)i);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Times), BenchmarkCategory("modify")]
    public void ModifyC() => TwinModify32(_pointer + (nint)Offset, Times);

    [Benchmark(OperationsPerInvoke = Times), BenchmarkCategory("modify")]
    public void ModifyRegister()
    {
        var io = _io;
        for (var i = 0; i < Times; i++) s_register.Modify(io, s_field, 1);
    }

    [LibraryImport("rawiotwin", EntryPoint = "twin_read32")]
    private static partial uint TwinRead32(nint p, int n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write32")]
    private static partial void TwinWrite32(nint p, int n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_modify32")]
    private static partial void TwinModify32(nint p, int n);
}
