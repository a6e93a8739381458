namespace RawIo.Tests;

public class ResourceInsertTests
{
    private ResourceTree _tree = null!;

    [SetUp]
    public void MakeTree() => _tree = new ResourceTree(new Resource(0, 0xffff, "root", ResourceFlags.Mem));

    private static Resource R(ulong start, ulong end, string name = "x", ResourceFlags flags = ResourceFlags.Mem) => new(start, end, name, flags);

    private Resource In(ulong start, ulong end, string name = "x", ResourceFlags flags = ResourceFlags.Mem)
    {
        var resource = R(start, end, name, flags);
        _tree.Insert(resource);
        return resource;
    }

    [Test]
    public void Insert_resource_adopts_what_it_covers_and_leaves_the_rest_beside_it()
    {
        In(0x100, 0x1ff, "before");
        In(0x300, 0x3ff, "one");
        In(0x500, 0x5ff, "two");
        In(0x700, 0x7ff, "after");
        In(0x300, 0x5ff, "bus");
        Assert.That(_tree.ToProcText(), Is.EqualTo(
            "0100-01ff : before\n0300-05ff : bus\n  0300-03ff : one\n  0500-05ff : two\n0700-07ff : after\n"));
        Tree.Check(_tree);
    }

    [Test]
    public void Insert_resource_goes_as_deep_as_what_holds_it_also_into_busy_ones()
    {
        In(0x100, 0x1ff, "a");
        _tree.Request(0x100, 0x80, "busy");
        var inner = In(0x110, 0x11f, "inner");
        Assert.That(inner.Parent!.Name, Is.EqualTo("busy"));
    }

    [Test]
    public void Insert_resource_of_the_same_range_becomes_the_parent()
    {
        var old = In(0x100, 0x1ff, "old");
        var added = In(0x100, 0x1ff, "new");
        Assert.That((old.Parent, added.Child), Is.EqualTo((added, old)));
        Tree.Check(_tree);
    }

    [TestCase(0x180UL, 0x280UL, 0x100UL)]
    [TestCase(0x080UL, 0x180UL, 0x100UL)]
    [TestCase(0x080UL, 0x380UL, 0x300UL)]
    public void Insert_resource_fails_on_partial_overlap_and_changes_nothing(ulong start, ulong end, ulong inTheWay)
    {
        In(0x100, 0x1ff, "low");
        In(0x300, 0x3ff, "high");
        var before = _tree.ToProcText();
        var added = R(start, end, "mine");
        var error = Assert.Throws<ResourceBusyException>(() => _tree.Insert(added))!;
        Assert.That(error.Holder.Start, Is.EqualTo(inTheWay));
        Assert.That(error.Message, Does.Contain("'mine'").And.Contain($"0x{inTheWay:x}-").And.Contain(error.Holder.Name!));
        Assert.That(_tree.ToProcText(), Is.EqualTo(before));
        Assert.That((added.Parent, added.Child, added.Sibling), Is.EqualTo(((Resource?)null, (Resource?)null, (Resource?)null)));
    }

    [Test]
    public void Insert_resource_that_leaves_the_root_conflicts_with_the_root()
    {
        var error = Assert.Throws<ResourceBusyException>(() => In(0xff00, 0x10000))!;
        Assert.That(error.Holder, Is.SameAs(_tree.Root));
    }

    [Test]
    public void A_resource_in_a_tree_is_not_inserted_again()
    {
        var a = In(0x100, 0x1ff);
        Assert.Throws<ArgumentException>(() => _tree.Insert(a));
        Assert.Throws<ArgumentException>(() => _tree.Insert(_tree.Root));
        Assert.Throws<ArgumentException>(() => _tree.RequestResource(a));
        Assert.Throws<ArgumentException>(() => new ResourceTree(R(0, 0xfff)).InsertExpandToFit(a));
        Assert.Throws<ArgumentNullException>(() => _tree.Insert(null!));
        Tree.Check(_tree);
    }

