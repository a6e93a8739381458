using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Buttons and lamps at the pins of a machine.</summary>
internal sealed class ButtonTests
{
    private SimMachine _pi = null!;
    private Pin _pin = null!;

    [SetUp]
    public void Make()
    {
        _pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        _pin = _pi.Device<Bcm2835GpioModel>().Pins[28]; // no pull at reset
    }

    [TearDown]
    public void End() => _pi.Dispose();

    [TestCase(false, PinPull.Up)]
    [TestCase(true, PinPull.Down)]
    public void Pressed_it_joins_to_ground_or_supply_and_released_the_resistor_wins(bool toSupply, PinPull pull)
    {
        using var button = new Button("button", _pi.Time, toSupply);
        using var wire = Wire.Connect(button.Pin, _pin);
        _pin.Pull(pull);
        Assert.That((_pin.Level, button.IsPressed), Is.EqualTo((false, false)).Or.EqualTo((true, false)));
        var released = _pin.Level;
        button.Press();
        button.Press();
        Assert.That((_pin.Level, button.IsPressed), Is.EqualTo((toSupply, true)));
        button.Release();
        Assert.That((_pin.Level, button.IsPressed), Is.EqualTo((released, false)));
        button.Press();
        button.Dispose();
        Assert.That(_pin.Level, Is.EqualTo(released), "disposed it lets go");
    }

    [Test]
    public void It_bounces_by_the_machines_time_and_comes_to_rest([Range(1, 20)] int seed)
    {
        using var button = new Button("button", _pi.Time, seed: seed) { BounceTime = TimeSpan.FromMilliseconds(5) };
        using var wire = Wire.Connect(button.Pin, _pin);
        _pin.Pull(PinPull.Up);
        var changes = new List<(long At, bool Level)>();
        _pin.LevelChanged += level => changes.Add((_pi.Clock.Now, level));
        foreach (var pressed in new[] { true, false })
        {
            changes.Clear();
            var start = _pi.Clock.Now;
            if (pressed) button.Press();
            else button.Release();
            _pi.Clock.Step(5_000_000);
            Assert.That(changes[0], Is.EqualTo((start, !pressed)), "at once");
            Assert.That(changes, Has.Count.InRange(1, 9).And.Count.Matches<int>(n => n % 2 == 1));
            Assert.That(changes[^1].Level, Is.EqualTo(!pressed));
            Assert.That(changes.Select(c => c.At - start), Is.Ordered.And.All.LessThanOrEqualTo(5_000_000));
            var count = changes.Count;
            _pi.Clock.Step(1_000_000_000);
            Assert.That(changes, Has.Count.EqualTo(count), "at rest");
        }
    }

    [Test]
    public void The_same_seed_bounces_the_same_and_others_differently()
    {
        static string Bounces(int seed)
        {
            var time = new ManualTime();
            using var button = new Button("button", time, toSupply: true, seed) { BounceTime = TimeSpan.FromMilliseconds(10) };
            var seen = "";
            button.Pin.Pull(PinPull.Down);
            button.Pin.LevelChanged += level => seen += $"{time.Now}:{level} ";
            button.Press();
            time.AdvanceMilliseconds(10);
            button.Release();
            time.AdvanceMilliseconds(10);
            return seen;
        }

        var once = Bounces(5);
        Assert.That(Bounces(5), Is.EqualTo(once));
        Assert.That(Enumerable.Range(0, 10).Select(Bounces).Distinct().Count(), Is.GreaterThan(5));
    }

    [Test]
    public void Released_while_it_bounces_it_ends_released()
    {
        using var button = new Button("button", _pi.Time) { BounceTime = TimeSpan.FromMilliseconds(10) };
        using var wire = Wire.Connect(button.Pin, _pin);
        _pin.Pull(PinPull.Up);
        button.Press();
        _pi.Clock.Step(1_000_000);
        button.Release();
        _pi.Clock.Step(10_000_000);
        Assert.That(_pin.Level, Is.True);
    }

    [Test]
    public void A_driver_counts_the_edges_of_one_press()
    {
        var gpio = _pi.Device<Bcm2835GpioModel>();
        gpio.Write(0x58, 4, 1 << 28); // GPFEN0
        using var button = new Button("button", _pi.Time);
        using var wire = Wire.Connect(button.Pin, _pin);
        _pin.Pull(PinPull.Up);
        gpio.Write(0x40, 4, uint.MaxValue);
        button.Press();
        Assert.That(gpio.Read(0x40, 4), Is.EqualTo(1u << 28));
    }
}
