namespace RawIo.QTest;

/// <summary>
/// A machine behind a qtest server, as a driver sees it: any that QEMU emulates, or a simulated one in another
/// process. Each access is one request, and on that machine one access of its width.
/// </summary>
/// <remarks>
/// The resource trees are this object's own and empty at first: they keep drivers of one process apart. qtest does
/// not tell what is where, so RAM may be mapped as well; an access that nobody answers ends as the server's machine
/// has it, on QEMU without an error. All members may be called from any thread. A server that ends or no longer answers
/// is a <see cref="RawIoException"/> to whoever makes an access or waits for an interrupt: <see cref="QTestConnection"/>.
/// </remarks>
public sealed class QTestMachine : IHardware
{
    /// <summary>The ports that say which of a PC's interrupts are edges and which levels (PIIX3, ELCR1 and 2).</summary>
    private const int Elcr = 0x4d0;

    private const ulong LastAddress = (1ul << 44) - 1;

    private readonly bool _hasPorts;
    private readonly Lock _gate = new();
    private QTestInterruptController? _controller;
    private bool _disposed;

    /// <summary>A machine behind a connection, which it owns from now on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="name">Which machine it is, for people.</param>
    /// <param name="hasPorts">Whether it has x86 ports.</param>
    /// <param name="deviceTree">Its device tree, if any: qtest cannot tell it.</param>
    /// <param name="time">The clock that drivers wait by; null for the host's.</param>
    public QTestMachine(QTestConnection connection, string name, bool hasPorts, DeviceTree? deviceTree = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Connection, Name, _hasPorts, DeviceTree, Time) = (connection, name, hasPorts, deviceTree, time ?? TimeProvider.System);
    }

    /// <summary>Starts QEMU with a machine. It ends when this is disposed.</summary>
    /// <param name="machine">QEMU's name of it: "pc", "raspi3b".</param>
    /// <param name="options">How it is started and seen.</param>
    /// <exception cref="RawIoException">QEMU is not installed (ENOENT; the message names Debian's package), ended at once (EIO; the message has what it said), or did not begin in time (ETIMEDOUT). Nothing of it is left.</exception>
    public static QTestMachine Open(string machine, QTestOptions? options = null) =>
        new(QTestConnection.Start(machine, options), "qemu:" + machine, QTestConnection.IsPc(machine), options?.DeviceTree, options?.Time);

    /// <summary>The connection to the server.</summary>
    public QTestConnection Connection { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceTree? DeviceTree { get; }

    /// <inheritdoc/>
    public ResourceTree Memory { get; } = new(new(0, LastAddress, "iomem", ResourceFlags.Mem));

    /// <inheritdoc/>
    public ResourceTree Ports { get; } = new(new(0, 0xffff, "PCI IO", ResourceFlags.Io));

    /// <inheritdoc/>
    public TimeProvider Time { get; }

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        ThrowIfDisposed();
        CheckRange(start, length);
        var claim = Memory.Request(start, (ulong)length, name);
        return new(this, claim, () => Memory.Release(claim));
    }

    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name)
    {
        var grant = OpenPorts(first, count);
        var claim = Ports.Request((ulong)first, (ulong)count, name);
        return new(grant, claim, () => Ports.Release(claim));
    }

    /// <inheritdoc/>
    public IMmioMapping IoRemap(ulong physicalAddress, long length)
    {
        ThrowIfDisposed();
        CheckRange(physicalAddress, length);
        return new QTestMmio(this, new(), physicalAddress, length);
    }

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count)
    {
        ThrowIfDisposed();
        AccessCheck.PortRange(first, count);
        if (!_hasPorts) throw new RawIoException(Errno.ENXIO, $"{Name} has no I/O ports: only x86 machines have them. Try QEMU's machine \"pc\".");
        return new QTestPorts(this, first, count);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(int irq, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        if (!_hasPorts)
            throw new RawIoException(Errno.ENXIO, $"{Name} names its interrupts by the device tree: open {irq} by the device's node and an index into its interrupts.");
        if (irq is < 0 or > 15) throw new RawIoException(Errno.ENXIO, $"{Name} has no interrupt {irq}: they are 0 to 15.");
        var controller = Controller(static machine => new PinController(machine, "ioapic"));
        // ELCR: a set bit is a level-triggered request, as PCI's are; where nobody answers, all are of ISA.
        var levels = new QTestPorts(this, Elcr, 2).In8(Elcr + irq / 8);
        return controller.Open(irq, $"IRQ {irq}", name, isEdge: levels == 0xff || (levels >> irq % 8 & 1) == 0);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        if (index >= node.Interrupts.Count)
            throw new RawIoException(Errno.ENXIO, $"{node.Path} has {node.Interrupts.Count} interrupts; there is no index {index}.");
        var interrupt = node.Interrupts[index];
        if (ArmctrlController.Pin(interrupt) is not { } pin)
            throw new RawIoException(Errno.ENXIO, $"{node.Path} interrupts {interrupt.Controller.Path} ({string.Join(", ", interrupt.Controller.Compatible)}); over qtest only those of brcm,bcm2835-armctrl-ic can be had.");
        return Controller(machine => ArmctrlController.Make(machine, interrupt.Controller)).Open(pin, $"{node.Path}:{index}", name);
    }

    /// <summary>Ends the machine: its interrupts, its connection, and QEMU where it was started. Later accesses throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        // Without the lock: a thread that holds it may wait for an answer.
        if (Interlocked.Exchange(ref _disposed, true)) return;
        Volatile.Read(ref _controller)?.End();
        Connection.Dispose();
    }

    internal void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _disposed)) throw new ObjectDisposedException(Name, $"The machine {Name} was disposed.");
    }

    private QTestInterruptController Controller(Func<QTestMachine, QTestInterruptController> make)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            return _controller ??= make(this);
        }
    }

    private static void CheckRange(ulong start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (start > LastAddress)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"0x{start:x} leaves the address space, which ends at 0x{LastAddress:x}.");
        if ((ulong)length - 1 > LastAddress - start)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"0x{length:x} bytes at 0x{start:x} leave the address space, which ends at 0x{LastAddress:x}.");
    }
}
