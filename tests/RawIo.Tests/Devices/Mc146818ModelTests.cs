using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The clock chip against its datasheet; time starts on the whole second.</summary>
[TestFixture]
public partial class Mc146818ModelTests
{
    private const long Second = 1_000_000_000;

    private ManualTime _time = null!;
    private Mc146818Model _rtc = null!;

    [SetUp]
    public void MakeClock() => Make("2021-12-31T23:58:57Z");

    private void Make(string date)
    {
        _time = new ManualTime();
        _rtc = new Mc146818Model(_time, DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture));
    }

    private byte Get(int index)
    {
        _rtc.Write(0, 1, (byte)index);
        return (byte)_rtc.Read(1, 1);
    }

    private void Set(int index, int value)
    {
        _rtc.Write(0, 1, (byte)index);
        _rtc.Write(1, 1, (byte)value);
    }

    /// <summary>Hours to seconds, day of the week, day to year: "23:58:57 6 31.12.21" as the bytes have them.</summary>
    private string Now() => $"{Get(4):x2}:{Get(2):x2}:{Get(0):x2} {Get(6):x} {Get(7):x2}.{Get(8):x2}.{Get(9):x2}";

    private void SetNow(byte hour, byte minute, byte second, byte day = 0x15, byte month = 0x06, byte year = 0x21, byte weekday = 3)
    {
        foreach (var (index, value) in (ReadOnlySpan<(int, byte)>)[(0, second), (2, minute), (4, hour), (6, weekday), (7, day), (8, month), (9, year)]) Set(index, value);
    }

    [Test]
    public void It_starts_with_the_date_and_counts_over_the_years_end()
    {
        Assert.That(Now(), Is.EqualTo("23:58:57 6 31.12.21"));
        _time.Advance(3 * Second);
        Assert.That(Now(), Is.EqualTo("23:59:00 6 31.12.21"));
        _time.Advance(60 * Second - 1);
        Assert.That(Now(), Is.EqualTo("23:59:59 6 31.12.21"));
        _time.Advance(1);
        Assert.That(Now(), Is.EqualTo("00:00:00 7 01.01.22"));
        Assert.That(Get(0x32), Is.EqualTo(0x20));
    }

    [TestCase(0x02, "00:00:00", "01:01:01", "12:12:12", "23:23:23")]
    [TestCase(0x06, "00:00:00", "01:01:01", "0c:0c:0c", "17:17:17")]
    [TestCase(0x00, "12:00:00", "01:01:01", "92:12:12", "91:23:23")]
    [TestCase(0x04, "0c:00:00", "01:01:01", "8c:0c:0c", "8b:17:17")]
    public void Each_format_counts_through_the_whole_day(int registerB, string first, string second, string third, string fourth)
    {
        Make("2024-02-28T00:00:00Z");
        Set(11, registerB | 0x80);
        SetNow(byte.Parse(first[..2], System.Globalization.NumberStyles.HexNumber, null), 0, 0, day: (registerB & 4) != 0 ? (byte)28 : (byte)0x28, month: 2, year: (registerB & 4) != 0 ? (byte)24 : (byte)0x24);
        Set(11, registerB);
        Assert.That(Now(), Does.StartWith(first));
        _time.Advance(3661 * Second);
        Assert.That(Now(), Does.StartWith(second));
        _time.Advance((12 * 3661 - 3661) * Second);
        Assert.That(Now(), Does.StartWith(third));
        _time.Advance(11 * 3661 * Second);
        Assert.That(Now(), Does.StartWith(fourth));
        _time.Advance(86_400 * Second);
        Assert.That(Now(), Does.StartWith(fourth));
        Assert.That((Get(7), Get(8)), Is.EqualTo(((registerB & 4) != 0 ? (byte)29 : (byte)0x29, (byte)2)), "a leap year");
        _time.Advance(86_400 * Second);
        Assert.That((Get(7), Get(8)), Is.EqualTo(((byte)1, (byte)3)));
    }

    [Test]
    public void A_day_at_a_time_it_shows_the_calendars_date_for_ten_years()
    {
        Make("2020-01-01T12:00:00Z");
        var date = new DateTime(2020, 1, 1);
        for (var day = 0; day < 3653; day++)
        {
            Assert.That(Now(), Is.EqualTo(System.FormattableString.Invariant($"12:00:00 {(int)date.DayOfWeek + 1} {date:dd}.{date:MM}.{date:yy}")));
            _time.Advance(86_400 * Second);
            date = date.AddDays(1);
        }
    }

    [Test]
    public void Years_by_one_step_come_to_the_same_as_second_by_second()
    {
        Make("2023-11-05T22:11:33Z");
        var other = new Mc146818Model(_time, new(2023, 11, 5, 22, 11, 33, TimeSpan.Zero));
        for (var i = 0; i < 200_000; i++)
        {
            _time.Advance(Second);
            Get(0);
        }
        var stepped = Now();
        _rtc = other;
        Assert.That(Now(), Is.EqualTo(stepped));
    }

    [Test]
    public void The_century_is_RAM_and_2000_and_2100_are_leap_years_to_the_part()
    {
        Make("2099-12-31T23:59:59Z");
        _time.Advance(Second);
        Assert.That((Now(), Get(0x32)), Is.EqualTo(("00:00:00 6 01.01.00", (byte)0x20)));
        _time.Advance(59L * 86_400 * Second);
        Assert.That(Now(), Does.EndWith("29.02.00"));
    }

    [Test]
    public void SET_holds_the_bytes_and_clears_UIE_as_it_rises_and_nothing_is_lost_of_the_second()
    {
        Set(11, 0x02 | 0x10);
        _time.Advance(Second / 4);
        Set(11, 0x82 | 0x10);
        Assert.That(Get(11), Is.EqualTo(0x82));
        Set(11, 0x92);
        Assert.That(Get(11), Is.EqualTo(0x92), "only its rise clears");
        _time.Advance(5 * Second);
        Assert.That((Get(0), Get(12)), Is.EqualTo((0x57, 0x40)), "no update and its flag; the periodic one goes on");
        SetNow(0x10, 0x20, 0x30);
        Set(11, 0x02);
        _time.Advance(Second / 2);
        Assert.That(Get(0), Is.EqualTo(0x30));
        _time.Advance(Second / 4);
        Assert.That(Get(0), Is.EqualTo(0x31));
    }

    [Test]
    public void The_first_update_is_over_half_a_second_after_the_divider_is_let_go()
    {
        _time.Advance(Second / 3);
        Set(10, 0x76);
        Assert.That(Get(10), Is.EqualTo(0x76));
        _time.Advance(7 * Second);
        Assert.That(Get(0), Is.EqualTo(0x57));
        Set(10, 0x26);
        // UIP is set 8 cycles before the update, which takes 65; the chain starts with the cycle in which it is let go.
        const long Early = 2_228_000 + 31_000;
        _time.Advance(Second / 2 - Early);
        Assert.That((Get(0), Get(10)), Is.EqualTo((0x57, 0x26)));
        _time.Advance(Early - 31_000);
        Assert.That((Get(0), Get(10)), Is.EqualTo((0x57, 0xa6)));
        _time.Advance(31_000);
        Assert.That((Get(0), Get(10)), Is.EqualTo((0x58, 0x26)));
        _time.Advance(Second);
        Assert.That(Get(0), Is.EqualTo(0x59));
    }

    [TestCase(0x00, 128)]
    [TestCase(0x10, 32)]
    public void With_the_divider_for_a_faster_crystal_the_clock_goes_slow(int dv, int times)
    {
        Set(10, 0x70);
        Set(10, dv);
        _time.Advance(Second * times * 10);
        Assert.That(Get(2) * 60 + Get(0), Is.EqualTo(0x59 * 60 + 0x07));
    }

    [TestCase(0x30)]
    [TestCase(0x40)]
    [TestCase(0x50)]
    public void In_the_test_settings_time_stands(int dv)
    {
        Set(10, dv | 6);
        _time.Advance(Second * 100);
        Assert.That((Get(0), Get(12)), Is.EqualTo((0x57, 0)));
    }

    [Test]
    public void UIP_is_set_from_244_us_before_the_update_until_its_end()
    {
        var begin = Second - (long)Math.Ceiling((65 + 8) * 1e9 / 32768);
        _time.Advance(begin - 1_000);
        Assert.That(Get(10), Is.EqualTo(0x26));
        _time.Advance(1_000 + 1);
        Assert.That(Get(10), Is.EqualTo(0xa6));
        _time.Advance(Second - begin - 2);
        Assert.That((Get(10), Get(0)), Is.EqualTo((0xa6, 0x57)));
        Set(11, 0x82);
        Assert.That(Get(10), Is.EqualTo(0x26), "SET ends it");
        Set(11, 0x02);
        _time.Advance(1);
        Assert.That((Get(10), Get(0), Get(12)), Is.EqualTo((0x26, 0x58, 0x10 | 0x40)));
    }

    [Test]
    public void Invalid_bytes_stay_as_written_and_go_to_their_first_value_with_a_carry()
    {
        Set(11, 0x82);
        SetNow(0x99, 0x7a, 0x6f, day: 0x40, month: 0x13, year: 0xa0, weekday: 0);
        Set(11, 0x02);
        Assert.That(Now(), Is.EqualTo("99:7a:6f 0 40.13.a0"));
        _time.Advance(Second);
        Assert.That(Now(), Is.EqualTo("00:00:00 1 01.01.00"));
        Set(0, 0xff);
        Assert.That(Get(0), Is.EqualTo(0x7f), "bit 7 of the seconds is read-only");
    }

    [Test]
    public void Memory_sizes_are_as_QEMUs_firmware_setup_notes_them()
    {
        var cmos = Enumerable.Range(0, 128).Select(Get).ToArray();
        // As read from QEMU's pc with 512 MiB, but for its second century byte at 0x37.
        Assert.That(Convert.ToHexStringLower(cmos[0x0a..0x10]), Is.EqualTo("260200800000"));
        Assert.That(Convert.ToHexStringLower(cmos[0x10..0x20]), Is.EqualTo("00000000068002ffff00000000000000"));
        Assert.That(Convert.ToHexStringLower(cmos[0x20..0x30]), Is.EqualTo("00000000000000000000000000000000"));
        Assert.That(Convert.ToHexStringLower(cmos[0x30..0x40]), Is.EqualTo("ffff2000001f00003000000000120000"));
        Assert.That(cmos[0x40..], Is.All.Zero);
        _rtc = new Mc146818Model(_time, DateTimeOffset.UnixEpoch, memory: 8 << 20);
        Assert.That((Get(0x17), Get(0x18), Get(0x34), Get(0x35)), Is.EqualTo(((byte)0, (byte)0x1c, (byte)0, (byte)0)));
    }

    [Test]
    public void All_RAM_keeps_and_the_extended_bank_is_another()
    {
        for (var i = 14; i < 128; i++) Set(i, i ^ 0xa5);
        for (var i = 0; i < 128; i++)
        {
            _rtc.Write(2, 1, (byte)(i | 0x80));
            _rtc.Write(3, 1, (byte)(i ^ 0x5a));
        }
        _rtc.Reset();
        Assert.That(Enumerable.Range(14, 114).Select(Get), Is.EqualTo(Enumerable.Range(14, 114).Select(i => (byte)(i ^ 0xa5))));
        for (var i = 0; i < 128; i++)
        {
            _rtc.Write(2, 1, (byte)i);
            Assert.That(_rtc.Read(3, 1), Is.EqualTo((ulong)(i ^ 0x5a)));
        }
    }

    [Test]
    public void Bit_7_of_the_index_masks_NMI_and_the_index_cannot_be_read()
    {
        _rtc.Write(0, 1, 0x80 | 13);
        Assert.That((_rtc.MasksNmi, _rtc.Read(1, 1)), Is.EqualTo((true, 0x80ul)));
        _rtc.Write(0, 1, 13);
        Assert.That(_rtc.MasksNmi, Is.False);
        Assert.That(() => _rtc.Read(0, 1), Throws.InstanceOf<BusFaultException>());
        Assert.That(() => _rtc.Read(2, 1), Throws.InstanceOf<BusFaultException>());
        Assert.That(() => Set(12, 1), Throws.InstanceOf<BusFaultException>());
        Assert.That(() => Set(13, 1), Throws.InstanceOf<BusFaultException>());
    }
}
