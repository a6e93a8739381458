namespace RawIo.Sim;

/// <summary>
/// What the wires make of an access that a device does not take: a wide one becomes several, low address first; of a
/// narrow read the byte lanes are taken out of the containing word; a narrow write puts its value in its lanes and
/// zeros in the others; a misaligned one is cut where it crosses its alignment.
/// </summary>
internal static class BusLanes
{
    public static ulong Read(BusSlot slot, ulong offset, int size)
    {
        if (slot.Takes(offset, size)) return slot.Device.Read((int)offset, size);
        if (Wider(slot, offset, size) is var wide and > 0)
            return slot.Device.Read((int)(offset & ~((ulong)wide - 1)), wide) >> Shift(offset, wide) & Mask(size);
        if (size == 1) return 0;
        var half = size / 2;
        return Read(slot, offset, half) & Mask(half) | (Read(slot, offset + (ulong)half, half) & Mask(half)) << (8 * half);
    }

    public static void Write(BusSlot slot, ulong offset, int size, ulong value)
    {
        if (slot.Takes(offset, size))
        {
            slot.Device.Write((int)offset, size, value & Mask(size));
            return;
        }
        if (Wider(slot, offset, size) is var wide and > 0)
        {
            slot.Device.Write((int)(offset & ~((ulong)wide - 1)), wide, (value & Mask(size)) << Shift(offset, wide));
            return;
        }
        if (size == 1) return;
        var half = size / 2;
        Write(slot, offset, half, value & Mask(half));
        Write(slot, offset + (ulong)half, half, value >> (8 * half));
    }

    public static ulong Mask(int size) => ulong.MaxValue >> (64 - 8 * size);

    private static int Shift(ulong offset, int wide) => 8 * (int)(offset & ((ulong)wide - 1));

    /// <summary>The least size above this one that the device takes, where the access is too narrow for it; else 0.</summary>
    private static int Wider(BusSlot slot, ulong offset, int size)
    {
        if ((slot.Sizes & (2 * size - 1)) != 0 || ((int)offset & (size - 1)) != 0) return 0;
        for (var wide = 2 * size; wide <= 8; wide *= 2)
            if ((slot.Sizes & wide) != 0) return slot.Takes(offset & ~((ulong)wide - 1), wide) ? wide : 0;
        return 0;
    }
}
