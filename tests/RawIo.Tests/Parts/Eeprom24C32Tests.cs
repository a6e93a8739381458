using RawIo.Sim;

namespace RawIo.Tests;

public class Eeprom24C32Tests
{
    private ManualTime _time = null!;
    private I2cBus _bus = null!;
    private Eeprom24C32 _eeprom = null!;

    [SetUp]
    public void Plug()
    {
        _time = new ManualTime();
        _bus = new I2cBus("i2c1", _time);
        _eeprom = new Eeprom24C32();
        _bus.Plug(0x50, _eeprom);
    }

    private bool Write(int address, params byte[] data)
    {
        if (!_bus.Start(0x50, isRead: false))
        {
            _bus.Stop();
            return false;
        }
        Assert.That(_bus.Write((byte)(address >> 8)) && _bus.Write((byte)address), Is.True);
        foreach (var value in data) Assert.That(_bus.Write(value), Is.True);
        _bus.Stop();
        return true;
    }

    private byte[] Read(int count)
    {
        Assert.That(_bus.Start(0x50, isRead: true), Is.True);
        var data = new byte[count];
        for (var i = 0; i < count; i++) data[i] = _bus.Read(acknowledge: i < count - 1);
        _bus.Stop();
        return data;
    }

    private byte[] ReadAt(int address, int count)
    {
        Assert.That(_bus.Start(0x50, isRead: false), Is.True);
        _bus.Write((byte)(address >> 8));
        _bus.Write((byte)address);
        return Read(count);
    }

    [Test]
    public void What_is_written_is_read_back_after_the_write_cycle_in_which_it_does_not_answer()
    {
        Assert.That(Write(0x123, 1, 2, 3), Is.True);
        Assert.That((_eeprom.IsBusy, Write(0, 9)), Is.EqualTo((true, false)));
        _time.Advance(4_999_999);
        Assert.That(_bus.Start(0x50, isRead: true), Is.False);
        _bus.Stop();
        _time.Advance(1);
        Assert.That(ReadAt(0x123, 4), Is.EqualTo(new byte[] { 1, 2, 3, 0xff }));
    }

    [Test]
    public void A_page_write_wraps_within_its_page_and_the_last_bytes_win()
    {
        Write(0x3e, [.. Enumerable.Range(1, 36).Select(i => (byte)i)]);
        _time.AdvanceMilliseconds(5);
        var page = ReadAt(0x20, 32);
        Assert.That(page[30], Is.EqualTo(33), "written twice");
        Assert.That(page[31], Is.EqualTo(34));
        Assert.That(page[..2], Is.EqualTo(new byte[] { 35, 36 }));
        Assert.That(page[2..30], Is.EqualTo(Enumerable.Range(5, 28)));
        Assert.That((_eeprom[0x1f], _eeprom[0x40]), Is.EqualTo(((byte)0xff, (byte)0xff)), "the neighbours are whole");
    }

    [Test]
    public void A_read_without_an_address_goes_on_and_rolls_over_at_the_end()
    {
        for (var i = 0; i < 4; i++) (_eeprom[4094 + i & 0xfff], _) = ((byte)(0xa0 + i), i);
        Assert.That(ReadAt(0xffe, 1), Is.EqualTo(new byte[] { 0xa0 }));
        Assert.That(Read(3), Is.EqualTo(new byte[] { 0xa1, 0xa2, 0xa3 }));
        Assert.That(ReadAt(0xfffe, 1), Is.EqualTo(new byte[] { 0xa0 }), "the upper four bits are don't care");
    }

    [Test]
    public void After_a_write_the_address_is_the_one_after_the_last_byte()
    {
        _eeprom[2] = 0x42;
        Write(0, 7, 8);
        _time.AdvanceMilliseconds(5);
        Assert.That(Read(1), Is.EqualTo(new byte[] { 0x42 }));
    }

    [Test]
    public void A_repeated_start_instead_of_a_stop_drops_the_data()
    {
        _bus.Start(0x50, false);
        foreach (var value in new byte[] { 0, 0, 1 }) _bus.Write(value);
        Assert.That(Read(1), Is.EqualTo(new byte[] { 0xff }));
        Assert.That((_eeprom[0], _eeprom.IsBusy), Is.EqualTo(((byte)0xff, false)));

        var other = new Eeprom24C32();
        _bus.Plug(0x51, other);
        _bus.Start(0x50, false);
        foreach (var value in new byte[] { 0, 0, 1 }) _bus.Write(value);
        _bus.Start(0x51, false);
        _bus.Stop();
        Assert.That((_eeprom[0], _eeprom.IsBusy, other.IsBusy), Is.EqualTo(((byte)0xff, false, false)), "also with another part");
    }

    [Test]
    public void An_address_alone_or_half_of_one_writes_nothing()
    {
        Write(0x10);
        Assert.That(_eeprom.IsBusy, Is.False);
        _bus.Start(0x50, false);
        _bus.Write(0);
        _bus.Stop();
        Assert.That(_eeprom.IsBusy, Is.False);
    }

    [Test]
    public void Write_protected_it_takes_data_and_writes_none()
    {
        _eeprom.WriteProtect = true;
        Assert.That(Write(0, 1), Is.True);
        Assert.That((_eeprom.IsBusy, _eeprom[0]), Is.EqualTo((false, (byte)0xff)));
        _eeprom.WriteProtect = false;
        Write(0, 1);
        Assert.That(_eeprom[0], Is.EqualTo(1));
    }

    [Test]
    public void Its_cycle_its_contents_and_a_snapshot()
    {
        _eeprom.WriteCycle = TimeSpan.Zero;
        Write(0, 1);
        Assert.That(_eeprom.IsBusy, Is.False);
        Assert.That(() => _eeprom.WriteCycle = TimeSpan.FromSeconds(2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _eeprom[4096], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _eeprom[-1] = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        var saved = _eeprom.Save();
        Write(0, 2);
        _eeprom.Restore(saved);
        Assert.That((_eeprom[0], Read(1)[0]), Is.EqualTo(((byte)1, (byte)0xff)));
    }
}
