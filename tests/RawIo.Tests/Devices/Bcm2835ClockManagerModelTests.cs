using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>BCM2835 ARM Peripherals, 6.3; the rates as drivers/clk/bcm/clk-bcm2835.c would work them out.</summary>
public class Bcm2835ClockManagerModelTests
{
    private const uint Password = 0x5a00_0000;

    private ManualTime _time = null!;
    private Bcm2835ClockManagerModel _clocks = null!;

    [SetUp]
    public void PowerOn() => _clocks = new Bcm2835ClockManagerModel(_time = new ManualTime());

    private uint Read(int offset) => (uint)_clocks.Read(offset, 4);

    private void Write(int offset, uint value) => _clocks.Write(offset, 4, Password | value);

    /// <summary>A PLL channel as Linux reads it.</summary>
    private static double Linux(Bcm2835ClockManagerModel clocks, int pll, int channel, double oscillator)
    {
        uint Read(int offset) => (uint)clocks.Read(offset, 4);
        var control = Read(0x1100 + pll);
        Assert.That(control & 0x3_0000, Is.EqualTo(0x2_0000u), "out of reset and powered");
        var ratio = (control & 0x3ff) + (Read(0x1200 + pll) & 0xfffff) / (double)(1 << 20);
        if (oscillator < 20e6 && (Read(0x1014 + pll) & (pll == 0x60 ? 1u << 11 : 1u << 14)) != 0) ratio *= 2;
        var divider = Read(channel);
        Assert.That(divider & 0x100, Is.Zero, "enabled");
        return oscillator * ratio / (control >> 12 & 7) / (divider & 0xff);
    }

    [Test]
    public void At_power_on_the_rates_are_those_of_the_firmware()
    {
        Assert.That(Linux(_clocks, 0x40, 0x1540, 19.2e6), Is.EqualTo(500e6).Within(50), "PLLD_PER");
        Assert.That(Linux(_clocks, 0x20, 0x1520, 19.2e6), Is.EqualTo(1000e6).Within(50), "PLLC_PER");
        Assert.That(Linux(_clocks, 0x60, 0x1360, 19.2e6), Is.EqualTo(216e6).Within(50), "PLLH_AUX");
        Assert.That(Linux(_clocks, 0xe0, 0x13e0, 19.2e6), Is.EqualTo(1200e6).Within(50), "PLLB_ARM");
        var pi4 = new Bcm2835ClockManagerModel(_time, isBcm2711: true, 500_000_000, 1_500_000_000);
        Assert.That(Linux(pi4, 0x40, 0x1540, 54e6), Is.EqualTo(750e6).Within(50));
        Assert.That((_clocks.Hertz(CmClock.UART), pi4.Hertz(CmClock.UART)), Is.EqualTo((48e6, 48e6)).Using<double>((a, b) => Math.Abs(a - b) < 2000 ? 0 : 1));
        Assert.That((_clocks.Hertz(CmClock.TIMER), pi4.Hertz(CmClock.TIMER)), Is.EqualTo((1e6, 1e6)).Using<double>((a, b) => Math.Abs(a - b) < 20 ? 0 : 1));
        Assert.That((_clocks.Hertz(CmClock.VPU), pi4.Hertz(CmClock.VPU)), Is.EqualTo((400e6, 500e6)).Using<double>((a, b) => Math.Abs(a - b) < 50 ? 0 : 1));
        Assert.That((Read(0x0f4), Read(0x0f0) & 0xff, Read(0x114)), Is.EqualTo((0xa6aau, 0x96u, 0x1e00u)), "locked but for PLLA");
        Assert.That((_clocks.Name, pi4.Compatible[0], _clocks.Compatible[0], _clocks.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 clock manager", "brcm,bcm2711-cprman", "brcm,bcm2835-cprman", true)));
        Assert.That((pi4.Name, Read(0x100), Read(0x1190), _clocks.Hertz(CmClock.GP0)), Is.EqualTo(("BCM2711 clock manager", 0u, 0xffu, 0.0)));
    }

    [TestCase(0x070, CmClock.GP0)]
    [TestCase(0x078, CmClock.GP1)]
    [TestCase(0x080, CmClock.GP2)]
    [TestCase(0x098, CmClock.PCM)]
    [TestCase(0x0a0, CmClock.PWM)]
    public void A_generator_is_set_up_started_and_stops_at_the_end_of_its_period(int control, CmClock clock)
    {
        Write(control + 4, 1920 << 12 | 2048);
        Write(control, 1);
        Assert.That((Read(control), _clocks.Hertz(clock)), Is.EqualTo((1u, 0.0)));
        Write(control, 0x11);
        Assert.That((Read(control), _clocks.Hertz(clock)), Is.EqualTo((0x91u, 10_000.0)), "without MASH the fraction does not count");
        Write(control, 1);
        Assert.That(Read(control), Is.EqualTo(0x81u), "still BUSY");
        _time.Advance(99_999);
        Assert.That(Read(control), Is.EqualTo(0x81u));
        _time.Advance(1);
        Assert.That(Read(control), Is.EqualTo(1u));
        Write(control, 1 << 9 | 1);
        Write(control, 1 << 9 | 0x11);
        Assert.That(_clocks.Hertz(clock), Is.EqualTo(19.2e6 / 1920.5).Within(1e-3));
        Write(control, 1 << 9 | 0x31);
        Assert.That((Read(control), _clocks.Hertz(clock)), Is.EqualTo((1u << 9 | 0x21, 0.0)), "KILL does not wait");
    }

    [TestCase(0u, 0.0)]
    [TestCase(1u, 19.2e6)]
    [TestCase(4u, 0.0)]
    [TestCase(5u, 1000e6)]
    [TestCase(6u, 500e6)]
    [TestCase(7u, 216e6)]
    [TestCase(9u, 0.0)]
    public void Each_source_has_its_rate(uint source, double hertz)
    {
        Write(0x074, 10 << 12);
        Write(0x070, source);
        Write(0x070, source | 0x10);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.EqualTo(hertz / 10).Within(5));
        Write(0x070, source);
        _time.AdvanceMicroseconds(1);
        Write(0x074, 0);
        _clocks.BehaveAsHardware();
        Write(0x070, source | 0x10);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.Zero, "a divider of 0 stops it");
    }

