using RawIo.Sim;

namespace RawIo.Tests;

public class I2cBusTests
{
    [Test]
    public void Addresses_are_0x03_to_0x77_and_each_has_one_part()
    {
        var bus = new I2cBus("i2c1", new ManualTime());
        var part = new Eeprom24C32();
        Assert.That(() => bus.Plug(0x02, part), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0x03"));
        Assert.That(() => bus.Plug(0x78, part), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(part.IsPlugged, Is.False);
        bus.Plug(0x77, part);
        Assert.That(() => bus.Plug(0x77, new Tmp105()), Throws.ArgumentException.With.Message.Contains("24C32").And.Message.Contains("0x77"));
        Assert.That(() => bus.Plug(0x03, part), Throws.ArgumentException.With.Message.Contains("plugged in already"));
        Assert.That((bus.Name, bus.Parts.Count, bus.Parts[0x77]), Is.EqualTo(("i2c1", 1, part)));
        bus.Unplug(0x77);
        bus.Unplug(0x77);
        Assert.That((bus.Parts.Count, part.IsPlugged), Is.EqualTo((0, false)));
        new I2cBus("i2c0", new ManualTime()).Plug(0x50, part);
    }

    [Test]
    public void A_bus_without_parts_acknowledges_nothing_and_reads_ones()
    {
        var bus = new I2cBus("i2c1", new ManualTime());
        Assert.That((bus.Start(0x50, false), bus.Write(1), bus.IsBusy), Is.EqualTo((false, false, true)));
        bus.Stop();
        Assert.That((bus.Start(0x50, true), bus.Read(true), bus.TakeStretch()), Is.EqualTo((false, (byte)0xff, 0L)));
        bus.Stop();
        bus.Stop();
        Assert.That(bus.IsBusy, Is.False);
        Assert.That(() => bus.Start(0x80, false), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => bus.Start(-1, false), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Bytes_against_the_direction_reach_nobody_and_a_part_lets_go_after_no_acknowledge()
    {
        var bus = new I2cBus("i2c1", new ManualTime());
        var part = new Eeprom24C32 { [0] = 0x11, [1] = 0x22 };
        bus.Plug(0x50, part);
        bus.Start(0x50, true);
        Assert.That((bus.Write(1), bus.Read(false), bus.Read(true)), Is.EqualTo((false, (byte)0x11, (byte)0xff)));
        bus.Start(0x50, false);
        Assert.That(bus.Read(true), Is.EqualTo(0xff));
    }

    [Test]
    public void Without_a_start_nothing_happens()
    {
        var bus = new I2cBus("i2c1", new ManualTime());
        bus.Plug(0x50, new Eeprom24C32());
        Assert.That((bus.Write(1), bus.Read(true)), Is.EqualTo((false, (byte)0xff)));
    }
}
