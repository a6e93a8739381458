using RawIo.Sim;

namespace RawIo.Tests;

public class SpiFlashTests
{
    private ManualTime _time = null!;
    private SpiBus _bus = null!;
    private SpiFlash _flash = null!;

    [SetUp]
    public void Plug()
    {
        _time = new ManualTime();
        _bus = new SpiBus("spi0", 1, _time);
        _flash = new SpiFlash();
        _bus.Plug(0, _flash);
    }

    private byte[] Transfer(int read, params byte[] data)
    {
        _bus.Drive(0, false);
        foreach (var value in data) _bus.Transfer(value, 8);
        var answer = new byte[read];
        for (var i = 0; i < read; i++) answer[i] = (byte)_bus.Transfer(0, 8);
        _bus.Drive(0, true);
        return answer;
    }

    private void Command(params byte[] data) => Transfer(0, data);

    private byte Status => Transfer(1, 0x05)[0];

    private void Enable() => Command(0x06);

    [TestCase("w25q16", 0x15, 2)]
    [TestCase("w25q32", 0x16, 4)]
    [TestCase("w25q64", 0x17, 8)]
    [TestCase("w25q128", 0x18, 16)]
    public void The_ids_tell_the_maker_and_the_size(string name, byte capacity, int megabytes)
    {
        _bus.Unplug(0);
        var flash = (SpiFlash)PartCatalog.Create(name);
        _bus.Plug(0, flash);
        Assert.That(Transfer(4, 0x9f), Is.EqualTo(new byte[] { 0xef, 0x40, capacity, 0 }));
        Assert.That(Transfer(4, 0x90, 0, 0, 0), Is.EqualTo(new byte[] { 0xef, (byte)(capacity - 1), 0xef, (byte)(capacity - 1) }));
        Assert.That(Transfer(2, 0x90, 0, 0, 1), Is.EqualTo(new byte[] { (byte)(capacity - 1), 0xef }));
        Assert.That(Transfer(1, 0xab, 0, 0, 0)[0], Is.EqualTo(capacity - 1));
        Assert.That(flash.Size, Is.EqualTo(megabytes << 20));
        Assert.That(Transfer(8, 0x4b, 0, 0, 0, 0), Is.All.GreaterThan(0));
    }

    [Test]
    public void A_program_needs_a_write_enable_takes_its_time_and_only_clears_bits()
    {
        Command(0x02, 0, 1, 0, 0x0f);
        Assert.That((Status, _flash[0x100]), Is.EqualTo(((byte)0, (byte)0xff)));
        Enable();
        Assert.That(Status, Is.EqualTo(2));
        Command(0x02, 0, 1, 0, 0x0f, 0x33);
        Assert.That((Status, _flash.IsBusy), Is.EqualTo(((byte)3, true)));
        Assert.That((Transfer(2, 0x9f), Transfer(1, 0x03, 0, 1, 0)), Is.EqualTo((new byte[2], new byte[1])), "busy, it answers nothing but its status");
        _time.Advance(399_999);
        Assert.That(Status, Is.EqualTo(3));
        _time.Advance(1);
        Assert.That((Status, Transfer(3, 0x03, 0, 1, 0)), Is.EqualTo(((byte)0, new byte[] { 0x0f, 0x33, 0xff })));
        Enable();
        Command(0x02, 0, 1, 0, 0xf1);
        _time.AdvanceMilliseconds(1);
        Assert.That(_flash[0x100], Is.EqualTo(0x01));
    }

    [Test]
    public void A_program_wraps_within_its_page_and_of_more_than_a_page_the_last_bytes_count()
    {
        Enable();
        Command([0x02, 0, 2, 0xfe, .. Enumerable.Range(0, 260).Select(i => (byte)(i < 4 ? 0 : i - 4))]);
        _time.AdvanceMilliseconds(1);
        Assert.That((_flash[0x2fe], _flash[0x2ff], _flash[0x200], _flash[0x201]), Is.EqualTo(((byte)252, (byte)253, (byte)254, (byte)255)));
        Assert.That((_flash[0x202], _flash[0x300], _flash[0x1ff]), Is.EqualTo(((byte)0, (byte)0xff, (byte)0xff)));
    }

