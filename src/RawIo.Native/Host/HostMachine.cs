namespace RawIo.Native;

/// <summary>The machine this program runs on: real registers. A wrong write can hang or damage it.</summary>
/// <remarks>
/// Claims are checked against what the kernel shows in /proc/iomem and /proc/ioports, are known to the whole process,
/// and keep other programs that use RawIo off (advisory locks in /run/lock). The kernel itself does not know of them.
/// </remarks>
public sealed class HostMachine : IHardware, IDeviceBarriers
{
    private readonly HostOptions _options;
    private readonly HostFiles _files;
    private readonly HostClaims _memory;
    private readonly HostClaims _ports;
    private readonly Lazy<DeviceTree?> _deviceTree;
    private readonly Lazy<IReadOnlyList<GpioMem>> _gpioMem;
    private readonly Lock _lock = new();
    private readonly List<WeakReference<IDisposable>> _open = [];
    private bool _disposed;

    private HostMachine(HostOptions options)
    {
        _options = options;
        _files = new(options.Root);
        _memory = HostClaims.Of(_files, ResourceFlags.Mem);
        _ports = HostClaims.Of(_files, ResourceFlags.Io);
        _deviceTree = new(() => ReadDeviceTree(_files));
        _gpioMem = new(() => GpioMem.Find(DeviceTree, _options));
    }

    /// <summary>Opens this machine. Nothing is touched until something is mapped or a port opened.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static HostMachine Open(HostOptions? options = null)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Real registers need Linux; SimMachine runs everywhere.");
        return new(options ?? new());
    }

    /// <inheritdoc/>
    public string Name => "host";

    /// <summary>The device tree the kernel was booted with (/proc/device-tree); null on a machine that has none, as most PCs.</summary>
    /// <exception cref="MalformedInputException">It is not well formed.</exception>
    public DeviceTree? DeviceTree => _deviceTree.Value;

    /// <summary>What /proc/iomem shows now, with the claims of this process. Without CAP_SYS_ADMIN only those.</summary>
    public ResourceTree Memory => _memory.Tree;

    /// <summary>What /proc/ioports shows now, with the claims of this process. Without CAP_SYS_ADMIN only those.</summary>
    public ResourceTree Ports => _ports.Tree;

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    /// <remarks>A range that the kernel shares through a gpiomem device may be claimed although the kernel's driver holds it.</remarks>
    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        ThrowIfDisposed();
        DeviceFile.CheckRange(start, length);
        var claim = _memory.Request(start, length, name, isShared: GpioMemOf(start, length) is not null, _options.Force, _options.Tell);
        return new(this, claim, () => _memory.Release(claim));
    }

    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name)
    {
        AccessCheck.PortRange(first, count);
        var grant = OpenPorts(first, count);
        try
        {
            var claim = _ports.Request((ulong)first, count, name, isShared: false, _options.Force, _options.Tell);
            return new(grant, claim, () => _ports.Release(claim));
        }
        catch
        {
            grant.Dispose();
            throw;
        }
    }

    IMmioMapping IHardware.IoRemap(ulong physicalAddress, long length) => IoRemap(physicalAddress, length);

    /// <inheritdoc cref="IHardware.IoRemap"/>
    /// <remarks>By /dev/gpiomem where that has all of the range, else by /dev/mem. In a variable of the returned type accesses are compiled into the caller.</remarks>
    public NativeMmio IoRemap(ulong physicalAddress, long length)
    {
        ThrowIfDisposed();
        DeviceFile.CheckRange(physicalAddress, length);
        if (_memory.Touching(physicalAddress, length).FirstOrDefault(KernelTree.IsRam) is { } ram)
            throw new RawIoException(Errno.EINVAL,
                $"Cannot map 0x{length:x} bytes at 0x{physicalAddress:x}: 0x{ram.Start:x}-0x{ram.End:x} is RAM, which the kernel maps for itself; only device registers can be mapped.");
        RawIoException? notShared = null;
        if (GpioMemOf(physicalAddress, length) is { } shared)
        {
            try
            {
                return Keep(DeviceFile.MapPart(shared.Path, shared.MapLength, shared.Offset + (long)(physicalAddress - shared.Start), length, physicalAddress));
            }
            catch (RawIoException refusal)
            {
                notShared = refusal; // its remedy is the milder one, should /dev/mem be refused as well
            }
        }
        try
        {
            return Keep(DeviceFile.Map(_files.Path("/dev/mem"), physicalAddress, length, physicalAddress));
        }
        catch (RawIoException refusal) when (notShared is not null || refusal.Errno == Errno.EPERM)
        {
            throw notShared ?? DevMemRefusal.Explain(_files, refusal, PagesOf(physicalAddress, length), physicalAddress, length);
        }
    }

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count)
    {
        ThrowIfDisposed();
        AccessCheck.PortRange(first, count);
        return Keep(PortWays.Open(_options, first, count));
    }

    /// <inheritdoc/>
    /// <remarks>Of a PCI device bound to a UIO driver; the kernel keeps all others for itself.</remarks>
    public IInterrupt OpenInterrupt(int irq, string name)
    {
        ThrowIfDisposed();
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Keep(HostInterrupts.Open(_options, HostInterrupts.Find(_options, irq), name));
    }

    /// <inheritdoc/>
    /// <remarks>Of a device bound to uio_pdrv_genirq.</remarks>
    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Keep(HostInterrupts.Open(_options, HostInterrupts.Find(_options, node, index), name));
    }

    /// <inheritdoc/>
    public void ReadBarrier() => DeviceBarrier.Read();

    /// <inheritdoc/>
    public void WriteBarrier() => DeviceBarrier.Write();

    /// <inheritdoc/>
    public void FullBarrier() => DeviceBarrier.Full();

    /// <summary>Ends every mapping and grant made through it. Claims end with their regions.</summary>
    public void Dispose()
    {
        List<WeakReference<IDisposable>> open;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            open = [.. _open];
            _open.Clear();
        }
        foreach (var reference in open)
            if (reference.TryGetTarget(out var one)) one.Dispose();
    }

    private GpioMem? GpioMemOf(ulong start, long length) => _gpioMem.Value.FirstOrDefault(g => g.Covers(start, length));

    // The kernel grants and refuses whole pages.
    private IReadOnlyList<Resource> PagesOf(ulong start, long length)
    {
        var page = (ulong)Kernel.PageSize;
        var first = start & ~(page - 1);
        return _memory.Touching(first, (long)((start + (ulong)length + page - 1 & ~(page - 1)) - first));
    }

    private T Keep<T>(T made) where T : IDisposable
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                if (_open.Count == _open.Capacity) _open.RemoveAll(static r => !r.TryGetTarget(out _));
                _open.Add(new(made));
                return made;
            }
        }
        made.Dispose();
        throw new ObjectDisposedException(nameof(HostMachine));
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private static DeviceTree? ReadDeviceTree(HostFiles files)
    {
        var folder = files.Path("/proc/device-tree");
        return Directory.Exists(folder) ? DeviceTree.FromFolder(folder) : null;
    }
}
