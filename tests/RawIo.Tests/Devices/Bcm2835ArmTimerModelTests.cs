using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835ArmTimerModelTests
{
    private const uint Enable = 0x80, InterruptEnable = 0x20, Wide = 2, FreeRunning = 0x200;

    private ManualTime _time = null!;
    private Bcm2835ArmTimerModel _timer = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _time.Advance(1234);
        _timer = new Bcm2835ArmTimerModel(_time);
    }

    private uint Read(int offset) => (uint)_timer.Read(offset, 4);

    private void Write(int offset, uint value) => _timer.Write(offset, 4, value);

    [Test]
    public void Reset_values_are_the_datasheet_s()
    {
        Assert.That(Enumerable.Range(0, 9).Select(i => Read(4 * i)),
            Is.EqualTo(new uint[] { 0, 0, 0x003e_0020, 0x544d_5241, 0, 0, 0, 0x7d, 0 }));
        _time.AdvanceMilliseconds(1000);
        Assert.That((Read(0x04), Read(0x10), Read(0x20)), Is.EqualTo((0u, 0u, 0u)), "both are off");
        Assert.That((_timer.Compatible[0], _timer.LeavesOut.Length > 0), Is.EqualTo(("brcm,bcm2835-arm-timer", true)));
    }

    [Test]
    public void Registers_keep_their_bits_and_the_rest_is_a_mistake()
    {
        Write(0x08, 0xffff_fd7f); // not enabled
        Assert.That(Read(0x08), Is.EqualTo(0x00ff_012eu));
        Write(0x1c, 0xffff_ffff);
        Assert.That(Read(0x1c), Is.EqualTo(0x3ffu));
        Write(0x00, 0xdead_beef);
        Assert.That((Read(0x00), Read(0x18), Read(0x04)), Is.EqualTo((0xdead_beefu, 0xdead_beefu, 0xdead_beefu)));
        Write(0x18, 7);
        Assert.That((Read(0x00), Read(0x18), Read(0x04)), Is.EqualTo((7u, 7u, 0xdead_beefu)), "without an immediate reload");
        foreach (var offset in (int[])[0x04, 0x10, 0x14, 0x20, 0x24]) Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x24), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void It_counts_down_at_the_divided_clock_and_the_tick_after_0_reloads_and_interrupts()
    {
        Write(0x1c, 249); // 1 MHz
        Write(0x08, Enable | Wide);
        Write(0x00, 10);
        for (uint left = 10; left > 0; left--)
        {
            Assert.That((Read(0x04), Read(0x10)), Is.EqualTo((left, 0u)));
            _time.AdvanceMicroseconds(1);
        }
        Assert.That((Read(0x04), Read(0x10)), Is.EqualTo((0u, 0u)));
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(0x04), Read(0x10), Read(0x14)), Is.EqualTo((10u, 1u, 0u)), "not enabled");
        Write(0x08, Enable | Wide | InterruptEnable);
        Assert.That((Read(0x14), _timer.InterruptLines[0].Level), Is.EqualTo((1u, true)));
        Write(0x0c, 0);
        Assert.That((Read(0x10), Read(0x14), _timer.InterruptLines[0].Level), Is.EqualTo((0u, 0u, false)));
        _time.AdvanceMicroseconds(11 * 1000 + 3);
        Assert.That((Read(0x04), Read(0x10)), Is.EqualTo((7u, 1u)), "it goes on by itself");
    }

    [TestCase(0u, 1)]
    [TestCase(1u, 16)]
    [TestCase(2u, 256)]
    [TestCase(3u, 1)]
    public void The_prescaler_divides_once_more(uint select, int divisor)
    {
        Write(0x1c, 249);
        Write(0x08, Enable | Wide | select << 2);
        Write(0x00, 1000);
        _time.Advance(divisor * 5000 - 1);
        Assert.That(Read(0x04), Is.EqualTo(996u));
        _time.Advance(1);
        Assert.That(Read(0x04), Is.EqualTo(995u));
    }

    [Test]
    public void A_16_bit_counter_reloads_16_bits()
    {
        Write(0x1c, 249);
        Write(0x08, Enable);
        Write(0x00, 0x1234_0003);
        Assert.That(Read(0x04), Is.EqualTo(3u));
        _time.AdvanceMicroseconds(5);
        Assert.That((Read(0x04), Read(0x10), Read(0x00)), Is.EqualTo((2u, 1u, 0x1234_0003u)));
    }

    [Test]
    public void A_load_of_0_interrupts_at_each_tick()
    {
        Write(0x1c, 249);
        Write(0x08, Enable | Wide);
        Write(0x0c, 0);
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(0x04), Read(0x10)), Is.EqualTo((0u, 1u)));
    }

    [Test]
    public void A_timer_that_is_off_keeps_its_value()
    {
        Write(0x1c, 249);
        Write(0x08, Enable | Wide);
        Write(0x00, 100);
        _time.AdvanceMicroseconds(40);
        Write(0x08, Wide);
        _time.AdvanceMicroseconds(1000);
        Assert.That(Read(0x04), Is.EqualTo(60u));
        Write(0x08, Enable | Wide);
        _time.AdvanceMicroseconds(10);
        Assert.That(Read(0x04), Is.EqualTo(50u));
    }

    [Test]
    public void The_free_running_counter_has_its_own_divider_and_counts_up()
    {
        Write(0x08, FreeRunning | 249u << 16);
        _time.AdvanceMicroseconds(12_345);
        Assert.That(Read(0x20), Is.EqualTo(12_345u));
        Write(0x08, 249u << 16);
        _time.AdvanceMicroseconds(55);
        Assert.That(Read(0x20), Is.EqualTo(12_345u));
        Write(0x08, FreeRunning | 24u << 16);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0x20), Is.EqualTo(12_355u));
        _time.Advance(TimeSpan.FromDays(30));
        Assert.That(Read(0x20), Is.EqualTo(unchecked((uint)(12_355 + 30L * 86_400 * 10_000_000))));
    }

    [Test]
    public void A_periodic_interrupt_of_1_kHz_comes_a_thousand_times_a_second_on_time()
    {
        var rises = new List<long>();
        _timer.InterruptLines[0].Changed += level =>
        {
            if (level) rises.Add(_time.Now);
        };
        _timer.InterruptLines[0].Want(true);
        Write(0x1c, 249);
        Write(0x08, Enable | Wide | InterruptEnable);
        Write(0x00, 999);
        var start = _time.Now;
        for (var i = 0; i < 1000; i++)
        {
            _time.AdvanceMilliseconds(1);
            Write(0x0c, 1);
        }
        Assert.That(rises, Is.EqualTo(Enumerable.Range(1, 1000).Select(i => start + i * 1_000_000L)));
        _timer.InterruptLines[0].Want(false);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void Reset_and_snapshots()
    {
        Write(0x1c, 249);
        Write(0x08, Enable | Wide | InterruptEnable | FreeRunning);
        Write(0x00, 5);
        _time.AdvanceMicroseconds(7);
        var saved = _timer.Save();
        Assert.That(_timer.InterruptLines[0].Sample(), Is.True);
        _timer.Reset();
        Assert.That((_timer.InterruptLines[0].Sample(), Read(0x08), Read(0x20)), Is.EqualTo((false, 0x003e_0020u, 0u)));
        _timer.Restore(saved);
        Assert.That((_timer.InterruptLines[0].Sample(), Read(0x04), Read(0x00)), Is.EqualTo((true, 4u, 5u)));
    }

    /// <summary>Random writes against a count of each tick.</summary>
    [Test]
    public void Random_steps_agree_with_counting_each_tick([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        Write(0x1c, 249);
        Write(0x08, Enable | Wide);
        Write(0x00, 20);
        uint value = 20, load = 20, pending = 0;
        for (var step = 0; step < 2000; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    Write(0x00, value = load = (uint)random.Next(30));
                    break;
                case 1:
                    Write(0x18, load = (uint)random.Next(30));
                    break;
                case 2:
                    Write(0x0c, 0);
                    pending = 0;
                    break;
                default:
                    var ticks = random.Next(100);
                    _time.AdvanceMicroseconds((ulong)ticks);
                    for (; ticks > 0; ticks--)
                    {
                        if (value == 0) (value, pending) = (load, 1);
                        else value--;
                    }
                    break;
            }
            Assert.That((Read(0x04), Read(0x10)), Is.EqualTo((value, pending)), $"step {step}");
        }
    }
}
