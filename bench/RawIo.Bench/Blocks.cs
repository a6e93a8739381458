using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>Aligned blocks of device memory.</summary>
[MemoryDiagnoser]
public unsafe partial class Blocks
{
    private const int Most = 1 << 20;
    private MappedPages _pages = null!;
    private nint _buffer;

    /// <summary>How many bytes.</summary>
    [Params(4096, 65536, Most)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _pages = new(Most);
        _buffer = (nint)NativeMemory.AlignedAlloc(Most, 4096);
        NativeMemory.Clear((void*)_buffer, Most);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pages.Dispose();
        NativeMemory.AlignedFree((void*)_buffer);
    }

    [Benchmark]
    public void CopyFromC() => TwinCopyFrom(_pages.Pointer, _buffer, Bytes);

    [Benchmark, Bound("`CopyFrom` (`memcpy_fromio`)", 1.0, Of = nameof(CopyFromC), Reference = "C loop of 8-byte words")]
    public void CopyFrom() => _pages.Mapping.CopyFrom(0, new Span<byte>((void*)_buffer, Bytes));

    [Benchmark]
    public void CopyToC() => TwinCopyTo(_pages.Pointer, _buffer, Bytes);

    [Benchmark, Bound("`CopyTo` (`memcpy_toio`)", 1.0, Of = nameof(CopyToC), Reference = "C loop of 8-byte words")]
    public void CopyTo() => _pages.Mapping.CopyTo(0, new ReadOnlySpan<byte>((void*)_buffer, Bytes));

    [Benchmark]
    public void FillC() => TwinFill(_pages.Pointer, 0x5a, Bytes);

    [Benchmark, Bound("`Fill` (`memset_io`)", 1.0, Of = nameof(FillC), Reference = "C loop of 8-byte words")]
    public void Fill() => _pages.Mapping.Fill(0, 0x5a, Bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_copy_from")]
    private static partial void TwinCopyFrom(nint p, nint buffer, long bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_copy_to")]
    private static partial void TwinCopyTo(nint p, nint buffer, long bytes);

    [LibraryImport("rawiotwin", EntryPoint = "twin_fill")]
    private static partial void TwinFill(nint p, byte value, long bytes);
}
