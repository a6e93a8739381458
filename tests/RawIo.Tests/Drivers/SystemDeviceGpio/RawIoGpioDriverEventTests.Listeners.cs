using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Tests;

// Who listens, and what looking costs.
public partial class RawIoGpioDriverEventTests
{
    [Test]
    public void A_look_is_one_read_of_each_bank_with_listeners()
    {
        using var rig = new GpioRig();
        foreach (var pin in new[] { 4, 5, 40 }) rig.Controller.OpenPin(pin, PinMode.Input);
        rig.Listen(4);
        rig.Listen(5, PinEventTypes.Rising);
        Assert.That(rig.Accesses(rig.Look), Is.EqualTo(new[] { "R40" }));
        rig.Listen(40, PinEventTypes.Rising);
        Assert.That(rig.Accesses(rig.Look), Is.EqualTo(new[] { "R40", "R44" }));
        rig.Pin(40).Drive(true);
        Assert.That(rig.Accesses(rig.Look), Is.EqualTo(new[] { "R40", "R44", "W44=100" }));
        rig.Pin(4).Drive(!rig.Pin(4).Level);
        Assert.That(rig.Accesses(rig.Look), Is.EqualTo(new[] { "R40", "W40=10", "R34", "R40", "R44" }));
        using var levels = new GpioRig(detection: GpioEdgeDetection.Levels);
        levels.Controller.OpenPin(4, PinMode.Input);
        levels.Listen(4);
        Assert.That(levels.Accesses(levels.Look), Is.EqualTo(new[] { "R34" }));
    }

