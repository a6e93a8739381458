namespace RawIo.Tests;

public partial class PlatformBusTests
{
    private LoggingHardware _hardware = null!;
    private PlatformBus _bus = null!;

    /// <summary>A Pi-like tree: the bus window at 0x7e000000 is 0x3f000000 to the CPU.</summary>
    [SetUp]
    public void MakeBus()
    {
        var fdt = new FdtBuilder().Begin().Prop("#address-cells", 1u).Prop("#size-cells", 1u)
            .Begin("leds").Prop("compatible", "gpio-leds").End()
            .Begin("chosen").End()
            .Begin("soc").Prop("compatible", "simple-bus").Prop("#address-cells", 1u).Prop("#size-cells", 1u)
            .Prop("ranges", 0x7e000000, 0x3f000000, 0x1000000)
            .Begin("firmware").Prop("compatible", "raspberrypi,bcm2835-firmware").End()
            .Begin("rng@7e104000").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 0x7e104000, 0x10).End()
            .Begin("gpio@7e200000").Prop("compatible", "brcm,bcm2837-gpio", "brcm,bcm2835-gpio").Prop("reg", 0x7e200000, 0xb4).End()
            .Begin("dma@7e007000").Prop("compatible", "brcm,bcm2835-dma")
            .Prop("reg", 0x7e007000, 0xf00, 0x7e00f000, 0x100).Prop("reg-names", "low", "high").End()
            .Begin("spi@7e204000").Prop("compatible", "brcm,bcm2835-spi").Prop("reg", 0x7e204000, 0x200).Prop("status", "disabled").End()
            .Begin("i2c@7e804000").Prop("compatible", "brcm,bcm2835-i2c").Prop("reg", 0x7e804000, 0x1000)
            .Prop("#address-cells", 1u).Prop("#size-cells", 0u)
            .Begin("codec@1a").Prop("compatible", "wlf,wm8731").Prop("reg", 0x1au).End()
            .End()
            .Begin("pm@7e100000").Prop("compatible", "brcm,bcm2835-pm", "simple-mfd").Prop("reg", 0x7e100000, 0x114)
            .Begin("watchdog").Prop("compatible", "brcm,bcm2835-pm-wdt").End()
            .End()
            .End()
            .End();
        _hardware = new LoggingHardware(fdt.Tree());
        _bus = new PlatformBus(_hardware);
    }

    [TearDown]
    public void End()
    {
        _bus.Dispose();
        _hardware.Dispose();
    }

    private PlatformDevice Device(string name) => _bus.Devices.Single(d => d.Name == name);

    [Test]
    public void Devices_are_those_the_kernel_makes_under_the_names_it_forms() =>
        Assert.That(_bus.Devices.Select(d => d.ToString()), Is.EqualTo(new[]
        {
            "leds", "soc", "soc:firmware", "3f104000.rng", "3f200000.gpio", "3f007000.dma", "3f804000.i2c",
            "3f100000.pm", "3f100000.pm:watchdog",
        }));

    [Test]
    public void Platform_get_resource_counts_by_type_and_finds_by_name()
    {
        var dma = Device("3f007000.dma");
        Assert.That(dma.Resources, Has.Count.EqualTo(2));
        Assert.That(dma.GetResource(ResourceFlags.Mem, 0)!.ToString(), Is.EqualTo("0x3f007000-0x3f007eff low"));
        Assert.That(dma.GetResource(ResourceFlags.Mem, 1), Is.SameAs(dma.GetResourceByName(ResourceFlags.Mem, "high")));
        Assert.That(dma.GetResource(ResourceFlags.Mem, 2), Is.Null);
        Assert.That(dma.GetResource(ResourceFlags.Irq, 0), Is.Null);
        Assert.That(dma.GetResourceByName(ResourceFlags.Irq, "high"), Is.Null);
        Assert.That(dma.GetResourceByName(ResourceFlags.Mem, "none"), Is.Null);
        Assert.Throws<ArgumentOutOfRangeException>(() => dma.GetResource(ResourceFlags.Mem, -1));
        Assert.That(Device("leds").Resources, Is.Empty);
    }

    [Test]
    public void A_driver_gets_its_device_its_claim_is_named_as_in_proc_iomem_and_unregister_gives_back_in_reverse()
    {
        var driver = new LoggingDriver("gpio", "brcm,bcm2835-gpio")
        {
            OnProbe = device =>
            {
                device.DriverData = device.IoRemapResource(0);
                device.Devm.Add(() => _hardware.Log.Add("action"));
            },
            OnRemove = device => _hardware.Log.Add($"remove {device.Name}, data {device.DriverData is IMmio}"),
        };
        var bound = _bus.Register(driver);
        Assert.That(bound.Select(d => d.Name), Is.EqualTo(new[] { "3f200000.gpio" }));
        Assert.That((bound[0].Driver, bound[0].MatchedCompatible, bound[0].ProbeError),
            Is.EqualTo(((IPlatformDriver?)driver, "brcm,bcm2835-gpio", (Exception?)null)));
        Assert.That(_hardware.Memory.ToProcText(), Is.EqualTo("3f200000-3f2000b3 : 3f200000.gpio gpio@7e200000\n"));
        _hardware.Log.Clear();
        _bus.Unregister(driver);
        Assert.That(_hardware.Log, Is.EqualTo(new[]
        {
            "remove 3f200000.gpio, data True", "action", "unmap 3f200000", "release 3f200000",
        }));
        Assert.That(_hardware.Memory.All(), Is.Empty);
        Assert.That((bound[0].Driver, bound[0].MatchedCompatible, bound[0].DriverData), Is.EqualTo(((IPlatformDriver?)null, (string?)null, (object?)null)));
        // And again: the device has a new scope.
        Assert.That(_bus.Register(driver), Has.Count.EqualTo(1));
        Assert.That(_hardware.Memory.All(), Has.Exactly(1).Items);
    }

    [Test]
    public void The_most_specific_compatible_wins_whatever_the_order_of_the_driver()
    {
        _bus.Register(new LoggingDriver("gpio", "brcm,bcm2835-gpio", "brcm,bcm2837-gpio"));
        Assert.That(Device("3f200000.gpio").MatchedCompatible, Is.EqualTo("brcm,bcm2837-gpio"));
    }

    [Test]
    public void A_bound_device_is_not_offered_to_another_driver_until_it_is_let_go()
    {
        var first = new LoggingDriver("first", "brcm,bcm2835-gpio");
        var second = new LoggingDriver("second", "brcm,bcm2837-gpio");
        _bus.Register(first);
        Assert.That(_bus.Register(second), Is.Empty);
        _bus.Unregister(first);
        Assert.That(Device("3f200000.gpio").Driver, Is.Null);
        _bus.Unregister(second);
        Assert.That(_bus.Register(second), Has.Count.EqualTo(1));
        Assert.That((first.Log, second.Log), Is.EqualTo((
            new List<string> { "probe 3f200000.gpio", "remove 3f200000.gpio" }, new List<string> { "probe 3f200000.gpio" })));
    }

    [Test]
    public void Disabled_devices_and_those_on_other_buses_are_not_probed()
    {
        var driver = new LoggingDriver("all", "brcm,bcm2835-spi", "wlf,wm8731");
        Assert.That(_bus.Register(driver), Is.Empty);
        Assert.That(driver.Log, Is.Empty);
    }

    [Test]
    public void Driver_names_are_unique()
    {
        _bus.Register(new LoggingDriver("same", "brcm,bcm2835-gpio"));
        Assert.That(() => _bus.Register(new LoggingDriver("same", "brcm,bcm2835-rng")),
            Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EBUSY));
        Assert.That(Device("3f104000.rng").Driver, Is.Null);
    }

    [Test]
    public void A_probe_may_register_another_driver()
    {
        var inner = new LoggingDriver("inner", "brcm,bcm2835-pm-wdt");
        _bus.Register(new LoggingDriver("outer", "brcm,bcm2835-pm") { OnProbe = _ => _bus.Register(inner) });
        Assert.That((Device("3f100000.pm").Driver!.Name, Device("3f100000.pm:watchdog").Driver!.Name), Is.EqualTo(("outer", "inner")));
    }

    [Test]
    public void Dispose_unregisters_the_last_driver_first_and_ends_the_bus()
    {
        var order = new List<string>();
        foreach (var (name, compatible) in new[] { ("a", "brcm,bcm2835-gpio"), ("b", "brcm,bcm2835-rng") })
        {
            _bus.Register(new LoggingDriver(name, compatible)
            {
                OnProbe = device => device.IoRemapResource(0), OnRemove = _ => order.Add(name),
            });
        }

        Device("leds").Devm.Add(() => order.Add("unbound"));
        _bus.Dispose();
        _bus.Dispose();
        Assert.That(order, Is.EqualTo(new[] { "b", "a", "unbound" }));
        Assert.That(_hardware.Memory.All(), Is.Empty);
        Assert.Throws<ObjectDisposedException>(() => _bus.Register(new LoggingDriver("c", "x")));
    }

    [Test]
    public void A_machine_without_a_device_tree_has_no_devices()
    {
        using var bus = new PlatformBus(new LoggingHardware());
        Assert.That(bus.Devices, Is.Empty);
        Assert.That(bus.Register(new LoggingDriver("x", "y")), Is.Empty);
    }

    [Test]
    public void What_a_probe_made_is_found_by_its_type_or_missed_with_the_reason()
    {
        Assert.That(() => _bus.Find<List<int>>(), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENODEV)
            .And.Message.Contains("Register its driver"));
        _bus.Register(new LoggingDriver("bad", "brcm,bcm2835-rng") { OnProbe = _ => throw new TimeoutException("no answer") });
        Assert.That(() => _bus.Find<List<int>>(), Throws.TypeOf<RawIoException>().With.Message.Contains("no answer"));
        var made = new List<int>();
        _bus.Register(new LoggingDriver("good", "brcm,bcm2835-gpio") { OnProbe = device => device.DriverData = made });
        Assert.That(_bus.Find<List<int>>(), Is.SameAs(made));
    }
}
