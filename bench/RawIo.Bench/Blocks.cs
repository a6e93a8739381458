using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>Aligned blocks of device memory.</summary>
public partial class Blocks
{
    private const int Most = 1 << 20;
    private MappedPages _pages = null!;
    private AlignedBuffer _buffer = null!;

    /// <summary>How many bytes.</summary>
    [Params(4096, 65536, Most)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _pages = new(Most);
        _buffer = new(Most);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pages.Dispose();
        _buffer.Dispose();
    }

    [Benchmark]
    public void CopyFromC() => TwinCopyFrom(_pages.Pointer, _buffer.Pointer, Bytes);

    [Benchmark, Bound("`CopyFrom` (`memcpy_fromio`)", 1.0, Of = nameof(CopyFromC), Reference = "C loop of 8-byte words")]
    public void CopyFrom() => _pages.Mapping.CopyFrom(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void CopyToC() => TwinCopyTo(_pages.Pointer, _buffer.Pointer, Bytes);

    [Benchmark, Bound("`CopyTo` (`memcpy_toio`)", 1.0, Of = nameof(CopyToC), Reference = "C loop of 8-byte words")]
    public void CopyTo() => _pages.Mapping.CopyTo(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void FillC() => TwinFill(_pages.Pointer, 0x5a, Bytes);

    [Benchmark, Bound("`Fill` (`memset_io`)", 1.0, Of = nameof(FillC), Reference = "C loop of 8-byte words")]
    public void Fill() => _pages.Mapping.Fill(0, 0x5a, Bytes);

    [Benchmark]
    public void CopyFromLibc() => Memcpy(_buffer.Pointer, _pages.Pointer, Bytes);

    [Benchmark, Bound("`CopyFromMemory`", 1.3, Of = nameof(CopyFromLibc), Reference = "libc's memcpy")]
    public void CopyFromMemory() => _pages.Mapping.CopyFromMemory(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void CopyToLibc() => Memcpy(_pages.Pointer, _buffer.Pointer, Bytes);

    [Benchmark, Bound("`CopyToMemory`", 1.3, Of = nameof(CopyToLibc), Reference = "libc's memcpy")]
    public void CopyToMemory() => _pages.Mapping.CopyToMemory(0, _buffer.Of<byte>(Bytes));

    [Benchmark]
    public void FillLibc() => Memset(_pages.Pointer, 0x5a, Bytes);

    [Benchmark, Bound("`FillMemory`", 1.3, Of = nameof(FillLibc), Reference = "libc's memset")]
    public void FillMemory() => _pages.Mapping.FillMemory(0, 0x5a, Bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_copy_from")]
    private static partial void TwinCopyFrom(nint p, nint buffer, long bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_copy_to")]
    private static partial void TwinCopyTo(nint p, nint buffer, long bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_fill")]
    private static partial void TwinFill(nint p, byte value, long bytes);

    [LibraryImport("libc", EntryPoint = "memcpy")]
    private static partial nint Memcpy(nint to, nint from, nint bytes);

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint Memset(nint p, int value, nint bytes);
}
