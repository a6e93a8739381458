using System.Device.Gpio;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Pins and modes under GpioController, access by access.</summary>
public class RawIoGpioDriverPinTests
{
    [Test]
    public void There_are_the_pins_of_the_chip()
    {
        using var pi3 = new GpioRig();
        using var pi4 = new GpioRig(bcm2711: true);
        Assert.That((pi3.Controller.PinCount, pi4.Controller.PinCount), Is.EqualTo((54, 58)));
        pi4.Controller.OpenPin(57, PinMode.Output, PinValue.High);
        Assert.That(pi4.Pin(57).Level, Is.True);
    }

    [Test]
    public void A_bad_pin_number_names_itself_and_the_range([Values(-1, 54, int.MaxValue)] int pin)
    {
        using var rig = new GpioRig();
        Assert.That(() => rig.Controller.OpenPin(pin),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains($"pin {pin}").And.Message.Contains("0 to 53"));
        Assert.That(() => rig.Controller.IsPinModeSupported(pin, PinMode.Input), Throws.InstanceOf<ArgumentException>());
        Assert.That(rig.Controller.IsPinOpen(pin), Is.False);
        Assert.That(() => rig.Controller.Write([new(pin, 1)]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => rig.Controller.Read([new(pin, 1)]), Throws.InstanceOf<ArgumentException>());
        Assert.That(rig.Bus.Log, Is.Empty, "the block was not touched");
    }

    [Test]
    public void Opening_reads_the_function_and_changes_nothing()
    {
        using var rig = new GpioRig();
        rig.Model.Write(0x04, 4, 1 << 21);               // GPFSEL1: pin 17 is an output
        Assert.That(rig.Accesses(() => rig.Controller.OpenPin(17)), Is.EqualTo(new[] { "R4" }));
        Assert.That(rig.Controller.GetPinMode(17), Is.EqualTo(PinMode.Output));
        Assert.That(rig.Accesses(() => rig.Controller.OpenPin(30)), Is.EqualTo(new[] { "Rc" }));
        Assert.That(rig.Controller.GetPinMode(30), Is.EqualTo(PinMode.Input));
    }

    [Test]
    public void Opening_an_input_of_bcm2711_tells_its_resistor()
    {
        using var rig = new GpioRig(bcm2711: true);
        rig.Model.Write(0xe8, 4, 0b11_10_01_00);         // GPIO_PUP_PDN_CNTRL_REG1: pins 16 to 19
        PinMode[] expected = [PinMode.Input, PinMode.InputPullUp, PinMode.InputPullDown, PinMode.Input];
        for (var i = 0; i < 4; i++)
        {
            Assert.That(rig.Accesses(() => rig.Controller.OpenPin(16 + i)), Is.EqualTo(new[] { "R4", "Re8" }));
            Assert.That(rig.Controller.GetPinMode(16 + i), Is.EqualTo(expected[i]));
        }
    }

    [Test]
    public void Opening_a_pin_twice_gives_the_same_pin_and_no_access()
    {
        using var rig = new GpioRig();
        var pin = rig.Controller.OpenPin(4, PinMode.InputPullUp);
        Assert.That(rig.Accesses(() => Assert.That(rig.Controller.OpenPin(4), Is.SameAs(pin))), Is.Empty);
        using var second = new GpioController(rig.Driver);
        Assert.That(rig.Accesses(() => second.OpenPin(4)), Is.Empty);
        Assert.That(second.GetPinMode(4), Is.EqualTo(PinMode.InputPullUp), "what BCM2835 cannot tell is remembered");
    }

    [Test]
    public void An_output_with_a_value_never_drives_the_other_one([Values] bool high)
    {
        using var rig = new GpioRig();
        rig.Model.Write(high ? 0x28 : 0x1c, 4, 1 << 17); // the latch has the other value
        rig.Pin(17).Pull(high ? PinPull.Up : PinPull.Down);
        rig.Model.Write(0x98, 4, 1 << 17);               // no resistor of the chip's
        rig.Pin(17).LevelChanged += level => Assert.Fail($"went {level}");
        Assert.That(rig.Pin(17).Level, Is.EqualTo(high));
        Assert.That(rig.Accesses(() => rig.Controller.OpenPin(17, PinMode.Output, high)),
            Is.EqualTo(new[] { "R4", high ? "W1c=20000" : "W28=20000", "R4", "W4=200000" }));
        Assert.That(rig.Pin(17).Level, Is.EqualTo(high));
    }

    [Test]
    public void A_mode_is_changed_without_touching_its_neighbours()
    {
        using var rig = new GpioRig();
        var random = new Random(7);
        var functions = new uint[6];
        for (var i = 0; i < 6; i++) rig.Model.Write(4 * i, 4, functions[i] = (uint)random.Next() & (i == 5 ? 0xfffu : 0x3fff_ffffu));
        for (var pin = 0; pin < 54; pin++)
        {
            rig.Controller.OpenPin(pin);
            foreach (var (mode, code) in new[] { (PinMode.Output, 1u), (PinMode.Input, 0u), (PinMode.Output, 1u) })
            {
                rig.Controller.SetPinMode(pin, mode);
                functions[pin / 10] = functions[pin / 10] & ~(7u << pin % 10 * 3) | code << pin % 10 * 3;
                for (var i = 0; i < 6; i++) Assert.That(rig.Model.Read(4 * i, 4), Is.EqualTo(functions[i]), $"pin {pin}, GPFSEL{i}");
            }
        }
    }

    [Test]
    public void Inputs_get_their_resistor([Values] bool bcm2711)
    {
        using var rig = new GpioRig(bcm2711);
        foreach (var pin in new[] { 0, 17, 31, 32, 53 })
        {
            rig.Controller.OpenPin(pin, PinMode.InputPullUp);
            Assert.That((rig.Model.PullOf(pin), rig.Controller.Read(pin)), Is.EqualTo((PinPull.Up, PinValue.High)));
            rig.Controller.SetPinMode(pin, PinMode.InputPullDown);
            Assert.That((rig.Model.PullOf(pin), rig.Controller.Read(pin)), Is.EqualTo((PinPull.Down, PinValue.Low)));
            rig.Controller.SetPinMode(pin, PinMode.Input);
            Assert.That(rig.Model.PullOf(pin), Is.EqualTo(PinPull.None));
            rig.Controller.SetPinMode(pin, PinMode.InputPullUp);
            rig.Controller.SetPinMode(pin, PinMode.Output);
            Assert.That(rig.Model.PullOf(pin), Is.EqualTo(PinPull.Up), "an output keeps its resistor");
            Assert.That(rig.Controller.GetPinMode(pin), Is.EqualTo(PinMode.Output));
        }
    }

    [Test]
    public void An_output_that_becomes_an_input_ignores_the_value_and_does_not_float()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(5, PinMode.Output, PinValue.Low);
        rig.Controller.SetPinMode(5, PinMode.Input);
        rig.Controller.Write(5, PinValue.High);          // remembered by the controller for an output to come
        rig.Controller.SetPinMode(5, PinMode.Output);
        Assert.That(rig.Pin(5).Level, Is.True);
        var levels = new List<bool>();
        rig.Pin(5).LevelChanged += levels.Add;
        rig.Controller.SetPinMode(5, PinMode.InputPullUp);
        Assert.That(levels, Is.Empty, "the resistor was there before the output went");
    }

