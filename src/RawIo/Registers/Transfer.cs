using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>From a register's type to the access of that width. The type tests are constants to the compiler: one call remains.</summary>
internal static class Transfer
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(IMmio io, long offset) where T : unmanaged
    {
        if (typeof(T) == typeof(uint)) return As<uint, T>(io.Read32(offset));
        if (typeof(T) == typeof(byte)) return As<byte, T>(io.Read8(offset));
        if (typeof(T) == typeof(ushort)) return As<ushort, T>(io.Read16(offset));
        if (typeof(T) == typeof(ulong)) return As<ulong, T>(io.Read64(offset));
        throw NoSuchWidth<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(IMmio io, long offset, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(uint)) io.Write32(offset, As<T, uint>(value));
        else if (typeof(T) == typeof(byte)) io.Write8(offset, As<T, byte>(value));
        else if (typeof(T) == typeof(ushort)) io.Write16(offset, As<T, ushort>(value));
        else if (typeof(T) == typeof(ulong)) io.Write64(offset, As<T, ulong>(value));
        else throw NoSuchWidth<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Modify<T>(IMmio io, long offset, T clear, T set) where T : unmanaged
    {
        if (typeof(T) == typeof(uint)) io.Modify32(offset, As<T, uint>(clear), As<T, uint>(set));
        else if (typeof(T) == typeof(byte)) io.Modify8(offset, As<T, byte>(clear), As<T, byte>(set));
        else if (typeof(T) == typeof(ushort)) io.Modify16(offset, As<T, ushort>(clear), As<T, ushort>(set));
        else if (typeof(T) == typeof(ulong)) io.Modify64(offset, As<T, ulong>(clear), As<T, ulong>(set));
        else throw NoSuchWidth<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(IPortIo io, long offset) where T : unmanaged
    {
        var port = io.FirstPort + checked((int)offset);
        if (typeof(T) == typeof(byte)) return As<byte, T>(io.In8(port));
        if (typeof(T) == typeof(ushort)) return As<ushort, T>(io.In16(port));
        if (typeof(T) == typeof(uint)) return As<uint, T>(io.In32(port));
        throw NoSuchWidth<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(IPortIo io, long offset, T value) where T : unmanaged
    {
        var port = io.FirstPort + checked((int)offset);
        if (typeof(T) == typeof(byte)) io.Out8(port, As<T, byte>(value));
        else if (typeof(T) == typeof(ushort)) io.Out16(port, As<T, ushort>(value));
        else if (typeof(T) == typeof(uint)) io.Out32(port, As<T, uint>(value));
        else throw NoSuchWidth<T>();
    }

    private static TTo As<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged =>
        Unsafe.BitCast<TFrom, TTo>(value);

    private static NotSupportedException NoSuchWidth<T>() =>
        new($"No bus transfers {typeof(T).Name}: registers are byte, ushort or uint, and ulong where memory-mapped.");
}
