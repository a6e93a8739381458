namespace RawIo.Sim;

/// <summary>
/// A whole machine in the process: processor side (page tables, TLB, caches), physical bus, devices, clock, resource
/// trees. A driver sees it as <see cref="IHardware"/>; a test also drives its wires and its clock.
/// </summary>
/// <remarks>
/// Every Raspberry Pi board translates with the ARMv8 page-table format, also the Pi 1, whose ARM1176 really has
/// ARMv6's short descriptors. Several threads may drive one machine: one lock, free for a single thread, makes each
/// access whole.
/// </remarks>
public sealed partial class SimMachine : IHardware
{
    private readonly BoardPlan _plan;
    private readonly BiasedLock _gate = new();
    private readonly SimRam _ram;
    private readonly PhysicalBus _bus;
    private readonly PortBus? _ports;
    private readonly BusMaster _master;
    private readonly VmallocArea _vmalloc;
    private bool _disposed;

    internal SimMachine(BoardPlan plan, SimOptions options)
    {
        _plan = plan;
        Faults = new() { Policy = options.Faults, Log = options.Log };
        Clock = new(options.SteppedClock ? null : options.HostTime ?? TimeProvider.System, options.Epoch);
        _ram = new(plan.Ram);
        _bus = new(_ram, Faults) { NameOf = plan.NameOf };
        _ports = plan.Ports is null ? null : new(Faults);
        _vmalloc = new(plan.Format.Vmalloc, 1ul << 44);
        var tables = new PageTables(_ram, plan.Format, new(plan.KernelData.Start, plan.KernelData.Length));
        foreach (var (start, length) in plan.Ram) tables.Map(plan.Format.LinearMap + start, start, length, MemoryType.NormalCached);
        var sizes = plan.Caches;
        Mmu = new(_bus, tables, new(new(sizes.L1, sizes.L1Ways), new(sizes.L2, sizes.L2Ways)));
        PhysicalMemory = new PhysicalMemory(new(this, _bus, _gate), 0, (long)plan.LastAddress + 1);
        Memory = Fill(new(new(0, plan.LastAddress, "iomem", ResourceFlags.Mem)), plan.Memory, options.Log);
        Ports = Fill(new(new(0, 0xffff, "PCI IO", ResourceFlags.Io)), plan.Ports ?? [], options.Log);
        var time = new DeviceTime(Clock, _gate);
        if (options.InstantTransfers) _transferClock = new(Clock, options.Epoch);
        var transferTime = _transferClock is null ? time : new DeviceTime(_transferClock, _gate);
        _master = new BusMaster(_bus, plan.DeviceTree is null ? BusAddresses.OfPc : BusAddresses.OfBroadcom(plan.Windows));
        var bars = new BarMap(this);
        ResetRequest.Changed += level => ResetRequested |= level;
        foreach (var device in plan.Devices)
        {
            try
            {
                Attach(device.Make(new(time, options, device.Node, _master, plan, _devices, ResetRequest) { Bars = bars, TransferTime = transferTime }),
                    device.Start, device.Length, device.Ports, device.Node, device.Irqs, device.Id);
            }
            catch (ArgumentException error) when (device.Node is not null)
            {
                options.Log?.Invoke($"{device.Node.Path}: {error.Message}");
            }
        }
        foreach (var port in _devices.Select(d => d.Device).OfType<ISerialPort>()) port.Line.IsInstant = options.InstantTransfers;
        WireInterrupts();
        WireDmaRequests();
        WireFiq();
    }

    /// <summary>The built-in boards' names.</summary>
    public static IReadOnlyList<string> Boards => ["pi1", "pi2", "pi3", "pi4", "pi5", "pc"];

    /// <summary>Makes a built-in board.</summary>
    /// <exception cref="ArgumentException">There is no board of that name; the message lists those there are.</exception>
    public static SimMachine Create(string board, SimOptions? options = null)
    {
        if (!Boards.Contains(board))
            throw new ArgumentException($"There is no board \"{board}\". The boards are {string.Join(", ", Boards)}.", nameof(board));
        if (board == "pc") return new(PcBoard.Plan(), options ?? new());
        using var stream = typeof(SimMachine).Assembly.GetManifestResourceStream(board + ".dtb")
            ?? throw new NotSupportedException($"This build was made without {board}.dtb.");
        var blob = new byte[stream.Length];
        stream.ReadExactly(blob);
        return FromDeviceTree(DeviceTree.Parse(blob), board, options);
    }

    /// <summary>Makes the board a device tree describes: every node with a model gets one.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="name">The board's name.</param>
    /// <param name="options">How to make it.</param>
    /// <exception cref="ArgumentException">The tree leaves no RAM to boot in.</exception>
    /// <exception cref="RawIoException">Its RAM is in too many pieces for the page tables that fit (ENOMEM).</exception>
    /// <exception cref="MalformedInputException">A property of a node has not the shape it should have.</exception>
    public static SimMachine FromDeviceTree(DeviceTree tree, string name, SimOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new();
        return new(DeviceTreeBoard.Plan(tree, name, options.Log), options);
    }

    /// <inheritdoc/>
    public string Name => "sim:" + _plan.Name;

    /// <inheritdoc/>
    public DeviceTree? DeviceTree => _plan.DeviceTree;

    /// <inheritdoc/>
    public ResourceTree Memory { get; }

    /// <inheritdoc/>
    public ResourceTree Ports { get; }

    /// <inheritdoc/>
    public TimeProvider Time => Clock;

    /// <summary>The machine's clock.</summary>
    public MachineClock Clock { get; }

    /// <summary>The processor's way to memory: TLB, caches and their counters.</summary>
    public Mmu Mmu { get; }

    /// <summary>The machine's policy for guest errors.</summary>
    public GuestErrors Faults { get; }

    /// <summary>The whole physical address space as a debugger sees it: no MMU, no cache; accesses a device does not take are split as the bus does.</summary>
    public IMmio PhysicalMemory { get; }

    /// <summary>The memory bus without the processor in front of it.</summary>
    internal PhysicalBus Bus => _bus;

    /// <summary>The bus as devices see it.</summary>
    internal BusMaster DeviceBus => _master;

    /// <summary>The I/O ports, on a machine that has them.</summary>
    internal PortBus? PortBus => _ports;

    /// <summary>Whether there is RAM at a physical address, whoever has reserved it.</summary>
    public bool IsRam(ulong physicalAddress) => _ram.Contains(physicalAddress);

    /// <summary>Ends the machine: every mapping is gone, no timer runs any more, and later accesses throw <see cref="ObjectDisposedException"/>. The resource trees can still be read.</summary>
    public void Dispose()
    {
        using var held = new HeldLock(_gate);
        if (_disposed) return;
        Volatile.Write(ref _disposed, true);
        EndMappings();
        EndInterrupts();
        Clock.Stop();
        _transferClock?.Stop();
    }

    internal void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _disposed)) throw new ObjectDisposedException(Name, $"The machine {Name} was disposed.");
    }

    private static ResourceTree Fill(ResourceTree tree, IEnumerable<Resource> resources, Action<string>? log)
    {
        // In address order, the outer before the inner, each goes next to the one before: no search, whatever their number.
        foreach (var resource in resources.OrderBy(r => r.Start).ThenByDescending(r => r.End))
        {
            try
            {
                tree.Insert(resource);
            }
            catch (RawIoException error)
            {
                log?.Invoke($"{resource} is left out: {error.Message}");
            }
        }
        return tree;
    }
}