    [Test]
    public void A_mode_there_is_not_is_refused()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(3);
        Assert.That(rig.Controller.IsPinModeSupported(3, (PinMode)4), Is.False);
        Assert.That(() => rig.Controller.SetPinMode(3, (PinMode)4), Throws.InvalidOperationException);
        foreach (var mode in Enum.GetValues<PinMode>()) Assert.That(rig.Controller.IsPinModeSupported(3, mode), Is.True);
    }

    [Test]
    public void An_alternate_function_is_named_not_taken_for_an_input()
    {
        using var rig = new GpioRig();
        rig.Model.Write(0x04, 4, 4 << 12);               // GPFSEL1: pin 14 is TXD0, alternate function 0
        rig.Pin(14).Drive(true);
        rig.Controller.OpenPin(14);
        Assert.That(() => rig.Controller.GetPinMode(14), Throws.InvalidOperationException.With.Message.Contains("Alt0"));
        Assert.That(() => rig.Controller.Write(14, 1), Throws.InvalidOperationException.With.Message.Contains("Alt0"));
        Assert.That(rig.Controller.Read(14), Is.EqualTo(PinValue.High), "GPLEV looks at the pad, whatever the function");
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(14)), Is.Empty);
        rig.Pin(14).Drive(null);
        rig.Controller.SetPinMode(14, PinMode.Output);
        rig.Controller.Write(14, 0);
        Assert.That(rig.Pin(14).Level, Is.False);
    }

    [Test]
    public void A_closed_pin_stays_as_it_is_and_opens_as_it_was([Values] bool high)
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(21, PinMode.Output, high);
        Assert.That(rig.Accesses(() => rig.Controller.ClosePin(21)), Is.Empty);
        Assert.That(rig.Pin(21).Level, Is.EqualTo(high));
        Assert.That(() => rig.Controller.Write(21, 1), Throws.InvalidOperationException);
        Assert.That(() => rig.Controller.ClosePin(21), Throws.InvalidOperationException);
        rig.Controller.OpenPin(21);
        Assert.That((rig.Controller.GetPinMode(21), rig.Controller.Read(21)), Is.EqualTo((PinMode.Output, (PinValue)high)));
    }

    [Test]
    public void After_the_end_there_is_nothing()
    {
        var rig = new GpioRig();
        var pin = rig.Controller.OpenPin(6, PinMode.Input);
        using var second = new GpioController(rig.Driver);
        second.OpenPin(6);
        rig.Controller.Dispose();
        rig.Driver.Dispose();
        Assert.That(() => pin.Read(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => second.Read(6), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => second.OpenPin(7), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => second.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Rising, rig.Tell), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Components_and_chip_say_what_is_there()
    {
        using var pi3 = new GpioRig();
        using var pi4 = new GpioRig(bcm2711: true, GpioEdgeDetection.Levels);
        Assert.That(pi3.Driver.GetChipInfo(), Is.EqualTo(new GpioChipInfo(0, "gpiochip0", "pinctrl-bcm2835", 54)));
        Assert.That(pi4.Driver.GetChipInfo(), Is.EqualTo(new GpioChipInfo(0, "gpiochip0", "pinctrl-bcm2711", 58)));
        var component = pi4.Controller.QueryComponentInformation().SubComponents.Single();
        Assert.That(component.Description, Does.Contain("58 pins"));
        Assert.That(component.Properties["EdgeDetection"], Is.EqualTo("Levels"));
    }

    [Test]
    public void Nothing_is_made_of_nothing()
    {
        Assert.That(() => new RawIoGpioDriver(null!), Throws.ArgumentNullException);
        Assert.That(() => new RawIoGpioDriver("brcm,bcm2712-gpio", new MemoryMmio(new byte[0xf4])), Throws.ArgumentException.With.Message.Contains("bcm2711"));
        Assert.That(() => new RawIoGpioDriver("brcm,bcm2711-gpio", new MemoryMmio(new byte[0xb4])), Throws.ArgumentException);
        Assert.That(() => RawIoGpioDriver.Create(null!), Throws.ArgumentNullException);
        foreach (var bad in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(61), Timeout.InfiniteTimeSpan })
            Assert.That(() => new RawIoGpioOptions { PollInterval = bad }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(new RawIoGpioOptions().PollInterval, Is.EqualTo(TimeSpan.FromMilliseconds(1)));
    }
}
