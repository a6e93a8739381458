namespace RawIo.Tests;

public class PlatformNameTests
{
    [Test]
    public void The_devices_of_a_real_pi_have_the_names_its_kernel_printed()
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi3));
        using var bus = new PlatformBus(new LoggingHardware(tree));
        // The first word of a claim in the capture is the device that made it, as in "3f200000.gpio gpio@7e200000".
        var printed = ResourceTree.ParseProcText(Tree.Capture("raspberrypi3.iomem"), ResourceFlags.Mem).All()
            .Where(r => r.Start >= 0x3f000000 && r.Name!.Contains(' ', StringComparison.Ordinal)).Select(r => r.Name!).ToArray();
        Assert.That(printed, Has.Length.EqualTo(8));
        Assert.That(bus.Devices.Select(d => d.Name), Is.SupersetOf(printed.Select(name => name.Split(' ')[0]).Distinct()));
        foreach (var name in printed)
        {
            var device = bus.Devices.Single(d => d.Name == name.Split(' ')[0]);
            Assert.That(device.Resources.Select(r => $"{device.Name} {r.Name}"), Does.Contain(name));
        }
    }

    [Test]
    public void The_same_driver_finds_the_gpio_of_a_pi_4_where_it_is()
    {
        using var bus = new PlatformBus(new LoggingHardware(DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi4))));
        var bound = bus.Register(new LoggingDriver("gpio", "brcm,bcm2835-gpio", "brcm,bcm2711-gpio"));
        Assert.That(bound.Select(d => (d.Name, d.MatchedCompatible)), Is.EqualTo(new[] { ("fe200000.gpio", "brcm,bcm2711-gpio") }));
    }

    [Test]
    public void An_entry_without_an_address_does_not_move_the_others_up()
    {
        // drivers/of/platform.c counts the entries up to the first that has no address.
        using var bus = new PlatformBus(new LoggingHardware(new FdtBuilder().Begin().Prop("#address-cells", 1u).Prop("#size-cells", 1u)
            .Begin("soc").Prop("compatible", "simple-bus").Prop("#address-cells", 1u).Prop("#size-cells", 1u).Prop("ranges", 0x1000, 0x8000, 0x1000)
            .Begin("a").Prop("compatible", "x").Prop("reg", 0x5000, 4, 0x1000, 4).End()
            .Begin("b").Prop("compatible", "x").Prop("reg", 0x1000, 4, 0x5000, 4, 0x1010, 4).End().End().End().Tree()));
        Assert.That(bus.Devices[1].GetResource(ResourceFlags.Mem, 0), Is.Null, "not the second entry's");
        Assert.That(bus.Devices[2].Resources.Select(r => r.Start), Is.EqualTo(new[] { 0x8000ul }));
    }

    [Test]
    public void A_bus_that_counts_no_sizes_gives_no_addresses()
    {
        // OF_CHECK_COUNTS in drivers/of/address.c: the child of a bus of #size-cells 0 goes by its own name.
        using var bus = new PlatformBus(new LoggingHardware(new FdtBuilder().Begin().Prop("#address-cells", 1u).Prop("#size-cells", 0u)
            .Begin("thing@30").Prop("compatible", "x").Prop("reg", 0x30).End().End().Tree()));
        Assert.That(bus.Devices[0].Name, Is.EqualTo("thing@30"));
        Assert.That(bus.Devices[0].Node.TryTranslateAddress(0x30, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("#size-cells is 0"));
    }

    [Test]
    public void An_address_names_a_device_also_where_it_has_no_size_and_a_lying_reg_is_malformed()
    {
        static PlatformBus Make(byte[] reg) => new(new LoggingHardware(new FdtBuilder().Begin()
            .Prop("#address-cells", 1u).Prop("#size-cells", 1u)
            .Begin("thing@1000").Prop("compatible", "x").Prop("reg", reg).End().End().Tree()));
        using var bus = Make([0, 0, 0x10, 0, 0, 0, 0, 0]);
        Assert.That((bus.Devices[0].Name, bus.Devices[0].Resources.Count), Is.EqualTo(("1000.thing", 0)));
        Assert.Throws<MalformedInputException>(() => Make([0, 0, 0x10]));
    }
}
