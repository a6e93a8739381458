using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RawIo.Gate;

/// <summary>Casts and constants of a width as C# writes them: the type tests are gone before anything is optimised.</summary>
internal static class Bits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(ulong value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<byte, T>((byte)value);
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<ushort, T>((ushort)value);
        if (typeof(T) == typeof(uint)) return Unsafe.BitCast<uint, T>((uint)value);
        return Unsafe.BitCast<ulong, T>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte To8<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(ushort)) return (byte)Unsafe.BitCast<T, ushort>(value);
        if (typeof(T) == typeof(uint)) return (byte)Unsafe.BitCast<T, uint>(value);
        return (byte)Unsafe.BitCast<T, ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort To16<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<T, ushort>(value);
        if (typeof(T) == typeof(uint)) return (ushort)Unsafe.BitCast<T, uint>(value);
        return (ushort)Unsafe.BitCast<T, ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint To32<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<T, ushort>(value);
        if (typeof(T) == typeof(uint)) return Unsafe.BitCast<T, uint>(value);
        return (uint)Unsafe.BitCast<T, ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong To64<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<T, ushort>(value);
        if (typeof(T) == typeof(uint)) return Unsafe.BitCast<T, uint>(value);
        return Unsafe.BitCast<T, ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return (sbyte)Unsafe.BitCast<T, byte>(value);
        if (typeof(T) == typeof(ushort)) return (short)Unsafe.BitCast<T, ushort>(value);
        if (typeof(T) == typeof(uint)) return (int)Unsafe.BitCast<T, uint>(value);
        return (long)Unsafe.BitCast<T, ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Reversed<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return value;
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<ushort, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ushort>(value)));
        if (typeof(T) == typeof(uint)) return Unsafe.BitCast<uint, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, uint>(value)));
        return Unsafe.BitCast<ulong, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ulong>(value)));
    }
}

/// <summary>A call that the compiler can't see through.</summary>
public static class Sink
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(ulong value) => _ = value;
}
