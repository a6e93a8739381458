using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>Barriers. The caller has asked <see cref="IsAvailable"/>.</summary>
internal static partial class LibRawIo
{
    /// <summary>Everything before is done before anything after begins (arm64: <c>dsb sy</c>; kernel: <c>mb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_mb")]
    public static partial void BarrierFull();

    /// <summary>The reads before are done before anything after begins (arm64: <c>dsb ld</c>; kernel: <c>rmb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_rmb")]
    public static partial void BarrierRead();

    /// <summary>The writes before are done before anything after begins (arm64: <c>dsb st</c>; kernel: <c>wmb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_wmb")]
    public static partial void BarrierWrite();
}
