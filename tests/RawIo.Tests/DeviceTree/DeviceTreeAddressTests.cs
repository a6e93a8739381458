namespace RawIo.Tests;

/// <summary>Addresses through the windows of buses, up and down.</summary>
[TestFixture]
internal sealed class DeviceTreeAddressTests
{
    /// <summary>A root of two address cells, a bus of one in it, and a device with the given reg on that bus.</summary>
    private static DeviceTreeNode Device(uint[]? ranges, params uint[] reg)
    {
        var builder = new FdtBuilder().Begin().Prop("#address-cells", 2).Prop("#size-cells", 1)
            .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1);
        if (ranges is not null) builder.Prop("ranges", ranges);
        return builder.Begin("dev@0").Prop("reg", reg).End().End().End().Tree().Find("/soc/dev")!;
    }

    [Test]
    public void A_parent_address_may_take_two_cells_and_the_first_window_that_holds_the_address_is_taken()
    {
        var device = Device([0x7e000000, 0, 0xfe000000, 0x1800000, 0x7c000000, 2, 0xfc000000, 0x2000000], 0x7e200000, 0xb4, 0x7c000010, 4);
        Assert.That(device.Reg, Is.EqualTo(new[] { new DeviceTreeReg(0x7e200000, 0xb4), new DeviceTreeReg(0x7c000010, 4) }));
        Assert.That(device.Resources.Select(r => (r.Start, r.End)), Is.EqualTo(new[] { (0xfe200000UL, 0xfe2000b3UL), (0x2fc000010UL, 0x2fc000013UL) }));
        Assert.That(device.Resources.All(r => r.Name == "dev@0" && r.Flags == ResourceFlags.Mem && r.Parent is null));
        Assert.That(device.ToBusAddress(0xfe200034), Is.EqualTo((UInt128)0x7e200034));
        Assert.That(device.ToBusAddress(0x2fc000000), Is.EqualTo((UInt128)0x7c000000));
        Assert.That(device.ToBusAddress(0xfd000000), Is.Null);
        Assert.That(device.Parent!.Ranges![1], Is.EqualTo(new DeviceTreeRange(0x7c000000, 0x2_fc000000, 0x2000000)));
        Assert.That(device.Ranges, Is.Null);
    }

    [TestCase(0x7dffffffU, false)]
    [TestCase(0x7e000000U, true)]
    [TestCase(0x7e0000ffU, true)]
    [TestCase(0x7e000100U, false)]
    public void A_window_ends_where_its_size_says(uint address, bool inside)
    {
        var device = Device([0x7e000000, 0, 0x1000, 0x100], address, 1);
        Assert.That(device.TryTranslate(0, out var resource, out var why), Is.EqualTo(inside));
        Assert.That(resource?.Start, Is.EqualTo(inside ? 0x1000UL + (address - 0x7e000000) : null));
        Assert.That(why, inside ? Is.Null : Does.Contain("no window").And.Contain("/soc"));
    }

    [Test]
    public void Empty_ranges_are_identity_and_missing_ones_lead_nowhere()
    {
        Assert.That(Device([], 0x100, 4).Resources.Single().Start, Is.EqualTo(0x100));
        Assert.That(Device([], 0x100, 4).ToBusAddress(0x104), Is.EqualTo((UInt128)0x104));
        Assert.That(Device([], 0x100, 4).ToBusAddress(0x1_0000_0000), Is.Null, "the bus has one cell");
        var device = Device(null, 0x100, 4);
        Assert.That(device.Resources, Is.Empty);
        Assert.That(device.TryTranslate(0, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("/soc has no ranges"));
        Assert.That(device.ToBusAddress(0x100), Is.Null);
    }

    [Test]
    public void An_entry_of_no_size_or_past_64_bits_is_left_out_and_says_so()
    {
        var device = Device([0, 0xffffffff, 0xffffff00, 0x1000], 0, 0, 0xfc, 4, 0xfc, 5, 0x100, 4);
        Assert.That(device.Resources.Single().ToString(), Is.EqualTo("0xfffffffffffffffc-0xffffffffffffffff dev@0"));
        Assert.That(device.TryTranslate(0, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("no size"));
        Assert.That(device.TryTranslate(2, out _, out why), Is.False);
        Assert.That(why, Does.Contain("64 bits"));
        Assert.That(device.TryTranslate(3, out _, out why), Is.False);
        Assert.That(why, Does.Contain("runs past the address cells"));
        Assert.That(() => device.TryTranslate(4, out _, out _), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => device.TryTranslate(-1, out _, out _), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Names_come_from_reg_names_and_then_from_the_node()
    {
        var device = new FdtBuilder().Begin().Prop("#address-cells", 1)
            .Begin("watchdog@0").Prop("reg-names", "pm", "asb").Prop("reg", 0x100, 4, 0x200, 4, 0x300, 4).End().End().Tree().Find("/watchdog")!;
        Assert.That(device.Resources.Select(r => r.Name), Is.EqualTo(new[] { "pm", "asb", "watchdog@0" }));
    }

    [Test]
    public void A_reg_or_ranges_of_the_wrong_length_is_malformed()
    {
        Assert.That(() => Device([], 1, 2, 3).Resources, Throws.InstanceOf<MalformedInputException>().With.Message.Contains("/soc/dev@0").And.Message.Contains("12 bytes"));
        Assert.That(() => Device([1, 2, 3], 1, 2).Resources, Throws.InstanceOf<MalformedInputException>().With.Message.Contains("'ranges'"));
        var none = new FdtBuilder().Begin().Prop("#address-cells", 0).Prop("#size-cells", 0).Begin("x").Prop("reg", 1).End().Begin("y").Prop("reg").End().End().Tree();
        Assert.That(() => none.Find("/x")!.Reg, Throws.InstanceOf<MalformedInputException>());
        Assert.That(none.Find("/y")!.Reg, Is.Empty);
    }

    [Test]
    public void The_root_is_on_no_bus()
    {
        var root = new FdtBuilder().Begin().Prop("reg", 1, 2, 3).Prop("ranges", 1, 2, 3).End().Tree().Root;
        Assert.That(root.Reg, Is.Empty);
        Assert.That(root.Ranges, Is.Null);
        Assert.That(root.TryTranslateAddress(1, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("root"));
        Assert.That(root.ToBusAddress(1), Is.Null);
    }

    [Test]
    public void A_bus_of_no_address_cells_has_no_addresses()
    {
        var tree = new FdtBuilder().Begin().Begin("bus").Prop("#address-cells", 0).Prop("ranges").Begin("x").Prop("reg", 4).End().End().End().Tree();
        Assert.That(tree.Find("/bus/x")!.TryTranslate(0, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("#address-cells is 0"));
        Assert.That(tree.Find("/bus/x")!.ToBusAddress(0), Is.Null);
    }

    [Test]
    public void An_address_wider_than_64_bits_has_no_place()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 4).Begin("x").Prop("reg", 0, 1, 0, 0, 4).End()
            .Begin("y").Prop("reg", 0, 0, 1, 2, 4).End().End().Tree();
        Assert.That(tree.Find("/x")!.TryTranslate(0, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("wider than 64 bits"));
        Assert.That(tree.Find("/y")!.Resources.Single().Start, Is.EqualTo(0x1_0000_0002));
    }

    [Test]
    public void An_address_too_wide_for_an_identical_bus_above_is_refused()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("bus").Prop("ranges").Begin("x").Prop("reg", 1, 2, 4).End().Begin("y").Prop("reg", 0, 2, 4).End().End().End().Tree();
        Assert.That(tree.Find("/bus/x")!.TryTranslate(0, out _, out var why), Is.False);
        Assert.That(why, Does.Contain("does not fit"));
        Assert.That(tree.Find("/bus/y")!.Resources.Single().Start, Is.EqualTo(2));
    }

    private static DeviceTree Pci() => new FdtBuilder().Begin().Prop("#address-cells", 2).Prop("#size-cells", 2)
        .Begin("pcie@fd500000").Prop("device_type", "pci").Prop("#address-cells", 3).Prop("#size-cells", 2)
        .Prop("ranges", 0x02000000, 0, 0xf8000000, 6, 0, 0, 0x4000000, 0x01000000, 0, 0, 6, 0x10000000, 0, 0x10000)
        .Prop("dma-ranges", 0x02000000, 0, 0, 0, 0, 0, 0xc0000000)
        .Begin("pci@0,0").Prop("device_type", "pci").Prop("#address-cells", 3).Prop("#size-cells", 2).Prop("ranges")
        .Prop("reg", 0, 0, 0, 0, 0)
        .Begin("usb@0,0").Prop("reg", 0x02010010, 0, 0xf8001000, 0, 0x1000, 0x03010010, 0, 0xf8002000, 0, 4, 0x01010010, 0, 0x20, 0, 8)
        .End().End().End().End().Tree();

    [Test]
    public void Pci_addresses_go_by_space_and_number_and_pass_through_bridges()
    {
        var usb = Pci().Find("/pcie/pci/usb")!;
        Assert.That(usb.Resources.Select(r => r.Start), Is.EqualTo(new[] { 0x6_0000_1000UL, 0x6_0000_2000UL, 0x6_1000_0020UL }));
        Assert.That(usb.ToBusAddress(0x6_0000_1004), Is.EqualTo(new UInt128(0x02000000, 0xf8001004)));
        Assert.That(usb.ToBusAddress(0x6_1000_0020), Is.EqualTo(new UInt128(0x01000000, 0x20)));
        Assert.That(usb.Parent!.TryTranslateAddress(0, out _, out var why), Is.False, "configuration space is in no window");
        Assert.That(why, Does.Contain("no window"));
        Assert.That(usb.TryTranslateDma(new UInt128(0x02000000, 0x1000), out var cpu, out _), Is.True);
        Assert.That(cpu, Is.EqualTo(0x1000));
    }

    [Test]
    public void Three_cells_of_another_bus_must_agree_in_the_first()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("bus").Prop("#address-cells", 3).Prop("ranges", 1, 0, 0x10, 0x1000, 0x10, 2, 0, 0x10, 0x2000, 0x10)
            .Begin("a").Prop("reg", 2, 0, 0x14, 1).End().Begin("b").Prop("reg", 3, 0, 0x14, 1).End().End()
            .End().Tree();
        Assert.That(tree.Find("/bus/a")!.Resources.Single().Start, Is.EqualTo(0x2004));
        Assert.That(tree.Find("/bus/b")!.Resources, Is.Empty);
    }

    [Test]
    public void Isa_ports_and_memory_are_two_spaces()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("isa").Prop("#address-cells", 2).Prop("#size-cells", 1).Prop("ranges", 1, 0, 0x18000000, 0x10000)
            .Begin("i8042@60").Prop("reg", 1, 0x60, 1, 1, 0x64, 1).End().Begin("rom").Prop("reg", 0, 0x60, 1).End().End()
            .End().Tree();
        Assert.That(tree.Find("/isa/i8042")!.Resources.Select(r => r.Start), Is.EqualTo(new[] { 0x18000060UL, 0x18000064UL }));
        Assert.That(tree.Find("/isa/rom")!.Resources, Is.Empty);
    }

    [Test]
    public void Dma_goes_through_dma_ranges_and_a_bus_without_them_changes_nothing()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges").Prop("dma-ranges", 0xc0000000, 0, 0x3f000000)
            .Begin("bus").Prop("#address-cells", 1).Prop("#size-cells", 1).Begin("dma").End().End().End().End().Tree();
        var dma = tree.Find("/soc/bus/dma")!;
        Assert.That(dma.TryTranslateDma(0xc0001000, out var cpu, out var why), Is.True, why);
        Assert.That(cpu, Is.EqualTo(0x1000));
        Assert.That(dma.ToDmaAddress(0x1000), Is.EqualTo((UInt128)0xc0001000));
        Assert.That(dma.ToDmaAddress(0x3f000000), Is.Null);
        Assert.That(dma.TryTranslateDma(0x1000, out _, out why), Is.False);
        Assert.That(why, Does.Contain("dma-ranges"));
        Assert.That(tree.Find("/soc")!.DmaRanges!.Single(), Is.EqualTo(new DeviceTreeRange(0xc0000000, 0, 0x3f000000)));
        Assert.That(tree.Find("/soc/bus")!.TryTranslateDma(0xc0000000, out cpu, out _), Is.True);
        Assert.That(cpu, Is.Zero);
    }

    [Test]
    public void The_way_down_is_the_way_up_backwards()
    {
        var device = Device([0x7e000000, 0, 0x3f000000, 0x1000000, 0x40000000, 0, 0x40000000, 0x1000], 0, 4);
        CsCheck.Check.Sample(CsCheck.Gen.ULong[0x3e000000, 0x41000000], cpu =>
        {
            if (device.ToBusAddress(cpu) is not { } bus) return cpu is < 0x3f000000 or >= 0x40001000;
            return device.TryTranslateAddress(bus, out var back, out _) && back == cpu;
        });
    }
}
