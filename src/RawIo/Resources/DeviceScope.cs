using System.Runtime.ExceptionServices;

namespace RawIo;

/// <summary>
/// What one driver holds of one device (kernel: <c>devm_*</c>, drivers/base/devres.c). Disposing it gives
/// everything back in reverse order, also when acquiring failed half way.
/// </summary>
/// <remarks>May be used from several threads. What it owns may be disposed earlier by hand; disposing twice does nothing.</remarks>
public sealed class DeviceScope : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Action> _releases = new();
    private bool _disposed;

    /// <summary>An empty scope.</summary>
    /// <param name="deviceName">The device, such as "3f200000.gpio": the first word of the claims of <see cref="IoRemapResource"/>; null for none.</param>
    public DeviceScope(string? deviceName = null) => DeviceName = deviceName;

    /// <summary>The device's name, or null.</summary>
    public string? DeviceName { get; }

    /// <summary>Owns something from now on (kernel: <c>devm_add_action</c>). If this throws, the caller still owns it.</summary>
    /// <param name="owned">Disposed with the scope.</param>
    /// <returns><paramref name="owned"/>.</returns>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public T Add<T>(T owned) where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(owned);
        Add(owned.Dispose);
        return owned;
    }

    /// <summary>Runs something when the scope is given back (kernel: <c>devm_add_action</c>).</summary>
    /// <param name="release">Called once.</param>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public void Add(Action release)
    {
        ArgumentNullException.ThrowIfNull(release);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _releases.Push(release);
        }
    }

    /// <summary>Claims memory-mapped registers until the scope ends (kernel: <c>devm_request_mem_region</c>).</summary>
    /// <inheritdoc cref="IHardware.RequestMemRegion"/>
    /// <param name="hardware">The machine.</param>
    /// <param name="start">The first physical address.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <param name="name">Who claims.</param>
    /// <returns>The claim, owned by the scope.</returns>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public MemRegion RequestMemRegion(IHardware hardware, ulong start, long length, string name)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return Own(() => hardware.RequestMemRegion(start, length, name));
    }

    /// <summary>Claims ports until the scope ends (kernel: <c>devm_request_region</c>).</summary>
    /// <inheritdoc cref="IHardware.RequestRegion"/>
    /// <param name="hardware">The machine.</param>
    /// <param name="first">The first port, 0 to 0xffff.</param>
    /// <param name="count">How many, 1 to 65536.</param>
    /// <param name="name">Who claims.</param>
    /// <returns>The claim, owned by the scope.</returns>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public PortRegion RequestRegion(IHardware hardware, int first, int count, string name)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return Own(() => hardware.RequestRegion(first, count, name));
    }

    /// <summary>Maps registers, without claiming them, until the scope ends (kernel: <c>devm_ioremap</c>).</summary>
    /// <inheritdoc cref="IHardware.IoRemap"/>
    /// <param name="hardware">The machine.</param>
    /// <param name="start">The first physical address.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <returns>The mapping, owned by the scope.</returns>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public IMmioMapping IoRemap(IHardware hardware, ulong start, long length)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return Own(() => hardware.IoRemap(start, length));
    }

    /// <summary>
    /// Checks, claims and maps a resource until the scope ends (kernel: <c>devm_ioremap_resource</c>). The claim is
    /// named "device resource", as in /proc/iomem: "3f200000.gpio gpio@7e200000". Where mapping fails the claim is
    /// given back at once.
    /// </summary>
    /// <param name="hardware">The machine.</param>
    /// <param name="resource">Of type <see cref="ResourceFlags.Mem"/>. Null, what a lookup that found nothing gives, is refused as the kernel refuses it.</param>
    /// <returns>The mapping, owned by the scope.</returns>
    /// <exception cref="RawIoException">There is no resource, or not one of memory (EINVAL); mapping failed.</exception>
    /// <exception cref="ResourceBusyException">Somebody holds part of it; the message names the holder.</exception>
    /// <exception cref="ObjectDisposedException">The scope was given back.</exception>
    public IMmio IoRemapResource(IHardware hardware, Resource? resource)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        if (resource is null || !resource.IsOfType(ResourceFlags.Mem) || resource.Size is 0 or > long.MaxValue)
            throw new RawIoException(Errno.EINVAL, $"{DeviceName ?? "The device"}: invalid resource {resource?.ToString() ?? "(null)"}. "
                + "It takes one of memory; check the device's reg property and the index.");
        string?[] words = [DeviceName, resource.Name];
        var name = string.Join(' ', words.Where(word => word is not null));
        IMmio? mapping = null;
        Own(() =>
        {
            var region = hardware.RequestMemRegion(resource.Start, (long)resource.Size, name);
            try
            {
                mapping = region.Map();
                return region;
            }
            catch
            {
                region.Dispose();
                throw;
            }
        });
        return mapping!;
    }

    /// <summary>Gives everything back, the last first. A release that throws does not keep the others from running. A second call does nothing.</summary>
    /// <exception cref="AggregateException">Several releases threw: what each threw, in the order they ran. One alone is thrown as it is.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }

        // No one adds any more, so the releases run outside the lock.
        var errors = new List<Exception>();
        while (_releases.TryPop(out var release)) Collect(release, errors);
        ThrowAll(errors, $"Giving back what {DeviceName ?? "a device"} held failed in {errors.Count} places.");
    }

    /// <summary>Runs a step of taking apart; what it throws must not stop the other steps.</summary>
    internal static void Collect(Action step, List<Exception> errors)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // Whatever it throws is handed on, once everything else has been given back.
        catch (Exception error)
#pragma warning restore CA1031
        {
            errors.Add(error);
        }
    }

    /// <summary>Throws what was collected: nothing, the one as it was, or all of them.</summary>
    internal static void ThrowAll(List<Exception> errors, string message)
    {
        if (errors.Count == 1) ExceptionDispatchInfo.Throw(errors[0]);
        if (errors.Count > 1) throw new AggregateException(message, errors);
    }

    private T Own<T>(Func<T> acquire) where T : IDisposable
    {
        lock (_lock) ObjectDisposedException.ThrowIf(_disposed, this);
        var owned = acquire();
        try
        {
            return Add(owned);
        }
        catch
        {
            // The scope ended meanwhile.
            owned.Dispose();
            throw;
        }
    }
}
