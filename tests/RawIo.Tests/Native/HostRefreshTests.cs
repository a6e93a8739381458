using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The kernel's side of the tree changes under the claims of this process: drivers come, go, and cross them.</summary>
public class HostRefreshTests
{
    private const string Gpio = "3f200000-3f2000b3 : 3f200000.gpio\n";
    private HostFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new(Gpio);

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_claim_that_a_newcomer_crosses_is_out_of_the_tree_and_still_cannot_be_claimed_twice()
    {
        using var hw = _folder.Open();
        using var forced = _folder.Open(force: true);
        var mine = hw.RequestMemRegion(0x3f300000, 0x100, "mine");
        _folder.Write("/proc/iomem", "3f300080-3f30017f : newcomer\n");
        foreach (var machine in new[] { hw, forced })
        {
            var refused = Assert.Throws<ResourceBusyException>(() => machine.RequestMemRegion(0x3f300000, 0x10, "second"))!;
            Assert.That(refused.Message, Does.Contain("'mine' holds 0x3f300000-0x3f3000ff"));
            Assert.That(refused.Holder, Is.SameAs(mine.Resource));
        }
        mine.Dispose();
        hw.RequestMemRegion(0x3f300000, 0x10, "second").Dispose();
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo("3f300080-3f30017f : newcomer\n"));
    }

    [Test]
    public void Force_takes_a_range_that_crosses_a_driver_s_too()
    {
        using var hw = _folder.Open(force: true);
        var region = hw.RequestMemRegion(0x3f200080, 0x100, "across");
        Assert.That(_folder.Warnings.Single(), Does.Contain("'across' takes 0x3f200080-0x3f20017f by force from '3f200000.gpio'"));
        Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f200100, 4, "second"));
        _folder.Write("/proc/iomem", "");
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo("3f200080-3f20017f : across\n"), "once the driver is gone it has its place");
        region.Dispose();
        Assert.That(hw.Memory.ToProcText(), Is.Empty);
    }

    [Test]
    public void A_claim_of_a_whole_device_stays_inside_it_and_one_by_force_around_it()
    {
        const string Devices = "fea00000-feafffff : 0000:00:04.0\n", More = "feb00000-feb0ffff : 0000:00:05.0\n";
        _folder.Write("/proc/iomem", Gpio + Devices);
        using var hw = _folder.Open(force: true);
        using var whole = hw.RequestMemRegion(0xfea00000, 0x100000, "mine");
        using var gpio = hw.RequestMemRegion(0x3f200000, 0xb4, "blink");
        const string Both = "3f200000-3f2000b3 : blink\n  3f200000-3f2000b3 : 3f200000.gpio\nfea00000-feafffff : 0000:00:04.0\n  fea00000-feafffff : mine\n";
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo(Both));
        _folder.Write("/proc/iomem", Gpio + Devices + More);
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo(Both + More));
    }

    [Test]
    public void What_a_caller_put_into_the_tree_himself_does_not_keep_it_from_being_brought_up_to_date()
    {
        using var hw = _folder.Open();
        using var mine = hw.RequestMemRegion(0x3f400000, 0x100, "mine");
        hw.Memory.Insert(new(0x3f300000, 0x3f3000ff, "his own"));
        _folder.Write("/proc/iomem", "3f300080-3f30017f : newcomer\n3f500000-3f50000f : another\n");
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo("3f300000-3f3000ff : his own\n3f400000-3f4000ff : mine\n3f500000-3f50000f : another\n"));
        Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f500000, 4, "x"));
    }

    [Test]
    public void A_text_that_cannot_be_read_loses_no_claim()
    {
        using var hw = _folder.Open();
        var mine = hw.RequestMemRegion(0x3f400000, 0x100, "mine");
        _folder.Write("/proc/iomem", Gpio + "no such line\n");
        Assert.Throws<MalformedInputException>(() => hw.RequestMemRegion(0x3f500000, 4, "x"));
        _folder.Write("/proc/iomem", "");
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo("3f400000-3f4000ff : mine\n"));
        _folder.Write("/proc/iomem", "no such line\n");
        Assert.DoesNotThrow(mine.Dispose);
        _folder.Write("/proc/iomem", "");
        Assert.That(hw.Memory.ToProcText(), Is.Empty);
    }

    [Test]
    public void A_listener_to_warnings_that_throws_leaves_no_claim_behind()
    {
        using var hw = HostMachine.Open(new() { Root = _folder.Folder, Force = true, Warn = static warning => throw new NotSupportedException(warning) });
        Assert.Throws<NotSupportedException>(() => hw.RequestMemRegion(0x3f200000, 0xb4, "blink"));
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo(Gpio));
        using var calm = _folder.Open(force: true);
        Assert.DoesNotThrow(() => calm.RequestMemRegion(0x3f200000, 0xb4, "blink").Dispose());
    }
}
