using RawIo.Drivers;

namespace RawIo.Tests;

/// <summary>The drivers of the PC's clock chip and timer on QEMU's PC, whose time stands still.</summary>
[TestFixture]
public class PcClockOnQemuTests
{
    [Test]
    public void The_clock_drivers_reads_and_sets_the_date_of_QEMUs_clock()
    {
        using var pc = Qemu.Open("pc", "-rtc", "base=2021-12-31T23:58:57,clock=vm");
        using var ports = pc.OpenPorts(0x70, 2);
        var rtc = new CmosRtc(ports, TimeProvider.System);
        Assert.That((rtc.IsValid, rtc.ReadTime()), Is.EqualTo((true, new DateTime(2021, 12, 31, 23, 58, 57))));
        foreach (var registerB in (byte[])[0x02, 0x00, 0x06, 0x04])
        {
            rtc.WriteByte(11, registerB);
            var date = new DateTime(2024, 2, 29, 12, 34, registerB);
            rtc.SetTime(date);
            Assert.That(rtc.ReadTime(), Is.EqualTo(date));
            rtc.SetAlarm(23, null, 5);
            Assert.That((rtc.ReadByte(1), rtc.ReadByte(3)), Is.EqualTo(((byte)5, (byte)0xff)));
        }
        rtc.SetPeriodicRate(1024);
        rtc.EnabledInterrupts = CmosRtcInterrupts.Periodic;
        Assert.That((rtc.ReadByte(10), rtc.EnabledInterrupts), Is.EqualTo(((byte)0x26, CmosRtcInterrupts.Periodic)));
        Assert.That(rtc.Acknowledge(), Is.EqualTo(CmosRtcInterrupts.None));
    }

    [Test]
    public void The_timer_driver_sets_QEMUs_counters_and_speaker()
    {
        using var pc = Qemu.Open("pc");
        using var ports = pc.OpenPorts(0x40, 4);
        using var port61 = pc.OpenPorts(0x61, 1);
        var timer = new I8254(ports, port61);
        timer.StartPeriodic(0, 1193);
        Assert.That(timer.ReadCount(0), Is.EqualTo(1193));
        timer.StartOneShot(2, 0x1234);
        Assert.That(timer.ReadBack(2), Is.EqualTo(new I8254Counter(false, false, 3, 0, false, 0x1234)));
        timer.StartTone(440);
        Assert.That((timer.ReadCount(2), port61.In8(0x61) & 3), Is.EqualTo((2712, 3)));
        timer.StopTone();
        Assert.That(port61.In8(0x61) & 3, Is.Zero);
    }
}
