namespace RawIo.Tests;

public partial class Bcm2835GpioModelTests
{
    [TestCase(0x4c, true)]
    [TestCase(0x58, false)]
    [TestCase(0x7c, true)]
    [TestCase(0x88, false)]
    public void An_edge_sets_the_status_once_and_writing_1_clears_it(int enable, bool rising)
    {
        _gpio.Pins[20].Drive(!rising);
        Write(enable, 1 << 20);
        Assert.That(Read(0x40), Is.Zero, "enabling is no edge");
        _gpio.Pins[20].Drive(rising);
        Assert.That(Read(0x40), Is.EqualTo(1u << 20));
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.EqualTo(new[] { true, false, false, true }));
        _gpio.Pins[20].Drive(!rising);
        Assert.That(Read(0x40), Is.EqualTo(1u << 20), "the status stays, and the other edge is not detected");
        Write(0x40, ~(1u << 20));
        Assert.That(Read(0x40), Is.EqualTo(1u << 20), "zeros clear nothing");
        Write(0x40, 1u << 20);
        Assert.That(Read(0x40), Is.Zero);
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.All.False);
    }

    [Test]
    public void Only_the_asynchronous_detectors_see_a_pulse_between_two_samples()
    {
        Write(0x4c, 0xf0);
        Write(0x58, 0xf0);
        _gpio.Pins[4].Glitch(false);
        Assert.That(Read(0x40), Is.Zero);
        Write(0x7c, 1 << 4);
        Write(0x88, 1 << 5);
        _gpio.Pins[4].Glitch(true);
        Assert.That(Read(0x40), Is.Zero, "it is high already");
        _gpio.Pins[4].Glitch(false);
        _gpio.Pins[5].Glitch(false);
        Assert.That(Read(0x40), Is.EqualTo(0x30u));
        Assert.That(Read(0x34) & 0x30, Is.EqualTo(0x30u));
        Assert.That(_gpio.InterruptLines[0].Level, Is.True);
    }

    [TestCase(0x68, true)]
    [TestCase(0x74, false)]
    public void A_level_that_holds_sets_its_status_again_at_once(int enable, bool level)
    {
        var events = new List<bool>();
        _gpio.InterruptLines[1].Changed += events.Add;
        var pin = _gpio.Pins[40];
        pin.Drive(!level);
        Write(enable, 1 << 8);
        Assert.That(Read(0x44), Is.Zero);
        pin.Drive(level);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8));
        Write(0x44, 1 << 8);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8), "clearing does not stick");
        Assert.That(events, Is.EqualTo(new[] { true }), "the line did not even flicker");
        pin.Drive(!level);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8), "the event is still there");
        Write(0x44, 1 << 8);
        Assert.That(Read(0x44), Is.Zero);
        Assert.That(events, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Enabling_a_level_detector_on_a_level_that_holds_is_an_event()
    {
        Write(0x64, 1);
        Assert.That(Read(0x40), Is.EqualTo(1u));
        Write(0x64, 0);
        Assert.That(Read(0x40), Is.EqualTo(1u), "disabling does not clear");
    }

    [Test]
    public void Outputs_are_detected_like_any_pin_even_the_shortest_pulse_a_driver_makes()
    {
        MakeOutput(17);
        Write(0x4c, 1 << 17);
        Write(0x58, 1 << 17);
        Write(0x1c, 1 << 17);
        Assert.That(Read(0x40), Is.EqualTo(1u << 17));
        Write(0x40, 1 << 17);
        Write(0x28, 1 << 17);
        Assert.That(Read(0x40), Is.EqualTo(1u << 17));
    }

    [TestCase(0, 0)]
    [TestCase(27, 0)]
    [TestCase(28, 1)]
    [TestCase(31, 1)]
    [TestCase(32, 1)]
    [TestCase(45, 1)]
    [TestCase(46, 2)]
    [TestCase(53, 2)]
    public void Each_pin_interrupts_on_its_groups_line_and_on_the_common_one(int pin, int line)
    {
        _gpio.Pins[pin].Drive(false);
        Write(0x7c + pin / 32 * 4, 1u << pin % 32);
        _gpio.Pins[pin].Drive(true);
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.EqualTo(new[] { line == 0, line == 1, line == 2, true }));
    }
}
