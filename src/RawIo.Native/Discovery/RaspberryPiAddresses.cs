namespace RawIo.Native;

/// <summary>Where a Raspberry Pi's peripherals are: from the device tree, or from the chip alone.</summary>
internal static class RaspberryPiAddresses
{
    // Where the datasheets put the peripherals of all but the Pi 5: addresses of the VideoCore's bus.
    private const uint Bus = 0x7e000000;
    private const uint GpioOffset = 0x200000;

    // RP1, the Pi 5's I/O chip behind PCI Express, and its IO_BANK0 (RP1 peripherals datasheet, address map).
    private const ulong Rp1 = 0x1f_0000_0000;
    private const uint Rp1GpioOffset = 0xd0000;
    private const string Rp1Gpio = "raspberrypi,rp1-gpio";

    private static readonly string[] s_gpio = ["brcm,bcm2835-gpio", "brcm,bcm2711-gpio"];

    public static ulong? PeripheralsOf(string? soc) => soc switch
    {
        "BCM2835" => 0x20000000,
        "BCM2836" or "BCM2837" or "BCM2836 or BCM2837" => 0x3f000000,
        "BCM2711" => 0xfe000000,
        "BCM2712" => Rp1,
        _ => null,
    };

    public static ulong? GpioOf(string? soc, ulong? peripherals) => peripherals + (soc == "BCM2712" ? Rp1GpioOffset : GpioOffset);

    /// <exception cref="MalformedInputException">A property on the way has the wrong shape.</exception>
    public static ulong? Peripherals(DeviceTree? tree)
    {
        if (Node(tree, Rp1Gpio) is { Parent.Ranges: [var rp1, ..] } inRp1)
            return inRp1.TryTranslateAddress(rp1.ChildAddress, out var start, out _) ? start : null;
        foreach (var window in tree?.Find("/soc")?.Ranges ?? [])
            if (window.ChildAddress == Bus && window.ParentAddress <= ulong.MaxValue) return (ulong)window.ParentAddress;
        return null;
    }

    /// <exception cref="MalformedInputException">A property on the way has the wrong shape.</exception>
    public static ulong? Gpio(DeviceTree? tree) =>
        (Node(tree, Rp1Gpio) ?? s_gpio.Select(name => Node(tree, name)).FirstOrDefault(n => n is not null))?.Resources is [var registers, ..] ? registers.Start : null;

    private static DeviceTreeNode? Node(DeviceTree? tree, string compatible) =>
        tree?.Nodes.FirstOrDefault(n => n.Compatible.Contains(compatible));
}
