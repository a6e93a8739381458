using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace RawIo.Native;

/// <summary>
/// Every pointer access of the project. One call is one load or store of exactly the width in its name, in program
/// order, whatever becomes of the value; the disassembly gate (tests/RawIo.Gate) holds the compilers to it.
/// </summary>
/// <remarks>
/// Why it is written so. A volatile load alone is narrowed to the bits that are used; the barrier between the load and
/// the return keeps it whole and is no instruction on x64. A 64-bit load whose value is dropped becomes a 32-bit one
/// on x64, and two loads whose values are dropped become one on arm64: there the load stays behind a call, where its
/// value is always used. A volatile load is an acquire (ldar on arm64) and a volatile store a release (stlr), which
/// gives <c>readl</c> the barrier after it and <c>writel</c> the one before it; the relaxed forms are the same
/// instructions.
/// </remarks>
internal static unsafe partial class DeviceMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Read8(byte* p)
    {
        if (!X86Base.IsSupported) return Load8(p);
        var value = Volatile.Read(ref *p);
        Volatile.ReadBarrier();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Read16(byte* p)
    {
        if (!X86Base.IsSupported) return Load16(p);
        var value = Volatile.Read(ref *(ushort*)p);
        Volatile.ReadBarrier();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Read32(byte* p)
    {
        if (!X86Base.IsSupported) return Load32(p);
        var value = Volatile.Read(ref *(uint*)p);
        Volatile.ReadBarrier();
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Read64(byte* p)
    {
        var value = Volatile.Read(ref *(ulong*)p);
        Volatile.ReadBarrier();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write8(byte* p, byte value) => Volatile.Write(ref *p, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write16(byte* p, ushort value) => Volatile.Write(ref *(ushort*)p, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write32(byte* p, uint value) => Volatile.Write(ref *(uint*)p, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write64(byte* p, ulong value) => Volatile.Write(ref *(ulong*)p, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ReadRep(byte* p, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Volatile.Read(ref *p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ReadRep(byte* p, Span<ushort> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Volatile.Read(ref *(ushort*)p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ReadRep(byte* p, Span<uint> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Volatile.Read(ref *(uint*)p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ReadRep(byte* p, Span<ulong> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Volatile.Read(ref *(ulong*)p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteRep(byte* p, ReadOnlySpan<byte> source)
    {
        foreach (var value in source) Volatile.Write(ref *p, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteRep(byte* p, ReadOnlySpan<ushort> source)
    {
        foreach (var value in source) Volatile.Write(ref *(ushort*)p, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteRep(byte* p, ReadOnlySpan<uint> source)
    {
        foreach (var value in source) Volatile.Write(ref *(uint*)p, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteRep(byte* p, ReadOnlySpan<ulong> source)
    {
        foreach (var value in source) Volatile.Write(ref *(ulong*)p, value);
    }

    /// <summary>Bytes until the device address is a multiple of 8, then 64-bit words, then bytes; each byte read once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CopyFrom(byte* p, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            byte* to = start, end = start + destination.Length;
            for (; to < end && ((nuint)p & 7) != 0; p++, to++) *to = Volatile.Read(ref *p);
            for (; end - to >= 32; p += 32, to += 32)
            {
                Unsafe.WriteUnaligned(to, Volatile.Read(ref *(ulong*)p));
                Unsafe.WriteUnaligned(to + 8, Volatile.Read(ref *(ulong*)(p + 8)));
                Unsafe.WriteUnaligned(to + 16, Volatile.Read(ref *(ulong*)(p + 16)));
                Unsafe.WriteUnaligned(to + 24, Volatile.Read(ref *(ulong*)(p + 24)));
            }
            for (; end - to >= 8; p += 8, to += 8) Unsafe.WriteUnaligned(to, Volatile.Read(ref *(ulong*)p));
            for (; to < end; p++, to++) *to = Volatile.Read(ref *p);
        }
    }

    /// <summary>Bytes until the device address is a multiple of 8, then 64-bit words, then bytes; each byte written once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CopyTo(byte* p, ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            byte* from = start, end = start + source.Length;
            for (; from < end && ((nuint)p & 7) != 0; p++, from++) Volatile.Write(ref *p, *from);
            for (; end - from >= 32; p += 32, from += 32)
            {
                Volatile.Write(ref *(ulong*)p, Unsafe.ReadUnaligned<ulong>(from));
                Volatile.Write(ref *(ulong*)(p + 8), Unsafe.ReadUnaligned<ulong>(from + 8));
                Volatile.Write(ref *(ulong*)(p + 16), Unsafe.ReadUnaligned<ulong>(from + 16));
                Volatile.Write(ref *(ulong*)(p + 24), Unsafe.ReadUnaligned<ulong>(from + 24));
            }
            for (; end - from >= 8; p += 8, from += 8) Volatile.Write(ref *(ulong*)p, Unsafe.ReadUnaligned<ulong>(from));
            for (; from < end; p++, from++) Volatile.Write(ref *p, *from);
        }
    }

    /// <summary>Bytes until the device address is a multiple of 8, then 64-bit words, then bytes; each byte written once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fill(byte* p, byte value, long length)
    {
        var end = p + length;
        for (; p < end && ((nuint)p & 7) != 0; p++) Volatile.Write(ref *p, value);
        var word = value * 0x0101010101010101ul;
        for (; end - p >= 32; p += 32)
        {
            Volatile.Write(ref *(ulong*)p, word);
            Volatile.Write(ref *(ulong*)(p + 8), word);
            Volatile.Write(ref *(ulong*)(p + 16), word);
            Volatile.Write(ref *(ulong*)(p + 24), word);
        }
        for (; end - p >= 8; p += 8) Volatile.Write(ref *(ulong*)p, word);
        for (; p < end; p++) Volatile.Write(ref *p, value);
    }

    /// <summary>Memory that its owner said takes accesses of any width and number. Elsewhere than on x64 a page may be mapped as a device's, which takes aligned ones only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CopyFromWide(byte* p, Span<byte> destination)
    {
        if (X86Base.IsSupported) new ReadOnlySpan<byte>(p, destination.Length).CopyTo(destination);
        else CopyFrom(p, destination);
    }

    /// <summary>As <see cref="CopyFromWide"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CopyToWide(byte* p, ReadOnlySpan<byte> source)
    {
        if (X86Base.IsSupported) source.CopyTo(new Span<byte>(p, source.Length));
        else CopyTo(p, source);
    }

    /// <summary>As <see cref="CopyFromWide"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FillWide(byte* p, byte value, long length)
    {
        // libc's: a program compiled ahead of time fills a span at half of its speed.
        if (X86Base.IsSupported) memset(p, value, (nuint)length);
        else Fill(p, value, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Load8(byte* p) => Volatile.Read(ref *p);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort Load16(byte* p) => Volatile.Read(ref *(ushort*)p);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Load32(byte* p) => Volatile.Read(ref *(uint*)p);

    [LibraryImport("libc")]
    private static partial void* memset(byte* p, int value, nuint length);
}
