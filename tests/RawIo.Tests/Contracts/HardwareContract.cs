namespace RawIo.Tests;

/// <summary>What every machine does with claims and mappings. One small subclass a backend.</summary>
public abstract class HardwareContract
{
    private IHardware _hw = null!;

    /// <summary>A fresh machine.</summary>
    protected abstract IHardware MakeHardware();

    /// <summary>Where there is a device of at least 0x40 bytes that nobody claimed, and whose first 32 bits may be read.</summary>
    protected abstract ulong DeviceAddress { get; }

    /// <summary>Four ports that may be claimed; null on a machine without ports.</summary>
    protected abstract int? Ports { get; }

    [SetUp]
    public void Make() => _hw = MakeHardware();

    [TearDown]
    public void End() => (_hw as IDisposable)?.Dispose();

    [Test]
    public void It_has_a_name_a_clock_and_trees()
    {
        Assert.That(_hw.Name, Is.Not.Empty);
        Assert.That(_hw.Time.GetTimestamp(), Is.Not.Negative);
        Assert.That(_hw.Memory.Root.Start, Is.Zero);
        Assert.That(_hw.Ports.Root.End, Is.EqualTo(0xffff));
    }

    [Test]
    public void A_claim_shows_in_the_tree_and_refuses_the_next_naming_the_holder()
    {
        using var region = _hw.RequestMemRegion(DeviceAddress, 0x40, "first");
        Assert.That(region.Resource.Name, Is.EqualTo("first"));
        Assert.That(region.Resource.Start, Is.EqualTo(DeviceAddress));
        Assert.That(region.Resource.Size, Is.EqualTo(0x40));
        Assert.That(region.Resource.Flags.HasFlag(ResourceFlags.Busy), Is.True);
        Assert.That(_hw.Memory.Lookup(DeviceAddress)!.Name, Is.EqualTo("first"));
        var error = Assert.Throws<ResourceBusyException>(() => _hw.RequestMemRegion(DeviceAddress + 0x3c, 8, "second"));
        Assert.That(error!.Holder, Is.SameAs(region.Resource));
        Assert.That(error.Errno, Is.EqualTo(Errno.EBUSY));
        Assert.That(error.Message, Does.Contain("first").And.Contain($"{DeviceAddress:x}"));
    }

    [Test]
    public void A_claim_given_back_can_be_claimed_again()
    {
        for (var i = 0; i < 3; i++)
        {
            var region = _hw.RequestMemRegion(DeviceAddress, 0x40, $"claim {i}");
            region.Dispose();
            Assert.DoesNotThrow(region.Dispose);
            Assert.That(_hw.Memory.Lookup(DeviceAddress)?.Name, Is.Not.EqualTo($"claim {i}"));
        }
    }

    [Test]
    public void Disposing_the_region_unmaps_before_it_releases()
    {
        var region = _hw.RequestMemRegion(DeviceAddress, 0x40, "driver");
        var (one, two) = (region.Map(), region.Map());
        Assert.That(one.PhysicalAddress, Is.EqualTo(DeviceAddress));
        Assert.That(one.Length, Is.EqualTo(0x40));
        _ = one.Read32(0);
        one.Dispose();
        _ = two.Read32(0);
        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => two.Read32(0));
        Assert.Throws<ObjectDisposedException>(() => region.Map());
        Assert.DoesNotThrow(two.Dispose);
        _hw.RequestMemRegion(DeviceAddress, 0x40, "next").Dispose();
    }

    [Test]
    public void A_mapping_without_a_claim_is_a_look_and_stops_nobody()
    {
        using var look = _hw.IoRemap(DeviceAddress, 4);
        using var region = _hw.RequestMemRegion(DeviceAddress, 0x40, "driver");
        using var map = region.Map();
        Assert.That(look.Read32(0), Is.EqualTo(map.Read32(0)));
    }

    [Test]
    public void Ranges_outside_the_address_space_are_refused()
    {
        foreach (var (start, length) in new[] { (DeviceAddress, 0L), (DeviceAddress, -1), (DeviceAddress, long.MinValue), (DeviceAddress, long.MaxValue), (ulong.MaxValue, 1), (ulong.MaxValue, 2) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => _hw.IoRemap(start, length), $"{length} at {start:x}");
            Assert.Throws<ArgumentOutOfRangeException>(() => _hw.RequestMemRegion(start, length, "x"), $"{length} at {start:x}");
        }
    }

    [Test]
    public void Ports_are_claimed_used_and_given_back()
    {
        if (Ports is not { } first)
        {
            foreach (var attempt in new Action[] { () => _hw.OpenPorts(0x60, 1), () => _hw.RequestRegion(0x60, 1, "x") })
            {
                var none = Assert.Throws<RawIoException>(attempt)!;
                Assert.That(none.Errno, Is.EqualTo(Errno.ENXIO));
                Assert.That(none.Message, Does.Contain(_hw.Name));
            }
            return;
        }
        var region = _hw.RequestRegion(first, 4, "ports");
        var io = region.Ports;
        _ = io.In8(first);
        Assert.Throws<ArgumentOutOfRangeException>(() => io.In8(first + 4));
        Assert.That(_hw.Ports.Lookup((ulong)first)!.Name, Is.EqualTo("ports"));
        var error = Assert.Throws<ResourceBusyException>(() => _hw.RequestRegion(first + 3, 1, "second"));
        Assert.That(error!.Holder.Name, Is.EqualTo("ports"));
        region.Dispose();
        Assert.DoesNotThrow(region.Dispose);
        Assert.Throws<ObjectDisposedException>(() => io.In8(first));
        _hw.RequestRegion(first, 4, "again").Dispose();
    }
}
