namespace RawIo.Tool;

/// <summary>What a width in bits asks of an address and a value.</summary>
internal static class Width
{
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
