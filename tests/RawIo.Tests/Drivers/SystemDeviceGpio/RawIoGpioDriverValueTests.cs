using System.Device.Gpio;
using System.Runtime.CompilerServices;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Levels: what goes over the bus, and what does not.</summary>
public class RawIoGpioDriverValueTests
{
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void Write(RawIoGpioDriver driver, int pinNumber, PinValue value);

    [TestCase(0, "W1c=1", "W28=1", "R34")]
    [TestCase(17, "W1c=20000", "W28=20000", "R34")]
    [TestCase(31, "W1c=80000000", "W28=80000000", "R34")]
    [TestCase(32, "W20=1", "W2c=1", "R38")]
    [TestCase(53, "W20=200000", "W2c=200000", "R38")]
    public void Writing_and_reading_and_toggling_is_one_access_each(int pin, string set, string clear, string read)
    {
        using var rig = new GpioRig();
        var opened = rig.Controller.OpenPin(pin, PinMode.Output);
        Assert.That(rig.Accesses(() => opened.Write(1)), Is.EqualTo(new[] { set }));
        Assert.That(rig.Accesses(() => opened.Write(0)), Is.EqualTo(new[] { clear }));
        Assert.That(rig.Accesses(() => opened.Toggle()), Is.EqualTo(new[] { set }));
        Assert.That(rig.Accesses(() => Assert.That(opened.Read(), Is.EqualTo(PinValue.High))), Is.EqualTo(new[] { read }));
        Assert.That(rig.Accesses(() => opened.Toggle()), Is.EqualTo(new[] { clear }));
        Assert.That(rig.Accesses(() => Assert.That(opened.GetPinMode(), Is.EqualTo(PinMode.Output))), Is.Empty);
    }

