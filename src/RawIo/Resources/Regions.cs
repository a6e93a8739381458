namespace RawIo;

/// <summary>A claim on memory-mapped registers. Disposing it unmaps what was mapped through it, then releases the claim.</summary>
public sealed class MemRegion : IDisposable
{
    private readonly IHardware _hardware;
    private readonly Action _release;
    private readonly Lock _lock = new();
    private readonly List<IMmioMapping> _mappings = [];
    private bool _disposed;

    /// <summary>Made by a backend when it grants a claim.</summary>
    /// <param name="hardware">Where the region is mapped.</param>
    /// <param name="resource">The claim in the tree.</param>
    /// <param name="release">Gives the claim back; called once.</param>
    public MemRegion(IHardware hardware, Resource resource, Action release) =>
        (_hardware, Resource, _release) = (hardware, resource, release);

    /// <summary>The claim in <see cref="IHardware.Memory"/>.</summary>
    public Resource Resource { get; }

    /// <summary>Maps the whole region (kernel: <c>ioremap</c>). The mapping ends with the region at the latest.</summary>
    /// <exception cref="ObjectDisposedException">The region was given back.</exception>
    public IMmioMapping Map()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var mapping = _hardware.IoRemap(Resource.Start, (long)Resource.Size);
            _mappings.Add(mapping);
            return mapping;
        }
    }

    /// <summary>Unmaps, then releases (kernel: <c>iounmap</c>, <c>release_mem_region</c>). A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }

        // Nobody maps any more. What one unmapping throws keeps neither the others nor the release from running.
        var errors = new List<Exception>();
        for (var i = _mappings.Count - 1; i >= 0; i--) DeviceScope.Collect(_mappings[i].Dispose, errors);
        DeviceScope.Collect(_release, errors);
        DeviceScope.ThrowAll(errors, $"Giving back {Resource} failed in {errors.Count} places.");
    }
}

/// <summary>A claim on a range of ports. Disposing it closes the ports, then releases the claim.</summary>
public sealed class PortRegion : IDisposable
{
    private readonly IPortGrant _grant;
    private readonly Action _release;
    private int _disposed;

    /// <summary>Made by a backend when it grants a claim.</summary>
    /// <param name="grant">The opened ports, owned by the region from now on.</param>
    /// <param name="resource">The claim in the tree.</param>
    /// <param name="release">Gives the claim back; called once.</param>
    public PortRegion(IPortGrant grant, Resource resource, Action release) =>
        (_grant, Resource, _release) = (grant, resource, release);

    /// <summary>The claim in <see cref="IHardware.Ports"/>.</summary>
    public Resource Resource { get; }

    /// <summary>The ports. Absolute numbers; only those of the region. Throws <see cref="ObjectDisposedException"/> on use after the region was given back.</summary>
    public IPortIo Ports => _grant;

    /// <summary>Closes, then releases (kernel: <c>release_region</c>). A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        var errors = new List<Exception>();
        DeviceScope.Collect(_grant.Dispose, errors);
        DeviceScope.Collect(_release, errors);
        DeviceScope.ThrowAll(errors, $"Giving back {Resource} failed in {errors.Count} places.");
    }
}
