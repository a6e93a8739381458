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

    /// <summary>Puts a device on the bus, or on those of its ports that are its own.</summary>
    internal AttachedDevice Attach(Device device, ulong start, long length, IReadOnlyList<int>? ports, DeviceTreeNode? node = null, IReadOnlyList<int>? irqs = null, string id = "")
    {
        ArgumentNullException.ThrowIfNull(device);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        var attached = new AttachedDevice(device, start, Math.Max(length, device.DecodedLength), ports is not null, node) { Irqs = irqs ?? [], Id = id };
        if (ports is null) _bus.Attach(new(attached));
        else PortBusOrThrow().Attach(new(attached), ports);
        (device.Errors, device.Gate) = (new(Faults, start), _gate);
        _devices.Add(attached);
        Mmu.Tlb.InvalidateAll();
        return attached;
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

    /// <summary>The interrupt requests a PC wires its lines to, as in 1 and 12 of the keyboard controller; empty where a device tree says (<see cref="DeviceTreeNode.Interrupts"/>).</summary>
    public IReadOnlyList<int> Irqs { get; init; } = [];
}
