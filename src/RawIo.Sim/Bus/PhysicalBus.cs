namespace RawIo.Sim;

/// <summary>
/// The physical address space: RAM, and devices decoded by 4 KiB page. An access that nobody takes, or not so, goes
/// to the machine's policy for guest errors; where that lets it pass, the wires decide (<see cref="BusLanes"/>), and
/// where nobody answers, reads are 0 and writes are lost.
/// </summary>
internal sealed class PhysicalBus(SimRam ram, GuestErrors errors)
{
    public const int AddressBits = 44;
    public const ulong LastAddress = (1ul << AddressBits) - 1;

    private const int LeafBits = 10; // 4 MiB of addresses a leaf
    private BusSlot[]?[]?[] _pages = [];

    /// <summary>Says what the device tree knows of an address that no model answers at; null where it knows nothing.</summary>
    public Func<ulong, string?>? NameOf { get; set; }

    public SimRam Ram => ram;

    /// <summary>Puts a device on the bus.</summary>
    /// <exception cref="ArgumentException">The range leaves the address space, or overlaps RAM or another device.</exception>
    public void Attach(BusSlot slot)
    {
        var last = slot.Start + slot.Length - 1;
        if (slot.Length - 1 > int.MaxValue || last < slot.Start || last > LastAddress)
            throw new ArgumentException($"{slot.Device.Name} at 0x{slot.Start:x} of 0x{slot.Length:x} bytes does not fit into the {AddressBits}-bit address space.");
        if (ram.Overlaps(slot.Start, last))
            throw new ArgumentException($"{slot.Device.Name} at 0x{slot.Start:x}-0x{last:x} overlaps RAM.");
        for (var page = slot.Start >> 12; page <= last >> 12; page++)
            foreach (var other in Slots(page << 12))
                if (other.Start <= last && slot.Start <= other.Start + other.Length - 1)
                    throw new ArgumentException($"{slot.Device.Name} at 0x{slot.Start:x}-0x{last:x} overlaps {other.Device.Name} at 0x{other.Start:x}.");
        var top = (int)(last >> (12 + LeafBits));
        if (top >= _pages.Length) Array.Resize(ref _pages, Math.Max(top + 1, Math.Min(2 * _pages.Length, 1 << (AddressBits - 12 - LeafBits))));
        BusSlot[] alone = [slot];
        for (var page = slot.Start >> 12; page <= last >> 12; page++)
        {
            var leaf = _pages[page >> LeafBits] ??= new BusSlot[]?[1 << LeafBits];
            ref var slots = ref leaf[page & ((1 << LeafBits) - 1)];
            slots = slots is null ? alone : [.. slots, slot];
        }
    }

    /// <summary>Takes a device off the bus. Who keeps translations that lead to it throws them away.</summary>
    public void Detach(BusSlot slot)
    {
        for (var page = slot.Start >> 12; page <= (slot.Start + slot.Length - 1) >> 12; page++)
        {
            ref var slots = ref _pages[page >> LeafBits]![page & ((1 << LeafBits) - 1)];
            slots = slots is null or [_] ? null : [.. slots.Where(other => other != slot)];
        }
    }

    /// <summary>The devices that have part of the page.</summary>
    public ReadOnlySpan<BusSlot> Slots(ulong address)
    {
        var top = address >> (12 + LeafBits);
        return top < (ulong)_pages.Length && _pages[top] is { } leaf ? leaf[(address >> 12) & ((1 << LeafBits) - 1)] : null;
    }

    /// <summary>The device at the address, if any.</summary>
    public BusSlot? Find(ulong address)
    {
        foreach (var slot in Slots(address))
            if (slot.Covers(address)) return slot;
        return null;
    }

    /// <summary>Reads an aligned value.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="split">Whether an access the device does not take is split without a word, as for a debugger.</param>
    public ulong Read(ulong address, int size, bool split = false)
    {
        if (Find(address) is { } slot)
        {
            var offset = address - slot.Start;
            if (slot.Takes(offset, size)) return slot.Device.Read((int)offset, size);
            if (offset + (ulong)size <= slot.Length)
            {
                if (!split) slot.Device.Errors.Refuse(slot, (int)offset, size, isWrite: false);
                return BusLanes.Read(slot, offset, size) & BusLanes.Mask(size);
            }
        }
        else if (ram.Contains(address))
        {
            return ram.Read(address, size);
        }
        else if (IsEmpty(address, size))
        {
            ReportEmpty(address, size, isWrite: false);
            return 0;
        }
        var half = size / 2;
        return Read(address, half, split) | Read(address + (ulong)half, half, split) << (8 * half);
    }

    /// <summary>Writes an aligned value.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The value, in the low bits.</param>
    /// <param name="split">Whether an access the device does not take is split without a word, as for a debugger.</param>
    public void Write(ulong address, int size, ulong value, bool split = false)
    {
        if (Find(address) is { } slot)
        {
            var offset = address - slot.Start;
            if (slot.Takes(offset, size))
            {
                slot.Device.Write((int)offset, size, value & BusLanes.Mask(size));
                return;
            }
            if (offset + (ulong)size <= slot.Length)
            {
                if (!split) slot.Device.Errors.Refuse(slot, (int)offset, size, isWrite: true);
                BusLanes.Write(slot, offset, size, value);
                return;
            }
        }
        else if (ram.Contains(address))
        {
            ram.Write(address, size, value);
            return;
        }
        else if (IsEmpty(address, size))
        {
            ReportEmpty(address, size, isWrite: true);
            return;
        }
        var half = size / 2;
        Write(address, half, value & BusLanes.Mask(half), split);
        Write(address + (ulong)half, half, value >> (8 * half), split);
    }

    private bool IsEmpty(ulong address, int size)
    {
        for (var i = 0; i < size; i++)
            if (Find(address + (ulong)i) is not null) return false;
        return true;
    }

    private void ReportEmpty(ulong address, int size, bool isWrite)
    {
        if (errors.PassesSilently()) return;
        if (errors.Pass()) return;
        var node = NameOf?.Invoke(address);
        var what = node is null ? "nothing is there" : $"it is {node}, which this board has no model of";
        errors.Report($"Nobody answers the {size * 8}-bit {(isWrite ? "write" : "read")} at 0x{address:x}: {what}.", address, size, isWrite);
    }
}
