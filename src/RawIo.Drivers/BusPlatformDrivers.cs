namespace RawIo.Drivers;

/// <summary>Binds <see cref="Bcm2835Spi"/> to SPI0 of a device tree; the driver is the device's <see cref="PlatformDevice.DriverData"/>. Where nobody gives it its interrupt it can poll all the same.</summary>
public sealed class Bcm2835SpiPlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "spi-bcm2835";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["brcm,bcm2835-spi"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.DriverData = new Bcm2835Spi(device.IoRemapResource(0), device.Hardware.Time, CoreClock.Of(device), CoreClock.InterruptOf(device));
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
    }
}

/// <summary>
/// Binds <see cref="Bcm2835I2c"/> to the I2C controllers of a device tree, at the node's <c>clock-frequency</c> or
/// 100 kHz; the driver is the device's <see cref="PlatformDevice.DriverData"/>. The controllers share an interrupt: the
/// first gets it, the others can poll.
/// </summary>
public sealed class Bcm2835I2cPlatformDriver : IPlatformDriver
{
    /// <inheritdoc/>
    public string Name => "i2c-bcm2835";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compatible => ["brcm,bcm2835-i2c", "brcm,bcm2711-i2c"];

    /// <inheritdoc/>
    public void Probe(PlatformDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var i2c = new Bcm2835I2c(device.IoRemapResource(0), device.Hardware.Time, CoreClock.Of(device), CoreClock.InterruptOf(device));
        i2c.SetClock(device.Node["clock-frequency"]?.AsUInt32() ?? 100_000);
        device.DriverData = i2c;
    }

    /// <inheritdoc/>
    public void Remove(PlatformDevice device)
    {
    }
}

/// <summary>What the drivers of VideoCore's buses ask of the board.</summary>
internal static class CoreClock
{
    /// <summary>The core clock the firmware sets: 500 MHz on a BCM2711, else 250 MHz.</summary>
    public static long Of(PlatformDevice device) =>
        device.Hardware.DeviceTree?.Root.Compatible.Contains("brcm,bcm2711") == true ? 500_000_000 : 250_000_000;

    public static IInterrupt? InterruptOf(PlatformDevice device)
    {
        try
        {
            return device.OpenInterrupt(0);
        }
        catch (RawIoException)
        {
            return null;
        }
    }
}
