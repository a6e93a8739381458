using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The 65536 x86 I/O ports. A wide access that one device takes goes to it whole; any other is halved, down to byte
/// cycles on consecutive ports, each to its own device, as the ISA bus does. Where nobody answers, a read is all ones.
/// </summary>
internal sealed class PortBus(GuestErrors errors)
{
    private readonly BusSlot?[]?[] _ports = new BusSlot?[256][];

    /// <summary>Gives ports of the device's range to it.</summary>
    /// <exception cref="ArgumentException">One of them is outside the range or somebody's.</exception>
    public void Attach(BusSlot slot, IReadOnlyList<int> ports)
    {
        foreach (var port in ports)
        {
            if (port is < 0 or > 0xffff || !slot.Covers((ulong)port))
                throw new ArgumentException($"{slot.Device.Name} cannot have port 0x{port:x4}: it is outside its range.", nameof(ports));
            if (Find(port) is { } other)
                throw new ArgumentException($"{slot.Device.Name} cannot have port 0x{port:x4}: {other.Device.Name} has it.", nameof(ports));
        }
        foreach (var port in ports) (_ports[port >> 8] ??= new BusSlot?[256])[port & 0xff] = slot;
    }

    /// <summary>Takes a device off all its ports.</summary>
    public void Detach(BusSlot slot)
    {
        foreach (var page in _ports)
            for (var i = 0; i < page?.Length; i++)
                if (page[i] == slot) page[i] = null;
    }

    /// <summary>The device at the port, if any.</summary>
    public BusSlot? Find(int port) => port is >= 0 and <= 0xffff ? _ports[port >> 8]?[port & 0xff] : null;

    /// <summary>Reads; the access must end at port 0xffff at the latest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(int port, int size)
    {
        var slot = Whole(port, size);
        return slot is not null && slot.Takes((ulong)port - slot.Start, size) ? (uint)slot.Device.Read(port - (int)slot.Start, size) : ReadOther(slot, port, size);
    }

    private uint ReadOther(BusSlot? slot, int port, int size)
    {
        if (size > 1)
        {
            var half = size / 2;
            return Read(port, half) | Read(port + half, half) << (8 * half);
        }
        if (slot is not null)
        {
            var offset = port - (int)slot.Start;
            slot.Device.Errors.Report(slot.Device, offset, 1, isWrite: false, "it takes no 8-bit accesses");
            return (uint)BusLanes.Read(slot, (ulong)offset, 1) & 0xff;
        }
        if (!errors.PassesSilently()) errors.Report($"Nobody answers the 8-bit read at port 0x{port:x4}.", (ulong)port, 1, isWrite: false);
        return 0xff;
    }

    /// <summary>Writes; the access must end at port 0xffff at the latest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(int port, int size, uint value)
    {
        var slot = Whole(port, size);
        if (slot is not null && slot.Takes((ulong)port - slot.Start, size)) slot.Device.Write(port - (int)slot.Start, size, value & BusLanes.Mask(size));
        else WriteOther(slot, port, size, value);
    }

    private void WriteOther(BusSlot? slot, int port, int size, uint value)
    {
        if (size > 1)
        {
            var half = size / 2;
            Write(port, half, value & (uint)BusLanes.Mask(half));
            Write(port + half, half, value >> (8 * half));
        }
        else if (slot is not null)
        {
            var offset = port - (int)slot.Start;
            slot.Device.Errors.Report(slot.Device, offset, 1, isWrite: true, "it takes no 8-bit accesses");
            BusLanes.Write(slot, (ulong)offset, 1, value);
        }
        else
        {
            if (!errors.PassesSilently()) errors.Report($"Nobody answers the 8-bit write at port 0x{port:x4}.", (ulong)port, 1, isWrite: true);
        }
    }

    /// <summary>The device that has all ports of the access, if one does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BusSlot? Whole(int port, int size)
    {
        var slot = Find(port);
        if (size == 1) return slot;
        for (var i = 1; i < size && slot is not null; i++)
            if (Find(port + i) != slot) return null;
        return slot;
    }
}
