namespace RawIo.Tests;

public class ResourceClaimTests
{
    private ResourceTree _tree = null!;

    [SetUp]
    public void MakeTree() => _tree = new ResourceTree(new Resource(0, 0xffff, "PCI IO", ResourceFlags.Io));

    [Test]
    public void A_claim_is_busy_and_has_the_type_of_what_it_lies_in()
    {
        var claim = _tree.Request(0x60, 1, "keyboard");
        Assert.That(claim.Flags, Is.EqualTo((ResourceFlags)(0x80000000 | 0x100)));
        Assert.That((claim.Start, claim.End, claim.Name), Is.EqualTo((0x60UL, 0x60UL, "keyboard")));
        Assert.That(claim.Parent, Is.SameAs(_tree.Root));
        Assert.That(_tree.ToProcText(), Is.EqualTo("0060-0060 : keyboard\n"));
    }

    [Test]
    public void A_claim_inherits_the_type_bits_and_the_system_ram_bit_but_no_others()
    {
        var memory = new ResourceTree(new Resource(0, ulong.MaxValue, "PCI mem"));
        memory.Insert(new Resource(0x1000, 0x1fff, "System RAM",
            ResourceFlags.Mem | ResourceFlags.SysRam | ResourceFlags.Muxed | ResourceFlags.Exclusive));
        var claim = memory.Request(0x1000, 0x10, "x", ResourceFlags.None);
        Assert.That((uint)claim.Flags, Is.EqualTo(0x81000200));
        Assert.That((uint)memory.Request(0x4000, 1, "y", ResourceFlags.Exclusive).Flags, Is.EqualTo(0x88000200));
    }

    [Test]
    public void Request_region_descends_into_a_conflict_that_is_not_busy()
    {
        var bus = new Resource(0, 0xcf7, "PCI Bus 0000:00", ResourceFlags.Io);
        var bridge = new Resource(0x600, 0x63f, "0000:00:01.3", ResourceFlags.Io);
        _tree.Insert(bus);
        _tree.Insert(bridge);
        var claim = _tree.Request(0x600, 4, "ACPI PM1a_EVT_BLK");
        Assert.That(claim.Parent, Is.SameAs(bridge));
        Assert.That(_tree.ToProcText(), Is.EqualTo(
            "0000-0cf7 : PCI Bus 0000:00\n  0600-063f : 0000:00:01.3\n    0600-0603 : ACPI PM1a_EVT_BLK\n"));
    }

    [Test]
    public void A_claim_may_have_the_very_range_of_what_is_not_busy()
    {
        _tree.Insert(new Resource(0x3f8, 0x3ff, "serial", ResourceFlags.Io));
        Assert.That(_tree.Request(0x3f8, 8, "driver").Parent!.Name, Is.EqualTo("serial"));
    }