    [Test]
    public void Without_the_password_nothing_is_written()
    {
        Assert.That(() => _clocks.Write(0x074, 4, 0x5000), Throws.TypeOf<BusFaultException>());
        var errors = _clocks.BehaveAsHardware();
        foreach (var offset in new[] { 0x070, 0x074, 0x10c, 0x1140, 0x1540 })
        {
            var before = Read(offset);
            _clocks.Write(offset, 4, 0x5b00_0000 | ~before & 0xff_ffff);
            Assert.That(Read(offset), Is.EqualTo(before));
        }
        Assert.That(errors.Count, Is.EqualTo(5));
    }

    [Test]
    public void Changing_source_or_divider_while_BUSY_is_a_mistake_that_the_hardware_lets_pass()
    {
        Write(0x074, 10 << 12);
        Write(0x070, 0x11);
        Assert.That(() => Write(0x074, 20 << 12), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x070, 0x16), Throws.TypeOf<BusFaultException>());
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.EqualTo(1.92e6));
        Write(0x070, 0x11);
        var errors = _clocks.BehaveAsHardware();
        Write(0x074, 20 << 12);
        Assert.That((errors.Count, _clocks.Hertz(CmClock.GP0)), Is.EqualTo((1L, 0.96e6)));
    }

    [TestCase(0x070)]
    [TestCase(0x098)]
    [TestCase(0x0a0)]
    public void Bits_that_are_unused_read_0(int control)
    {
        Write(control, 0xff_ffcf);
        Assert.That(Read(control), Is.EqualTo(0x70fu));
    }

    [Test]
    public void The_output_is_not_inverted_while_BUSY_and_MASH_asks_for_a_least_divider()
    {
        Write(0x074, 10 << 12);
        Write(0x070, 0x11);
        Assert.That(() => Write(0x070, 0x111), Throws.TypeOf<BusFaultException>(), "FLIP");
        foreach (var (mash, least) in new[] { (1u, 2u), (2u, 3u), (3u, 5u) })
        {
            Write(0x07c, least << 12);
            Write(0x078, mash << 9 | 1);
            Write(0x078, mash << 9 | 0x11);
            Write(0x078, mash << 9 | 0x21);
            Write(0x07c, (least << 12) - 1);
            Assert.That(() => Write(0x078, mash << 9 | 0x11), Throws.TypeOf<BusFaultException>(), $"MASH {mash}");
            Write(0x078, 0x21);
        }
    }

    [Test]
    public void PLLs_follow_their_registers_and_CM_LOCK_tells_which_run()
    {
        Write(0x074, 4 << 12);
        Write(0x070, 6);
        Write(0x070, 0x16);
        Write(0x1140, 0x2_1000 | 50);
        Write(0x1240, 1 << 19);
        Write(0x1054, 0);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.EqualTo(19.2e6 * 50.5 / 4 / 4).Within(1));
        Write(0x1054, 1 << 14);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.EqualTo(19.2e6 * 101 / 4 / 4).Within(1));
        Write(0x1540, 0x100 | 4);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.Zero, "the channel is off");
        Write(0x1540, 0);
        Assert.That(_clocks.Hertz(CmClock.GP0), Is.EqualTo(19.2e6 * 101 / 256 / 4).Within(1), "0 is 256");
        Write(0x10c, 1 << 8);
        Assert.That((Read(0x114), _clocks.Hertz(CmClock.GP0)), Is.EqualTo((0x1600u, 0.0)), "in reset");
        Write(0x10c, 0);
        Write(0x1140, 0x1_0000);
        Assert.That(Read(0x114), Is.EqualTo(0x1600u), "powered down");
        Assert.That((Read(0x1940), Read(0x1d40)), Is.EqualTo((0x1_0000u, 0u)), "the twins that are read-only");
    }

    [TestCase(0x0b8)]
    [TestCase(0x120)]
    [TestCase(0x1a0)]
    [TestCase(0x1000 - 4)]
    [TestCase(0x10a0)]
    [TestCase(0x1700)]
    [TestCase(0x1ffc)]
    public void There_are_holes(int offset)
    {
        Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void What_is_read_only_refuses_writes_and_a_snapshot_has_everything()
    {
        Assert.That(() => Write(0x114, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x1940, 0), Throws.TypeOf<BusFaultException>());
        Write(0x074, 1920 << 12);
        Write(0x070, 0x11);
        Write(0x070, 1);
        var saved = _clocks.Save();
        Write(0x098, 0x11);
        _time.AdvanceMicroseconds(50);
        _clocks.Restore(saved);
        Assert.That((Read(0x070), Read(0x098)), Is.EqualTo((0x81u, 0u)));
        _clocks.Reset();
        Assert.That((Read(0x070), Read(0x074), Read(0x0f4)), Is.EqualTo((0u, 0u, 0xa6aau)));
    }
}
