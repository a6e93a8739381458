namespace RawIo;

/// <summary>
/// The devices of a machine's device tree, and the drivers that have them (kernel: the platform bus). A driver that
/// registers is offered every device that matches and has no driver; the first to register wins.
/// </summary>
/// <remarks>
/// The devices are those the kernel makes (drivers/of/platform.c, of_platform_populate): every available node with a
/// <c>compatible</c> directly below the root or below a bus that needs no driver (<c>simple-bus</c>,
/// <c>simple-mfd</c>, <c>isa</c>, <c>arm,amba-bus</c>). What sits on I2C or SPI is not among them. One lock guards
/// the bus; probe and remove run under it, and may register and unregister other drivers.
/// </remarks>
public sealed class PlatformBus : IDisposable
{
    private static readonly string[] Buses = ["simple-bus", "simple-mfd", "isa", "arm,amba-bus"];

    private readonly Lock _lock = new();
    private readonly List<IPlatformDriver> _drivers = [];
    private readonly List<PlatformDevice> _bound = [];
    private bool _disposed;

    /// <summary>Finds the devices. No driver is probed yet.</summary>
    /// <param name="hardware">The machine; one without a device tree has no devices.</param>
    /// <exception cref="MalformedInputException">A device's properties have the wrong shape.</exception>
    public PlatformBus(IHardware hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        Devices = Populate(hardware);
    }

    /// <summary>
    /// A probe threw. The device is unbound again and what it held given back; the exception also stays in
    /// <see cref="PlatformDevice.ProbeError"/>. Raised on the thread that registered the driver.
    /// </summary>
    public event Action<PlatformDevice, Exception>? ProbeFailed;

    /// <summary>The devices, in the order of the tree.</summary>
    public IReadOnlyList<PlatformDevice> Devices { get; }

    /// <summary>
    /// Adds a driver and probes each device that matches and is unbound. As in the kernel, a probe that throws does
    /// not fail the registration: see <see cref="ProbeFailed"/>.
    /// </summary>
    /// <param name="driver">The driver.</param>
    /// <returns>The devices it has now.</returns>
    /// <exception cref="RawIoException">A driver of that name is registered already (EBUSY).</exception>
    /// <exception cref="ObjectDisposedException">The bus was given back.</exception>
    public IReadOnlyList<PlatformDevice> Register(IPlatformDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_drivers.Exists(d => d.Name == driver.Name))
                throw new RawIoException(Errno.EBUSY, $"A driver named '{driver.Name}' is registered already; unregister it first.");
            _drivers.Add(driver);
            foreach (var device in Devices)
            {
                // The first that matches is the most specific: compatible lists them so.
                if (device.Driver is null && device.Node.Compatible.FirstOrDefault(driver.Compatible.Contains) is { } matched)
                    Probe(device, driver, matched);
            }

            return [.. _bound.Where(device => device.Driver == driver)];
        }
    }

    /// <summary>What a probe left in <see cref="PlatformDevice.DriverData"/>: the first of that type, in the order of the tree.</summary>
    /// <typeparam name="T">The driver's type.</typeparam>
    /// <exception cref="RawIoException">No device has one (ENODEV): none matched, or probing failed.</exception>
    public T Find<T>() where T : class
    {
        lock (_lock)
        {
            if (Devices.FirstOrDefault(d => d.DriverData is T)?.DriverData is T found) return found;
            var failed = Devices.FirstOrDefault(d => d.ProbeError is not null);
            throw new RawIoException(Errno.ENODEV, $"No device of this machine has a {typeof(T).Name}. "
                + (failed is null ? "Register its driver first, on a board that has the device." : $"Probing {failed.Name} failed: {failed.ProbeError!.Message}"));
        }
    }

    /// <summary>
    /// Takes a driver away: for each of its devices, the last bound first, remove, then what the device still holds
    /// is given back in reverse order. The devices stay unbound until another driver registers.
    /// </summary>
    /// <param name="driver">A registered driver.</param>
    /// <exception cref="ArgumentException">The driver is not registered.</exception>
    /// <exception cref="AggregateException">Several removes or releases threw; everything was unbound all the same. One alone is thrown as it is.</exception>
    public void Unregister(IPlatformDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        lock (_lock)
        {
            if (!_drivers.Remove(driver))
                throw new ArgumentException($"The driver '{driver.Name}' is not registered on this bus.", nameof(driver));
            var errors = new List<Exception>();
            foreach (var device in _bound.Where(d => d.Driver == driver).Reverse().ToArray()) Unbind(device, errors);
            DeviceScope.ThrowAll(errors, $"Removing '{driver.Name}' failed in {errors.Count} places.");
        }
    }

    /// <summary>Unregisters every driver, the last first. A second call does nothing.</summary>
    /// <exception cref="AggregateException">Several removes or releases threw; everything was unbound all the same. One alone is thrown as it is.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            var errors = new List<Exception>();
            while (_drivers.Count > 0) DeviceScope.Collect(() => Unregister(_drivers[^1]), errors);
            // A driver may have kept to a device's scope without being bound to it.
            foreach (var device in Devices) DeviceScope.Collect(device.Devm.Dispose, errors);
            DeviceScope.ThrowAll(errors, $"Taking the bus apart failed in {errors.Count} places.");
        }
    }

    private void Probe(PlatformDevice device, IPlatformDriver driver, string matched)
    {
        device.Devm.Dispose();
        device.Devm = new DeviceScope(device.Name);
        (device.Driver, device.MatchedCompatible, device.ProbeError) = (driver, matched, null);
        var errors = new List<Exception>();
        DeviceScope.Collect(() => driver.Probe(device), errors);
        if (errors.Count == 0)
        {
            _bound.Add(device);
            return;
        }

        Release(device, errors);
        device.ProbeError = errors.Count == 1 ? errors[0] : new AggregateException($"Probing {device.Name} failed, and giving back after it.", errors);
        ProbeFailed?.Invoke(device, device.ProbeError);
    }

    private void Unbind(PlatformDevice device, List<Exception> errors)
    {
        DeviceScope.Collect(() => device.Driver!.Remove(device), errors);
        Release(device, errors);
        _bound.Remove(device);
    }

    private static void Release(PlatformDevice device, List<Exception> errors)
    {
        DeviceScope.Collect(device.Devm.Dispose, errors);
        (device.Driver, device.MatchedCompatible, device.DriverData) = (null, null, null);
    }

    private static PlatformDevice[] Populate(IHardware hardware)
    {
        var devices = new List<PlatformDevice>();
        var rest = new Stack<DeviceTreeNode>();
        if (hardware.DeviceTree is { } tree) PushChildren(tree.Root);
        while (rest.TryPop(out var node))
        {
            if (node.Compatible.Count == 0 || !node.IsAvailable) continue;
            devices.Add(new PlatformDevice(hardware, node));
            if (node.Compatible.Any(Buses.Contains)) PushChildren(node);
        }

        return [.. devices];

        void PushChildren(DeviceTreeNode parent)
        {
            for (var i = parent.Children.Count - 1; i >= 0; i--) rest.Push(parent.Children[i]);
        }
    }
}
