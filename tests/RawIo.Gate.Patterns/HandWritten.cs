using RawIo.Native;

namespace RawIo.Gate;

/// <summary>A few patterns as a driver would write them, without generics: they must give what the matrix gives.</summary>
public static unsafe class HandWritten
{
    [Pattern("by hand: (read & 0x80) != 0", "R4@0x10")]
    public static bool Bit7(NativeMmio io) => (io.Read32(0x10) & 0x80) != 0;

    [Pattern("by hand: (byte)read", "R4@0x10")]
    public static byte Cast8(NativeMmio io) => (byte)io.Read32(0x10);

    [Pattern("by hand: (uint)read of 64 bits", "R8@0x10")]
    public static uint Cast32(NativeMmio io) => (uint)io.Read64(0x10);

    [Pattern("by hand: write = read | 4", "R4@0x10 W4@0x10")]
    public static void Or(NativeMmio io) => io.Write32(0x10, io.Read32(0x10) | 4);

    [Pattern("by hand: a switch over a field", "R4@0x10 (W4@0x14 | W4@0x18 | W4@0x1c)")]
    public static void Switch(byte* p)
    {
        switch ((DeviceMemory.Read32(p + 0x10) >> 4) & 3)
        {
            case 0: DeviceMemory.Write32(p + 0x14, 1); break;
            case 1: DeviceMemory.Write32(p + 0x18, 1); break;
            default: DeviceMemory.Write32(p + 0x1c, 1); break;
        }
    }

    [Pattern("by hand: widths mixed over one register", "R1@0x10 R2@0x10 R4@0x10 R8@0x10")]
    public static ulong Mixed(byte* p) =>
        DeviceMemory.Read8(p + 0x10) + (ulong)DeviceMemory.Read16(p + 0x10) + DeviceMemory.Read32(p + 0x10) + DeviceMemory.Read64(p + 0x10);

    [Pattern("by hand: write bytes, read the word they make", "W1@0x10 W1@0x11 W1@0x12 W1@0x13 R4@0x10")]
    public static uint BytesThenWord(byte* p)
    {
        DeviceMemory.Write8(p + 0x10, 1);
        DeviceMemory.Write8(p + 0x11, 2);
        DeviceMemory.Write8(p + 0x12, 3);
        DeviceMemory.Write8(p + 0x13, 4);
        return DeviceMemory.Read32(p + 0x10);
    }

    [Pattern("by hand: write a byte in the middle of a word just written", "W4@0x10 W1@0x12")]
    public static void WordThenByte(byte* p)
    {
        DeviceMemory.Write32(p + 0x10, 0x11223344);
        DeviceMemory.Write8(p + 0x12, 0);
    }
}
