using System.Text;

namespace RawIo.Tests;

public class ProcTextTests
{
    private static readonly object[] Captures =
    [
        new object[] { "pc.iomem", ResourceFlags.Mem, 28 },
        new object[] { "pc.ioports", ResourceFlags.Io, 29 },
        new object[] { "raspberrypi3.iomem", ResourceFlags.Mem, 23 },
    ];

    [TestCaseSource(nameof(Captures))]
    public void What_a_kernel_printed_comes_back_byte_for_byte(string file, ResourceFlags type, int lines)
    {
        var text = Tree.Capture(file);
        var tree = ResourceTree.ParseProcText(text, type);
        Assert.That(tree.ToProcText(), Is.EqualTo(text));
        Assert.That(Encoding.UTF8.GetBytes(tree.ToProcText()),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Captures", file))));
        Assert.That(tree.All().Count(), Is.EqualTo(lines));
        Assert.That(tree.AddressesHidden, Is.False);
        Assert.That(tree.All().Select(r => r.Flags), Is.All.EqualTo(type));
        Tree.Check(tree);
    }

    [TestCaseSource(nameof(Captures))]
    public void The_hidden_view_has_zeros_of_the_same_width_and_comes_back_too(string file, ResourceFlags type, int lines)
    {
        var text = Tree.Capture(file);
        var hidden = Tree.Hide(text);
        Assert.That(ResourceTree.ParseProcText(text, type).ToProcText(hideAddresses: true), Is.EqualTo(hidden));
        var tree = ResourceTree.ParseProcText(hidden, type);
        Assert.That(tree.AddressesHidden, Is.True);
        Assert.That(tree.ToProcText(), Is.EqualTo(hidden));
        Assert.That(tree.ToProcText(hideAddresses: true), Is.EqualTo(hidden));
        Assert.That(tree.All().Count(), Is.EqualTo(lines));
        Assert.That(tree.All().Select(r => r.Name), Is.EqualTo(ResourceTree.ParseProcText(text, type).All().Select(r => r.Name)));
    }

    [Test]
    public void A_hidden_tree_lists_and_prints_but_answers_nothing_about_addresses()
    {
        var tree = ResourceTree.ParseProcText("00000000-00000000 : a\n  00000000-00000000 : b\n00000000-00000000 : c\n", ResourceFlags.Mem);
        Assert.That(tree.All().Select(r => $"{r.Parent!.Name}/{r.Name}"), Is.EqualTo(new[] { "PCI mem/a", "a/b", "PCI mem/c" }));
        var b = tree.All().ElementAt(1);
        Action[] refused =
        [
            () => tree.Lookup(0), () => tree.Request(0, 1, "x"), () => tree.Release(0, 1), () => tree.Adjust(b, 0, 1),
            () => tree.TryRequest(0, 1, "x", ResourceFlags.None, out _, out _), () => tree.Intersects(0, 1, ResourceFlags.Mem),
            () => tree.Insert(new Resource(0, 1, "x")), () => tree.InsertExpandToFit(new Resource(0, 1, "x")),
            () => tree.RequestResource(new Resource(0, 1, "x")), () => tree.Remove(b), () => tree.ReleaseResource(b),
        ];
        foreach (var call in refused)
            Assert.That(() => call(), Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EPERM).And.Message.Contains("CAP_SYS_ADMIN"));
    }

    [Test]
    public void The_nesting_is_that_of_the_text()
    {
        var tree = ResourceTree.ParseProcText(Tree.Capture("raspberrypi3.iomem"), ResourceFlags.Mem);
        var serial = tree.Lookup(0x3f201000)!;
        Assert.That((serial.Name, serial.Parent!.Name), Is.EqualTo(("3f201000.serial serial@7e201000", "serial@7e201000")));
        Assert.That((serial.Start, serial.End, serial.Flags), Is.EqualTo((0x3f201000UL, 0x3f2011ffUL, ResourceFlags.Mem)));
        Assert.That((tree.Root.Start, tree.Root.End, tree.Root.Name), Is.EqualTo((0UL, ulong.MaxValue, "PCI mem")));
    }

