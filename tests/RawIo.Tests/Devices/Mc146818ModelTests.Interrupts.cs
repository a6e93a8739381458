using RawIo.Sim;

namespace RawIo.Tests;

public partial class Mc146818ModelTests
{
    [TestCase(1, 256)]
    [TestCase(2, 128)]
    [TestCase(3, 8192)]
    [TestCase(4, 4096)]
    [TestCase(5, 2048)]
    [TestCase(6, 1024)]
    [TestCase(7, 512)]
    [TestCase(8, 256)]
    [TestCase(9, 128)]
    [TestCase(10, 64)]
    [TestCase(11, 32)]
    [TestCase(12, 16)]
    [TestCase(13, 8)]
    [TestCase(14, 4)]
    [TestCase(15, 2)]
    public void The_periodic_interrupt_comes_exactly_at_its_rate_each_second(int rate, int frequency)
    {
        Set(10, 0x20 | rate);
        Set(11, 0x42);
        var count = 0;
        _rtc.Interrupt.Changed += level =>
        {
            if (!level) return;
            count++;
            Assert.That(Get(12) & 0xc0, Is.EqualTo(0xc0));
        };
        _rtc.Interrupt.Want(true);
        for (var second = 0; second < 3; second++)
        {
            _time.Advance(Second);
            Assert.That(count, Is.EqualTo(frequency));
            count = 0;
        }
    }

    [Test]
    public void Flags_come_without_being_enabled_and_reading_C_clears_them()
    {
        _time.Advance(Second);
        Assert.That((Get(12), Get(12)), Is.EqualTo((0x50, 0)));
        Assert.That(_rtc.Interrupt.Level, Is.False);
        Set(10, 0x20);
        _time.Advance(Second);
        Assert.That(Get(12), Is.EqualTo(0x10), "rate 0 has no periodic flag");
    }

    [Test]
    public void Enabling_an_interrupt_whose_flag_is_set_asserts_the_line_and_disabling_takes_it_back()
    {
        _time.Advance(Second);
        Get(0);
        Set(11, 0x12);
        Assert.That(_rtc.Interrupt.Level, Is.True);
        Set(11, 0x02);
        Assert.That(_rtc.Interrupt.Level, Is.False);
        Set(11, 0x12);
        Assert.That(Get(12), Is.EqualTo(0xd0));
        Assert.That(_rtc.Interrupt.Level, Is.False);
    }

