using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835SystemTimerTests
{
    private ManualTime _time = null!;
    private BareDevice _bus = null!;
    private Bcm2835SystemTimer _timer = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime();
        _bus = new BareDevice(new Bcm2835SystemTimerModel(_time), 0x1000);
        _timer = new Bcm2835SystemTimer(_bus, _time);
    }

    [Test]
    public void The_counter_is_read_high_low_high()
    {
        _time.AdvanceMicroseconds((5UL << 32) + 7);
        Assert.That((_timer.Read(), _timer.ReadLow()), Is.EqualTo(((5UL << 32) + 7, 7u)));
        Assert.That(_bus.Log.Select(a => a.Offset), Is.EqualTo(new[] { 8L, 4L, 8L, 4L }));
    }

    [Test]
    public void A_carry_between_the_reads_is_not_torn()
    {
        for (var lead = 0L; lead < 4000; lead += 250)
        {
            Attach();
            _time.AdvanceMicroseconds((1UL << 32) - 2);
            _time.Advance(lead);
            _time.NanosecondsPerLook = 700;
            var value = _timer.Read();
            Assert.That(value, Is.InRange((1UL << 32) - 2, (1UL << 32) + 10), $"lead {lead}");
        }
    }

    [Test]
    public void A_high_word_that_never_holds_still_is_an_error()
    {
        _time.NanosecondsPerLook = (1L << 32) * 1000;
        Assert.That(() => _timer.Read(), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO));
    }

    [Test]
    public void A_compare_is_set_matched_and_cleared_alone()
    {
        _timer.SetCompare(1, 100);
        _timer.SetCompare(3, 50);
        Assert.That((_timer.GetCompare(1), _timer.GetCompare(3)), Is.EqualTo((100u, 50u)));
        _time.AdvanceMicroseconds(99);
        Assert.That((_timer.HasMatched(1), _timer.HasMatched(3)), Is.EqualTo((false, true)));
        _time.AdvanceMicroseconds(1);
        _bus.Log.Clear();
        _timer.ClearMatch(1);
        Assert.That(_bus.Log, Is.EqualTo(new[] { ('W', 0L, 2UL) }));
        Assert.That((_timer.HasMatched(1), _timer.HasMatched(3)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Waiting_ends_with_the_match_or_with_the_timeout()
    {
        _time.NanosecondsPerLook = 1000;
        _timer.SetCompare(1, 500);
        _timer.WaitForMatch(1, TimeSpan.FromMilliseconds(100));
        Assert.That(_time.Now, Is.InRange(500_000, 510_000));
        _timer.ClearMatch(1);
        Assert.That(() => _timer.WaitForMatch(1, TimeSpan.FromMilliseconds(1)),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("0.001 s"));
    }

    [TestCase(1)]
    [TestCase(10)]
    [TestCase(12345)]
    public void A_delay_lasts_at_least_as_long_as_asked(int ticks)
    {
        _time.Advance(900);
        _time.NanosecondsPerLook = 100;
        var start = _time.Now;
        _timer.Delay(TimeSpan.FromTicks(ticks));
        Assert.That(_time.Now - start, Is.InRange(ticks * 100L, ticks * 100L + 3000));
    }

    [Test]
    public void A_delay_of_nothing_touches_nothing_and_nonsense_is_refused()
    {
        _timer.Delay(TimeSpan.Zero);
        Action[] calls =
        [
            () => _timer.Delay(TimeSpan.FromTicks(-1)), () => _timer.Delay(TimeSpan.FromDays(2)), () => _timer.SetCompare(4, 0),
            () => _timer.GetCompare(-1), () => _timer.HasMatched(4), () => _timer.ClearMatch(-1),
            () => _timer.WaitForMatch(4, TimeSpan.FromSeconds(1)), () => _timer.WaitForMatch(1, TimeSpan.Zero),
        ];
        foreach (var call in calls) Assert.That(call, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_bus.Log, Is.Empty);
        Assert.That(() => new Bcm2835SystemTimer(new BareDevice(new Bcm2835GpioModel(), 0x18), _time), Throws.ArgumentException);
    }

    [Test]
    public void A_clock_that_stands_still_ends_a_wait_too()
    {
        _bus.IsLogging = false; // it looks a million times before it gives up
        Assert.That(() => _timer.WaitForMatch(1, TimeSpan.FromSeconds(1)),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("stands still"));
    }

    [Test]
    public void A_counter_that_does_not_count_ends_a_delay()
    {
        _time.NanosecondsPerLook = 1_000_000;
        var timer = new Bcm2835SystemTimer(new MemoryMmio(new byte[0x1000]), _time);
        Assert.That(() => timer.Delay(TimeSpan.FromMilliseconds(1)), Throws.TypeOf<RawIoException>().With.Message.Contains("did not count 1000 us"));
    }
}
