namespace RawIo.Sim;

public sealed partial class SimMachine
{
    private readonly List<SimMapping> _mappings = [];
    private readonly Dictionary<ulong, ulong> _explained = []; // physical page to virtual page

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        ThrowIfDisposed();
        CheckPhysical(start, length);
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
        CheckPhysical(physicalAddress, length);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        var page = physicalAddress & ~0xffful;
        var size = ((physicalAddress + (ulong)length + 0xfff) & ~0xffful) - page;
        if (_ram.Overlaps(page, page + size - 1))
            throw new RawIoException(Errno.EINVAL,
                $"ioremap on RAM at 0x{physicalAddress:x} of 0x{length:x} bytes: the kernel maps its own memory for itself; only device registers can be mapped.");
        var mapping = new SimMapping(this, Mmu, _gate, MapDevice(page, size), size);
        _mappings.Add(mapping);
        return new SimMmio(mapping, mapping.VirtualPage + (physicalAddress & 0xfff), physicalAddress, length);
    }

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count)
    {
        ThrowIfDisposed();
        AccessCheck.PortRange(first, count);
        return new SimPorts(this, PortBusOrThrow(), _gate, first, count);
    }

    /// <summary>Makes one read of size bytes the way a driver's access goes (RAM by the linear map, else by an ioremap kept for the page), and tells its route.</summary>
    /// <param name="physicalAddress">A multiple of the size.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is none of these, or the access leaves the address space.</exception>
    /// <exception cref="DataMisalignedException">The address is no multiple of the size.</exception>
    /// <exception cref="BusFaultException">Nobody is there, or not so, and the policy is to throw.</exception>
    /// <exception cref="RawIoException">No page is left to map the address with (ENOMEM).</exception>
    public AccessRoute Explain(ulong physicalAddress, int size)
    {
        CheckSize(size);
        CheckPhysical(physicalAddress, size);
        AccessCheck.Access((long)physicalAddress, size, PhysicalMemory.Length);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        return Trace(IsRam(physicalAddress)
            ? _plan.Format.LinearMap + physicalAddress
            : ExplainPage(physicalAddress & ~0xffful) | (physicalAddress & 0xfff), size);
    }

    /// <summary>Makes one read through a driver's own window, and tells its route.</summary>
    /// <param name="window">A mapping of this machine, or a window on one.</param>
    /// <param name="offset">Bytes from its start; a multiple of the size.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <exception cref="ArgumentException">The window is not one that this machine's <see cref="IoRemap"/> made.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is none of these, or the access leaves the window.</exception>
    /// <exception cref="DataMisalignedException">The offset is no multiple of the size.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was given back.</exception>
    /// <exception cref="BusFaultException">Nobody is there, or not so, and the policy is to throw.</exception>
    public AccessRoute Explain(IMmio window, long offset, int size)
    {
        if (window is not MmuWindow mapped || mapped.Mapping.Machine != this)
            throw new ArgumentException($"The window is no mapping of {Name}: pass what its IoRemap, or a region's Map, returned.", nameof(window));
        CheckSize(size);
        AccessCheck.Access(offset, size, window.Length);
        using var held = new HeldLock(_gate);
        new MmuPath(mapped.Mapping).ThrowIfGone();
        return Trace(mapped.VirtualAddress + (ulong)offset, size);
    }

    private AccessRoute Trace(ulong address, int size)
    {
        var route = Mmu.Trace(address, size);
        var cache = route.Type == MemoryType.Device ? "bypassed (Device memory)" : Mmu.Caches.Access(route.Physical, isWrite: false);
        var target = _bus.Find(route.Physical)?.Attached;
        var isRam = target is null && IsRam(route.Physical);
        var name = isRam ? "RAM" : target?.Device.Name ?? "nobody";
        var offset = target is not null ? route.Physical - target.Start : isRam ? route.Physical : 0;
        return new(address, route.TlbHit, route.Walk, route.Type, route.Attributes, cache, route.Physical, ToBusAddress(route.Physical),
            target, name, (long)offset, _bus.Read(route.Physical, size));
    }

    private static void CheckSize(int size)
    {
        if (size is not (1 or 2 or 4 or 8)) throw new ArgumentOutOfRangeException(nameof(size), size, "An access has 1, 2, 4 or 8 bytes.");
    }

    /// <summary>Takes a mapping back; a second time does nothing.</summary>
    internal void Unmap(SimMapping mapping)
    {
        using var held = new HeldLock(_gate);
        if (!mapping.Alive) return;
        Volatile.Write(ref mapping.Alive, false);
        Mmu.Tables.Unmap(mapping.VirtualPage, mapping.Length);
        Mmu.Tlb.Invalidate(mapping.VirtualPage, mapping.Length);
        _vmalloc.Free(mapping.VirtualPage);
        _mappings.Remove(mapping);
    }

    private ulong MapDevice(ulong page, ulong size)
    {
        // Where the addresses allow blocks, the virtual address should allow them too, as the kernel arranges it.
        var alignment = 0x1000ul;
        foreach (var block in (ReadOnlySpan<ulong>)[PageFormat.Span(2), PageFormat.Span(1)])
            if ((page & (block - 1)) == 0 && size >= block) alignment = block;
        var address = _vmalloc.Allocate(size, alignment);
        try
        {
            Mmu.Tables.Map(address, page, size, MemoryType.Device);
        }
        catch
        {
            _vmalloc.Free(address);
            throw;
        }
        return address;
    }

    private ulong ExplainPage(ulong page)
    {
        if (!_explained.TryGetValue(page, out var address)) _explained[page] = address = MapDevice(page, 0x1000);
        return address;
    }

    private void EndMappings()
    {
        foreach (var mapping in _mappings) Volatile.Write(ref mapping.Alive, false);
        _mappings.Clear();
        Mmu.Tlb.InvalidateAll();
    }

    private ulong? ToBusAddress(ulong physical)
    {
        foreach (var window in _plan.Windows)
            if (physical - window.Cpu < window.Length) return physical - window.Cpu + window.Bus;
        return null;
    }

    private void CheckPhysical(ulong start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (start > _plan.LastAddress)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"0x{start:x} leaves the address space, which ends at 0x{_plan.LastAddress:x}.");
        if ((ulong)length - 1 > _plan.LastAddress - start)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"0x{length:x} bytes at 0x{start:x} leave the address space, which ends at 0x{_plan.LastAddress:x}.");
    }

    private PortBus PortBusOrThrow() => _ports ?? throw new RawIoException(Errno.ENXIO,
        $"{Name} has no I/O ports: only x86 machines have them. Try the board \"pc\".");
}
