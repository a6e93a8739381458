using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class DeviceTreeBoardTests
{
    /// <summary>A Pi 3 in small: /soc with the VideoCore window, GPIO, timer, and a DMA controller without a model.</summary>
    private static FdtBuilder Pi(uint memory = 0x4000_0000, string compatible = "brcm,bcm2837") => new FdtBuilder()
        .Begin().Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("compatible", compatible)
        .Begin("memory@0").Prop("device_type", "memory").Prop("reg", 0, memory).End()
        .Begin("reserved-memory").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges")
        .Begin("nvram@1000").Prop("reg", 0x1000, 0x1000).End().End()
        .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1)
        .Prop("ranges", 0x7e000000, 0x3f000000, 0x01000000, 0x40000000, 0x40000000, 0x1000)
        .Begin("gpio@7e200000").Prop("compatible", "brcm,bcm2837-gpio", "brcm,bcm2835-gpio").Prop("reg", 0x7e200000, 0xb4).End()
        .Begin("timer@7e003000").Prop("compatible", "brcm,bcm2835-system-timer").Prop("reg", 0x7e003000, 0x1000).End()
        .Begin("rng@7e104000").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 0x7e104000, 0x10).Prop("status", "disabled").End()
        .Begin("dma@7e007000").Prop("compatible", "acme,unknown-dma").Prop("reg", 0x7e007000, 0xf00).End()
        .Begin("local@40000000").Prop("reg", 0x40000000, 0x100).End();

    private static SimMachine Boot(FdtBuilder tree, List<string>? log = null) =>
        SimMachine.FromDeviceTree(tree.End().End().Tree(), "test", new() { SteppedClock = true, Log = log is null ? null : log.Add });

    [Test]
    public void RAM_ends_where_the_firmware_gives_the_rest_to_VideoCore()
    {
        using var pi = Boot(Pi());
        Assert.That(pi.Memory.ToProcText(), Does.StartWith("00000000-3bffffff : System RAM\n  01eb0000-0220ffff : Kernel data\n3f003000-3f003fff : timer@7e003000\n"));
        using var full = Boot(Pi(memory: 0x2000_0000));
        Assert.That(full.Memory.ToProcText(), Does.StartWith("00000000-1fffffff : System RAM\n"), "it does not reach the window");
        using var none = Boot(Pi(memory: 0), []);
        Assert.That(none.Memory.ToProcText(), Does.StartWith("00000000-3bffffff : System RAM\n"));
    }

    [Test]
    public void RAM_makes_way_for_devices_wherever_they_are()
    {
        var log = new List<string>();
        using var machine = Boot(Pi(memory: 0x3000_0000)
            .Begin("hole").Prop("reg").End().End()
            .Begin("flash@8000800").Prop("reg", 0x0800_0800, 0x1000).End().Begin("dummy"), log);
        Assert.That(machine.Memory.ToProcText(), Does.StartWith(
            "00000000-07ffffff : System RAM\n  01eb0000-0220ffff : Kernel data\n08000800-080017ff : flash@8000800\n08002000-2fffffff : System RAM\n"));
    }

    [Test]
    public void RAM_in_pieces_that_touch_overlap_or_end_within_a_page_becomes_whole_pages()
    {
        using var machine = Boot(new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("memory@0").Prop("device_type", "memory")
            .Prop("reg", 0x0100_0000, 0x0100_0000, 0, 0x0080_0000, 0x0040_0000, 0x00c0_0000, 0x0300_0800, 0x1000, 0x0400_0800, 0x2000, 0x0100_0000, 0x1000)
            .End().Begin("x"));
        Assert.That(machine.Memory.ToProcText(), Does.StartWith("00000000-01ffffff : System RAM\n").And.EndsWith("04001000-04001fff : System RAM\n"));
    }

    [Test]
    public void Nodes_with_a_model_get_it_and_others_are_named_when_touched()
    {
        using var pi = Boot(Pi());
        Assert.That(pi.Name, Is.EqualTo("sim:test"));
        Assert.That(pi.Devices.Select(d => (d.Start, d.Length, d.IsPort, d.Node!.Name)),
            Is.EqualTo(new[] { (0x3f20_0000ul, 0xb4L, false, "gpio@7e200000"), (0x3f00_3000ul, 0x1000L, false, "timer@7e003000") }));
        using var gpio = pi.RequestMemRegion(0x3f20_0000, 0xb4, "pinctrl");
        using var io = gpio.Map();
        io.Write32(0x04, 1 << 18); // GPFSEL1: pin 16 is an output
        io.Write32(0x1c, 1 << 16); // GPSET0
        Assert.That(io.Read32(0x34) & 1 << 16, Is.Not.Zero);
        Assert.That(Assert.Throws<BusFaultException>(() => pi.Explain(0x3f00_7000, 4))!.Message, Does.Contain("dma@7e007000, which this board has no model of"));
        Assert.That(Assert.Throws<BusFaultException>(() => pi.Explain(0x3f10_4000, 4))!.Message, Does.Contain("nothing is there"), "a disabled node");
        Assert.Throws<BusFaultException>(() => pi.PhysicalMemory.Read32(0x7e20_0000), "the bus address is no CPU address");
        Assert.That(pi.DeviceTree!.Find("/soc"), Is.Not.Null);
    }

    [Test]
    public void Explain_tells_the_bus_address()
    {
        using var pi = Boot(Pi());
        var route = pi.Explain(0x3f20_0034, 4);
        Assert.That((route.BusAddress, route.TargetName, route.Offset), Is.EqualTo((0x7e20_0034ul, pi.Devices[0].Device.Name, 0x34L)));
        Assert.That(pi.Explain(0x1000, 4).BusAddress, Is.Null);
    }

    [Test]
    public void The_system_timer_follows_the_machines_clock()
    {
        using var pi = Boot(Pi());
        using var io = pi.IoRemap(0x3f00_3000, 0x20);
        pi.Clock.Step(1_000_000);
        Assert.That(io.Read32(4), Is.EqualTo(1000));
    }

    [Test]
    public void Claims_nest_in_what_the_firmware_listed()
    {
        using var pi = Boot(Pi());
        using var claim = pi.RequestMemRegion(0x3f00_7000, 0xf00, "3f007000.dma");
        Assert.That(pi.Memory.ToProcText(), Does.Contain("3f007000-3f007eff : dma@7e007000\n  3f007000-3f007eff : 3f007000.dma\n"));
    }

    [Test]
    public void Overlapping_and_outlandish_nodes_do_not_stop_the_boot()
    {
        var log = new List<string>();
        using var pi = Boot(Pi()
            .Begin("gpio@7e200080").Prop("compatible", "brcm,bcm2835-gpio").Prop("reg", 0x7e200080, 0xb4).End().End()
            .Begin("far").Prop("#address-cells", 2).Prop("#size-cells", 1).Prop("ranges").Begin("x").Prop("reg", 0, 0x5000_0000, 0x100).End(), log);
        Assert.That(pi.Devices, Has.Count.EqualTo(2));
        Assert.That(log, Has.Some.Contains("gpio@7e200080").And.Some.Contains("overlaps"));
    }

    [Test]
    public void A_tree_that_leaves_no_RAM_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Boot(Pi(memory: 0x8_0000)));
        Assert.That(error!.Message, Does.Contain("RAM").And.Contain("memory node"));
        using var little = Boot(Pi(memory: 0x20_0000));
        Assert.That(little.Memory.ToProcText(), Does.StartWith("00000000-001fffff : System RAM\n  001c0000-001fffff : Kernel data\n"));
    }

    [TestCase("brcm,bcm2835", 16 << 10, 128 << 10)]
    [TestCase("brcm,bcm2836", 32 << 10, 512 << 10)]
    [TestCase("brcm,bcm2837", 32 << 10, 512 << 10)]
    [TestCase("brcm,bcm2711", 32 << 10, 1 << 20)]
    public void The_caches_are_the_processors(string compatible, int l1, int l2)
    {
        using var pi = Boot(Pi(compatible: compatible));
        Assert.That((pi.Mmu.Caches.L1.Size, pi.Mmu.Caches.L2.Size), Is.EqualTo((l1, l2)));
    }

    [Test]
    public void The_kernels_Pi_3_tree_lists_every_device_the_kernel_listed()
    {
        using var pi = SimMachine.FromDeviceTree(DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi3)), "pi3");
        var text = pi.Memory.ToProcText();
        // tests/RawIo.Tests/Captures/raspberrypi3.iomem, without the drivers' names
        foreach (var line in new[]
        {
            "00000000-3bffffff : System RAM", "3f007000-3f007eff : dma@7e007000", "3f00a000-3f00a023 : asb", "3f00b880-3f00b8bf : mailbox@7e00b880",
            "3f100000-3f100113 : pm", "3f101000-3f102fff : cprman@7e101000", "3f200000-3f2000b3 : gpio@7e200000",
            "3f201000-3f2011ff : serial@7e201000", "3f215000-3f215007 : aux@7e215000", "3f215040-3f21507f : serial@7e215040",
        })
            Assert.That(text, Does.Contain(line + "\n"));
        Assert.That(pi.Device<Bcm2835GpioModel>(), Is.Not.Null);
        Assert.That(pi.Device<Bcm2835RngModel>(), Is.Not.Null);
    }

    [Test]
    public void The_kernels_Pi_4_tree_has_its_devices_at_fe()
    {
        using var pi = SimMachine.FromDeviceTree(DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi4)), "pi4");
        Assert.That(pi.Memory.ToProcText(), Does.Contain("fe200000-fe2000b3 : gpio@7e200000\n"));
        Assert.That(pi.Explain(0xfe20_0034, 4).BusAddress, Is.EqualTo(0x7e20_0034));
        Assert.That(pi.Device<Bcm2711GpioModel>(), Is.Not.Null);
    }
}
