using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>One register many times, as for a FIFO.</summary>
public partial class Repeated
{
    private MappedPages _pages = null!;
    private AlignedBuffer _buffer = null!;

    /// <summary>How many bytes go through the register.</summary>
    [Params(64, 4096, 65536)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _pages = new(4096);
        _buffer = new(Bytes);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pages.Dispose();
        _buffer.Dispose();
    }

    [Benchmark]
    public void Read8C() => TwinRead8(_pages.Pointer, _buffer.Pointer, Bytes / 1);

    [Benchmark, Bound("`ReadRep` of 8 bits", 1.1, Of = nameof(Read8C), Reference = "C loop of the same width")]
    public void Read8() => _pages.Mapping.ReadRep(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void Read16C() => TwinRead16(_pages.Pointer, _buffer.Pointer, Bytes / 2);

    [Benchmark, Bound("`ReadRep` of 16 bits", 1.1, Of = nameof(Read16C), Reference = "C loop of the same width")]
    public void Read16() => _pages.Mapping.ReadRep(0, _buffer.Of<ushort>(Bytes));

    [Benchmark]
    public void Read32C() => TwinRead32(_pages.Pointer, _buffer.Pointer, Bytes / 4);

    [Benchmark, Bound("`ReadRep` of 32 bits", 1.1, Of = nameof(Read32C), Reference = "C loop of the same width")]
    public void Read32() => _pages.Mapping.ReadRep(0, _buffer.Of<uint>(Bytes));

    [Benchmark]
    public void Read64C() => TwinRead64(_pages.Pointer, _buffer.Pointer, Bytes / 8);

    [Benchmark, Bound("`ReadRep` of 64 bits", 1.1, Of = nameof(Read64C), Reference = "C loop of the same width")]
    public void Read64() => _pages.Mapping.ReadRep(0, _buffer.Of<ulong>(Bytes));

    [Benchmark]
    public void Write8C() => TwinWrite8(_pages.Pointer, _buffer.Pointer, Bytes / 1);

    [Benchmark, Bound("`WriteRep` of 8 bits", 1.1, Of = nameof(Write8C), Reference = "C loop of the same width")]
    public void Write8() => _pages.Mapping.WriteRep(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void Write16C() => TwinWrite16(_pages.Pointer, _buffer.Pointer, Bytes / 2);

    [Benchmark, Bound("`WriteRep` of 16 bits", 1.1, Of = nameof(Write16C), Reference = "C loop of the same width")]
    public void Write16() => _pages.Mapping.WriteRep(0, _buffer.Of<ushort>(Bytes));

    [Benchmark]
    public void Write32C() => TwinWrite32(_pages.Pointer, _buffer.Pointer, Bytes / 4);

    [Benchmark, Bound("`WriteRep` of 32 bits", 1.1, Of = nameof(Write32C), Reference = "C loop of the same width")]
    public void Write32() => _pages.Mapping.WriteRep(0, _buffer.Of<uint>(Bytes));

    [Benchmark]
    public void Write64C() => TwinWrite64(_pages.Pointer, _buffer.Pointer, Bytes / 8);

    [Benchmark, Bound("`WriteRep` of 64 bits", 1.1, Of = nameof(Write64C), Reference = "C loop of the same width")]
    public void Write64() => _pages.Mapping.WriteRep(0, _buffer.Of<ulong>(Bytes));

    [LibraryImport("rawiotwin", EntryPoint = "twin_read_rep8")]
    private static partial void TwinRead8(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_read_rep16")]
    private static partial void TwinRead16(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_read_rep32")]
    private static partial void TwinRead32(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_read_rep64")]
    private static partial void TwinRead64(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write_rep8")]
    private static partial void TwinWrite8(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write_rep16")]
    private static partial void TwinWrite16(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write_rep32")]
    private static partial void TwinWrite32(nint p, nint buffer, long n);

    [LibraryImport("rawiotwin", EntryPoint = "twin_write_rep64")]
    private static partial void TwinWrite64(nint p, nint buffer, long n);
}
