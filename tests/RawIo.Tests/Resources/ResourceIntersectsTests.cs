namespace RawIo.Tests;

public class ResourceIntersectsTests
{
    private const ResourceFlags Ram = ResourceFlags.Mem | ResourceFlags.SysRam;
    private ResourceTree _tree = null!;

    [SetUp]
    public void MakeTree()
    {
        _tree = new ResourceTree(new Resource(0, ulong.MaxValue, "PCI mem"));
        _tree.Insert(new Resource(0x1000, 0x1fff, "System RAM", Ram | ResourceFlags.Busy));
        _tree.Insert(new Resource(0x2000, 0x2fff, "device"));
        _tree.Insert(new Resource(0x4000, 0x4fff, "System RAM", Ram));
        _tree.Insert(new Resource(0x8000, 0x8fff, "window"));
        _tree.Insert(new Resource(0x8000, 0x83ff, "System RAM", Ram));
        _tree.Insert(new Resource(0x8400, 0x8bff, "System RAM", Ram));
    }

    [TestCase(0x1000UL, 0x1000UL, RegionIntersects.Intersects)]
    [TestCase(0x0UL, 0x1001UL, RegionIntersects.Intersects, Description = "a hole is nothing else")]
    [TestCase(0x1fffUL, 2UL, RegionIntersects.Mixed)]
    [TestCase(0x0UL, 0x1000UL, RegionIntersects.Disjoint)]
    [TestCase(0x2000UL, 0x1000UL, RegionIntersects.Disjoint, Description = "only another kind")]
    [TestCase(0x3000UL, 0x1000UL, RegionIntersects.Disjoint, Description = "only a hole")]
    [TestCase(0x0UL, ulong.MaxValue, RegionIntersects.Mixed)]
    [TestCase(0x8000UL, 0xc00UL, RegionIntersects.Intersects, Description = "RAM inside a window covers it")]
    [TestCase(0x8200UL, 0x100UL, RegionIntersects.Intersects)]
    [TestCase(0x83ffUL, 2UL, RegionIntersects.Intersects, Description = "two that touch")]
    [TestCase(0x8000UL, 0xc01UL, RegionIntersects.Mixed, Description = "the window shows at the end")]
    [TestCase(0x8c00UL, 0x10UL, RegionIntersects.Disjoint)]
    [TestCase(0x7000UL, 0x1c00UL, RegionIntersects.Intersects)]
    public void A_span_holds_only_partly_or_none_of_system_ram(ulong start, ulong size, RegionIntersects expected) =>
        Assert.That(_tree.Intersects(start, size, Ram), Is.EqualTo(expected));

    [Test]
    public void A_gap_before_or_between_the_covering_children_shows_the_window()
    {
        var tree = new ResourceTree(new Resource(0, 0xffff, "root"));
        tree.Insert(new Resource(0x1000, 0x1fff, "window"));
        tree.Insert(new Resource(0x1100, 0x11ff, "a", Ram));
        tree.Insert(new Resource(0x1201, 0x1fff, "b", Ram));
        Assert.That(tree.Intersects(0x1000, 0x1000, Ram), Is.EqualTo(RegionIntersects.Mixed));
        Assert.That(tree.Intersects(0x1100, 0xf00, Ram), Is.EqualTo(RegionIntersects.Mixed));
        Assert.That(tree.Intersects(0x1201, 0xdff, Ram), Is.EqualTo(RegionIntersects.Intersects));
    }

    [Test]
    public void All_bits_of_the_kind_must_be_set()
    {
        Assert.That(_tree.Intersects(0x1000, 0x1000, Ram | ResourceFlags.Busy), Is.EqualTo(RegionIntersects.Intersects));
        Assert.That(_tree.Intersects(0x4000, 0x1000, Ram | ResourceFlags.Busy), Is.EqualTo(RegionIntersects.Disjoint));
        Assert.That(_tree.Intersects(0x2000, 0x1000, ResourceFlags.Mem), Is.EqualTo(RegionIntersects.Intersects));
    }

    [TestCase(0UL, 0UL)]
    [TestCase(2UL, ulong.MaxValue)]
    public void What_is_no_span_is_refused(ulong start, ulong size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _tree.Intersects(start, size, Ram));
}
