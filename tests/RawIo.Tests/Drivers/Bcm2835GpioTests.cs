using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835GpioTests
{
    private Bcm2835GpioModel _model = null!;
    private BareDevice _bus = null!;
    private Bcm2835Gpio _gpio = null!;

    [SetUp]
    public void Attach()
    {
        _model = new Bcm2835GpioModel();
        _bus = new BareDevice(_model, 0xb4);
        _gpio = new Bcm2835Gpio(_bus);
    }

    [Test]
    public void Each_function_goes_to_its_pin_and_to_no_other_in_one_read_and_one_write()
    {
        (GpioFunction Function, uint Code)[] codes =
        [
            (GpioFunction.Input, 0), (GpioFunction.Output, 1), (GpioFunction.Alt0, 4), (GpioFunction.Alt1, 5),
            (GpioFunction.Alt2, 6), (GpioFunction.Alt3, 7), (GpioFunction.Alt4, 3), (GpioFunction.Alt5, 2),
        ];
        for (var pin = 0; pin < 54; pin++)
        {
            foreach (var (function, code) in codes)
            {
                var neighbours = Enumerable.Range(0, 54).Where(p => p != pin).Select(_gpio.GetFunction).ToArray();
                _bus.Log.Clear();
                _gpio.SetFunction(pin, function);
                Assert.That(_bus.Log.Select(a => (a.Kind, a.Offset)),
                    Is.EqualTo(new[] { ('R', pin / 10 * 4L), ('W', pin / 10 * 4L) }));
                Assert.That(_bus.Log[1].Value >> pin % 10 * 3 & 7, Is.EqualTo(code));
                _bus.Log.Clear();
                Assert.That(_gpio.GetFunction(pin), Is.EqualTo(function));
                Assert.That((_bus.Reads, _bus.Writes), Is.EqualTo((1, 0)));
                Assert.That(Enumerable.Range(0, 54).Where(p => p != pin).Select(_gpio.GetFunction), Is.EqualTo(neighbours));
            }
            _gpio.SetFunction(pin, (GpioFunction)(pin % 8));
        }
    }

    [Test]
    public void Setting_clearing_and_reading_is_one_access_each([Values(0, 16, 31, 32, 53)] int pin)
    {
        _gpio.SetFunction(pin, GpioFunction.Output);
        _bus.Log.Clear();
        _gpio.Set(pin);
        _gpio.Clear(pin);
        _gpio.Write(pin, true);
        var high = _gpio.Read(pin);
        _gpio.Write(pin, false);
        var low = _gpio.Read(pin);
        var (bank, bit) = (pin / 32 * 4L, 1UL << pin % 32);
        Assert.That(_bus.Log.Select(a => (a.Kind, a.Offset)), Is.EqualTo(new[]
        {
            ('W', 0x1c + bank), ('W', 0x28 + bank), ('W', 0x1c + bank), ('R', 0x34 + bank), ('W', 0x28 + bank), ('R', 0x34 + bank),
        }));
        Assert.That(_bus.Log.Where(a => a.Kind == 'W').Select(a => a.Value), Is.All.EqualTo(bit));
        Assert.That((high, low), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_bank_is_written_and_read_at_once()
    {
        for (var pin = 32; pin < 54; pin++) _gpio.SetFunction(pin, GpioFunction.Output);
        _bus.Log.Clear();
        _gpio.SetBank(1, 0x002a_aaaa);
        Assert.That(_gpio.ReadBank(1), Is.EqualTo(0x002a_aaaau));
        _gpio.ClearBank(1, 0x0000_00aa);
        Assert.That(_gpio.ReadBank(1), Is.EqualTo(0x002a_aa00u));
        Assert.That(_bus.Log, Has.Count.EqualTo(4));
        Assert.That(_gpio.ReadBank(0) & 0x1ff, Is.EqualTo(0x1ffu));
    }

    [TestCase(-1)]
    [TestCase(54)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void A_pin_that_is_none_is_refused_before_anything_is_touched(int pin)
    {
        Action[] calls =
        [
            () => _gpio.GetFunction(pin), () => _gpio.SetFunction(pin, GpioFunction.Output), () => _gpio.Set(pin),
            () => _gpio.Clear(pin), () => _gpio.Write(pin, true), () => _gpio.Read(pin), () => _gpio.SetPull(pin, GpioPull.Up),
            () => _gpio.GetPull(pin), () => _gpio.SetDetect(pin, GpioDetect.Low), () => _gpio.GetDetect(pin), () => _gpio.TakeEvent(pin),
        ];
        foreach (var call in calls)
            Assert.That(call, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 53"));
        Assert.That(_bus.Log, Is.Empty);
    }

    [Test]
    public void Other_nonsense_is_refused_before_anything_is_touched()
    {
        Action[] calls =
        [
            () => _gpio.SetFunction(1, (GpioFunction)8), () => _gpio.SetFunction(1, (GpioFunction)(-1)),
            () => _gpio.SetPull(1, (GpioPull)3), () => _gpio.SetPulls(1UL << 54, GpioPull.Up),
            () => _gpio.SetDetect(1, (GpioDetect)64), () => _gpio.ReadBank(2), () => _gpio.SetBank(-1, 1),
            () => _gpio.ClearBank(2, 1), () => _gpio.ReadEvents(2), () => _gpio.ClearEvents(-1, 1),
        ];
        foreach (var call in calls) Assert.That(call, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_bus.Log, Is.Empty);
        Assert.That(() => new Bcm2835Gpio(new BareDevice(_model, 0x9c)), Throws.ArgumentException);
        Assert.That(() => Bcm2835Gpio.Create("brcm,bcm2712-gpio", _bus), Throws.ArgumentException.With.Message.Contains("bcm2712"));
    }

    [Test]
    public void The_pull_sequence_is_the_datasheets_with_a_wait_after_control_and_clock()
    {
        _gpio.SetPull(17, GpioPull.Up);
        Assert.That(_bus.Log.Where(a => a.Kind == 'W').Select(a => (a.Offset, a.Value)), Is.EqualTo(new[]
        {
            (0x94L, 2UL), (0x98L, 1UL << 17), (0x94L, 0UL), (0x98L, 0UL),
        }));
        var kinds = string.Concat(_bus.Log.Select(a => a.Kind));
        Assert.That(kinds, Does.Match("^WR{16,}WR{16,}WW$"), "150 cycles of 250 MHz are 16 reads of 38 ns");
        Assert.That((_model.PullOf(17), _gpio.Read(17)), Is.EqualTo((PinPull.Up, true)));
        Assert.That(_gpio.GetPull(17), Is.Null, "BCM2835 cannot tell");
    }

    [Test]
    public void Several_pins_get_their_pull_in_one_sequence_over_the_banks_they_are_in()
    {
        _gpio.SetPulls(1UL << 3 | 1UL << 40, GpioPull.None);
        Assert.That(_bus.Log.Where(a => a.Kind == 'W').Select(a => (a.Offset, a.Value)), Is.EqualTo(new[]
        {
            (0x94L, 0UL), (0x98L, 8UL), (0x9cL, 0x100UL), (0x94L, 0UL), (0x98L, 0UL), (0x9cL, 0UL),
        }));
        Assert.That((_model.PullOf(3), _model.PullOf(40), _model.PullOf(4)), Is.EqualTo((PinPull.None, PinPull.None, PinPull.Up)));
        _gpio.SetPull(53, GpioPull.Down);
        Assert.That((_model.PullOf(53), _model.PullOf(3)), Is.EqualTo((PinPull.Down, PinPull.None)));
    }

    [TestCase(GpioDetect.Rising, 0x4c)]
    [TestCase(GpioDetect.Falling, 0x58)]
    [TestCase(GpioDetect.High, 0x64)]
    [TestCase(GpioDetect.Low, 0x70)]
    [TestCase(GpioDetect.AsyncRising, 0x7c)]
    [TestCase(GpioDetect.AsyncFalling, 0x88)]
    public void Each_kind_of_event_has_its_register(GpioDetect detect, int offset)
    {
        foreach (var pin in (int[])[9, 33])
        {
            _gpio.SetDetect(pin, detect);
            Assert.That(_model.Read(offset + pin / 32 * 4, 4), Is.EqualTo(1UL << pin % 32));
            Assert.That(_gpio.GetDetect(pin), Is.EqualTo(detect));
            _gpio.SetDetect(pin + 1, GpioDetect.All);
            _gpio.SetDetect(pin + 1, GpioDetect.None);
            Assert.That(_gpio.GetDetect(pin), Is.EqualTo(detect), "the neighbour kept what it had");
        }
    }

    [Test]
    public void Events_are_seen_taken_once_and_cleared_one_by_one()
    {
        _gpio.SetDetect(17, GpioDetect.Rising | GpioDetect.Falling);
        _gpio.SetDetect(18, GpioDetect.Rising);
        _model.Pins[17].Drive(true);
        _model.Pins[18].Drive(true);
        Assert.That(_gpio.ReadEvents(0), Is.EqualTo(0x60000u));
        _bus.Log.Clear();
        Assert.That(_gpio.TakeEvent(17), Is.True);
        Assert.That(_bus.Log, Is.EqualTo(new[] { ('R', 0x40L, 0x60000UL), ('W', 0x40L, 0x20000UL) }), "the other pin's event is not cleared");
        Assert.That(_gpio.TakeEvent(17), Is.False);
        Assert.That(_bus.Log, Has.Count.EqualTo(3));
        _gpio.ClearEvents(0, 0x40000);
        Assert.That(_gpio.ReadEvents(0), Is.Zero);
        _model.Pins[18].Drive(false);
        Assert.That(_gpio.TakeEvent(18), Is.False);
        _model.Pins[17].Drive(false);
        _gpio.SetDetect(17, GpioDetect.None);
        Assert.That(_gpio.ReadEvents(0), Is.Zero, "changing what is an event forgets the old one");
    }

    [Test]
    public void Functions_set_from_many_threads_do_not_undo_each_other()
    {
        var slow = new Bcm2835Gpio(_bus);
        Parallel.For(0, 10, pin =>
        {
            for (var i = 0; i < 200; i++) slow.SetFunction(pin, (GpioFunction)(i % 8));
            slow.SetFunction(pin, (GpioFunction)(pin % 8));
        });
        for (var pin = 0; pin < 10; pin++) Assert.That((int)slow.GetFunction(pin), Is.EqualTo(pin % 8));
    }

    [Test]
    public void On_a_Pi_4_pulls_take_one_read_and_one_write_and_can_be_read_back()
    {
        var model = new Bcm2711GpioModel();
        var bus = new BareDevice(model, 0xf4);
        var gpio = Bcm2835Gpio.Create("brcm,bcm2711-gpio", bus);
        Assert.That(gpio.PinCount, Is.EqualTo(58));
        Assert.That((gpio.GetPull(0), gpio.GetPull(17), gpio.GetPull(28)), Is.EqualTo((GpioPull.Up, GpioPull.Down, GpioPull.None)));
        bus.Log.Clear();
        gpio.SetPull(17, GpioPull.Up);
        Assert.That(bus.Log, Is.EqualTo(new[] { ('R', 0xe8L, 0xa0aa_aaaaUL), ('W', 0xe8L, 0xa0aa_aaa6UL) }));
        Assert.That((model.PullOf(17), model.PullOf(16), model.PullOf(18)), Is.EqualTo((PinPull.Up, PinPull.Down, PinPull.Down)));
        gpio.SetPulls(1UL << 57 | 1UL << 2 | 1UL << 3, GpioPull.Down);
        Assert.That((gpio.GetPull(57), gpio.GetPull(2), gpio.GetPull(3), gpio.GetPull(4)),
            Is.EqualTo((GpioPull.Down, GpioPull.Down, GpioPull.Down, GpioPull.Up)));
        gpio.SetPull(57, GpioPull.None);
        Assert.That(gpio.GetPull(57), Is.EqualTo(GpioPull.None));
        bus.Write32(0xe4, 3);
        Assert.That(gpio.GetPull(0), Is.Null, "a reserved code");
        Assert.That(() => gpio.GetPull(58), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 57"));
        Assert.That(() => new Bcm2711Gpio(new BareDevice(model, 0xb4)), Throws.ArgumentException.With.Message.Contains("0xf4"));
    }
}