    [Test]
    public void Claims_are_made_in_a_parsed_tree_as_in_any_other()
    {
        var text = Tree.Capture("raspberrypi3.iomem");
        Assert.That(ResourceTree.ParseProcText(text, ResourceFlags.Mem).Request(0x3f200000, 0xb4, "mine").Parent!.Name,
            Is.EqualTo("3f200000.gpio gpio@7e200000"));
        var busy = ResourceTree.ParseProcText(text, ResourceFlags.Mem | ResourceFlags.Busy);
        Assert.That(() => busy.Request(0x3f200000, 0xb4, "mine"),
            Throws.InstanceOf<ResourceBusyException>().With.Message.Contains("3f200000.gpio gpio@7e200000"));
    }

    [Test]
    public void Four_digits_where_the_root_ends_below_0x10000_else_eight_at_least()
    {
        static string Print(ulong end) => Make(end).ToProcText();
        static ResourceTree Make(ulong end)
        {
            var tree = new ResourceTree(new Resource(0, end, "root", ResourceFlags.Io));
            tree.Request(1, end, "x");
            return tree;
        }

        Assert.That(Print(0xffff), Is.EqualTo("0001-ffff : x\n"));
        Assert.That(Print(0x10000), Is.EqualTo("00000001-00010000 : x\n"));
        Assert.That(Print(ulong.MaxValue), Is.EqualTo("00000001-ffffffffffffffff : x\n"));
        Assert.That(Make(0xffff).ToProcText(true), Is.EqualTo("0000-0000 : x\n"));
        Assert.That(Make(ulong.MaxValue).ToProcText(true), Is.EqualTo("00000000-00000000 : x\n"));
    }

    [Test]
    public void Deeper_than_five_levels_prints_at_the_fifth_and_reads_back_as_nested()
    {
        var tree = new ResourceTree(new Resource(0, 0xffff, "root", ResourceFlags.Io));
        for (var i = 0; i < 9; i++) tree.Insert(new Resource(0x100 + (ulong)i, 0x1ff, $"level {i}", ResourceFlags.Io));
        tree.Insert(new Resource(0x100, 0x100, "beside 1", ResourceFlags.Io));
        var text = tree.ToProcText();
        Assert.That(text.Split('\n').Select(l => l.Length - l.TrimStart(' ').Length),
            Is.EqualTo(new[] { 0, 2, 2, 4, 6, 8, 10, 10, 10, 10, 0 }));
        var back = ResourceTree.ParseProcText(text, ResourceFlags.Io);
        Assert.That(back.ToProcText(), Is.EqualTo(text));
        Assert.That(back.All().Select(r => r.Parent!.Name).Skip(1), Is.EqualTo(tree.All().Select(r => r.Parent!.Name).Skip(1)));
        // Without addresses nobody can tell what is nested at the fifth level.
        var hidden = ResourceTree.ParseProcText(Tree.Hide(text), ResourceFlags.Io);
        Assert.That(hidden.ToProcText(), Is.EqualTo(Tree.Hide(text)));
        Assert.That(hidden.All().Skip(6).Select(r => r.Parent!.Name), Is.EqualTo(new[] { "level 4", "level 4", "level 4", "level 4" }));
    }

    [Test]
    public void A_name_may_be_empty_absent_or_look_like_a_range()
    {
        const string text = "00000000-00000fff : \n00001000-00001fff : <BAD>\n  00001000-00001fff :  : 0-1 : x\r\n";
        var tree = ResourceTree.ParseProcText(text, ResourceFlags.Mem);
        Assert.That(tree.All().Select(r => r.Name), Is.EqualTo(new[] { "", null, " : 0-1 : x\r" }));
        Assert.That(tree.ToProcText(), Is.EqualTo(text));
    }

    [Test]
    public void Empty_text_is_an_empty_tree_and_the_last_line_end_may_be_missing()
    {
        var tree = ResourceTree.ParseProcText("", ResourceFlags.Io);
        Assert.That((tree.ToProcText(), tree.AddressesHidden, tree.Root.End), Is.EqualTo(("", false, 0xffffUL)));
        Assert.That(ResourceTree.ParseProcText("0060-0060 : keyboard", ResourceFlags.Io).ToProcText(), Is.EqualTo("0060-0060 : keyboard\n"));
    }