    [Test]
    public void The_update_interrupt_comes_with_each_second_on_time()
    {
        var rises = Rises();
        Set(11, 0x12);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Second);
            Get(12);
        }
        Assert.That(rises, Is.EqualTo(new[] { Second, 2 * Second, 3 * Second }));
        _rtc.Interrupt.Want(false);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [TestCase(0x23, 0x59, 0x30, 33)]
    [TestCase(0x23, 0x58, 0x57, 86_400)]
    [TestCase(0x00, 0x00, 0x00, 63)]
    [TestCase(0x23, 0x58, 0xff, 1)]
    [TestCase(0xff, 0x00, 0x00, 63)]
    [TestCase(0xc0, 0xc0, 0x05, 8)]
    [TestCase(0x12, 0x34, 0x56, 12 * 3600 + 36 * 60 - 1)]
    public void The_alarm_comes_when_all_three_match_or_do_not_care(int hour, int minute, int second, long after)
    {
        Set(5, hour);
        Set(3, minute);
        Set(1, second);
        var rises = Rises();
        Set(11, 0x22);
        _time.Advance(after * Second - 1);
        Assert.That(rises, Is.Empty);
        _time.Advance(1);
        Assert.That(rises, Has.Count.EqualTo(1));
        Assert.That(Get(12) & 0xa0, Is.EqualTo(0xa0));
    }

    [Test]
    public void An_alarm_that_matches_nothing_arms_nothing()
    {
        Set(1, 0x75);
        _rtc.Interrupt.Want(true);
        Set(11, 0x22);
        Assert.That(_time.ArmedTimers, Is.Zero);
        _time.Advance(200_000 * Second);
        Assert.That(Get(12) & 0x20, Is.Zero);
    }

    [Test]
    public void In_12_hours_the_alarm_is_compared_with_its_PM_bit()
    {
        Set(11, 0x80);
        SetNow(0x91, 0x58, 0x00); // 11:58 pm
        foreach (var (index, value) in (ReadOnlySpan<(int, int)>)[(1, 0), (3, 0), (5, 0x92)]) Set(index, value);
        var rises = Rises();
        Set(11, 0x20);
        _time.Advance(200 * Second);
        Assert.That(rises, Is.Empty, "12 am is 0x12");
        _time.Advance(12 * 3600 * Second);
        Assert.That(rises, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_alarm_after_invalid_bytes_comes_when_they_have_counted_themselves_valid()
    {
        Set(11, 0x82);
        SetNow(0x77, 0x77, 0x77);
        foreach (var (index, value) in (ReadOnlySpan<(int, int)>)[(1, 1), (3, 0), (5, 0)]) Set(index, value);
        var rises = Rises();
        Set(11, 0x22);
        _time.Advance(10 * Second);
        Assert.That(rises, Is.EqualTo(new[] { 2 * Second }), "00:00:00, then 00:00:01");
    }

    [Test]
    public void Reset_takes_the_enables_and_flags_back_and_keeps_the_time()
    {
        Set(11, 0x7a);
        _time.Advance(Second);
        Assert.That(_rtc.Interrupt.Sample(), Is.True);
        _rtc.Reset();
        Assert.That((_rtc.Interrupt.Level, Get(11), Get(12), Get(0)), Is.EqualTo((false, 0x02, 0, 0x58)));
    }

    [Test]
    public void A_snapshot_goes_on_as_the_original_did()
    {
        var clock = new MachineClock(null, default);
        _rtc = new Mc146818Model(clock, new(2021, 12, 31, 23, 58, 57, TimeSpan.Zero));
        var rises = 0;
        _rtc.Interrupt.Changed += level => rises += level ? 1 : 0;
        _rtc.Interrupt.Want(true);
        clock.Step(Second * 5 / 3);
        Set(11, 0x72);
        Set(0x40, 0x77);
        var (saved, time) = (_rtc.Save(), clock.Now);
        (string, int) Continue()
        {
            rises = 0;
            var text = $"{Get(0x40):x2}";
            for (var i = 0; i < 30; i++)
            {
                clock.Step(Second / 7);
                for (var index = 0; index < 13; index += 2) text += $"{Get(index):x2}";
                Set(0x40, i);
            }
            return (text, rises);
        }

        var first = Continue();
        Assert.That(first.Item2, Is.GreaterThan(20));
        for (var i = 0; i < 2; i++)
        {
            _rtc.Reset();
            clock.SetBack(time);
            _rtc.Restore(saved);
            Assert.That(Continue(), Is.EqualTo(first));
        }
    }

    [Test]
    public void The_machines_date_is_the_options_or_the_epoch_or_the_hosts()
    {
        using var stepped = SimMachine.Create("pc", new() { SteppedClock = true, Epoch = new(1999, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)) });
        _rtc = stepped.Device<Mc146818Model>();
        Assert.That((Now(), Get(0x32)), Is.EqualTo(("05:08:09 5 06.05.99", (byte)0x19)));
        using var set = SimMachine.Create("pc", new() { SteppedClock = true, Rtc = new(2021, 12, 31, 23, 58, 57, TimeSpan.Zero) });
        _rtc = set.Device<Mc146818Model>();
        Assert.That(Now(), Is.EqualTo("23:58:57 6 31.12.21"));
        using var host = SimMachine.Create("pc", new() { HostTime = new ManualTime() });
        _rtc = host.Device<Mc146818Model>();
        Assert.That(Now(), Is.EqualTo("00:00:00 5 01.01.70"));
    }

    [Test]
    public void The_fraction_of_the_first_second_has_passed()
    {
        Make("2021-12-31T23:58:57.75Z");
        _time.Advance(Second / 4 - 1);
        Assert.That(Get(0), Is.EqualTo(0x57));
        _time.Advance(1);
        Assert.That(Get(0), Is.EqualTo(0x58));
    }

    private List<long> Rises()
    {
        var rises = new List<long>();
        _rtc.Interrupt.Changed += level =>
        {
            if (level) rises.Add(_time.Now);
        };
        _rtc.Interrupt.Want(true);
        return rises;
    }
}
