using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>What librawio offers other languages and RawIo.Native does not call: loops over device memory, orders, the guarded write.</summary>
internal static unsafe partial class LibRawIoLoops
{
    private const string Library = "librawio";

    static LibRawIoLoops() =>
        NativeLibrary.SetDllImportResolver(typeof(LibRawIoLoops).Assembly, static (name, _, _) => name == Library ? LibRawIo.Handle : 0);

    /// <summary>Writes a device once; -EFAULT is a bus error.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_try_write")]
    public static partial int TryWrite(byte* device, uint size, ulong value);

    /// <summary>Orders accesses for every observer, without waiting (arm64: <c>dmb osh</c>; kernel: <c>dma_mb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_dma_mb")]
    public static partial void OrderFull();

    /// <summary>Orders the reads before with what comes after, without waiting (arm64: <c>dmb oshld</c>; kernel: <c>dma_rmb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_dma_rmb")]
    public static partial void OrderRead();

    /// <summary>Orders the writes before with those after, without waiting (arm64: <c>dmb oshst</c>; kernel: <c>dma_wmb</c>).</summary>
    [LibraryImport(Library, EntryPoint = "rawio_dma_wmb")]
    public static partial void OrderWrite();

    /// <summary>Reads one register <paramref name="count"/> times: one load of that width an element.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_read_rep8")]
    public static partial void ReadRep8(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="ReadRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_read_rep16")]
    public static partial void ReadRep16(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="ReadRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_read_rep32")]
    public static partial void ReadRep32(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="ReadRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_read_rep64")]
    public static partial void ReadRep64(byte* device, void* memory, nuint count);

    /// <summary>Writes one register <paramref name="count"/> times: one store of that width an element.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_write_rep8")]
    public static partial void WriteRep8(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="WriteRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_write_rep16")]
    public static partial void WriteRep16(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="WriteRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_write_rep32")]
    public static partial void WriteRep32(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="WriteRep8"/>
    [LibraryImport(Library, EntryPoint = "rawio_write_rep64")]
    public static partial void WriteRep64(byte* device, void* memory, nuint count);

    /// <summary>Copies consecutive words from the device: one load of that width a word. The memory may lie anywhere.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_copy_from8")]
    public static partial void CopyFrom8(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyFrom8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_from16")]
    public static partial void CopyFrom16(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyFrom8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_from32")]
    public static partial void CopyFrom32(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyFrom8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_from64")]
    public static partial void CopyFrom64(byte* device, void* memory, nuint count);

    /// <summary>Copies consecutive words to the device: one store of that width a word. The memory may lie anywhere.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_copy_to8")]
    public static partial void CopyTo8(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyTo8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_to16")]
    public static partial void CopyTo16(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyTo8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_to32")]
    public static partial void CopyTo32(byte* device, void* memory, nuint count);

    /// <inheritdoc cref="CopyTo8"/>
    [LibraryImport(Library, EntryPoint = "rawio_copy_to64")]
    public static partial void CopyTo64(byte* device, void* memory, nuint count);

    /// <summary>Fills consecutive words of the device: one store of that width a word.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_fill8")]
    public static partial void Fill8(byte* device, byte value, nuint count);

    /// <inheritdoc cref="Fill8"/>
    [LibraryImport(Library, EntryPoint = "rawio_fill16")]
    public static partial void Fill16(byte* device, ushort value, nuint count);

    /// <inheritdoc cref="Fill8"/>
    [LibraryImport(Library, EntryPoint = "rawio_fill32")]
    public static partial void Fill32(byte* device, uint value, nuint count);

    /// <inheritdoc cref="Fill8"/>
    [LibraryImport(Library, EntryPoint = "rawio_fill64")]
    public static partial void Fill64(byte* device, ulong value, nuint count);
}
