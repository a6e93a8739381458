using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>The checks every backend makes before an access, with the one wording for what is wrong. A backend calls them; a driver need not.</summary>
public static class AccessCheck
{
    /// <summary>Checks an access of <paramref name="size"/> bytes at <paramref name="offset"/> in a window of <paramref name="length"/> bytes; the size is also the alignment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The access is not wholly inside the window.</exception>
    /// <exception cref="DataMisalignedException">The offset is no multiple of the size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Access(long offset, int size, long length)
    {
        if ((ulong)offset > (ulong)(length - size) || length < size || (offset & (size - 1)) != 0)
            ThrowAccess(offset, size, length, size);
    }

    /// <summary>Checks a block of <paramref name="size"/> bytes (0 is legal) at <paramref name="offset"/> in a window of <paramref name="length"/> bytes.</summary>
    /// <param name="offset">Where the block starts, in bytes.</param>
    /// <param name="size">The block's size in bytes.</param>
    /// <param name="length">The window's length in bytes.</param>
    /// <param name="alignment">What the offset must be a multiple of: 1, 2, 4 or 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block is not wholly inside the window.</exception>
    /// <exception cref="DataMisalignedException">The offset is no multiple of the alignment.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Range(long offset, long size, long length, int alignment = 1)
    {
        if (size < 0 || (ulong)offset > (ulong)length || size > length - offset || (offset & (alignment - 1)) != 0)
            ThrowAccess(offset, size, length, alignment);
    }

    /// <summary>Checks a sub-window: at least one byte, wholly inside.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is empty or not wholly inside the window.</exception>
    public static void Window(long offset, long windowLength, long length)
    {
        if (windowLength < 1)
            throw new ArgumentOutOfRangeException(nameof(windowLength), windowLength, "A window needs at least one byte.");
        Range(offset, windowLength, length);
    }

    /// <summary>Checks an access of <paramref name="size"/> bytes at <paramref name="port"/> in a range of ports.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The access is not wholly inside the range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Port(int port, int size, int first, int count)
    {
        if (port < first || port > first + count - size)
            ThrowPort(port, size, first, count);
    }

    /// <summary>Checks a range of ports to be opened or claimed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or leaves 0 to 0xffff.</exception>
    public static void PortRange(int first, int count)
    {
        if (first is < 0 or > 0xffff)
            throw new ArgumentOutOfRangeException(nameof(first), first, "Ports are 0 to 0xffff.");
        if (count < 1 || count > 0x10000 - first)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"From port 0x{first:x4} there are 1 to {0x10000 - first} ports.");
    }

    internal static ArgumentOutOfRangeException NoSuchSize(int size, string sizes) =>
        new(nameof(size), size, $"No access has {size} bytes: it has {sizes}.");

    [DoesNotReturn]
    private static void ThrowAccess(long offset, long size, long length, int alignment)
    {
        var what = $"An access of {size} bytes at offset {Signed(offset)} of a window of 0x{length:x} bytes";
        if (size < 0 || offset < 0 || offset > length || size > length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{what} leaves the window.");
        throw new DataMisalignedException($"{what} is misaligned: the offset must be a multiple of {alignment}.");
    }

    [DoesNotReturn]
    private static void ThrowPort(int port, int size, int first, int count) =>
        throw new ArgumentOutOfRangeException(nameof(port), port,
            $"An access of {size} bytes at port {Signed(port)} leaves the range 0x{first:x4} to 0x{first + count - 1:x4}.");

    private static string Signed(long value) => value < 0 ? $"{value}" : $"0x{value:x}";
}