    [Test]
    public void A_resource_with_children_of_its_own_does_not_adopt()
    {
        var bus = In(0x100, 0x1ff, "bus");
        In(0x110, 0x11f, "child");
        _tree.ReleaseResource(bus);
        In(0x120, 0x12f, "other");
        Assert.Throws<ArgumentException>(() => _tree.Insert(bus));
        Assert.Throws<ArgumentException>(() => _tree.InsertExpandToFit(bus));
        Assert.That((bus.Start, bus.End, bus.Child!.Name), Is.EqualTo((0x100UL, 0x1ffUL, "child")));
        _tree.Remove(_tree.Lookup(0x120)!);
        _tree.Insert(bus);
        Assert.That(_tree.ToProcText(), Is.EqualTo("0100-01ff : bus\n  0110-011f : child\n"));
    }

    [Test]
    public void Insert_resource_expand_to_fit_widens_over_every_partial_overlap()
    {
        In(0x100, 0x1ff, "a");
        In(0x300, 0x3ff, "b");
        var bus = R(0x180, 0x310, "bus");
        _tree.InsertExpandToFit(bus);
        Assert.That(_tree.ToProcText(), Is.EqualTo("0100-03ff : bus\n  0100-01ff : a\n  0300-03ff : b\n"));
        var outside = R(0x80, 0x10000);
        Assert.Throws<ResourceBusyException>(() => _tree.InsertExpandToFit(outside));
        Assert.That((outside.Start, outside.End), Is.EqualTo((0x80UL, 0x10000UL)));
    }

    [Test]
    public void Request_resource_goes_directly_under_the_root_or_names_the_conflict()
    {
        var bus = R(0x100, 0x1ff, "bus");
        _tree.RequestResource(bus);
        Assert.That((bus.Parent, bus.Flags), Is.EqualTo((_tree.Root, ResourceFlags.Mem)));
        // Not busy, yet request_resource does not descend.
        var error = Assert.Throws<ResourceBusyException>(() => _tree.RequestResource(R(0x110, 0x11f)))!;
        Assert.That(error.Holder, Is.SameAs(bus));
    }

    [Test]
    public void Remove_resource_moves_the_children_up()
    {
        In(0x080, 0x0ff, "before");
        var bus = In(0x100, 0x1ff, "bus");
        In(0x110, 0x11f, "one");
        In(0x130, 0x13f, "two");
        In(0x200, 0x2ff, "after");
        Assert.That(_tree.Remove(bus), Is.True);
        Assert.That(_tree.ToProcText(), Is.EqualTo("0080-00ff : before\n0110-011f : one\n0130-013f : two\n0200-02ff : after\n"));
        Assert.That((bus.Parent, bus.Child, bus.Sibling), Is.EqualTo(((Resource?)null, (Resource?)null, (Resource?)null)));
        Tree.Check(_tree);
    }

    [Test]
    public void Release_resource_takes_the_children_along()
    {
        var bus = In(0x100, 0x1ff, "bus");
        var child = In(0x110, 0x11f, "one");
        In(0x200, 0x2ff, "after");
        Assert.That(_tree.ReleaseResource(bus), Is.True);
        Assert.That(_tree.ToProcText(), Is.EqualTo("0200-02ff : after\n"));
        Assert.That(bus.Child, Is.SameAs(child));
    }

    [Test]
    public void What_is_not_in_the_tree_is_not_taken_out()
    {
        var other = new ResourceTree(R(0, 0xffff));
        var elsewhere = other.Request(0, 1, "elsewhere");
        Assert.That((_tree.Remove(elsewhere), _tree.ReleaseResource(elsewhere), _tree.Remove(_tree.Root), _tree.Remove(R(0, 1))),
            Is.EqualTo((false, false, false, false)));
        Assert.That(other.All(), Has.Exactly(1).Items);
    }

