using RawIo.Sim;

namespace RawIo.Tests;

public partial class Bcm2835SystemTimerModelTests
{
    private const ulong Wrap = 1UL << 32;

    private ManualTime _time = null!;
    private Bcm2835SystemTimerModel _timer = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _time.Advance(12_345); // the counter counts from power-on, not from the clock's zero
        _timer = new Bcm2835SystemTimerModel(_time);
    }

    private uint Read(int offset) => (uint)_timer.Read(offset, 4);

    private void Write(int offset, uint value) => _timer.Write(offset, 4, value);

    [Test]
    public void The_counter_counts_microseconds_in_two_words()
    {
        Assert.That((Read(0x04), Read(0x08)), Is.EqualTo((0u, 0u)));
        _time.Advance(999);
        Assert.That(Read(0x04), Is.Zero);
        _time.Advance(1);
        Assert.That(Read(0x04), Is.EqualTo(1u));
        _time.AdvanceMicroseconds(Wrap * 3 + 5);
        Assert.That((Read(0x04), Read(0x08)), Is.EqualTo((6u, 3u)));
    }

    [Test]
    public void It_does_not_lose_count_over_years()
    {
        _time.Advance(TimeSpan.FromDays(365 * 20));
        var expected = 365UL * 20 * 86_400 * 1_000_000;
        Assert.That(Read(0x04) | (ulong)Read(0x08) << 32, Is.EqualTo(expected));
    }

    [Test]
    public void Nothing_matches_at_power_on_and_an_untouched_compare_matches_at_the_wrap()
    {
        Assert.That(Read(0x00), Is.Zero);
        _time.AdvanceMicroseconds(Wrap - 1);
        Assert.That(Read(0x00), Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0x00), Is.EqualTo(0xfu));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void A_compare_matches_when_the_low_word_comes_to_it_and_is_cleared_by_writing_1(int compare)
    {
        Write(0x0c + compare * 4, 100);
        Assert.That(Read(0x0c + compare * 4), Is.EqualTo(100u));
        _time.AdvanceMicroseconds(99);
        Assert.That(Read(0x00), Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0x00), Is.EqualTo(1u << compare));
        Write(0x00, ~(1u << compare));
        Assert.That(Read(0x00), Is.EqualTo(1u << compare), "zeros clear nothing");
        Write(0x00, 1u << compare);
        Assert.That(Read(0x00), Is.Zero);
        _time.AdvanceMicroseconds(1000);
        Assert.That(Read(0x00), Is.Zero);
        _time.AdvanceMicroseconds(Wrap - 1000);
        Assert.That(Read(0x00) & 1u << compare, Is.EqualTo(1u << compare), "and again one wrap later");
    }

    [Test]
    public void A_match_is_found_though_nobody_looked_and_across_the_wrap()
    {
        _time.AdvanceMicroseconds(Wrap - 10);
        Write(0x10, 5);
        _time.AdvanceMicroseconds(14);
        Assert.That(Read(0x00) & 2, Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0x00) & 2, Is.EqualTo(2u));
    }

    [Test]
    public void A_leap_of_more_than_a_wrap_matches_everything()
    {
        _time.AdvanceMicroseconds(50);
        Write(0x0c, 49);
        Write(0x10, 51);
        Write(0x14, 0xffff_ffff);
        Write(0x18, 0x8000_0000);
        _time.AdvanceMicroseconds(Wrap - 2);
        Assert.That(Read(0x00), Is.EqualTo(0xeu), "one short of coming round to 49");
        Write(0x00, 0xf);
        _time.AdvanceMicroseconds(Wrap * 7);
        Assert.That(Read(0x00), Is.EqualTo(0xfu));
    }

    [Test]
    public void A_compare_written_with_the_present_count_matches_at_once_and_only_once()
    {
        _time.AdvanceMicroseconds(50);
        Write(0x18, 50);
        Assert.That(Read(0x00), Is.EqualTo(8u));
        Write(0x00, 8);
        Assert.That(Read(0x00), Is.Zero);
        Write(0x18, 49);
        Assert.That(Read(0x00), Is.Zero, "a time that is past is a wrap away");
    }

    [Test]
    public void A_compare_that_is_moved_does_not_match_at_its_old_value()
    {
        Write(0x10, 100);
        _time.AdvanceMicroseconds(60);
        Write(0x10, 200);
        _time.AdvanceMicroseconds(60);
        Assert.That(Read(0x00), Is.Zero);
    }

    [Test]
    public void The_counter_is_read_only_and_the_rest_is_not_there()
    {
        foreach (var offset in (int[])[0x04, 0x08, 0x1c, 0x20])
            Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x1c), Throws.TypeOf<BusFaultException>());
        _timer.BehaveAsHardware();
        _time.AdvanceMicroseconds(7);
        Write(0x04, 99);
        Assert.That((Read(0x04), Read(0x1c)), Is.EqualTo((7u, 0u)));
    }

    [Test]
    public void Reset_starts_the_count_again_and_forgets_matches()
    {
        Write(0x0c, 10);
        _time.AdvanceMicroseconds(20);
        _timer.Reset();
        Assert.That((Read(0x00), Read(0x04), Read(0x0c)), Is.EqualTo((0u, 0u, 0u)));
        Assert.That(_timer.InterruptLines[0].Sample(), Is.False);
        Assert.That((_timer.Name, _timer.Compatible[0], _timer.LeavesOut), Is.EqualTo(("BCM2835 system timer", "brcm,bcm2835-system-timer", "")));
    }

    /// <summary>Random steps against a count that looks at every microsecond.</summary>
    [Test]
    public void Random_steps_agree_with_counting_each_microsecond([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        _time.AdvanceMicroseconds(Wrap - 3000);
        uint count = unchecked((uint)(Wrap - 3000)), matches = 0;
        Write(0, 0xf);
        var compares = new uint[4];
        for (var step = 0; step < 1000; step++)
        {
            var i = random.Next(4);
            switch (random.Next(3))
            {
                case 0:
                    compares[i] = count + (uint)random.Next(-5, 30);
                    Write(0x0c + i * 4, compares[i]);
                    if (compares[i] == count) matches |= 1u << i;
                    break;
                case 1:
                    var clear = (uint)random.Next(16);
                    Write(0, clear);
                    matches &= ~clear;
                    break;
                default:
                    var elapsed = random.Next(20);
                    _time.AdvanceMicroseconds((ulong)elapsed);
                    for (; elapsed > 0; elapsed--)
                    {
                        count++;
                        for (var c = 0; c < 4; c++)
                            if (compares[c] == count)
                                matches |= 1u << c;
                    }
                    break;
            }
            Assert.That(Read(0), Is.EqualTo(matches), $"step {step}");
        }
    }
}
