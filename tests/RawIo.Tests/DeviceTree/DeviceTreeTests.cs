namespace RawIo.Tests;

/// <summary>Reading a well-formed tree: nodes, properties, look-up.</summary>
[TestFixture]
internal sealed class DeviceTreeTests
{
    private static readonly DeviceTree Tree = new FdtBuilder()
        .Reserve(0x1000, 0x2000).Reserve(0xffff_ffff_ffff_f000, 0x1000)
        .Begin()
        .Prop("model", "Board")
        .Prop("compatible", "acme,board", "acme,soc")
        .Token(FdtBuilder.Nop)
        .Begin("aliases").Prop("serial0", "/soc/serial@1000").Prop("bus", "/soc").Prop("gone", "/nowhere").Prop("relative", "soc").End()
        .Begin("soc")
        .Prop("#address-cells", 1).Prop("#size-cells", 0)
        .Begin("serial@1000")
        .Prop("phandle", 7)
        .Prop("two", 0x12345678, 0x9abcdef0)
        .Prop("bytes", [1, 2, 3])
        .Prop("flag")
        .Prop("list", "a", "", "b")
        .End()
        .Begin("i2c@1").Prop("linux,phandle", 9).Prop("status", "disabled").Begin("chip").Prop("status", "okay").End().End()
        .Begin("i2c@2").Prop("status", "ok").Prop("phandle", 0xffffffff).End()
        .Begin("i2c").Prop("status").End()
        .Token(FdtBuilder.Nop)
        .End()
        .Begin("memory@0").Prop("device_type", "memory").Prop("#address-cells", 5).Prop("reg", 0, 0, 0x1000, 0, 0x2000, 0).End()
        .End()
        .Tree();

    [Test]
    public void The_root_says_what_the_board_is()
    {
        Assert.That(Tree.Model, Is.EqualTo("Board"));
        Assert.That(Tree.Compatible, Is.EqualTo(new[] { "acme,board", "acme,soc" }));
        Assert.That(Tree.Root.Name, Is.Empty);
        Assert.That(Tree.Root.Path, Is.EqualTo("/"));
        Assert.That(Tree.Root.Parent, Is.Null);
        Assert.That(Tree.Root.Tree, Is.SameAs(Tree));
    }

    [Test]
    public void Nodes_come_in_document_order_with_their_paths()
    {
        Assert.That(Tree.Nodes.Select(n => n.Path), Is.EqualTo(new[]
        {
            "/", "/aliases", "/soc", "/soc/serial@1000", "/soc/i2c@1", "/soc/i2c@1/chip", "/soc/i2c@2", "/soc/i2c", "/memory@0",
        }));
    }

