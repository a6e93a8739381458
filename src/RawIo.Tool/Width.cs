namespace RawIo.Tool;

/// <summary>From a width in bits to the access of that width.</summary>
internal static class Width
{
    public static ulong Read(IMmio io, long offset, int bits) => bits switch
    {
        8 => io.Read8(offset),
        16 => io.Read16(offset),
        32 => io.Read32(offset),
        _ => io.Read64(offset),
    };

    public static void Write(IMmio io, long offset, int bits, ulong value)
    {
        if (bits == 8) io.Write8(offset, (byte)value);
        else if (bits == 16) io.Write16(offset, (ushort)value);
        else if (bits == 32) io.Write32(offset, (uint)value);
        else io.Write64(offset, value);
    }

    /// <summary>Refuses an address that is no multiple of the width.</summary>
    public static void Check(ulong address, int bits)
    {
        if (address % (ulong)(bits / 8) == 0) return;
        throw new UsageException($"ADDR 0x{address:x} is no multiple of {bits / 8}, as a {bits}-bit access needs; take 0x{address & ~(ulong)(bits / 8 - 1):x}, or a smaller -w.");
    }

    /// <summary>Refuses a value that the width does not hold.</summary>
    public static void CheckValue(ulong value, int bits)
    {
        if (bits < 64 && value >> bits != 0)
            throw new UsageException($"VALUE 0x{value:x} does not fit {bits} bits: it is 0 to 0x{(1UL << bits) - 1:x}; take a larger -w.");
    }
}
