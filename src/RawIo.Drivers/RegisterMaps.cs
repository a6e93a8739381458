namespace RawIo.Drivers;

/// <summary>From a device tree's <c>compatible</c> string to the registers of the device: names for dumps, and what they must not read.</summary>
public static class RegisterMaps
{
    /// <summary>The registers of one kind of device.</summary>
    /// <param name="compatible">One string, as in the device tree: "brcm,bcm2835-gpio".</param>
    /// <returns>The map, or null where none is known.</returns>
    public static RegisterMap? For(string compatible) => compatible switch
    {
        "arm,pl011" => Pl011Registers.Map,
        "brcm,bcm2835-gpio" => GpioRegisters.Map,
        "brcm,bcm2711-gpio" => GpioRegisters.Bcm2711Map,
        "brcm,bcm2835-spi" => SpiRegisters.Map,
        "brcm,bcm2835-aux-spi" => AuxSpiRegisters.Map,
        "brcm,bcm2835-i2c" or "brcm,bcm2711-i2c" => I2cRegisters.Map,
        "brcm,bcm2835-system-timer" => SystemTimerRegisters.Map,
        "brcm,bcm2835-rng" => RngRegisters.Map,
        "brcm,bcm2835-mbox" => MailboxRegisters.Map,
        "intel,8042" => I8042Registers.Map,
        _ => null,
    };
}