    [Test]
    public void Writing_to_an_input_drives_nothing_until_it_is_an_output()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(9, PinMode.InputPullDown);
        Assert.That(rig.Accesses(() => rig.Controller.Write(9, 1)), Is.Empty);
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(9)), Is.Empty);
        Assert.That(rig.Controller.Read(9), Is.EqualTo(PinValue.Low));
        rig.Controller.SetPinMode(9, PinMode.Output);
        Assert.That(rig.Controller.Read(9), Is.EqualTo(PinValue.High));
    }

    [Test]
    public void Toggling_what_was_never_written_reads_first()
    {
        using var rig = new GpioRig();
        rig.Model.Write(0x1c, 4, 1 << 17);
        rig.Model.Write(0x04, 4, 1 << 21);
        rig.Controller.OpenPin(17);
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(17)), Is.EqualTo(new[] { "R34", "W28=20000" }));
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(17)), Is.EqualTo(new[] { "W1c=20000" }));
    }

    [Test]
    public void Toggling_inverts_what_was_written_not_what_a_short_circuit_makes_of_it()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(17, PinMode.Output, PinValue.High);
        rig.Pin(17).Drive(false);
        Assert.That(rig.Controller.Read(17), Is.EqualTo(PinValue.Low));
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(17)), Is.EqualTo(new[] { "W28=20000" }));
    }

    [Test]
    public void Many_pins_are_written_with_one_set_and_one_clear_a_bank()
    {
        using var rig = new GpioRig();
        foreach (var pin in new[] { 2, 3, 4, 40, 41 }) rig.Controller.OpenPin(pin, PinMode.Output);
        Assert.That(rig.Accesses(() => rig.Controller.Write([new(2, 1), new(41, 0), new(3, 0), new(40, 1), new(4, 1)])),
            Is.EqualTo(new[] { "W1c=14", "W28=8", "W20=100", "W2c=200" }));
        Assert.That(rig.Accesses(() => rig.Controller.Write([new(2, 1), new(2, 0), new(3, 0), new(3, 1)])),
            Is.EqualTo(new[] { "W1c=8", "W28=4" }), "the last value counts");
        Assert.That(rig.Accesses(() => rig.Controller.Write([])), Is.Empty);
        Assert.That(rig.Accesses(() => rig.Controller.Toggle(41)), Is.EqualTo(new[] { "W20=200" }), "toggling knows of it");
        Assert.That(() => rig.Controller.Write([new(2, 1), new(5, 1)]), Throws.InvalidOperationException.With.Message.Contains("5"));
        Assert.That(rig.Pin(2).Level, Is.False, "nothing half done");
    }

    [Test]
    public void Many_pins_are_read_with_one_read_a_bank()
    {
        using var rig = new GpioRig();
        foreach (var pin in new[] { 7, 31, 32, 53 }) rig.Controller.OpenPin(pin, PinMode.Input);
        rig.Pin(31).Drive(true);
        rig.Pin(53).Drive(true);
        rig.Pin(7).Drive(false);
        rig.Pin(32).Drive(false);
        PinValuePair[] pairs = [new(53, 0), new(7, 1), new(31, 0), new(32, 1), new(53, 0)];
        Assert.That(rig.Accesses(() => rig.Controller.Read(pairs)), Is.EqualTo(new[] { "R34", "R38" }));
        Assert.That(pairs.Select(p => (p.PinNumber, (bool)p.PinValue)),
            Is.EqualTo(new[] { (53, true), (7, false), (31, true), (32, false), (53, true) }));
        Assert.That(rig.Accesses(() => rig.Controller.Read([new(7, 0)])), Is.EqualTo(new[] { "R34" }));
        Assert.That(rig.Accesses(() => rig.Controller.Read([])), Is.Empty);
        Assert.That(() => rig.Controller.Read([new(7, 0), new(8, 0)]), Throws.InvalidOperationException);
    }

    [Test]
    public void Nothing_is_allocated()
    {
        using var machine = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        var looks = new CapturedTimer();
        using var driver = RawIoGpioDriver.Create(machine, new RawIoGpioOptions { Time = looks });
        using var controller = new GpioController(driver);
        var pin = controller.OpenPin(17, PinMode.Output);
        controller.OpenPin(40, PinMode.Output);
        PinValuePair[] pairs = [new(17, 1), new(40, 0)];
        controller.RegisterCallbackForPinValueChangedEvent(40, PinEventTypes.Rising, static (_, _) => { });
        Action[] actions =
        [
            () => Write(driver, 17, PinValue.High), // the controller itself remembers what is written: 40 bytes each
            () => pin.Read(),
            () => pin.Toggle(),
            () => controller.Read(17),
            () => controller.Toggle(17),
            () => controller.Write(pairs),
            () => controller.Read(pairs),
            () => looks.Fire!(),           // a look that finds nothing
        ];
        foreach (var action in actions)
        {
            for (var i = 0; i < 100; i++) action();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) action();
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, $"action {Array.IndexOf(actions, action)}");
        }
    }

    private sealed class CapturedTimer : TimeProvider
    {
        public Action? Fire { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fire = () => callback(state);
            return new ManualTime().CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    [Test]
    public void Threads_change_pins_of_one_register_without_losing_a_change()
    {
        using var machine = SimMachine.Create("pi3");
        using var controller = new GpioController(RawIoGpioDriver.Create(machine));
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, pin =>
        {
            controller.OpenPin(pin);
            for (var i = 0; i < 500; i++)
            {
                controller.SetPinMode(pin, PinMode.Output);
                controller.Write(pin, PinValue.High);
                if (controller.Read(pin) != PinValue.High) throw new AssertionException($"pin {pin}, round {i}");
                controller.SetPinMode(pin, PinMode.InputPullDown);
                if (controller.Read(pin) != PinValue.Low) throw new AssertionException($"pin {pin} as input, round {i}");
            }
        });
    }

    [Test]
    public void Toggles_of_one_pin_from_several_threads_all_count()
    {
        using var machine = SimMachine.Create("pi3");
        using var controller = new GpioController(RawIoGpioDriver.Create(machine));
        controller.OpenPin(17, PinMode.Output, PinValue.Low);
        for (var round = 0; round < 200; round++)
        {
            Parallel.For(0, 3, _ =>
            {
                for (var i = 0; i < 11; i++) controller.Toggle(17);
            });
            Assert.That((bool)controller.Read(17), Is.EqualTo(round % 2 == 0), $"33 more toggles, round {round}");
        }
    }
}
