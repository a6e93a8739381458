namespace RawIo.Tests;

/// <summary>The trees of two kernels, against what the Pi 3's kernel printed of its own.</summary>
[TestFixture]
internal sealed class DeviceTreeKernelTests
{
    [Test]
    public void The_pi3_kernel_and_we_agree_on_where_every_device_is()
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi3));
        var ours = tree.Nodes.Where(n => n.Parent?.Name == "soc" && n.IsAvailable).SelectMany(n => n.Resources)
            .Select(r => $"{r.Start:x8}-{r.End:x8} {r.Name}").ToHashSet();
        var capture = Path.Combine(TestContext.CurrentContext.TestDirectory, "Captures", "raspberrypi3.iomem");
        var theirs = File.ReadLines(capture).Where(line => line.StartsWith("3f", StringComparison.Ordinal))
            .Select(line => $"{line[..17]} {line[(line.LastIndexOf(' ') + 1)..]}").ToArray();
        Assert.That(theirs, Has.Length.EqualTo(9));
        // The mini UART's driver names its claim after its kind.
        Assert.That(theirs.Select(t => t == "3f215040-3f21507f serial" ? "3f215040-3f21507f serial@7e215040" : t), Is.SubsetOf(ours));
    }

    [Test]
    public void The_pi3_tree_says_what_is_known_of_the_board()
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi3));
        Assert.That(tree.Model, Is.EqualTo("Raspberry Pi 3 Model B"));
        Assert.That(tree.Compatible, Is.EqualTo(new[] { "raspberrypi,3-model-b", "brcm,bcm2837" }));
        Assert.That(tree.Reservations.Single(), Is.EqualTo(new DeviceTreeReservation(0, 0x1000)));
        Assert.That(tree.Find("serial1")!.Path, Is.EqualTo("/soc/serial@7e215040"));
        var gpio = tree.Find("/soc/gpio")!;
        Assert.That(gpio.Compatible, Is.EqualTo(new[] { "brcm,bcm2835-gpio" }));
        Assert.That((gpio.Resources.Single().Start, gpio.Resources.Single().Size), Is.EqualTo((0x3f200000UL, 0xb4UL)));
        Assert.That(gpio.ToBusAddress(0x3f200034), Is.EqualTo((UInt128)0x7e200034));
        Assert.That(gpio.ToDmaAddress(0x1000), Is.EqualTo((UInt128)0xc0001000));
        Assert.That(gpio.Interrupts.Select(i => (i.Controller.UnitAddress, i.Specifier[0], i.Specifier[1])),
            Is.EqualTo(new[] { ("7e00b200", 2U, 17U), ("7e00b200", 2U, 18U), ("7e00b200", 2U, 19U), ("7e00b200", 2U, 20U) }));
    }

    [Test]
    public void The_pi4_tree_has_its_gpio_above_two_cells()
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(DeviceTreeFiles.Pi4));
        var gpio = tree.Find("/soc/gpio")!;
        Assert.That(gpio.Resources.Single().ToString(), Is.EqualTo("0xfe200000-0xfe2000b3 gpio@7e200000"));
        Assert.That(tree.Find("/soc/interrupt-controller@40041000")!.Resources[0].Start, Is.EqualTo(0xff841000));
        Assert.That(tree.Find("/scb/pcie@7d500000")!.Resources.Single().Start, Is.EqualTo(0xfd500000));
        Assert.That(tree.ReservedMemory.Select(n => n.Name), Does.Contain("linux,cma"));
        Assert.That(gpio.Interrupts.Select(i => i.Specifier[1]), Does.Contain(113));
    }

    [TestCase(DeviceTreeFiles.Pi3)]
    [TestCase(DeviceTreeFiles.Pi4)]
    public void Every_node_is_found_by_its_path_and_every_alias_leads_somewhere(string name)
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(name));
        foreach (var node in tree.Nodes) Assert.That(tree.Find(node.Path), Is.SameAs(node));
        foreach (var alias in tree.Aliases) Assert.That(tree.Find(alias.Key)?.Path, Is.EqualTo(alias.Value));
    }
}
