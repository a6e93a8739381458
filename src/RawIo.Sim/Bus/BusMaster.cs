namespace RawIo.Sim;

/// <summary>A machine's bus for its devices: translates bus addresses, then goes where the processor's accesses go.</summary>
internal sealed class BusMaster(PhysicalBus bus, Func<ulong, ulong?> toPhysical) : IBusMaster, IBusSpans
{
    /// <summary>Whether nobody answers: while a machine is put back, what a line sets off must not touch what was put back already.</summary>
    public bool IsClosed { get; set; }

    /// <summary>How many accesses devices have made by themselves.</summary>
    public long Accesses { get; private set; }

    public bool TryRead(ulong busAddress, int size, out ulong value)
    {
        Accesses++;
        value = 0;
        if (Physical(busAddress) is not { } address) return false;
        value = bus.Read(address, size, split: true);
        return true;
    }

    public bool TryWrite(ulong busAddress, int size, ulong value)
    {
        Accesses++;
        if (Physical(busAddress) is not { } address) return false;
        bus.Write(address, size, value, split: true);
        return true;
    }

    public BusSpan Find(ulong busAddress, int most, bool isWrite)
    {
        if (IsClosed) return default;
        Accesses++;
        var address = toPhysical(busAddress);
        if (address is { } ram && bus.Ram.Contains(ram))
        {
            var span = bus.Ram.Span(ram, most, isWrite);
            return new(span.Length, span);
        }
        return address is { } outside && !bus.Slots(outside).IsEmpty ? default : new(Math.Min(most, SimRam.PageSize - (int)(busAddress % SimRam.PageSize)), []);
    }

    private ulong? Physical(ulong busAddress) =>
        !IsClosed && toPhysical(busAddress) is { } address && address <= PhysicalBus.LastAddress && (bus.Ram.Contains(address) || bus.Find(address) is not null) ? address : null;
}
