namespace RawIo.Tests;

/// <summary>Little-endian numbers of 1 to 8 bytes in an array, as a device's memory holds them.</summary>
internal static class Bytes
{
    public static ulong Get(byte[] bytes, long offset, int size)
    {
        ulong value = 0;
        for (var i = size - 1; i >= 0; i--) value = value << 8 | bytes[offset + i];
        return value;
    }

    public static void Put(byte[] bytes, long offset, int size, ulong value)
    {
        for (var i = 0; i < size; i++) bytes[offset + i] = (byte)(value >> (8 * i));
    }
}