    [TestCase(0x60UL, 5UL)]
    [TestCase(0x5fUL, 2UL)]
    [TestCase(0x64UL, 1UL)]
    [TestCase(0x62UL, 1UL)]
    [TestCase(0x50UL, 0x100UL)]
    public void A_claim_that_overlaps_a_busy_one_is_refused_and_names_the_holder_and_its_range(ulong start, ulong size)
    {
        var holder = _tree.Request(0x60, 5, "keyboard");
        var error = Assert.Throws<ResourceBusyException>(() => _tree.Request(start, size, "mine"))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EBUSY));
        Assert.That(error.Holder, Is.SameAs(holder));
        Assert.That(error.Message, Does.Contain("keyboard").And.Contain("0x60-0x64").And.Contain("'mine'")
            .And.Contain($"0x{start:x}-0x{start + size - 1:x}"));
        Assert.That(_tree.All(), Is.EqualTo(new[] { holder }));
    }

    [Test]
    public void A_claim_that_crosses_the_bounds_of_what_is_not_busy_is_refused_by_it()
    {
        var bus = new Resource(0x100, 0x1ff, "bus", ResourceFlags.Io);
        _tree.Insert(bus);
        var error = Assert.Throws<ResourceBusyException>(() => _tree.Request(0x1f0, 0x20, "mine"))!;
        Assert.That(error.Holder, Is.SameAs(bus));
        Assert.That(error.Message, Does.Contain("crosses").And.Contain("0x100-0x1ff"));
        Assert.That(bus.Child, Is.Null);
    }

    [TestCase(0x100UL, 0UL)]
    [TestCase(0UL, 0UL)]
    [TestCase(0x10000UL, 1UL)]
    [TestCase(0xffffUL, 2UL)]
    [TestCase(ulong.MaxValue, 2UL)]
    [TestCase(0x100UL, ulong.MaxValue)]
    public void Zero_size_out_of_range_and_overflow_conflict_with_the_root(ulong start, ulong size)
    {
        Assert.That(_tree.TryRequest(start, size, "mine", ResourceFlags.None, out var claim, out var conflict), Is.False);
        Assert.That(claim, Is.Null);
        Assert.That(conflict, Is.SameAs(_tree.Root));
        var error = Assert.Throws<ResourceBusyException>(() => _tree.Request(start, size, "mine"))!;
        Assert.That(error.Holder, Is.SameAs(_tree.Root));
        Assert.That(error.Message, Does.Contain($"0x{start:x}").And.Contain("'mine'"));
    }

    [Test]
    public void Zero_size_at_zero_does_not_wrap_to_everything_in_a_tree_of_64_bits()
    {
        var memory = new ResourceTree(new Resource(0, ulong.MaxValue, "PCI mem"));
        Assert.That(memory.TryRequest(0, 0, "x", ResourceFlags.None, out _, out var conflict), Is.False);
        Assert.That(conflict, Is.SameAs(memory.Root));
        Assert.That(memory.Request(ulong.MaxValue, 1, "last").End, Is.EqualTo(ulong.MaxValue));
        Assert.That(memory.Release(ulong.MaxValue, 1), Is.True);
    }

    [Test]
    public void Try_request_gives_the_claim_or_the_conflict()
    {
        Assert.That(_tree.TryRequest(0x60, 1, "a", ResourceFlags.Muxed, out var claim, out var conflict), Is.True);
        Assert.That((claim!.Name, conflict), Is.EqualTo(("a", (Resource?)null)));
        // It does not wait for a muxed holder either.
        Assert.That(_tree.TryRequest(0x60, 1, "b", ResourceFlags.Muxed, out _, out conflict), Is.False);
        Assert.That(conflict, Is.SameAs(claim));
    }

    [Test]
    public void Release_region_frees_the_exact_busy_match_inside_what_is_not_busy()
    {
        var bus = new Resource(0, 0xcf7, "bus", ResourceFlags.Io);
        _tree.Insert(bus);
        var (a, b, c) = (_tree.Request(0x60, 1, "a"), _tree.Request(0x61, 1, "b"), _tree.Request(0x62, 1, "c"));
        Assert.That(_tree.Release(0x61, 1), Is.True);
        Assert.That(_tree.All(), Is.EqualTo(new[] { bus, a, c }));
        Assert.That((b.Parent, b.Sibling), Is.EqualTo(((Resource?)null, (Resource?)null)));
        Assert.That(_tree.Request(0x61, 1, "again").Name, Is.EqualTo("again"));
    }

    [TestCase(0x1000UL, 0x1000UL, "Trying to free nonexistent resource <0000000000001000-0000000000001fff>")]
    [TestCase(0x60UL, 1UL, "Trying to free nonexistent resource <0000000000000060-0000000000000060>")]
    [TestCase(0x100UL, 0x100UL, "Trying to free nonexistent resource <0000000000000100-00000000000001ff>")]
    [TestCase(0x60UL, 0UL, "Trying to free nonexistent resource <0000000000000060-000000000000005f>")]
    [TestCase(0x0UL, 0UL, "Trying to free nonexistent resource <0000000000000000-ffffffffffffffff>")]
    public void Release_region_without_an_exact_busy_match_warns_and_changes_nothing(ulong start, ulong size, string expected)
    {
        _tree.Request(0x60, 5, "held");
        _tree.Insert(new Resource(0x100, 0x1ff, "known, not claimed", ResourceFlags.Io));
        var before = _tree.ToProcText();
        var warnings = new List<string>();
        _tree.Warning += warnings.Add;
        Assert.That(_tree.Release(start, size), Is.False);
        Assert.That(warnings, Is.EqualTo(new[] { expected }));
        Assert.That(_tree.ToProcText(), Is.EqualTo(before));
    }

    [Test]
    public void A_second_release_is_a_release_of_nothing()
    {
        _tree.Request(0x60, 1, "a");
        Assert.That((_tree.Release(0x60, 1), _tree.Release(0x60, 1)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Released_claims_take_what_lies_in_them_along()
    {
        _tree.Request(0x60, 5, "outer");
        _tree.Insert(new Resource(0x60, 0x60, "inner", ResourceFlags.Io));
        Assert.That(_tree.Release(0x60, 5), Is.True);
        Assert.That(_tree.All(), Is.Empty);
    }

    [Test]
    public void Lookup_finds_the_deepest_resource_and_nothing_in_a_hole()
    {
        _tree.Insert(new Resource(0, 0xcf7, "bus", ResourceFlags.Io));
        var keyboard = _tree.Request(0x60, 1, "keyboard");
        var serial = _tree.Request(0x3f8, 8, "serial");
        Assert.That(_tree.Lookup(0x60), Is.SameAs(keyboard));
        Assert.That((_tree.Lookup(0x3f8), _tree.Lookup(0x3ff)), Is.EqualTo((serial, serial)));
        Assert.That((_tree.Lookup(0x61)!.Name, _tree.Lookup(0)!.Name, _tree.Lookup(0xcf7)!.Name), Is.EqualTo(("bus", "bus", "bus")));
        Assert.That((_tree.Lookup(0xcf8), _tree.Lookup(ulong.MaxValue)), Is.EqualTo(((Resource?)null, (Resource?)null)));
    }

    [Test]
    public void A_listing_is_a_snapshot()
    {
        var a = _tree.Request(0x60, 1, "a");
        var all = _tree.All();
        _tree.Request(0x70, 1, "b");
        Assert.That(all, Is.EqualTo(new[] { a }));
    }

    [Test]
    public void A_root_stands_alone_and_a_name_is_needed()
    {
        var inside = _tree.Request(0x60, 1, "a");
        Assert.Throws<ArgumentException>(() => _ = new ResourceTree(inside));
        Assert.Throws<ArgumentNullException>(() => _ = new ResourceTree(null!));
        Assert.Throws<ArgumentNullException>(() => _tree.Request(0, 1, null!));
        Assert.Throws<ArgumentNullException>(() => _tree.TryRequest(0, 1, null!, ResourceFlags.None, out _, out _));
    }
}
