using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>BCM2835 ARM Peripherals, chapter 9. At 1 MHz a cycle is a microsecond.</summary>
public class Bcm2835PwmModelTests
{
    private const int Ctl = 0x00, Sta = 0x04, Dmac = 0x08, Rng1 = 0x10, Dat1 = 0x14, Fif1 = 0x18, Rng2 = 0x20, Dat2 = 0x24;
    private const uint Full = 1, Empt = 2, Werr = 4, Gapo1 = 0x10, Sta1 = 0x200;

    private ManualTime _time = null!;
    private Bcm2835PwmModel _pwm = null!;
    private double _hertz;

    [SetUp]
    public void PowerOn()
    {
        _hertz = 1e6;
        _pwm = new Bcm2835PwmModel(_time = new ManualTime(), () => _hertz);
        _time.Advance(500);
    }

    private uint Read(int offset) => (uint)_pwm.Read(offset, 4);

    private void Write(int offset, uint value) => _pwm.Write(offset, 4, value);

    /// <summary>The output of the next cycles, looked at in the middle of each.</summary>
    private string Wave(int cycles, int channel = 1)
    {
        var wave = "";
        for (var i = 0; i < cycles; i++)
        {
            wave += _pwm.Level(channel) ? '1' : '0';
            _time.AdvanceMicroseconds(1);
        }
        return wave;
    }