    [TestCase("00000000-00000fff : a\n", 0xffffffUL, Description = "arm64: PCI_IO_SIZE is 16 MiB")]
    [TestCase("00000000-0fffffff : a\n", 0xfffffffUL)]
    [TestCase("0000-0fff : a\n", 0xffffUL)]
    public void Ioports_of_eight_digits_have_a_larger_root(string text, ulong end)
    {
        var tree = ResourceTree.ParseProcText(text, ResourceFlags.Io);
        Assert.That((tree.Root.End, tree.Root.Name, tree.ToProcText()), Is.EqualTo((end, "PCI IO", text)));
    }

    [TestCase("\n", 1, "empty")]
    [TestCase("00000000-00000fff : a\n\n", 2, "empty")]
    [TestCase("    ", 1, "empty")]
    [TestCase("0000000g-00000fff : a", 1, "'-'")]
    [TestCase("x", 1, "hexadecimal")]
    [TestCase("-00000fff : a", 1, "hexadecimal")]
    [TestCase("00000000- : a", 1, "hexadecimal")]
    [TestCase("0000000A-00000fff : a", 1, "'-'")]
    [TestCase("00000000", 1, "'-'")]
    [TestCase("00000000-00000fff", 1, "' : '")]
    [TestCase("00000000-00000fff: a", 1, "' : '")]
    [TestCase("00000000-00000fff :a", 1, "' : '")]
    [TestCase("00000000-00000fff :", 1, "' : '")]
    [TestCase("00001000-00000fff : a", 1, "before the start")]
    [TestCase("0000-0fff : a", 1, "4 digits")]
    [TestCase("000000000-00000fff : a", 1, "9 digits")]
    [TestCase("00000000-000000fff : a", 1, "9 digits")]
    [TestCase("00000000-10000000000000000 : a", 1, "16 digits")]
    [TestCase(" 00000000-00000fff : a", 1, "multiple of 2")]
    [TestCase("  00000000-00000fff : a", 1, "jumps")]
    [TestCase("00000000-00000fff : a\n    00000000-00000fff : b", 2, "jumps")]
    [TestCase("            00000000-00000fff : a", 1, "at most")]
    [TestCase("00000000-00000fff : a\n  00000000-00001000 : b", 2, "leaves its parent")]
    [TestCase("00001000-00001fff : a\n  00000fff-00001000 : b", 2, "leaves its parent")]
    [TestCase("00000000-00000fff : a\n00000fff-00001fff : b", 2, "not above")]
    [TestCase("00000000-00000fff : a\n00000000-00000fff : b", 2, "not above")]
    [TestCase("00001000-00001fff : a\n00000000-00000fff : b", 2, "not above")]
    [TestCase("00000000-00000000 : a\n00000000-00000000 : b\n00000000-00000001 : c", 2, "not above")]
    public void Each_defect_is_reported_with_its_line(string text, int line, string what)
    {
        var error = Assert.Throws<MalformedInputException>(() => ResourceTree.ParseProcText(text, ResourceFlags.Mem))!;
        Assert.That((error.Position, error.Unit), Is.EqualTo(((long)line, "line")));
        Assert.That(error.Message, Does.Contain(what).And.StartWith($"line {line}: "));
    }

    [TestCase("0000-10000 : a", 1)]
    [TestCase("0000-ffff : a\n00000000-00000001 : b", 2)]
    [TestCase("00000000-00000fff : a\n1000-1fff : b", 2)]
    [TestCase("000-fff : a", 1)]
    public void Ports_have_the_width_of_the_first_line(string text, int line) =>
        Assert.That(() => ResourceTree.ParseProcText(text, ResourceFlags.Io),
            Throws.InstanceOf<MalformedInputException>().With.Property("Position").EqualTo(line));

    [Test]
    public void The_type_is_memory_or_ports()
    {
        foreach (var type in new[] { ResourceFlags.None, ResourceFlags.Busy, ResourceFlags.Mem | ResourceFlags.Io })
            Assert.Throws<ArgumentException>(() => ResourceTree.ParseProcText("", type));
        Assert.Throws<ArgumentNullException>(() => ResourceTree.ParseProcText(null!, ResourceFlags.Mem));
    }
}
