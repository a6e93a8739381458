using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835MailboxModelTests
{
    private const uint Full = 0x8000_0000, Empty = 0x4000_0000;

    private ManualTime _time = null!;
    private BenchBus _bus = null!;
    private Bcm2835MailboxModel _mailbox = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _bus = new BenchBus(4 << 20);
        _mailbox = new Bcm2835MailboxModel(_time, new VideoCoreFirmware(_bus, new BoardFacts { ArmMemory = 1 << 20, VideoCoreMemory = 3 << 20, VisibleMemory = 3 << 20 }));
    }

    private uint Read(int offset) => (uint)_mailbox.Read(offset, 4);

    private void Write(int offset, uint value) => _mailbox.Write(offset, 4, value);

    /// <summary>Sends a message of tags at 0x1000: what comes back of the whole, and the code of the whole.</summary>
    private uint[] Send(params uint[] tags)
    {
        _bus.Put(0x1000, [(uint)(12 + 4 * tags.Length), 0, .. tags, 0]);
        Write(0x20, 0xc000_1008);
        _time.AdvanceMicroseconds(10);
        Assert.That((Read(0x18), Read(0x10), Read(0x00), Read(0x18)), Is.EqualTo((1u, 0xc000_1008u, 0xc000_1008u, Empty)));
        return _bus.Get(0x1004, tags.Length + 1);
    }

    /// <summary>Sends one tag with a value buffer of the words; its value afterwards.</summary>
    private uint[] Ask(uint tag, int length, params uint[] value)
    {
        var answer = Send([tag, 4 * (uint)value.Length, 0, .. value]);
        Assert.That((answer[0], answer[3]), Is.EqualTo((0x8000_0000u, 0x8000_0000u | (uint)length)), $"{tag:x8}");
        return answer[4..];
    }

    [Test]
    public void At_power_on_both_are_empty()
    {
        Assert.That((Read(0x18), Read(0x38), Read(0x1c), Read(0x3c), Read(0x10), Read(0x14)), Is.EqualTo((Empty, Empty, 0u, 0u, 0xfu, 0u)));
        Assert.That((_mailbox.Name, _mailbox.Compatible[0], _mailbox.LeavesOut.Length > 0, _mailbox.InterruptLines.Count),
            Is.EqualTo(("BCM2835 mailboxes", "brcm,bcm2835-mbox", true, 1)));
        Assert.That(Read(0x00), Is.EqualTo(0xfu));
        Assert.That(Read(0x1c), Is.EqualTo(0x400u), "read of an empty mailbox");
        Write(0x1c, 0);
        Assert.That(Read(0x1c), Is.Zero);
    }

    [Test]
    public void An_answer_takes_time_and_raises_the_interrupt_while_it_waits_to_be_read()
    {
        _bus.Put(0x1000, 28, 0, 0x0001_0002, 4, 0, 0, 0);
        Write(0x1c, 1);
        Write(0x20, 0x1008);
        _time.Advance(9_999);
        Assert.That((Read(0x18), Read(0x38), _bus[0x1004], _mailbox.InterruptLines[0].Level), Is.EqualTo((Empty, 1u, 0u, false)));
        _time.Advance(1);
        Assert.That((Read(0x18), Read(0x38), _bus[0x1004], _mailbox.InterruptLines[0].Level), Is.EqualTo((1u, Empty, 0x8000_0000u, true)));
        Assert.That(Read(0x1c), Is.EqualTo(0x11u));
        Assert.That(Read(0x0c), Is.EqualTo(0x1008u), "the address is decoded four times");
        Assert.That((Read(0x1c), _mailbox.InterruptLines[0].Level, _time.ArmedTimers), Is.EqualTo((1u, false, 0)));
    }

    [Test]
    public void Eight_wait_on_each_side_and_a_ninth_is_lost()
    {
        for (var i = 0u; i < 9; i++) Write(0x20 + 4 * (int)(i & 3), i << 4 | 8); // size 0: refused, and answered all the same
        Assert.That((Read(0x38), Read(0x3c)), Is.EqualTo((8 | Full, 0x200u)));
        Write(0x3c, 0);
        Assert.That(Read(0x3c), Is.Zero);
        _time.AdvanceMicroseconds(80);
        Assert.That((Read(0x18), Read(0x38)), Is.EqualTo((8 | Full, Empty)));
        for (var i = 16u; i < 18; i++) Write(0x20, i << 4 | 8);
        _time.AdvanceMicroseconds(80);
        Assert.That(Read(0x38), Is.EqualTo(2u), "the firmware waits for room");
        for (var i = 0u; i < 8; i++) Assert.That(Read(0x00), Is.EqualTo(i << 4 | 8));
        _time.AdvanceMicroseconds(20);
        Assert.That((Read(0x00), Read(0x00), Read(0x18)), Is.EqualTo((0x108u, 0x118u, Empty)));
        for (var i = 0u; i < 2; i++) Write(0x20, i << 4 | 8);
        _time.AdvanceMicroseconds(20);
        Write(0x1c, 9);
        Assert.That((Read(0x18), Read(0x1c)), Is.EqualTo((Empty, 1u)), "cleared");
    }

    [Test]
    public void Channels_without_a_listener_are_not_answered()
    {
        Write(0x20, 0x1003);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(0x18), Read(0x38)), Is.EqualTo((Empty, Empty)));
    }

    [TestCase(0x20)]
    [TestCase(0x30)]
    [TestCase(0x34)]
    [TestCase(0x40)]
    public void What_is_VideoCores_to_read_is_not_the_ARMs(int offset) => Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());

    [TestCase(0x00)]
    [TestCase(0x10)]
    [TestCase(0x18)]
    [TestCase(0x30)]
    [TestCase(0x38)]
    [TestCase(0x40)]
    public void What_is_VideoCores_to_write_is_not_the_ARMs(int offset) => Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());

    [Test]
    public void The_board_is_told()
    {
        Assert.That(Ask(0x0000_0001, 4, 0)[0], Is.GreaterThan(1_500_000_000u));
        Assert.That(Ask(0x0001_0001, 4, 5), Is.EqualTo(new[] { 0u }));
        Assert.That(Ask(0x0001_0002, 4, 0), Is.EqualTo(new[] { 0xa02082u }));
        Assert.That(Ask(0x0001_0003, 6, 0, 0xffff_ffff), Is.EqualTo(new[] { 0xcaeb27b8u, 0xffff_011e }), "six bytes, and no other");
        Assert.That(Ask(0x0001_0004, 8, 1, 1), Is.EqualTo(new[] { 0x51ca1e01u, 0u }));
        Assert.That(Ask(0x0001_0005, 8, 1, 1), Is.EqualTo(new[] { 0u, 1u << 20 }));
        Assert.That(Ask(0x0001_0006, 8, 1, 1), Is.EqualTo(new[] { 1u << 20, 3u << 20 }));
        Assert.That(Ask(0x0005_0001, 0, 7), Is.EqualTo(new[] { 7u }));
        Assert.That(Ask(0x0006_0001, 4, 0), Is.EqualTo(new[] { 0x7f35u }));
        Assert.That(Ask(0x0003_0048, 0), Is.Empty);
        Assert.That(Ask(0x0000_0002, 4, 0), Is.EqualTo(new[] { 1u }), "start.elf");
        Assert.That(Ask(0x0000_0003, 20, 0, 0, 0, 0, 0), Is.All.Not.Zero, "a hash of 20 bytes");
    }

    [Test]
    public void There_is_one_display_and_no_monitor_that_says_what_it_is()
    {
        Assert.That((Ask(0x0004_0013, 4, 9)[0], Ask(0x0004_8013, 4, 1)[0], Ask(0x0004_0016, 4, 0)[0]), Is.EqualTo((1u, 0u, 2u)));
        Send(0x0004_8003, 8, 0, 320, 200, 0x0004_8004, 8, 0, 640, 400, 0x0004_8005, 4, 0, 32, 0x0004_8009, 8, 0, 5, 6);
        var buffer = Ask(0x0004_0001, 8, 0, 0);
        Assert.That(Ask(0x0004_0014, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Is.EqualTo(new[] { 0u, 320u, 200u, 32u, 2560u, 640u, 400u, 5u, 6u, buffer[0] }));
        Assert.That(Ask(0x0003_0020, 136, [0, .. new uint[33]])[..2], Is.EqualTo(new[] { 0u, 1u }), "no EDID");
        Assert.That((Ask(0x0004_801f, 4, 0xc010_0000)[0], Ask(0x0004_000f, 4, 0)[0]), Is.EqualTo((0u, 0xc010_0000u)), "where a touch screen would write to");
        Assert.That((Ask(0x0004_8020, 4, 0xc020_0000)[0], Ask(0x0004_0010, 4, 0)[0]), Is.EqualTo((0u, 0xc020_0000u)), "and virtual GPIO");
    }

    [Test]
    public void A_cursor_has_16_pixels_a_side_at_least_and_4096_in_all()
    {
        Assert.That((Ask(0x0000_8010, 4, 16, 16, 0, 0xc030_0000, 0, 0)[0], Ask(0x0000_8010, 4, 64, 64, 0, 0xc030_0000, 0, 0)[0], Ask(0x0000_8010, 4, 16, 256, 0, 0xc030_0000, 0, 0)[0]),
            Is.EqualTo((0u, 0u, 0u)));
        Assert.That((Ask(0x0000_8010, 4, 15, 16, 0, 0xc030_0000, 0, 0)[0], Ask(0x0000_8010, 4, 65, 64, 0, 0xc030_0000, 0, 0)[0], Ask(0x0000_8010, 4, 0x1_0000, 0x1_0000, 0, 0xc030_0000, 0, 0)[0]),
            Is.EqualTo((1u, 1u, 1u)));
        Assert.That((Ask(0x0000_8010, 4, 16, 16, 0, 0xc030_0002, 0, 0)[0], Ask(0x0000_8010, 4, 16, 16, 0, 0x3fff_0000, 0, 0)[0]), Is.EqualTo((1u, 1u)), "no such pixels");
        Assert.That(Ask(0x0000_8011, 4, 1, 2, 3, 0)[0], Is.Zero);
    }

    [Test]
    public void Several_tags_are_answered_in_one_message()
    {
        var answer = Send(0x0001_0002, 4, 0, 0, 0x0003_0006, 8, 0, 0, 0, 0x0001_0004, 8, 0, 0, 0);
        Assert.That(answer, Is.EqualTo(new uint[] { 0x8000_0000u, 0x0001_0002, 4, 0x8000_0004, 0xa02082, 0x0003_0006, 8, 0x8000_0008, 0, 45_000, 0x0001_0004, 8, 0x8000_0008, 0x51ca1e01, 0 }));
    }

    [Test]
    public void An_unknown_tag_is_left_alone_and_those_beside_it_are_answered()
    {
        var answer = Send(0x0001_0002, 4, 0, 0, 0x0003_7777, 5, 0, 1, 2, 0x0001_0002, 4, 0, 0);
        Assert.That(answer, Is.EqualTo(new uint[] { 0x8000_0001u, 0x0001_0002, 4, 0x8000_0004, 0xa02082, 0x0003_7777, 5, 0, 1, 2, 0x0001_0002, 4, 0x8000_0004, 0xa02082 }));
    }

    [Test]
    public void A_short_buffer_cuts_the_value_and_the_length_tells_the_whole()
    {
        Assert.That(Send(0x0001_0004, 4, 0, 0, 0x0001_0002, 4, 0, 0), Is.EqualTo(new uint[] { 0x8000_0000u, 0x0001_0004, 4, 0x8000_0008, 0x51ca1e01, 0x0001_0002, 4, 0x8000_0004, 0xa02082 }));
        Assert.That(Send(0x0001_0003, 5, 0, 0, 0xffff_ffff)[4..], Is.EqualTo(new[] { 0xcaeb27b8u, 0xffff_ff1e }));
        Assert.That(Send(0x0003_0002, 0, 0)[3], Is.EqualTo(0x8000_0008u), "no clock is asked for, and nothing is written");
    }

    [Test]
    public void What_is_no_message_is_refused_untouched()
    {
        foreach (var words in new uint[][]
        {
            [28, 1, 0x0001_0002, 4, 0, 0, 0], // a code that is reserved
            [28, 0x8000_0000, 0x0001_0002, 4, 0, 0, 0], // an answer, sent again
            [24, 0, 0x0001_0002, 4, 0, 0, 0x0001_0002], // no end tag
            [28, 0, 0x0001_0002, 12, 0, 0, 0], // a tag that leaves the message
            [28, 0, 0x0001_0002, 0xffff_fff4, 0, 0, 0], // and comes round
            [8, 0, 0, 0, 0, 0, 0],
            [0xffff_fff0, 0, 0x0001_0002, 4, 0, 0, 0],
        })
        {
            _bus.Put(0x1000, words);
            Write(0x20, 0x1008);
            _time.AdvanceMicroseconds(10);
            Assert.That(Read(0x00), Is.EqualTo(0x1008u));
            words[1] = 0x8000_0001;
            Assert.That(_bus.Get(0x1000, words.Length), Is.EqualTo(words));
        }
        Write(0x20, 0x3fff_fff8);
        _time.AdvanceMicroseconds(10);
        Assert.That(Read(0x00), Is.EqualTo(0x3fff_fff8u), "where there is no RAM");
    }

    [Test]
    public void Clocks_are_listed_told_set_within_their_bounds_and_switched()
    {
        Assert.That(Ask(0x0001_0007, 80, new uint[20]).Where((_, i) => i % 2 == 1), Is.EqualTo(Enumerable.Range(1, 10)));
        Assert.That(Ask(0x0003_0002, 8, 3, 0), Is.EqualTo(new[] { 3u, 1_200_000_000u }));
        Assert.That(Ask(0x0003_8002, 8, 3, 700_000_000, 0), Is.EqualTo(new[] { 3u, 700_000_000u, 0u }));
        Assert.That(Ask(0x0003_8002, 8, 3, 1, 0)[1], Is.EqualTo(Ask(0x0003_0007, 8, 3, 0)[1]));
        Assert.That(Ask(0x0003_8002, 8, 3, 0xffff_ffff, 0)[1], Is.EqualTo(Ask(0x0003_0004, 8, 3, 0)[1]).And.EqualTo(1_200_000_000u));
        Assert.That(Ask(0x0003_8002, 8, 77, 5, 0), Is.EqualTo(new[] { 77u, 0u, 0u }), "there is no such clock");
        Assert.That(Ask(0x0003_0001, 8, 77, 0)[1], Is.EqualTo(2u));
        Assert.That((Ask(0x0003_0047, 8, 2, 0)[1], Ask(0x0003_8001, 8, 2, 0)[1], Ask(0x0003_0047, 8, 2, 0)[1], Ask(0x0003_0001, 8, 2, 9)[1]), Is.EqualTo((48_000_000u, 0u, 0u, 0u)));
        Assert.That((Ask(0x0003_8009, 8, 0, 1)[1], Ask(0x0003_0009, 8, 0, 0)[1], Ask(0x0003_0009, 8, 1, 5)[1]), Is.EqualTo((1u, 1u, 0u)));
    }

    [Test]
    public void Power_voltages_temperature_and_throttling_are_told()
    {
        Assert.That((Ask(0x0002_0001, 8, 3, 0)[1], Ask(0x0002_8001, 8, 3, 3)[1], Ask(0x0002_0001, 8, 3, 0)[1], Ask(0x0002_8001, 8, 9, 1)[1]), Is.EqualTo((0u, 1u, 1u, 2u)));
        Assert.That(Ask(0x0002_0002, 8, 3, 9), Is.EqualTo(new[] { 3u, 0u }));
        Assert.That((Ask(0x0003_8030, 8, 6, 1)[1], Ask(0x0003_0030, 8, 6, 0)[1], Ask(0x0003_0030, 8, 99, 5)[1]), Is.EqualTo((1u, 1u, 0u)));
        Assert.That((Ask(0x0003_8003, 8, 1, 4)[1], Ask(0x0003_0003, 8, 1, 0)[1], Ask(0x0003_0005, 8, 1, 0)[1], Ask(0x0003_0008, 8, 1, 0)[1], Ask(0x0003_0003, 8, 9, 0)[1]),
            Is.EqualTo((4u, 4u, 8u, 0xffff_fff0u, 0x8000_0000u)));
        _mailbox.Firmware.Temperature = 61_234;
        _mailbox.Firmware.Throttled = 0x0005_0001;
        Assert.That((Ask(0x0003_0006, 8, 0, 0)[1], Ask(0x0003_000a, 8, 0, 0)[1], Ask(0x0003_0006, 8, 1, 9)[1]), Is.EqualTo((61_234u, 85_000u, 0u)));
        Assert.That((Ask(0x0003_0046, 4, 0x0004)[0], Ask(0x0003_0046, 4, 0)[0]), Is.EqualTo((0x0005_0001u, 0x0001_0001u)));
    }

    [Test]
    public void The_expanders_pins_are_configured_and_read_back()
    {
        Assert.That(Ask(0x0003_8043, 24, 130, 1, 0, 1, 1, 1), Is.EqualTo(new[] { 0u, 1u, 0u, 1u, 1u, 1u }));
        Assert.That(Ask(0x0003_0043, 20, 130, 9, 9, 9, 9), Is.EqualTo(new[] { 0u, 1u, 0u, 1u, 1u }));
        Assert.That(Ask(0x0003_0041, 8, 130, 9), Is.EqualTo(new[] { 0u, 1u }));
        Assert.That(Ask(0x0003_8041, 8, 130, 0), Is.EqualTo(new[] { 0u, 0u }));
        Assert.That(Ask(0x0003_0041, 8, 130, 9), Is.EqualTo(new[] { 0u, 0u }));
        Assert.That((Ask(0x0003_0041, 8, 127, 9)[0], Ask(0x0003_0041, 8, 136, 9)[0]), Is.EqualTo((127u, 136u)), "not 0: there is no such pin");
    }

    [Test]
    public void Memory_is_allocated_locked_unlocked_and_released()
    {
        _bus.Put(0x20_0000, 1, 2, 3);
        var first = Ask(0x0003_000c, 4, 0x1000, 0x1000, 1 << 2 | 1 << 4)[0];
        var second = Ask(0x0003_000c, 4, 0x10, 0x1_0000, 0)[0];
        Assert.That((Ask(0x0003_000d, 4, first)[0], Ask(0x0003_000d, 4, second)[0]), Is.EqualTo((0xc020_0000u, 0x21_0000u)));
        Assert.That(_bus.Get(0x20_0000, 3), Is.EqualTo(new[] { 0u, 0u, 0u }), "MEM_FLAG_ZERO");
        Assert.That((Ask(0x0003_000e, 4, first)[0], Ask(0x0003_000f, 4, first)[0], Ask(0x0003_000f, 4, first)[0], Ask(0x0003_000d, 4, first)[0]), Is.EqualTo((0u, 0u, 1u, 0u)));
        Assert.That(Ask(0x0003_000d, 4, Ask(0x0003_000c, 4, 0x800, 4, 2 << 2)[0])[0], Is.EqualTo(0x8020_0000u), "the gap is used again");
        Assert.That((Ask(0x0003_000c, 4, 3 << 20, 4, 0)[0], Ask(0x0003_000c, 4, 0, 4, 0)[0], Ask(0x0003_000c, 4, 1, 0xffff_ffff, 0)[0], Ask(0x0003_000d, 4, 0)[0]), Is.EqualTo((0u, 0u, 0u, 0u)));
    }

    [Test]
    public void One_message_has_twice_VideoCores_memory_cleared_at_most()
    {
        var tags = Enumerable.Range(1, 7).SelectMany(handle => (uint[])[0x0003_000c, 12, 0, 1 << 20, 4, 1 << 4, 0x0003_000f, 4, 0, (uint)handle]);
        var answer = Send([.. tags]);
        Assert.That(answer.Skip(1).Chunk(10).Select(tag => tag[3] != 0), Is.EqualTo(new[] { true, true, true, true, true, true, false }), "6 of 3 MiB, twice");
        Assert.That(Ask(0x0003_000c, 4, 1 << 20, 4, 1 << 4)[0], Is.Not.Zero, "the next message may");
    }

    [Test]
    public void A_snapshot_has_the_words_under_way_and_the_firmwares_memory()
    {
        Ask(0x0003_8041, 8, 128, 1);
        _bus.Put(0x1000, 32, 0, 0x0003_8041, 8, 0, 128, 0, 0);
        Write(0x1c, 1);
        Write(0x20, 0x1008);
        _time.AdvanceMicroseconds(3);
        var saved = _mailbox.Save();
        _time.AdvanceMicroseconds(100);
        for (var i = 0; i < 2; i++)
        {
            _mailbox.Restore(saved);
            Assert.That((Read(0x18), Read(0x38), _mailbox.InterruptLines[0].Level, _time.ArmedTimers), Is.EqualTo((Empty, 1u, false, 1)));
            _bus.Put(0x1000, 32, 0, 0x0003_0041, 8, 0, 128, 0, 0);
            _time.AdvanceMicroseconds(7);
            Assert.That((Read(0x18), _mailbox.InterruptLines[0].Level, _bus[0x1018]), Is.EqualTo((1u, true, 1u)));
        }
        _mailbox.Reset();
        Assert.That((Read(0x18), Read(0x38), Read(0x1c), _mailbox.InterruptLines[0].Level, Ask(0x0003_0041, 8, 128, 9)[1]), Is.EqualTo((Empty, Empty, 0u, false, 0u)));
    }
}
