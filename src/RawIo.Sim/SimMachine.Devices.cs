namespace RawIo.Sim;

// What is on the buses: the board's devices, and those a user adds.
public sealed partial class SimMachine
{
    private readonly List<AttachedDevice> _devices = [];

    /// <summary>Every device model, where it sits.</summary>
    public IReadOnlyList<AttachedDevice> Devices => _devices;

    /// <summary>The model of that type, the first where there are several.</summary>
    /// <exception cref="InvalidOperationException">The board has none; the message names those it has.</exception>
    public T Device<T>() where T : Device
    {
        foreach (var attached in _devices)
            if (attached.Device is T device) return device;
        var names = _devices.Count == 0 ? "none" : string.Join(", ", _devices.Select(d => d.Device.GetType().Name).Distinct());
        throw new InvalidOperationException($"{Name} has no {typeof(T).Name}. Its models: {names}.");
    }

    /// <summary>The model of that type that the board calls so.</summary>
    /// <param name="id">"uart0", "i2c1", "spi0", "com1" and the like.</param>
    /// <exception cref="ArgumentException">The board has none; the message names those it has.</exception>
    public T Device<T>(string id) where T : Device
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        foreach (var attached in _devices)
            if (attached.Id == id && attached.Device is T device) return device;
        var ids = _devices.Where(d => d.Device is T && d.Id.Length > 0).Select(d => d.Id).ToArray();
        throw new ArgumentException($"{Name} has no {typeof(T).Name} \"{id}\". It has {(ids.Length == 0 ? "none" : string.Join(", ", ids))}.", nameof(id));
    }

    /// <summary>Puts a device of your own on the memory bus.</summary>
    /// <param name="device">The model.</param>
    /// <param name="start">Its first physical address.</param>
    /// <param name="length">How many bytes it decodes.</param>
    /// <exception cref="ArgumentException">Something is there already, or the range is empty or leaves the address space.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public AttachedDevice Attach(Device device, ulong start, long length)
    {
        CheckPhysical(start, length);
        return Attach(device, start, length, ports: null);
    }

    /// <summary>Puts a device of your own on I/O ports.</summary>
    /// <param name="device">The model.</param>
    /// <param name="first">Its first port; the model's offset 0.</param>
    /// <param name="count">How many ports it decodes.</param>
    /// <exception cref="ArgumentException">One of them is somebody's, or outside 0 to 0xffff.</exception>
    /// <exception cref="RawIoException">The machine has no ports (ENXIO).</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public AttachedDevice AttachPorts(Device device, int first, int count)
    {
        AccessCheck.PortRange(first, count);
        return Attach(device, (ulong)first, count, ports: [.. Enumerable.Range(first, count)]);
    }

    /// <summary>Takes a device off its bus. Mappings of its addresses stay, and nobody answers there.</summary>
    /// <param name="attached">What <see cref="Attach(Device, ulong, long)"/>, <see cref="AttachPorts"/> or <see cref="Devices"/> gave.</param>
    /// <exception cref="ArgumentException">It is not on this machine's buses.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public void Detach(AttachedDevice attached)
    {
        ArgumentNullException.ThrowIfNull(attached);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        if (attached.IsConfiguration || !_devices.Contains(attached))
            throw new ArgumentException($"{attached.Device.Name} at 0x{attached.Start:x} is not on {Name}'s buses.", nameof(attached));
        TakeOff(attached);
        _devices.Remove(attached);
        (attached.Device.Errors, attached.Device.Gate) = (DeviceErrors.Detached, null);
    }

    private readonly Dictionary<AttachedDevice, BusSlot> _slots = new(ReferenceEqualityComparer.Instance);

    private void PutOn(AttachedDevice attached, IReadOnlyList<int>? ports)
    {
        var slot = new BusSlot(attached);
        if (ports is null) _bus.Attach(slot);
        else PortBusOrThrow().Attach(slot, ports);
        (attached.Device.Errors, attached.Device.Gate) = (new(Faults, attached.Start), _gate);
        _slots[attached] = slot;
        Mmu.Tlb.InvalidateAll();
    }

    private void TakeOff(AttachedDevice attached)
    {
        if (!_slots.Remove(attached, out var slot)) return;
        if (attached.IsPort) _ports!.Detach(slot);
        else _bus.Detach(slot);
        Mmu.Tlb.InvalidateAll();
    }

    /// <summary>What a PCI bus maps and unmaps while the machine runs; it is in <see cref="Devices"/> only as a function.</summary>
    private sealed class BarMap(SimMachine machine) : IBarMap
    {
        public AttachedDevice? TryMap(Device device, ulong start, long length, bool isPort)
        {
            if (isPort ? start + (ulong)length > 0x1_0000 : start + (ulong)length - 1 > machine._plan.LastAddress) return null;
            var attached = new AttachedDevice(device, start, length, isPort, null);
            try
            {
                machine.PutOn(attached, isPort ? [.. Enumerable.Range((int)start, (int)length)] : null);
                return attached;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        public void Unmap(AttachedDevice attached) => machine.TakeOff(attached);
    }

    /// <summary>Puts a device on the bus, or on those of its ports that are its own.</summary>
    internal AttachedDevice Attach(Device device, ulong start, long length, IReadOnlyList<int>? ports, DeviceTreeNode? node = null, IReadOnlyList<int>? irqs = null, string id = "")
    {
        ArgumentNullException.ThrowIfNull(device);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        length = Math.Max(length, device.DecodedLength);
        var attached = new AttachedDevice(device, start, length, ports is not null, node)
        {
            Irqs = irqs ?? [],
            Ranges = RangesOf(start, length, ports),
            Id = id,
            IsConfiguration = device is PciFunction,
        };
        if (attached.IsConfiguration) (device.Errors, device.Gate) = (new(Faults, start), _gate);
        else PutOn(attached, ports);
        _devices.Add(attached);
        return attached;
    }

    private static List<(ulong First, ulong Last)> RangesOf(ulong start, long length, IReadOnlyList<int>? ports)
    {
        if (ports is null) return [(start, start + (ulong)length - 1)];
        var ranges = new List<(ulong First, ulong Last)>();
        foreach (var port in ports.Order())
        {
            if (ranges is [.., var last] && last.Last + 1 == (ulong)port) ranges[^1] = (last.First, (ulong)port);
            else ranges.Add(((ulong)port, (ulong)port));
        }
        return ranges;
    }
}

/// <summary>A device model at its place.</summary>
/// <param name="Device">The model.</param>
/// <param name="Start">The first physical address or port.</param>
/// <param name="Length">The length in bytes or ports.</param>
/// <param name="IsPort">Whether it sits in port space.</param>
/// <param name="Node">Its device tree node, if any.</param>
public sealed record AttachedDevice(Device Device, ulong Start, long Length, bool IsPort, DeviceTreeNode? Node)
{
    /// <summary>What the board calls it: "uart0", "i2c1", "spi0", "com1"; empty for most.</summary>
    public string Id { get; init; } = "";

    /// <summary>The addresses or ports it answers at, each range with its last one; several where another device's ports are between them.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Ranges { get; init; } = [];

    /// <summary>Whether it is a PCI function, reached by its configuration space: <see cref="Start"/> is its CONFIG_ADDRESS, and where its BARs are its command and BARs say.</summary>
    public bool IsConfiguration { get; init; }

    /// <summary>The interrupt requests a PC wires its lines to, as in 1 and 12 of the keyboard controller; empty where a device tree says (<see cref="DeviceTreeNode.Interrupts"/>).</summary>
    public IReadOnlyList<int> Irqs { get; init; } = [];
}
