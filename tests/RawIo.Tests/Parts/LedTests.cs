using RawIo.Sim;

namespace RawIo.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LedTests
{
    private readonly ManualTime _time = new();

    [TestCase(false)]
    [TestCase(true)]
    public void It_remembers_when_it_was_on(bool activeLow)
    {
        var led = new Led("led", _time, activeLow);
        var chip = new Pin("chip");
        using var wire = Wire.Connect(chip, led.Pin);
        Assert.That((led.IsOn, led.Blinks, led.OnTime, led.History.Count), Is.EqualTo((false, 0L, TimeSpan.Zero, 0)), "undriven it is off");
        _time.AdvanceMilliseconds(5);
        for (var i = 0; i < 3; i++)
        {
            chip.Drive(!activeLow);
            chip.Drive(!activeLow);
            _time.AdvanceMilliseconds(10);
            chip.Drive(activeLow);
            _time.AdvanceMilliseconds(20);
        }
        chip.Drive(!activeLow);
        _time.AdvanceMilliseconds(7);
        Assert.That((led.IsOn, led.Blinks, led.OnTime), Is.EqualTo((true, 4L, TimeSpan.FromMilliseconds(37))));
        Assert.That(led.History.Select(c => (c.Time.TotalMilliseconds, c.IsOn)), Is.EqualTo(new[]
        {
            (5.0, true), (15, false), (35, true), (45, false), (65, true), (75, false), (95, true),
        }));
        wire.Dispose();
        Assert.That(led.IsOn, Is.False, "without the wire its resistor wins");
    }

    [Test]
    public void The_history_is_bounded_and_the_counts_are_not()
    {
        var led = new Led("led", _time, capacity: 4);
        for (var i = 0; i < 1000; i++)
        {
            led.Pin.Drive(i % 2 == 0);
            _time.AdvanceMilliseconds(1);
        }
        Assert.That((led.Blinks, led.OnTime, led.History.Count), Is.EqualTo((500L, TimeSpan.FromMilliseconds(500), 4)));
        Assert.That(led.History[^1], Is.EqualTo(new LedChange(TimeSpan.FromMilliseconds(999), false)));
        Assert.That(new Led("none", _time, capacity: 0).History, Is.Empty);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Led("led", _time, capacity: -1));
        Assert.Throws<ArgumentException>(() => _ = new Led("", _time));
    }

    [Test]
    public void A_driver_blinks_it_on_a_machine()
    {
        using var pi = SimMachine.Create("pi4", new() { SteppedClock = true });
        var gpio = pi.Device<Bcm2711GpioModel>();
        var led = new Led("led", pi.Time);
        using var wire = Wire.Connect(led.Pin, gpio.Pins[21]);
        gpio.Write(0x08, 4, 1 << 3); // GPFSEL2: GPIO21 is an output
        for (var i = 0; i < 5; i++)
        {
            gpio.Write(0x1c, 4, 1 << 21);
            pi.Clock.Step(250_000_000);
            gpio.Write(0x28, 4, 1 << 21);
            pi.Clock.Step(750_000_000);
        }
        Assert.That((led.Blinks, led.OnTime, led.IsOn), Is.EqualTo((5L, TimeSpan.FromSeconds(1.25), false)));
    }
}