    [TestCase(0x20, 0x1000, 45)]
    [TestCase(0x52, 0x8000, 120)]
    [TestCase(0xd8, 0x10000, 150)]
    [TestCase(0xc7, 0x400000, 10_000)]
    [TestCase(0x60, 0x400000, 10_000)]
    public void An_erase_sets_its_block_and_no_other(byte command, int length, int milliseconds)
    {
        var address = 0x2_3456;
        var start = address & ~(length - 1);
        foreach (var at in new[] { start, start + length - 1, address }) _flash[at] = 0;
        if (start > 0) _flash[start - 1] = 0;
        if (start + length < _flash.Size) _flash[start + length] = 0;
        byte[] bytes = length == 0x40_0000 ? [command] : [command, 2, 0x34, 0x56];
        Command(bytes);
        Assert.That(_flash[start], Is.Zero, "no write enable");
        Enable();
        Command([.. bytes, 0]);
        Assert.That(_flash[start], Is.Zero, "a byte too many");
        Command(bytes);
        _time.AdvanceMilliseconds(milliseconds);
        _time.Advance(-1);
        Assert.That(Status, Is.EqualTo(3));
        _time.Advance(1);
        Assert.That((Status, _flash[start], _flash[start + length - 1], _flash[address]), Is.EqualTo(((byte)0, (byte)0xff, (byte)0xff, (byte)0xff)));
        if (start > 0) Assert.That(_flash[start - 1], Is.Zero);
        if (start + length < _flash.Size) Assert.That(_flash[start + length], Is.Zero);
    }

    [Test]
    public void A_read_rolls_over_and_the_fast_one_has_a_dummy_byte()
    {
        (_flash[0x3f_ffff], _flash[0], _flash[1]) = (1, 2, 3);
        Assert.That(Transfer(3, 0x03, 0x3f, 0xff, 0xff), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Transfer(3, 0x0b, 0xff, 0xff, 0xff, 0), Is.EqualTo(new byte[] { 1, 2, 3 }), "the upper bits do not count");
    }

    [Test]
    public void A_command_that_breaks_off_within_a_byte_is_not_executed()
    {
        _bus.Drive(0, false);
        _bus.Transfer(0x06, 8);
        _bus.Transfer(0, 3);
        _bus.Drive(0, true);
        Assert.That(Status, Is.Zero);
        _bus.Drive(0, false);
        _bus.Drive(0, true);
        Enable();
        Command(0x04);
        Assert.That(Status, Is.Zero, "write disable");
    }

    [Test]
    public void In_the_wrong_mode_it_hears_other_commands()
    {
        _bus.Mode = 1;
        Assert.That(Transfer(3, 0x9f), Is.Not.EqualTo(new byte[] { 0xef, 0x40, 0x16 }));
        _bus.Mode = 3;
        Assert.That(Transfer(3, 0x9f), Is.EqualTo(new byte[] { 0xef, 0x40, 0x16 }));
    }

