using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture]
public class CmosRtcTests
{
    private static readonly DateTime s_start = new(2021, 12, 31, 23, 58, 57);

    private SimMachine _machine = null!;
    private IPortGrant _ports = null!;
    private CmosRtc _rtc = null!;

    [SetUp]
    public void MakeMachine()
    {
        _machine = SimMachine.Create("pc", new() { SteppedClock = true, Rtc = new(s_start, TimeSpan.Zero) });
        _ports = _machine.OpenPorts(0x70, 2);
        _rtc = new CmosRtc(_ports, _machine.Time);
    }

    [TearDown]
    public void EndMachine()
    {
        _ports.Dispose();
        _machine.Dispose();
    }

    [Test]
    public async Task The_periodic_interrupt_of_1024_Hz_comes_1024_times_in_a_stepped_second()
    {
        using var interrupt = _machine.OpenInterrupt(8, "rtc");
        _rtc.SetPeriodicRate(1024);
        _rtc.EnabledInterrupts = CmosRtcInterrupts.Periodic;
        var start = _machine.Clock.Now;
        var count = 0;
        while (_machine.Clock.StepToNextTimer() && _machine.Clock.Now - start <= 1_000_000_000)
        {
            Assert.That(await interrupt.WaitAsync(), Is.EqualTo(++count));
            Assert.That(_rtc.Acknowledge(), Is.EqualTo(CmosRtcInterrupts.Periodic).Or.EqualTo(CmosRtcInterrupts.Periodic | CmosRtcInterrupts.Update));
            interrupt.Enable();
        }
        Assert.That(count, Is.EqualTo(1024));
        _rtc.EnabledInterrupts = CmosRtcInterrupts.None;
        Assert.That(_rtc.EnabledInterrupts, Is.EqualTo(CmosRtcInterrupts.None));
    }

    [Test]
    public void The_alarm_and_the_update_come_as_set()
    {
        using var interrupt = _machine.OpenInterrupt(8, "rtc");
        _rtc.SetAlarm(0, 0, 5);
        _rtc.EnabledInterrupts = CmosRtcInterrupts.Alarm;
        _machine.Clock.Step(67_999_000_000);
        Assert.That(interrupt.Count, Is.Zero);
        _machine.Clock.Step(2_000_000);
        Assert.That(interrupt.Count, Is.EqualTo(1));
        Assert.That(_rtc.Acknowledge() & CmosRtcInterrupts.Alarm, Is.EqualTo(CmosRtcInterrupts.Alarm));
        _rtc.SetAlarm(null, null, null);
        _rtc.EnabledInterrupts = CmosRtcInterrupts.Update | CmosRtcInterrupts.Alarm;
        interrupt.Enable();
        _machine.Clock.Step(1_000_000_000);
        Assert.That(_rtc.Acknowledge() & ~CmosRtcInterrupts.Periodic, Is.EqualTo(CmosRtcInterrupts.Update | CmosRtcInterrupts.Alarm));
        Assert.That(interrupt.Count, Is.EqualTo(2));
    }

    [TestCase(0x02)]
    [TestCase(0x00)]
    [TestCase(0x06)]
    [TestCase(0x04)]
    public void Time_is_written_and_read_in_each_format(int registerB)
    {
        _rtc.WriteByte(11, (byte)registerB);
        foreach (var date in (DateTime[])[new(1999, 12, 31, 0, 0, 0), new(2024, 2, 29, 12, 34, 56), new(2000, 1, 1, 23, 59, 59), new(2077, 7, 9, 11, 1, 2)])
        {
            _rtc.SetTime(date);
            Assert.That(_rtc.ReadTime(), Is.EqualTo(date));
            _machine.Clock.Step(502_000_000);
            Assert.That(_rtc.ReadTime().TimeOfDay, Is.EqualTo(date.AddSeconds(1).TimeOfDay));
        }
        Assert.That(_rtc.ReadByte(11), Is.EqualTo(registerB));
        Assert.That(_rtc.ReadByte(10) & 0x7f, Is.EqualTo(0x26));
    }

    [Test]
    public void A_reading_waits_for_the_update_and_is_of_one_second()
    {
        using var machine = SimMachine.Create("pc", new() { HostTime = new ManualTime { NanosecondsPerLook = 20_000 }, Rtc = new(s_start, TimeSpan.Zero) });
        using var ports = machine.OpenPorts(0x70, 2);
        var rtc = new CmosRtc(ports, machine.Time);
        var last = rtc.ReadTime();
        var seconds = 0;
        while (seconds < 65)
        {
            var now = rtc.ReadTime();
            Assert.That((now - last).TotalSeconds, Is.EqualTo(0).Or.EqualTo(1));
            if (now != last) seconds++;
            last = now;
        }
        Assert.That(last, Is.EqualTo(s_start.AddSeconds(65)), "into the new year");
    }

    [Test]
    public void On_a_clock_that_stands_in_the_update_the_reading_ends_with_a_reason()
    {
        _machine.Clock.Step(999_000_000);
        Assert.That(() => _rtc.ReadTime(), Throws.InstanceOf<RawIoException>().With.Message.Contains("stands still"));
    }

    [Test]
    public void Bytes_that_are_no_date_are_told_of()
    {
        _rtc.WriteByte(8, 0x13);
        Assert.That(() => _rtc.ReadTime(), Throws.InstanceOf<RawIoException>().With.Message.Contains("no date"));
        _rtc.WriteByte(8, 0x12);
        _rtc.WriteByte(0x32, 0);
        Assert.That(_rtc.ReadTime().Year, Is.EqualTo(2021), "without a century byte, 1970 to 2069");
    }

    [Test]
    public void Wrong_arguments_are_refused_by_name()
    {
        Assert.That(() => _rtc.SetPeriodicRate(1000), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.SetPeriodicRate(16384), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.SetAlarm(24, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.SetAlarm(0, 60, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.SetAlarm(0, 0, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.ReadByte(128), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rtc.WriteByte(-1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        using var other = _machine.OpenPorts(0x71, 1);
        Assert.That(() => new CmosRtc(other, _machine.Time), Throws.ArgumentException);
        Assert.That(_rtc.IsValid, Is.True);
    }
}
