namespace RawIo.Drivers;

/// <summary>Binds <see cref="Bcm2835Gpio"/> to the GPIO block of a device tree; the driver is the device's <see cref="PlatformDevice.DriverData"/>.</summary>
public sealed class Bcm2835GpioPlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "pinctrl-bcm2835";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["brcm,bcm2835-gpio", "brcm,bcm2711-gpio"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var compatible = device.MatchedCompatible!;
        device.DriverData = Bcm2835Gpio.Create(compatible, compatible == "brcm,bcm2711-gpio" ? MapWithPulls(device) : device.IoRemapResource(0));
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
    }

    // BCM2711's reg ends at 0xb4, before the pulls. Linux reaches them because it maps whole pages; here a window ends
    // where it says, so the mapping is made longer than the claim.
    private static IMmio MapWithPulls(PlatformDevice device)
    {
        var registers = device.IoRemapResource(0);
        if (registers.Length >= Bcm2711Gpio.RegisterLength) return registers;
        return device.Devm.IoRemap(device.Hardware, registers.PhysicalAddress, Bcm2711Gpio.RegisterLength);
    }
}

/// <summary>Binds <see cref="Bcm2835SystemTimer"/> to the system timer of a device tree; the driver is the device's <see cref="PlatformDevice.DriverData"/>.</summary>
public sealed class Bcm2835SystemTimerPlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "bcm2835-system-timer";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["brcm,bcm2835-system-timer"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.DriverData = new Bcm2835SystemTimer(device.IoRemapResource(0), device.Hardware.Time);
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
    }
}

/// <summary>
/// Binds <see cref="Bcm2835Rng"/> to the generator of a device tree, as bcm2835_rng_probe does: get the resource,
/// claim and map it, set the warm-up count, switch on. The driver is the device's <see cref="PlatformDevice.DriverData"/>;
/// removing it switches the generator off.
/// </summary>
public sealed class Bcm2835RngPlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "bcm2835-rng";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["brcm,bcm2835-rng"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var resource = device.GetResource(ResourceFlags.Mem, 0);
        var rng = new Bcm2835Rng(device.Devm.IoRemapResource(device.Hardware, resource), device.Hardware.Time);
        rng.Start();
        device.DriverData = rng;
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ((Bcm2835Rng)device.DriverData!).Stop();
    }
}

/// <summary>
/// Binds <see cref="Pl011"/> to a PL011 of a device tree: claims and maps it, and opens its interrupt where the machine
/// gives it to user space. The driver is the device's <see cref="PlatformDevice.DriverData"/>, not yet configured;
/// removing it switches the UART off.
/// </summary>
public sealed class Pl011PlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "uart-pl011";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["arm,pl011"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var registers = device.IoRemapResource(0);
        device.DriverData = new Pl011(registers, device.Hardware.Time, Interrupt(device));
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ((Pl011)device.DriverData!).Stop();
    }

    // Polling works without one; somebody else's is a mistake and stays one.
    private static IInterrupt? Interrupt(PlatformDevice device)
    {
        try
        {
            return device.OpenInterrupt(0);
        }
        catch (RawIoException error) when (error.Errno is Errno.ENXIO or Errno.ENOENT)
        {
            return null;
        }
    }
}