    [Test]
    public void At_power_on_both_channels_are_off()
    {
        Assert.That((Read(Ctl), Read(Sta), Read(Dmac), Read(Rng1), Read(Dat1), Read(Rng2), Read(Dat2)), Is.EqualTo((0u, Empt, 0x707u, 0x20u, 0u, 0x20u, 0u)));
        Assert.That((Wave(40), _pwm.Duty(1), _pwm.Frequency(2)), Is.EqualTo((new string('0', 40), 0.0, 0.0)));
        Assert.That((_pwm.Name, _pwm.Compatible[0], _pwm.LeavesOut.Length > 0, _pwm.DmaRequests.Single().Number), Is.EqualTo(("BCM2835 PWM", "brcm,bcm2835-pwm", true, 5)));
        Assert.That(() => _pwm.Duty(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _pwm.Level(3), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase(0u, "00000000")]
    [TestCase(1u, "00000001")]
    [TestCase(3u, "00100101")]
    [TestCase(4u, "01010101")]
    [TestCase(5u, "01011011")]
    [TestCase(8u, "11111111")]
    [TestCase(9u, "11111111")]
    public void Balanced_pulses_are_spread_evenly(uint data, string wave)
    {
        Write(Rng1, 8);
        Write(Dat1, data);
        Write(Ctl, 1);
        Assert.That((Wave(16), _pwm.Duty(1), _pwm.Frequency(1)), Is.EqualTo((wave + wave, Math.Min(1, data / 8.0), 125e3)));
        Assert.That(Read(Sta), Is.EqualTo(Empt | Sta1));
    }

    [TestCase(0u, "00000000")]
    [TestCase(1u, "10000000")]
    [TestCase(5u, "11111000")]
    [TestCase(8u, "11111111")]
    public void Mark_and_space_are_one_pulse(uint data, string wave)
    {
        Write(Rng2, 8);
        Write(Dat2, data);
        Write(Ctl, 0x8100);
        Assert.That((Wave(16, 2), _pwm.Duty(2)), Is.EqualTo((wave + wave, data / 8.0)));
        Write(Ctl, 0x9100);
        Assert.That((Wave(8, 2), _pwm.Duty(2)), Is.EqualTo((wave.Replace('0', 'x').Replace('1', '0').Replace('x', '1'), 1 - data / 8.0)), "POLA inverts");
    }

    [Test]
    public void New_data_counts_from_the_next_period_on()
    {
        Write(Rng1, 4);
        Write(Dat1, 1);
        Write(Ctl, 0x81);
        Assert.That(Wave(5), Is.EqualTo("10001"));
        Write(Dat1, 3);
        Assert.That(Wave(7), Is.EqualTo("0001110"));
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.That(Wave(8), Is.EqualTo("11101110"), "a thousand days in one step");
    }

    [Test]
    public void The_serialiser_sends_the_highest_bit_first_cut_or_filled_to_the_range()
    {
        Write(Dat1, 0xa000_0001);
        Write(Ctl, 3);
        Assert.That((Wave(33), _pwm.Duty(1)), Is.EqualTo(("10100000000000000000000000000001" + "1", 3 / 32.0)));
        Write(Ctl, 0);
        Write(Rng1, 3);
        Write(Ctl, 3);
        Assert.That((Wave(6), _pwm.Duty(1)), Is.EqualTo(("101101", 2 / 3.0)));
        Write(Ctl, 0);
        Write(Rng1, 34);
        Write(Ctl, 0xb);
        Assert.That(Wave(35)[31..], Is.EqualTo("1111"), "SBIT behind the word");
        Assert.That(_pwm.Duty(1), Is.EqualTo(5 / 34.0).Within(1e-12));
    }

    [Test]
    public void The_FIFO_is_sent_word_by_word_and_runs_dry_with_a_gap()
    {
        Write(Rng1, 4);
        Write(Fif1, 0x9000_0000);
        Write(Fif1, 0x6000_0000);
        Assert.That(Read(Sta), Is.Zero);
        Write(Ctl, 0x23);
        Assert.That(Read(Sta), Is.EqualTo(Sta1));
        Assert.That(Wave(10), Is.EqualTo("1001011000"));
        Assert.That(Read(Sta), Is.EqualTo(Empt | Gapo1));
        Write(Sta, Gapo1);
        Assert.That(Read(Sta), Is.EqualTo(Empt));
        Write(Fif1, 0xf000_0000);
        Assert.That((Wave(5), Read(Sta)), Is.EqualTo(("11110", Empt | Gapo1)), "sent at once");
        Write(Ctl, 0x2b);
        Assert.That((Wave(2), _pwm.Duty(1)), Is.EqualTo(("11", 1.0)), "SBIT while nothing is sent");
    }

    [Test]
    public void With_RPTL_the_last_word_is_sent_again_until_there_is_another()
    {
        Write(Rng1, 4);
        Write(Fif1, 0x9000_0000);
        Write(Ctl, 0x27);
        Assert.That(Wave(9), Is.EqualTo("100110011"));
        Write(Fif1, 0x6000_0000);
        Assert.That((Wave(7), Read(Sta)), Is.EqualTo(("0010110", Empt | Sta1)));
    }

    [Test]
    public void Both_channels_take_the_FIFOs_words_in_turn()
    {
        Write(Rng1, 4);
        Write(Rng2, 4);
        for (var i = 1u; i <= 4; i++) Write(Fif1, i << 28);
        Write(Ctl, 0x2323);
        var (one, two) = ("", "");
        for (var i = 0; i < 8; i++)
        {
            one += _pwm.Level(1) ? '1' : '0';
            two += _pwm.Level(2) ? '1' : '0';
            _time.AdvanceMicroseconds(1);
        }
        Assert.That((one, two), Is.EqualTo(("00010011", "00100100")));
    }

    [Test]
    public void Eight_words_fit_a_ninth_is_an_error_and_CLRF1_empties()
    {
        for (var i = 0; i < 8; i++) Write(Fif1, 1);
        Assert.That(Read(Sta), Is.EqualTo(Full));
        Write(Fif1, 1);
        Assert.That(Read(Sta), Is.EqualTo(Full | Werr));
        Write(Sta, Werr);
        Write(Ctl, 0x40);
        Assert.That((Read(Sta), Read(Ctl)), Is.EqualTo((Empt, 0u)));
    }

    [Test]
    public void DREQ_asks_while_there_are_no_more_words_than_the_threshold_and_rises_on_time()
    {
        var dreq = _pwm.DmaRequests[0].Line;
        Assert.That(dreq.Level, Is.False);
        Write(Dmac, 0x8000_0001);
        Assert.That((dreq.Level, Read(Dmac)), Is.EqualTo((true, 0x8000_0001u)));
        for (var i = 0; i < 4; i++) Write(Fif1, 1);
        Assert.That(dreq.Level, Is.False);
        Write(Rng1, 10);
        Write(Ctl, 0x23); // one word is under way, three wait
        dreq.Want(true);
        _time.AdvanceMicroseconds(19);
        Assert.That(dreq.Level, Is.False);
        _time.AdvanceMicroseconds(1);
        Assert.That((dreq.Level, _time.ArmedTimers), Is.EqualTo((true, 0)));
        Write(Dmac, 0x8000_00ff);
        for (var i = 0; i < 7; i++) Write(Fif1, 1);
        Assert.That((dreq.Level, Read(Sta) & Full), Is.EqualTo((false, Full)), "not when full");
    }

    [Test]
    public void The_clock_may_change_and_stand_still()
    {
        Write(Rng1, 8);
        Write(Dat1, 4);
        Write(Ctl, 0x81);
        Assert.That(Wave(2), Is.EqualTo("11"));
        _pwm.ClockChanging();
        _hertz = 0;
        _pwm.ClockChanged();
        Assert.That((Wave(20), _pwm.Frequency(1)), Is.EqualTo((new string('1', 20), 0.0)));
        _pwm.ClockChanging();
        _hertz = 0.5e6;
        _pwm.ClockChanged();
        Assert.That(Wave(12), Is.EqualTo("111100000000").Or.EqualTo("111000000001"));
    }

    [TestCase(0x0c)]
    [TestCase(0x1c)]
    [TestCase(0x28)]
    public void There_are_holes(int offset)
    {
        Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(Fif1), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void A_snapshot_goes_on_in_the_middle_of_a_word()
    {
        Write(Rng1, 4);
        Write(Fif1, 0x9000_0000);
        Write(Fif1, 0x5000_0000);
        Write(Ctl, 0x23);
        Wave(2);
        var saved = _pwm.Save();
        var now = Wave(6);
        Write(Ctl, 0x40);
        Write(Rng1, 9);
        var later = new Bcm2835PwmModel(_time, () => _hertz);
        Assert.That(now, Is.EqualTo("010101"));
        _pwm.Restore(saved);
        Assert.That((Read(Rng1), Read(Ctl)), Is.EqualTo((4u, 0x23u)));
        _pwm.Reset();
        Assert.That((Read(Rng1), Read(Ctl), Read(Sta), later.Level(1)), Is.EqualTo((0x20u, 0u, Empt, false)));
    }

    [Test]
    public void On_a_machine_the_clock_is_the_clock_managers_and_DMA_feeds_the_FIFO()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        using var clocks = pi.IoRemap(0x3f10_1000, 0x2000);
        using var pwm = pi.IoRemap(0x3f20_c000, 0x28);
        using var dma = pi.IoRemap(0x3f00_7000, 0x1000);
        var model = pi.Device<Bcm2835PwmModel>();
        clocks.Write32(0xa4, 0x5a00_0000 | 192 << 12);
        clocks.Write32(0xa0, 0x5a00_0011); // 100 kHz
        pwm.Write32(Rng1, 100);
        pwm.Write32(Dat1, 25);
        pwm.Write32(Ctl, 0x81);
        Assert.That((model.Frequency(1), model.Duty(1)), Is.EqualTo((1000.0, 0.25)));
        var high = 0;
        for (var i = 0; i < 400; i++)
        {
            pi.Clock.Step(10_000);
            if (model.Level(1)) high++;
        }
        Assert.That(high, Is.EqualTo(100));

        var ram = pi.PhysicalMemory.Window(0x10_0000, 0x1000);
        uint[] block = [1 << 6 | 1 << 8 | 5 << 16, 0xc010_0100, 0x7e20_c018, 40, 0, 0];
        for (var i = 0; i < block.Length; i++) ram.Write32(4 * i, block[i]);
        for (var i = 0; i < 10; i++) ram.Write32(0x100 + 4 * i, (uint)i * 10);
        pwm.Write32(Ctl, 0);
        pwm.Write32(Dmac, 0x8000_0007);
        pwm.Write32(Ctl, 0xa1);
        dma.Write32(0x004, 0xc010_0000);
        dma.Write32(0x000, 1);
        pi.Clock.Step(500_000);
        var duties = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            duties.Add(model.Duty(1));
            pi.Clock.Step(1_000_000);
        }
        Assert.That(duties, Is.EqualTo(Enumerable.Range(0, 10).Select(i => i / 10.0)).Within(1e-9));
        Assert.That(dma.Read32(0x000) & 3, Is.EqualTo(2u));
    }
}
