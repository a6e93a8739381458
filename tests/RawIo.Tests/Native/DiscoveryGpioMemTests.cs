using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Which /dev/gpiomem file maps what.</summary>
public sealed class DiscoveryGpioMemTests
{
    private const long Page = 4096;
    private readonly DiscoveryRoot _root = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _root.Dispose();

    [SetUp]
    public void EmptyFolder()
    {
        foreach (var folder in Directory.GetDirectories(_root.Folder)) Directory.Delete(folder, recursive: true);
    }

    private GpioMem[] Find(DeviceTree? tree, long page = Page) => [.. GpioMem.Find(tree, _root.Folder, page)];

    private GpioMem Range(string file, ulong start, long length, long offset, long mapLength) => new(Path.Join(_root.Folder, file), start, length, offset, mapLength);

    /// <summary>A soc bus that maps 0x7e000000 to 0xfe000000, with one node.</summary>
    private static DeviceTree OneNode(Action<FdtBuilder> node)
    {
        var builder = new FdtBuilder().Begin().Prop("compatible", "raspberrypi,4-model-b", "brcm,bcm2711").Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0x7e000000, 0xfe000000, 0x1000000).Begin("gpiomem@7e200000");
        node(builder);
        return builder.End().End().End().Tree();
    }

    [Test]
    public void The_classic_node_is_the_GPIO_page() => Assert.That(
        Find(OneNode(n => n.Prop("compatible", "brcm,bcm2835-gpiomem").Prop("reg", 0x7e200000, 0x1000))), Is.Empty, "no such file");

    [TestCase(4096, 4096)]
    [TestCase(16384, 16384)]
    [TestCase(65536, 65536)]
    public void The_classic_file_is_mapped_in_whole_pages(long page, long mapLength)
    {
        _root.With("dev/gpiomem");
        var found = Find(OneNode(n => n.Prop("compatible", "brcm,bcm2835-gpiomem").Prop("reg", 0x7e200000, 0x1000)), page);
        Assert.That(found, Is.EqualTo(new[] { Range("dev/gpiomem", 0xfe200000, 0x1000, 0, mapLength) }));
    }

    [Test]
    public void A_Pi_5_has_a_file_a_block_and_gpiomem0_is_RP1_s()
    {
        _root.With("dev/gpiomem0").With("dev/gpiomem1").With("dev/gpiomem3");
        Assert.That(Find(DiscoveryBoardTests.Pi5(), 16384), Is.EquivalentTo(new[]
        {
            Range("dev/gpiomem1", 0x10_7d50_8500, 0x40, 0x500, 0x4000),
            Range("dev/gpiomem0", 0x1f_000d_0000, 0x30000, 0, 0x30000),
        }), "gpiomem2 has no file, gpiomem3 no node");
    }

    [Test]
    public void The_ranges_of_one_file_follow_each_other()
    {
        _root.With("dev/gpiomem7");
        Assert.That(Find(OneNode(n => n.Prop("compatible", "raspberrypi,gpiomem").Prop("chardev-name", "gpiomem7")
            .Prop("reg", 0x7e200000, 0x2000, 0x7e400000, 0x1000))), Is.EqualTo(new[]
        {
            Range("dev/gpiomem7", 0xfe200000, 0x2000, 0, 0x3000), Range("dev/gpiomem7", 0xfe400000, 0x1000, 0x2000, 0x3000),
        }));
    }

    [Test]
    public void A_node_that_is_disabled_or_malformed_or_names_a_path_has_no_file()
    {
        _root.With("dev/gpiomem0").With("etc/shadow");
        void Old(FdtBuilder n) => n.Prop("compatible", "raspberrypi,gpiomem").Prop("reg", 0x7e200000, 0x1000);
        Action<FdtBuilder>[] nodes =
        [
            n => { Old(n); n.Prop("chardev-name", "gpiomem0").Prop("status", "disabled"); },
            n => n.Prop("compatible", "raspberrypi,gpiomem").Prop("chardev-name", "gpiomem0").Prop("reg", 1, 2, 3),
            n => n.Prop("compatible", "raspberrypi,gpiomem").Prop("chardev-name", "gpiomem0").Prop("reg", 0x10000000, 0x1000),
            n => { Old(n); n.Prop("chardev-name", "../etc/shadow"); },
            n => { Old(n); n.Prop("chardev-name", ""); },
            n => { Old(n); n.Prop("chardev-name", 7); },
            Old,
        ];
        for (var i = 0; i < nodes.Length; i++) Assert.That(Find(OneNode(nodes[i])), Is.Empty, $"node {i}");
    }

    [Test]
    public void Without_a_node_the_GPIO_block_decides()
    {
        _root.With("dev/gpiomem");
        Assert.That(Find(DeviceTree.Load(Path.Combine(Repository.Root, "src/RawIo.Sim/Boards/pi3.dtb"))), Is.EqualTo(new[] { Range("dev/gpiomem", 0x3f200000, Page, 0, Page) }));
        _root.With("proc/cpuinfo", "Hardware\t: BCM2708\nRevision\t: 000e\n");
        Assert.That(Find(null), Is.EqualTo(new[] { Range("dev/gpiomem", 0x20200000, Page, 0, Page) }));
        _root.With("proc/cpuinfo", "Hardware\t: BCM2835\n");
        Assert.That(Find(null), Is.Empty, "all Pis say BCM2835");
    }

    [TestCase(0xfe200000u, 1, true)]
    [TestCase(0xfe200000u, 0x1000, true)]
    [TestCase(0xfe200fffu, 1, true)]
    [TestCase(0xfe200000u, 0x1001, false)]
    [TestCase(0xfe200fffu, 2, false)]
    [TestCase(0xfe201000u, 1, false)]
    [TestCase(0xfe1fffffu, 2, false)]
    [TestCase(0xfe200000u, 0, false)]
    [TestCase(0xfe200000u, -1, false)]
    [TestCase(0xfe200004u, long.MaxValue, false)]
    [TestCase(ulong.MaxValue, 1, false)]
    public void A_file_covers_what_lies_wholly_in_it(ulong start, long length, bool covered) =>
        Assert.That(new GpioMem("/dev/gpiomem", 0xfe200000, 0x1000, 0, 0x1000).Covers(start, length), Is.EqualTo(covered));

    [Test]
    public void The_public_way_asks_for_the_page_size_itself()
    {
        _root.With("dev/gpiomem0");
        Assert.That(GpioMem.Find(DiscoveryBoardTests.Pi5(), _root.Options), Is.EqualTo(new[] { Range("dev/gpiomem0", 0x1f_000d_0000, 0x30000, 0, 0x30000) }));
    }
}
