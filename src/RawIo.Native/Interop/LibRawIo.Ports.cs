using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>
/// Port instructions. The caller has asked <see cref="HasPorts"/>, and the thread has the right to the port: without it
/// the instruction ends the process. One instruction lasts about a microsecond, which a collection can wait for: it goes
/// without the switch to native code and back. Strings of them do not.
/// </summary>
internal static unsafe partial class LibRawIo
{
    /// <summary>ioperm(2) for the calling thread.</summary>
    /// <returns>0, or a negative errno.</returns>
    [LibraryImport(Library, EntryPoint = "rawio_ioperm")]
    public static partial int IoPerm(uint first, uint count, int on);

    /// <summary>iopl(2) for the calling thread.</summary>
    /// <returns>0, or a negative errno.</returns>
    [LibraryImport(Library, EntryPoint = "rawio_iopl")]
    public static partial int IoPl(int level);

    /// <summary><c>in</c>, 8 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_in8"), SuppressGCTransition]
    public static partial byte In8(ushort port);

    /// <summary><c>in</c>, 16 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_in16"), SuppressGCTransition]
    public static partial ushort In16(ushort port);

    /// <summary><c>in</c>, 32 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_in32"), SuppressGCTransition]
    public static partial uint In32(ushort port);

    /// <summary><c>out</c>, 8 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_out8"), SuppressGCTransition]
    public static partial void Out8(ushort port, byte value);

    /// <summary><c>out</c>, 16 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_out16"), SuppressGCTransition]
    public static partial void Out16(ushort port, ushort value);

    /// <summary><c>out</c>, 32 bits.</summary>
    [LibraryImport(Library, EntryPoint = "rawio_out32"), SuppressGCTransition]
    public static partial void Out32(ushort port, uint value);

    /// <summary><c>rep insb</c>.</summary>
    public static void Ins(ushort port, Span<byte> destination)
    {
        fixed (byte* memory = destination) rawio_ins8(port, memory, (nuint)destination.Length);
    }

    /// <summary><c>rep insw</c>.</summary>
    public static void Ins(ushort port, Span<ushort> destination)
    {
        fixed (ushort* memory = destination) rawio_ins16(port, memory, (nuint)destination.Length);
    }

    /// <summary><c>rep insl</c>.</summary>
    public static void Ins(ushort port, Span<uint> destination)
    {
        fixed (uint* memory = destination) rawio_ins32(port, memory, (nuint)destination.Length);
    }

    /// <summary><c>rep outsb</c>.</summary>
    public static void Outs(ushort port, ReadOnlySpan<byte> source)
    {
        fixed (byte* memory = source) rawio_outs8(port, memory, (nuint)source.Length);
    }

    /// <summary><c>rep outsw</c>.</summary>
    public static void Outs(ushort port, ReadOnlySpan<ushort> source)
    {
        fixed (ushort* memory = source) rawio_outs16(port, memory, (nuint)source.Length);
    }

    /// <summary><c>rep outsl</c>.</summary>
    public static void Outs(ushort port, ReadOnlySpan<uint> source)
    {
        fixed (uint* memory = source) rawio_outs32(port, memory, (nuint)source.Length);
    }

    [LibraryImport(Library)]
    private static partial void rawio_ins8(ushort port, void* memory, nuint count);

    [LibraryImport(Library)]
    private static partial void rawio_ins16(ushort port, void* memory, nuint count);

    [LibraryImport(Library)]
    private static partial void rawio_ins32(ushort port, void* memory, nuint count);

    [LibraryImport(Library)]
    private static partial void rawio_outs8(ushort port, void* memory, nuint count);

    [LibraryImport(Library)]
    private static partial void rawio_outs16(ushort port, void* memory, nuint count);

    [LibraryImport(Library)]
    private static partial void rawio_outs32(ushort port, void* memory, nuint count);
}