    [Test]
    public void Nobody_looks_while_nobody_listens()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Controller.OpenPin(5, PinMode.Input);
        Assert.That(rig.Time.ArmedTimers, Is.Zero);
        rig.Listen(4);
        rig.Listen(5, PinEventTypes.Falling);
        Assert.That(rig.Time.ArmedTimers, Is.EqualTo(1));
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, rig.Tell);
        Assert.That(rig.Time.ArmedTimers, Is.EqualTo(1));
        rig.Controller.ClosePin(5);
        Assert.That(rig.Time.ArmedTimers, Is.Zero);
        for (var register = 0x4c; register <= 0x8c; register += 4)
            if (register % 12 != 0) Assert.That(rig.Model.Read(register, 4), Is.Zero, $"0x{register:x}");
        Assert.That(rig.Accesses(rig.Look), Is.Empty);
        Assert.That(() => rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, rig.Tell), Throws.InvalidOperationException);
    }

    [Test]
    public void What_was_before_is_nobodys()
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Model.Write(0x4c, 4, 1 << 4);                // GPREN0, left by somebody
        rig.Model.Write(0x64, 4, 1 << 4);                // GPHEN0
        rig.Pin(4).Drive(true);
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Listen(4, PinEventTypes.Rising);
        rig.Look();
        Assert.That(rig.Told, Is.Empty);
        // An edge that waits for its look belongs to those who listened to it, and to them as what it was.
        rig.Pin(4).Drive(false);
        rig.Pin(4).Drive(true);
        var late = new List<PinEventTypes>();
        rig.Controller.RegisterCallbackForPinValueChangedEvent(4, Both, (_, e) => late.Add(e.ChangeType));
        rig.Look();
        Assert.That((rig.Told, late), Is.EqualTo((new[] { "4 Rising" }, Array.Empty<PinEventTypes>())));
        rig.Pin(4).Drive(false);
        rig.Look();
        Assert.That((rig.Told.Count, late.Single()), Is.EqualTo((1, PinEventTypes.Falling)));
    }

    [Test]
    public void An_edge_that_waits_when_a_listener_goes_keeps_its_kind()
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(true);
        rig.Controller.OpenPin(4, PinMode.Input);
        PinChangeEventHandler other = (_, _) => { };
        rig.Listen(4, PinEventTypes.Rising);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(4, PinEventTypes.Falling, other);
        rig.Bus.After = line =>
        {
            // It falls in the middle of the going, just before the falling detector is off.
            if (line != "R58") return;
            rig.Bus.After = null;
            rig.Pin(4).Drive(false);
        };
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, other);
        rig.Look();
        Assert.That(rig.Told, Is.Empty, "it did not rise");
        rig.Pin(4).Drive(true);
        rig.Look();
        Assert.That(rig.Told, Is.EqualTo(new[] { "4 Rising" }));
    }

    [Test]
    public void An_edge_while_a_listener_comes_is_not_two()
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Listen(4, PinEventTypes.Rising);
        rig.Bus.After = line =>
        {
            // It rises just after the coming has looked for what was before.
            if (line != "R40") return;
            rig.Bus.After = null;
            rig.Pin(4).Drive(true);
        };
        var late = new List<PinEventTypes>();
        rig.Controller.RegisterCallbackForPinValueChangedEvent(4, Both, (_, e) => late.Add(e.ChangeType));
        rig.Look();
        Assert.That((rig.Told, late), Is.EqualTo((new[] { "4 Rising" }, Array.Empty<PinEventTypes>())), "it did not fall");
        rig.Pin(4).Drive(false);
        rig.Look();
        Assert.That((rig.Told.Count, late.Single()), Is.EqualTo((1, PinEventTypes.Falling)));
    }

    [Test]
    public void The_same_callback_twice_is_called_twice_and_taken_back_once_at_a_time()
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Listen(4);
        rig.Listen(4, PinEventTypes.Rising);
        rig.Pin(4).Drive(true);
        rig.Look();
        rig.Pin(4).Drive(false);
        rig.Look();
        Assert.That(rig.Told, Is.EqualTo(new[] { "4 Rising", "4 Rising", "4 Falling" }));
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, rig.Tell);
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, (_, _) => { }); // never there: no error
        rig.Pin(4).Drive(true);
        rig.Look();
        rig.Pin(4).Drive(false);
        rig.Look();
        Assert.That(rig.Told.Skip(3), Is.EqualTo(new[] { "4 Rising" }));
    }

    [Test]
    public void Bad_listeners_are_refused()
    {
        using var rig = new GpioRig();
        rig.Controller.OpenPin(4);
        Assert.That(() => rig.Listen(4, PinEventTypes.None), Throws.ArgumentException);
        Assert.That(() => rig.Listen(4, (PinEventTypes)4), Throws.ArgumentException);
        Assert.That(() => rig.Controller.RegisterCallbackForPinValueChangedEvent(4, Both, null!), Throws.ArgumentNullException);
        Assert.That(() => rig.Controller.WaitForEvent(4, PinEventTypes.None, CancellationToken.None), Throws.ArgumentException);
        Assert.That(rig.Time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void Detectors_that_keep_nothing_make_it_levels()
    {
        using var rig = new GpioRig();
        rig.Bus.HasNoDetectors = true;                   // as QEMU's raspi3b
        rig.Pin(17).Drive(false);
        rig.Controller.OpenPin(17, PinMode.Input);
        rig.Listen(17);
        Assert.That(rig.Driver.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Levels));
        rig.Pin(17).Drive(true);
        rig.Look();
        rig.Pin(17).Drive(false);
        rig.Look();
        Assert.That(rig.Told, Is.EqualTo(new[] { "17 Rising", "17 Falling" }));
    }

    [Test]
    public void An_outputs_own_edges_are_edges()
    {
        using var rig = new GpioRig();
        var led = rig.Controller.OpenPin(16, PinMode.Output, PinValue.Low);
        led.ValueChanged += rig.Tell;
        led.Toggle();
        rig.Look();
        led.ValueChanged -= rig.Tell;
        led.Toggle();
        rig.Look();
        Assert.That(rig.Told, Is.EqualTo(new[] { "16 Rising" }));
    }

    [Test]
    public void An_edge_that_waits_to_be_told_is_not_for_who_went_and_came_back([Values] bool pin)
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Listen(4);
        rig.Pin(4).Drive(true);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(4, Both, (_, _) => { }); // who comes has the edge found
        if (pin)
        {
            rig.Controller.ClosePin(4);
            rig.Controller.OpenPin(4, PinMode.Input);
        }
        else
        {
            rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, rig.Tell);
        }
        rig.Listen(4);
        rig.Look();
        Assert.That(rig.Told, Is.Empty);
    }

    [Test]
    public void An_edge_that_waits_to_be_told_is_told_to_each_addition_that_was_there_and_still_is([Values(1, 2)] int before, [Values(0, 1)] int then, [Values(0, 1, 2)] int gone)
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Controller.OpenPin(4, PinMode.Input);
        for (var i = 0; i < before; i++) rig.Listen(4);
        rig.Pin(4).Drive(true);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(4, Both, (_, _) => { });
        for (var i = 0; i < then; i++) rig.Listen(4);
        for (var i = 0; i < Math.Min(gone, before + then); i++) rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, rig.Tell);
        rig.Look();
        Assert.That(rig.Told, Has.Count.EqualTo(Math.Min(before, Math.Max(before + then - gone, 0))));
    }
}
