namespace RawIo.Sim;

/// <summary>
/// The bus as a device that reads and writes memory by itself sees it: by bus addresses. On BCM2835 RAM shows at four
/// of them (0x00000000, 0x40000000, 0x80000000, 0xc0000000 plus the address) and the peripherals at 0x7e000000; on a PC
/// a bus address is the physical one.
/// </summary>
public interface IBusMaster
{
    /// <summary>Reads an aligned value of RAM or of a device's register, with its side effects.</summary>
    /// <param name="busAddress">The address on the device's bus, a multiple of the size.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The value; 0 where nobody answers.</param>
    /// <returns>Whether anybody answered.</returns>
    bool TryRead(ulong busAddress, int size, out ulong value);

    /// <summary>Writes an aligned value to RAM or to a device's register.</summary>
    /// <param name="busAddress">The address on the device's bus, a multiple of the size.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The value, in the low bits.</param>
    /// <returns>Whether anybody answered.</returns>
    bool TryWrite(ulong busAddress, int size, ulong value);
}
