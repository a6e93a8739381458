namespace RawIo.Tests;

/// <summary>Interrupts from the device to the controller.</summary>
[TestFixture]
internal sealed class DeviceTreeInterruptTests
{
    private static FdtBuilder Controller(FdtBuilder builder, string name, uint phandle, uint cells) =>
        builder.Begin(name).Prop("interrupt-controller").Prop("#interrupt-cells", cells).Prop("phandle", phandle);

    private static string[] Routes(DeviceTreeNode node) =>
        [.. node.Interrupts.Select(i => $"{i.Name}:{i.Controller.Name}:{string.Join(',', i.Specifier)}")];

    [Test]
    public void An_inherited_parent_takes_interrupts_of_its_own_number_of_cells()
    {
        var builder = new FdtBuilder().Begin().Prop("interrupt-parent", 1);
        Controller(builder, "intc", 1, 2).End();
        var tree = builder.Begin("soc").Begin("gpio").Prop("interrupts", 2, 17, 2, 18).Prop("interrupt-names", "bank0").End()
            .Begin("none").End().Begin("empty").Prop("interrupts").End().End().End().Tree();
        Assert.That(Routes(tree.Find("/soc/gpio")!), Is.EqualTo(new[] { "bank0:intc:2,17", ":intc:2,18" }));
        Assert.That(tree.Find("/soc/gpio")!.InterruptParent!.Name, Is.EqualTo("intc"));
        Assert.That(Routes(tree.Find("/soc/none")!), Is.Empty);
        Assert.That(Routes(tree.Find("/soc/empty")!), Is.Empty);
    }

    [Test]
    public void The_nearest_parent_wins_and_a_controller_above_needs_no_phandle()
    {
        var builder = new FdtBuilder().Begin().Prop("interrupt-parent", 1);
        Controller(builder, "outer", 1, 1).End();
        Controller(builder, "inner", 2, 3).Begin("child").Prop("interrupts", 1, 2, 3).End().End();
        var tree = builder.Begin("dev").Prop("interrupt-parent", 2).Prop("interrupts", 4, 5, 6).End().End().Tree();
        Assert.That(Routes(tree.Find("/inner/child")!), Is.EqualTo(new[] { ":inner:1,2,3" }));
        Assert.That(Routes(tree.Find("/dev")!), Is.EqualTo(new[] { ":inner:4,5,6" }));
    }

    [Test]
    public void Interrupts_extended_names_a_controller_for_each_and_wins_over_interrupts()
    {
        var builder = new FdtBuilder().Begin();
        Controller(builder, "a", 1, 1).End();
        Controller(builder, "b", 2, 2).End();
        var tree = builder.Begin("dev").Prop("interrupts", 9).Prop("interrupts-extended", 1, 7, 0, 2, 8, 4)
            .Prop("interrupt-names", "one", "hole", "three").End().End().Tree();
        Assert.That(Routes(tree.Find("/dev")!), Is.EqualTo(new[] { "one:a:7", "three:b:8,4" }));
    }

    private static FdtBuilder Nexus(params uint[] map)
    {
        var builder = new FdtBuilder().Begin();
        Controller(builder, "gic", 1, 3).Prop("#address-cells", 0).End();
        Controller(builder, "pic", 2, 1).Prop("#address-cells", 1).End();
        return builder.Begin("pcie").Prop("#address-cells", 3).Prop("#size-cells", 2).Prop("#interrupt-cells", 1).Prop("phandle", 3)
            .Prop("interrupt-map-mask", 0xf800, 0, 0, 7).Prop("interrupt-map", map)
            .Begin("dev@8").Prop("reg", 0x0810, 0, 0, 0, 0).Prop("interrupts", 2).End()
            .Begin("bare").Prop("interrupts", 1).End().End().End();
    }

    [Test]
    public void A_map_takes_the_line_that_matches_under_the_mask()
    {
        var tree = Nexus(0x0000, 0, 0, 2, 1, 0, 10, 4, 0x0800, 0, 0, 1, 1, 0, 11, 4, 0x0800, 0, 0, 2, 2, 0x77, 12).Tree();
        Assert.That(Routes(tree.Find("/pcie/dev")!), Is.EqualTo(new[] { ":pic:12" }));
        var other = Nexus(0x0800, 0, 0, 2, 1, 0, 10, 4).Tree();
        Assert.That(Routes(other.Find("/pcie/dev")!), Is.EqualTo(new[] { ":gic:0,10,4" }));
    }

    [Test]
    public void A_map_may_lead_to_another_and_without_a_mask_all_bits_count()
    {
        var builder = new FdtBuilder().Begin();
        Controller(builder, "gic", 1, 1).End();
        var tree = builder.Begin("inner").Prop("phandle", 2).Prop("#interrupt-cells", 1).Prop("#address-cells", 0).Prop("interrupt-map", 5, 3, 6).End()
            .Begin("outer").Prop("phandle", 3).Prop("#interrupt-cells", 1).Prop("#address-cells", 0).Prop("interrupt-map", 6, 1, 7).End()
            .Begin("relay").Prop("phandle", 4).Prop("#interrupt-cells", 1).Prop("interrupt-parent", 2).End()
            .Begin("dev").Prop("interrupt-parent", 4).Prop("interrupts", 5).End().End().Tree();
        Assert.That(Routes(tree.Find("/dev")!), Is.EqualTo(new[] { ":gic:7" }));
    }

