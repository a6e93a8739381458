using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835PmModelTests
{
    private const uint Password = 0x5a00_0000;
    private const int Rstc = 0x1c, Rsts = 0x20, Wdog = 0x24;

    private ManualTime _time = null!;
    private SignalLine _reset = null!;
    private Bcm2835PmModel _pm = null!;
    private int _resets;

    [SetUp]
    public void PowerOn()
    {
        _resets = 0;
        _time = new ManualTime();
        _reset = new SignalLine();
        _reset.Changed += level => _resets += level ? 1 : 0;
        _pm = new Bcm2835PmModel(_time, _reset);
    }

    private uint Read(int offset) => (uint)_pm.Read(offset, 4);

    // A tenth of a second of 65536, the count rounded up.
    private static uint Left() => 6554;

    private void Write(int offset, uint value) => _pm.Write(offset, 4, Password | value);

    [Test]
    public void At_power_on_the_watchdog_rests()
    {
        Assert.That((Read(Rstc), Read(Rsts), Read(Wdog), _time.ArmedTimers), Is.EqualTo((0x102u, 0x1000u, 0u, 0)));
        Assert.That((_pm.Name, _pm.Compatible[0], _pm.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 power management", "brcm,bcm2835-pm", true)));
        Write(Wdog, 0xffff_ffff & 0xff_ffff);
        _time.AdvanceMilliseconds(100_000);
        Assert.That((Read(Wdog), _resets), Is.EqualTo((0xf_ffffu, 0)));
    }

    [Test]
    public void The_watchdog_counts_65536_a_second_and_asks_for_a_reset_unless_it_is_fed()
    {
        Write(Wdog, 2 << 16); // 2 s
        Write(Rstc, 0x122);
        _time.AdvanceMilliseconds(1500);
        Assert.That((Read(Wdog), _resets), Is.EqualTo((0x8000u, 0)));
        Write(Rsts, 0x1000);
        Assert.That(Read(Wdog), Is.EqualTo(0x8000u), "another register's write does not disturb the count");
        Write(Wdog, 2 << 16);
        _time.AdvanceMilliseconds(1999);
        Assert.That(_resets, Is.Zero);
        _time.AdvanceMilliseconds(1);
        Assert.That((_resets, Read(Wdog), _reset.Level, _time.ArmedTimers), Is.EqualTo((1, 0u, false, 0)));
        Write(Wdog, 10);
        Write(Rstc, 0x122);
        Write(Rstc, 0x102);
        _time.AdvanceMilliseconds(10);
        Assert.That(_resets, Is.EqualTo(1), "switched off in time");
    }

    [Test]
    public void Linuxs_restart_takes_ten_ticks_and_the_partition_survives()
    {
        Write(Rsts, 0x555 | 0x1000);
        Write(Wdog, 10);
        Write(Rstc, Read(Rstc) & ~0x30u | 0x20);
        _time.AdvanceMicroseconds(152);
        Assert.That(_resets, Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(_resets, Is.EqualTo(1));
        _pm.Reset();
        Assert.That((Read(Rstc), Read(Rsts), Read(Wdog)), Is.EqualTo((0x102u, 0x575u, 0u)));
        _pm.Reset();
        Assert.That(Read(Rsts), Is.EqualTo(0x1000u), "power-on");
        Write(Rstc, 0x122);
        Assert.That(_resets, Is.EqualTo(2), "0 ticks");
    }

    [Test]
    public void Without_the_password_nothing_is_written()
    {
        Assert.That(() => _pm.Write(Rstc, 4, 0x122), Throws.TypeOf<BusFaultException>());
        var errors = _pm.BehaveAsHardware();
        foreach (var offset in new[] { Rstc, Rsts, Wdog, 0x10c })
        {
            var before = Read(offset);
            _pm.Write(offset, 4, 0xa500_0020);
            Assert.That(Read(offset), Is.EqualTo(before));
        }
        Assert.That((errors.Count, _resets), Is.EqualTo((4L, 0)));
    }

    [TestCase(0x108)]
    [TestCase(0x10c)]
    [TestCase(0x110)]
    public void A_power_domain_says_that_it_is_powered(int domain)
    {
        Write(domain, 1);
        Assert.That(Read(domain), Is.EqualTo(3u));
        Write(domain, 1 | 4 | 8);
        Assert.That(Read(domain), Is.EqualTo(0x1fu));
        Write(domain, 0x12);
        Assert.That(Read(domain), Is.Zero, "the answers are read-only");
    }

    [TestCase(0x40)]
    [TestCase(0x8c)]
    [TestCase(0x100)]
    [TestCase(0x104)]
    public void There_are_holes(int offset)
    {
        Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void A_snapshot_has_the_count()
    {
        Write(Wdog, 1 << 16);
        Write(Rstc, 0x122);
        _time.AdvanceMilliseconds(500);
        var saved = _pm.Save();
        _time.AdvanceMilliseconds(400);
        Write(Rstc, 0x102);
        Write(0x10c, 1);
        _pm.Restore(saved);
        Assert.That((Read(Wdog), Read(0x10c), _time.ArmedTimers), Is.EqualTo((Left(), 0u, 1)));
        _time.AdvanceMilliseconds(101);
        Assert.That(_resets, Is.EqualTo(1));
    }

    [Test]
    public void The_machine_is_asked_for_its_reset()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        using var io = pi.IoRemap(0x3f10_0000, 0x114);
        io.Write32(0x24, Password | 10);
        io.Write32(0x1c, Password | 0x122);
        Assert.That(pi.ResetRequested, Is.False);
        pi.Clock.Step(200_000);
        Assert.That(pi.ResetRequested, Is.True);
        pi.Reset();
        Assert.That((pi.ResetRequested, io.Read32(0x20)), Is.EqualTo((false, 0x20u)));
    }
}
