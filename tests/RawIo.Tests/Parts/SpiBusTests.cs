using RawIo.Sim;

namespace RawIo.Tests;

public class SpiBusTests
{
    [Test]
    public void Each_chip_select_has_one_part_and_only_an_edge_selects_it()
    {
        var bus = new SpiBus("spi0", 2, new ManualTime());
        var scope = new SpiScope();
        bus.Drive(1, false);
        bus.Plug(1, scope);
        bus.Transfer(0xff, 8);
        Assert.That(scope.Log, Is.Empty);
        bus.Drive(1, true);
        bus.Drive(1, false);
        bus.Drive(1, false);
        bus.Transfer(0x1ff, 8);
        bus.Drive(1, true);
        Assert.That(scope.Log, Does.EndWith("[ff]"));
        Assert.That(() => bus.Plug(1, new SpiLoopback()), Throws.ArgumentException.With.Message.Contains("scope"));
        Assert.That(() => bus.Plug(0, scope), Throws.ArgumentException.With.Message.Contains("plugged in already"));
        Assert.That(() => bus.Plug(2, new SpiLoopback()), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1"));
        Assert.That(() => bus.Drive(-1, true), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => bus.Mode = 4, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => bus.Transfer(0, 33), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That((bus.PartAt(0), bus.PartAt(1), bus.ChipSelects, bus.Name), Is.EqualTo(((SpiPart?)null, scope, 2, "spi0")));
        bus.Unplug(1);
        bus.Unplug(1);
        Assert.That(bus.PartAt(1), Is.Null);
    }

    [Test]
    public void Nobody_answers_0_and_of_two_that_are_selected_high_wins()
    {
        var bus = new SpiBus("spi0", 2, new ManualTime());
        Assert.That(bus.Transfer(0xff, 8), Is.Zero);
        bus.Plug(0, new SpiScope { Answer = 0x0f });
        bus.Plug(1, new SpiScope { Answer = 0x11 });
        bus.Drive(0, false);
        bus.Drive(1, false);
        Assert.That(bus.Transfer(0, 8), Is.EqualTo(0x1fu));
        Assert.That(bus.Transfer(0xdead_beef, 32) >> 24, Is.EqualTo(0x1fu));
    }

    [Test]
    public void A_loopback_answers_in_every_mode_and_is_as_long_as_a_word()
    {
        var bus = new SpiBus("spi0", 1, new ManualTime());
        bus.Plug(0, new SpiLoopback());
        bus.Drive(0, false);
        for (var mode = 0; mode < 4; mode++)
        {
            bus.Mode = mode;
            Assert.That((bus.Transfer(0x1234_5678, 32), bus.Transfer(0x5a, 7), bus.Transfer(1, 0)), Is.EqualTo((0x1234_5678u, 0x5au, 0u)));
        }
    }
}