    [Test]
    public void A_controller_may_map_to_itself()
    {
        var builder = new FdtBuilder().Begin();
        Controller(builder, "gic", 1, 1).Prop("#address-cells", 0).Prop("interrupt-map", 5, 1, 6).End();
        var tree = builder.Begin("dev").Prop("interrupt-parent", 1).Prop("interrupts", 5).End().End().Tree();
        Assert.That(Routes(tree.Find("/dev")!), Is.EqualTo(new[] { ":gic:6" }));
    }

    [Test]
    public void A_controller_known_to_keep_its_map_for_its_own_driver_is_where_the_way_ends()
    {
        var builder = new FdtBuilder().Begin();
        Controller(builder, "extirq", 1, 2).Prop("compatible", "fsl,lx2160a-extirq", "fsl,ls1088a-extirq").Prop("interrupt-map", 0, 0, 9, 0).End();
        var tree = builder.Begin("dev").Prop("interrupt-parent", 1).Prop("interrupts", 2, 1).End().End().Tree();
        Assert.That(Routes(tree.Find("/dev")!), Is.EqualTo(new[] { ":extirq:2,1" }));
    }

    private static void Refused(FdtBuilder builder, string path, params string[] words)
    {
        var node = builder.Tree().Find(path)!;
        var error = Assert.Throws<MalformedInputException>(() => _ = node.Interrupts);
        foreach (var word in words) Assert.That(error!.Message, Does.Contain(word));
        Assert.That(error!.Position, Is.GreaterThan(0));
    }

    [Test]
    public void A_broken_map_is_refused()
    {
        Refused(Nexus(0x0800, 0, 0, 1, 1, 0, 10, 4), "/pcie/dev", "no line", "/pcie");
        Refused(Nexus(0x0800, 0, 0, 2, 9, 0, 10, 4), "/pcie/dev", "0x9");
        Refused(Nexus(0x0800, 0, 0, 2, 1, 0, 10), "/pcie/dev", "whole entries");
        Refused(Nexus(0x0800, 0, 0), "/pcie/dev", "whole lines");
        Refused(Nexus(0x0800, 0, 0, 2, 1, 0, 10, 4), "/pcie/bare", "reg");
        Refused(Nexus(0x0800, 0, 0, 2, 3, 0, 0, 0, 2), "/pcie/dev", "no line");
        Refused(Nexus(0x0800, 0, 0, 2, 4), "/pcie/dev", "0x4");
        Refused(Controller(new FdtBuilder().Begin(), "c", 1, 1).Prop("#address-cells", 0).Prop("interrupt-map-mask").Prop("interrupt-map", 1, 1, 1)
            .Begin("dev").Prop("interrupts", 1).End().End().End(), "/c/dev", "interrupt-map-mask");
    }

    [Test]
    public void Maps_that_lead_to_one_another_are_a_circle()
    {
        var builder = new FdtBuilder().Begin();
        builder.Begin("a").Prop("phandle", 1).Prop("#interrupt-cells", 1).Prop("#address-cells", 0).Prop("interrupt-map", 5, 2, 5).End();
        builder.Begin("b").Prop("phandle", 2).Prop("#interrupt-cells", 1).Prop("#address-cells", 0).Prop("interrupt-map", 5, 1, 5).End();
        Refused(builder.Begin("dev").Prop("interrupt-parent", 1).Prop("interrupts", 5).End().End(), "/dev", "circles");
    }

    [Test]
    public void Interrupt_parents_that_lead_to_one_another_are_a_circle()
    {
        Refused(new FdtBuilder().Begin().Begin("a").Prop("phandle", 1).Prop("interrupt-parent", 2).End()
            .Begin("b").Prop("phandle", 2).Prop("interrupt-parent", 1).Prop("interrupts", 1).End().End(), "/b", "circles");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("phandle", 1).Prop("interrupt-parent", 1).Prop("interrupts", 1).End().End(), "/a", "circles");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("phandle", 1).Prop("#interrupt-cells", 1).Prop("interrupt-parent", 1).Prop("interrupts", 1).End().End(), "/a", "circles");
    }

    [Test]
    public void A_parent_that_is_missing_or_takes_no_interrupts_is_refused()
    {
        Refused(new FdtBuilder().Begin().Begin("a").Prop("interrupts", 1).End().End(), "/a", "no interrupt parent");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("interrupt-parent", 5).Prop("interrupts", 1).End().End(), "/a", "0x5", "interrupt-parent");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("interrupts-extended", 5, 1).End().End(), "/a", "0x5");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("phandle", 5).Prop("interrupts-extended", 5, 1).End().End(), "/a", "takes no interrupts");
        Refused(Controller(new FdtBuilder().Begin(), "c", 5, 2).Begin("a").Prop("interrupts-extended", 5, 1).End().End().End(), "/c/a", "lacks 1");
        Refused(Controller(new FdtBuilder().Begin(), "c", 5, 2).Begin("a").Prop("interrupts", 5, 1, 1).End().End().End(), "/c/a", "lacks 1");
        Refused(Controller(new FdtBuilder().Begin(), "c", 5, 0).Begin("a").Prop("interrupts", 5).End().End().End(), "/c/a", "no cells");
        Refused(Controller(new FdtBuilder().Begin(), "c", 5, 17).Begin("a").Prop("interrupts", 5).End().End().End(), "/c/a", "16 is the limit");
        Refused(new FdtBuilder().Begin().Begin("c").Prop("#interrupt-cells", 1).Begin("a").Prop("interrupts", 5).End().End().End(), "/c/a", "ends at /c");
    }
}