    [Test]
    public void Adjust_resource_moves_and_resizes_in_the_gap_it_has()
    {
        In(0x100, 0x1ff, "before");
        var mid = In(0x300, 0x3ff, "mid");
        In(0x500, 0x5ff, "after");
        _tree.Adjust(mid, 0x200, 0x300);
        Assert.That((mid.Start, mid.End), Is.EqualTo((0x200UL, 0x4ffUL)));
        Tree.Check(_tree);
    }

    [TestCase(0x1ffUL, 0x10UL, "before")]
    [TestCase(0x300UL, 0x201UL, "after")]
    [TestCase(0x600UL, 0x100UL, "after")]
    [TestCase(0x010UL, 0x010UL, "before")]
    [TestCase(0x311UL, 0x0efUL, "child")]
    [TestCase(0x300UL, 0x01fUL, "child")]
    [TestCase(0xff00UL, 0x200UL, "root")]
    public void Adjust_resource_fails_on_a_sibling_the_parent_or_an_uncovered_child_and_changes_nothing(ulong start, ulong size, string holder)
    {
        In(0x100, 0x1ff, "before");
        var mid = In(0x300, 0x3ff, "mid");
        In(0x310, 0x31f, "child");
        In(0x500, 0x5ff, "after");
        var before = _tree.ToProcText();
        var error = Assert.Throws<ResourceBusyException>(() => _tree.Adjust(mid, start, size))!;
        Assert.That(error.Holder.Name, Is.EqualTo(holder));
        Assert.That(_tree.ToProcText(), Is.EqualTo(before));
    }

    [Test]
    public void Adjust_resource_refuses_what_is_no_range_or_not_in_the_tree()
    {
        var a = In(0x100, 0x1ff);
        Assert.Throws<ArgumentOutOfRangeException>(() => _tree.Adjust(a, 0x100, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tree.Adjust(a, 2, ulong.MaxValue));
        Assert.Throws<ArgumentException>(() => _tree.Adjust(R(0, 1), 0, 1));
        // The root has no parent and no siblings: only its children bind it.
        _tree.Adjust(_tree.Root, 0x100, 0x100);
        Assert.That(_tree.Root.End, Is.EqualTo(0x1ff));
        Assert.Throws<ResourceBusyException>(() => _tree.Adjust(_tree.Root, 0x100, 0xff));
    }

    [Test]
    public void Resource_contains_overlaps_intersection_and_union()
    {
        var a = R(0x100, 0x1ff, "a", ResourceFlags.Mem | ResourceFlags.Busy);
        Assert.That((a.Contains(0xff), a.Contains(0x100), a.Contains(0x1ff), a.Contains(0x200)), Is.EqualTo((false, true, true, false)));
        Assert.That((a.Contains(R(0x100, 0x1ff)), a.Contains(R(0x110, 0x111)), a.Contains(R(0x1ff, 0x200))), Is.EqualTo((true, true, false)));
        // Of another type: not contained, as resource_contains has it.
        Assert.That(a.Contains(R(0x110, 0x111, flags: ResourceFlags.Io)), Is.False);
        Assert.That((a.Overlaps(R(0, 0xff)), a.Overlaps(R(0, 0x100)), a.Overlaps(R(0x1ff, 0x300)), a.Overlaps(R(0x200, 0x300))),
            Is.EqualTo((false, true, true, false)));
        var both = a.Intersection(R(0x180, 0x280))!;
        Assert.That((both.Start, both.End, both.Name, both.Flags), Is.EqualTo((0x180UL, 0x1ffUL, "a", a.Flags)));
        var either = a.Union(R(0x180, 0x280))!;
        Assert.That((either.Start, either.End, either.Name, either.Flags), Is.EqualTo((0x100UL, 0x280UL, "a", a.Flags)));
        Assert.That((a.Intersection(R(0x200, 0x2ff)), a.Union(R(0x200, 0x2ff))), Is.EqualTo(((Resource?)null, (Resource?)null)));
    }
}