    [Test]
    public void Block_protection_guards_the_top_the_bottom_or_all_but_them()
    {
        void Protect(byte status1, byte status2 = 0)
        {
            Enable();
            Command(0x01, status1, status2);
            _time.AdvanceMilliseconds(10);
        }

        bool Programs(int address)
        {
            _flash[address] = 0xff;
            Enable();
            Command(0x02, (byte)(address >> 16), (byte)(address >> 8), (byte)address, 0);
            var refused = Status;
            _time.AdvanceMilliseconds(1);
            Assert.That(refused & 3, Is.EqualTo(_flash[address] == 0 ? 3 : 0), "what is refused takes no time");
            return _flash[address] == 0;
        }

        Protect(0x04);
        Assert.That((Status, Programs(0x3e_ffff), Programs(0x3f_0000)), Is.EqualTo(((byte)4, true, false)));
        Protect(0x24);
        Assert.That((Programs(0x0_ffff), Programs(0x1_0000)), Is.EqualTo((false, true)));
        Protect(0x44);
        Assert.That((Programs(0x3f_efff), Programs(0x3f_f000)), Is.EqualTo((true, false)));
        Protect(0x24, 0x40);
        Assert.That((Programs(0x0_ffff), Programs(0x1_0000)), Is.EqualTo((true, false)));
        Enable();
        Command(0x20, 2, 0, 0);
        Assert.That(Status & 3, Is.Zero);
        Protect(0x1c);
        Assert.That(Programs(0x12345), Is.False);
        Enable();
        Command(0xc7);
        Assert.That(Status & 1, Is.Zero);
        Protect(0x00);
        Assert.That(Programs(0x12345), Is.True);
    }

    [Test]
    public void The_status_registers_are_three_and_the_pin_guards_them()
    {
        Command(0x01, 0x04);
        Assert.That(Status, Is.Zero, "no write enable");
        Enable();
        Command(0x31, 0x02);
        Assert.That(Status, Is.EqualTo(3));
        _time.AdvanceMilliseconds(10);
        Assert.That((Transfer(1, 0x35)[0], Transfer(1, 0x15)[0]), Is.EqualTo(((byte)2, (byte)0)));
        Enable();
        Command(0x11, 0x60);
        _time.AdvanceMilliseconds(10);
        Assert.That(Transfer(1, 0x15)[0], Is.EqualTo(0x60));
        Command(0x50);
        Command(0x01, 0x80);
        Assert.That(Status, Is.EqualTo(0x80), "volatile, at once");
        Assert.That(Transfer(1, 0x35)[0], Is.EqualTo(2), "one byte leaves the second register");
        _flash.WriteProtectPin = false;
        Enable();
        Command(0x01, 0x00);
        Assert.That(Status, Is.EqualTo(0x82));
        _flash.WriteProtectPin = true;
        Command(0x01, 0x00);
        _time.AdvanceMilliseconds(10);
        Assert.That(Status, Is.Zero);
    }

    [Test]
    public void In_deep_power_down_it_answers_only_to_its_release()
    {
        Command(0xb9);
        Assert.That(Transfer(3, 0x9f), Is.EqualTo(new byte[3]));
        Enable();
        Assert.That(Transfer(1, 0xab, 0, 0, 0)[0], Is.EqualTo(0x15));
        Assert.That((Transfer(3, 0x9f), Status), Is.EqualTo((new byte[] { 0xef, 0x40, 0x16 }, (byte)0)));
    }

    [Test]
    public void A_reset_needs_its_enable_right_before()
    {
        Enable();
        Command(0x99);
        Assert.That(Status, Is.EqualTo(2));
        Command(0x66);
        Command(0x9f);
        Command(0x99);
        Assert.That(Status, Is.EqualTo(2));
        Command(0x66);
        Command(0x99);
        Assert.That(Status, Is.Zero);
    }

    [Test]
    public void A_snapshot_shares_its_sectors_and_keeps_them()
    {
        _flash[0x1234] = 0x55;
        Enable();
        Command(0x20, 0, 0x10, 0);
        var busy = _flash.Save();
        _time.AdvanceMilliseconds(50);
        _flash[0x1234] = 0x44;
        var saved = _flash.Save();
        _flash[0x1234] = 0;
        _flash[0x5000] = 0;
        for (var round = 0; round < 2; round++)
        {
            _flash.Restore(saved);
            Assert.That((_flash[0x1234], _flash[0x5000], Status), Is.EqualTo(((byte)0x44, (byte)0xff, (byte)0)));
            _flash[0x1234] = 1;
        }
        _flash.Restore(busy);
        Assert.That(_flash[0x1234], Is.EqualTo(0xff));
        Assert.That(() => new SpiFlash("x", 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SpiFlash("x", 256), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _flash[0x40_0000], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _flash[-1] = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