    [Test]
    public void A_node_knows_its_name_unit_address_parent_and_children()
    {
        var serial = Tree.Find("/soc/serial@1000")!;
        Assert.That(serial.Name, Is.EqualTo("serial@1000"));
        Assert.That(serial.BaseName, Is.EqualTo("serial"));
        Assert.That(serial.UnitAddress, Is.EqualTo("1000"));
        Assert.That(serial.Parent!.UnitAddress, Is.Null);
        Assert.That(serial.Parent.Children.Select(c => c.Name), Is.EqualTo(new[] { "serial@1000", "i2c@1", "i2c@2", "i2c" }));
        Assert.That(serial.Properties.Select(p => p.Name), Is.EqualTo(new[] { "phandle", "two", "bytes", "flag", "list" }));
        Assert.That(serial.ToString(), Is.EqualTo("/soc/serial@1000"));
        Assert.That(serial.Compatible, Is.Empty);
        Assert.That(() => serial.Children[0], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("/", "/")]
    [TestCase("/soc", "/soc")]
    [TestCase("/soc/", "/soc")]
    [TestCase("/soc/serial", "/soc/serial@1000")]
    [TestCase("/soc/i2c@2", "/soc/i2c@2")]
    [TestCase("/soc/i2c", "/soc/i2c", Description = "The exact name wins over names with a unit address.")]
    [TestCase("serial0", "/soc/serial@1000")]
    [TestCase("bus", "/soc")]
    [TestCase("bus/i2c@1/chip", "/soc/i2c@1/chip")]
    [TestCase("gone", null)]
    [TestCase("relative", null)]
    [TestCase("nosuch", null)]
    [TestCase("/soc/seria", null)]
    [TestCase("/soc/serial@", null)]
    [TestCase("/soc/serial@1000/x", null)]
    public void Find_takes_a_path_an_alias_or_a_path_below_an_alias(string what, string? path) =>
        Assert.That(Tree.Find(what)?.Path, Is.EqualTo(path));

    [Test]
    public void A_name_without_unit_address_that_fits_two_nodes_finds_none()
    {
        var tree = new FdtBuilder().Begin().Begin("i2c@1").End().Begin("i2c@2").End().End().Tree();
        Assert.That(tree.Find("/i2c"), Is.Null);
        Assert.That(() => tree.Find(""), Throws.ArgumentException);
        Assert.That(tree.Find("serial0"), Is.Null, "there are no aliases");
    }

    [Test]
    public void A_phandle_of_either_name_finds_its_node_and_minus_one_is_none()
    {
        Assert.That(Tree.FindPhandle(7)!.Name, Is.EqualTo("serial@1000"));
        Assert.That(Tree.FindPhandle(9)!.Name, Is.EqualTo("i2c@1"));
        Assert.That(Tree.Find("/soc/i2c@1")!.Phandle, Is.EqualTo(9));
        Assert.That(Tree.Find("/soc/i2c@2")!.Phandle, Is.Null);
        Assert.That(Tree.FindPhandle(0xffffffff), Is.Null);
        Assert.That(Tree.FindPhandle(1), Is.Null);
    }

    [Test]
    public void Where_a_node_has_two_phandles_the_newer_name_wins()
    {
        var tree = new FdtBuilder().Begin().Prop("linux,phandle", 3).Prop("phandle", 4).End().Tree();
        Assert.That(tree.Root.Phandle, Is.EqualTo(4));
        Assert.That((tree.FindPhandle(3), tree.FindPhandle(4)), Is.EqualTo((tree.Root, tree.Root)));
    }

    [TestCase("/soc/serial@1000", true)]
    [TestCase("/soc/i2c@1", false)]
    [TestCase("/soc/i2c@1/chip", false)]
    [TestCase("/soc/i2c@2", true)]
    [TestCase("/soc/i2c", false)]
    public void A_node_is_available_when_it_and_every_parent_is(string path, bool available) =>
        Assert.That(Tree.Find(path)!.IsAvailable, Is.EqualTo(available));

    [Test]
    public void Aliases_and_reservations_are_listed()
    {
        Assert.That(Tree.Aliases, Has.Count.EqualTo(4));
        Assert.That(Tree.Aliases["serial0"], Is.EqualTo("/soc/serial@1000"));
        Assert.That(Tree.Reservations, Is.EqualTo(new[]
        {
            new DeviceTreeReservation(0x1000, 0x2000), new DeviceTreeReservation(0xffff_ffff_ffff_f000, 0x1000),
        }));
        Assert.That(Tree.ReservedMemory, Is.Empty);
    }

    [Test]
    public void Memory_is_what_nodes_of_that_type_say_and_no_size_is_left_out()
    {
        var memory = Tree.Memory.Single();
        Assert.That((memory.Start, memory.End, memory.Name), Is.EqualTo((0UL, 0xfffUL, "System RAM")));
        Assert.That(memory.Flags, Is.EqualTo(ResourceFlags.Mem | ResourceFlags.SysRam));
    }

    [Test]
    public void A_property_is_read_by_the_shape_it_has()
    {
        var node = Tree.Find("serial0")!;
        Assert.That(node["two"]!.AsUInt64(), Is.EqualTo(0x123456789abcdef0));
        Assert.That(node["two"]!.AsCells(), Is.EqualTo(new uint[] { 0x12345678, 0x9abcdef0 }));
        Assert.That(node["phandle"]!.AsUInt32(), Is.EqualTo(7));
        Assert.That(node["list"]!.AsStrings(), Is.EqualTo(new[] { "a", "", "b" }));
        Assert.That(node["flag"]!.AsStrings(), Is.Empty);
        Assert.That(node["flag"]!.AsCells(), Is.Empty);
        Assert.That(node["flag"]!.IsEmpty, Is.True);
        Assert.That(node["bytes"]!.Value.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(node["bytes"]!.IsEmpty, Is.False);
        Assert.That(node["bytes"]!.Node, Is.SameAs(node));
        Assert.That(node["none"], Is.Null);
        Assert.That(Tree.Root["model"]!.AsString(), Is.EqualTo("Board"));
    }

    [TestCase("bytes", "string")]
    [TestCase("bytes", "strings")]
    [TestCase("bytes", "u32")]
    [TestCase("bytes", "u64")]
    [TestCase("bytes", "cells")]
    [TestCase("flag", "string")]
    [TestCase("list", "string")]
    [TestCase("two", "u32")]
    [TestCase("phandle", "u64")]
    public void A_property_of_another_shape_is_refused_by_node_name_length_and_offset(string name, string shape)
    {
        var property = Tree.Find("serial0")![name]!;
        var error = Assert.Throws<MalformedInputException>(() => _ = shape switch
        {
            "string" => property.AsString(),
            "strings" => property.AsStrings(),
            "u32" => property.AsUInt32(),
            "u64" => property.AsUInt64(),
            _ => (object)property.AsCells(),
        });
        Assert.That(error!.Message, Does.Contain("/soc/serial@1000").And.Contain($"'{name}'").And.Contain($"{property.Value.Length} bytes"));
        Assert.That(error.Unit, Is.EqualTo("byte"));
        Assert.That(error.Position, Is.GreaterThan(40));
    }

    [Test]
    public void A_cell_count_that_is_too_large_is_refused_when_it_is_asked_for()
    {
        Assert.That(() => Tree.Find("/memory")!.AddressCells, Throws.InstanceOf<MalformedInputException>());
        Assert.That(Tree.Find("/soc")!.SizeCells, Is.Zero);
        Assert.That((Tree.Root.AddressCells, Tree.Root.SizeCells), Is.EqualTo((2, 1)), "the defaults");
    }

    [Test]
    public void Reserved_memory_lists_its_available_nodes()
    {
        var tree = new FdtBuilder().Begin().Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("reserved-memory").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges")
            .Begin("fb@100").Prop("reg", 0x100, 0x10).End().Begin("off@200").Prop("status", "fail").Prop("reg", 0x200, 0x10).End()
            .End().End().Tree();
        Assert.That(tree.ReservedMemory.Single().Resources.Single().ToString(), Is.EqualTo("0x100-0x10f fb@100"));
    }

    [Test]
    public void Version_16_is_read_too_and_the_boot_cpu_is_told()
    {
        var tree = DeviceTree.Parse(new FdtBuilder().Begin().Prop("model", "Old").End().Build(version: 16, bootCpu: 3));
        Assert.That((tree.Model, tree.BootCpuId), Is.EqualTo(("Old", 3U)));
    }

    [Test]
    public void What_follows_the_tree_is_ignored()
    {
        var blob = new FdtBuilder().Begin().Prop("model", "X").End().Build();
        Assert.That(DeviceTree.Parse((byte[])[.. blob, 1, 2, 3]).Model, Is.EqualTo("X"));
    }

    [Test]
    public void Many_children_and_properties_are_found_by_name()
    {
        var builder = new FdtBuilder().Begin();
        for (var i = 0U; i < 1000; i++) builder.Prop($"p{i}", i);
        for (var i = 0; i < 1000; i++) builder.Begin($"n@{i}").End();
        var tree = builder.End().Tree();
        Assert.That(Enumerable.Range(0, 1000).All(i => tree.Root[$"p{i}"]!.AsUInt32() == i && tree.Find($"/n@{i}")!.Name == $"n@{i}"));
        Assert.That(tree.Root["p1000"], Is.Null);
    }
}
