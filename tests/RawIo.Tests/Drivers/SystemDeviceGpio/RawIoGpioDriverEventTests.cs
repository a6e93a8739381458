using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Tests;

/// <summary>Edges: which are told, as what, to whom.</summary>
public class RawIoGpioDriverEventTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    [Test]
    public void Edges_are_told_once_and_as_what_they_were([Values] GpioEdgeDetection detection, [Values(0, 31, 32, 53)] int pin)
    {
        using var rig = new GpioRig(detection: detection);
        rig.Pin(pin).Drive(false);
        rig.Controller.OpenPin(pin, PinMode.Input);
        rig.Listen(pin);
        rig.Look();
        Assert.That(rig.Told, Is.Empty);
        for (var i = 0; i < 3; i++)
        {
            rig.Pin(pin).Drive(i % 2 == 0);
            Assert.That(rig.Told, Has.Count.EqualTo(i), "nothing is told before the look");
            rig.Look();
            rig.Look();
        }
        Assert.That(rig.Told, Is.EqualTo(new[] { $"{pin} Rising", $"{pin} Falling", $"{pin} Rising" }));
    }

    [Test]
    public void One_kind_of_edge_is_told_without_the_other([Values] GpioEdgeDetection detection)
    {
        using var rig = new GpioRig(detection: detection);
        foreach (var (pin, edges) in new[] { (2, PinEventTypes.Rising), (3, PinEventTypes.Falling) })
        {
            rig.Pin(pin).Drive(false);
            rig.Controller.OpenPin(pin, PinMode.Input);
            rig.Listen(pin, edges);
        }
        foreach (var level in new[] { true, false, true, false })
        {
            rig.Pin(2).Drive(level);
            rig.Pin(3).Drive(level);
            rig.Look();
        }
        Assert.That(rig.Told, Is.EqualTo(new[] { "2 Rising", "3 Falling", "2 Rising", "3 Falling" }));
    }

    [Test]
    public void A_pulse_between_two_looks_is_seen_by_detectors_and_missed_by_levels([Values] GpioEdgeDetection detection, [Values] bool high)
    {
        using var rig = new GpioRig(detection: detection);
        rig.Pin(17).Drive(!high);
        rig.Controller.OpenPin(17, PinMode.Input);
        rig.Listen(17);
        rig.Pin(17).Drive(high);
        rig.Pin(17).Drive(!high);
        rig.Look();
        rig.Look();
        string[] there = high ? ["17 Rising", "17 Falling"] : ["17 Falling", "17 Rising"];
        Assert.That(rig.Told, Is.EqualTo(detection == GpioEdgeDetection.Detectors ? there : []));
    }

    [Test]
    public void What_is_told_always_happened_and_ends_at_the_level_there_is([Values] GpioEdgeDetection detection)
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            using var rig = new GpioRig(detection: detection);
            var level = random.Next(2) == 0;
            rig.Pin(4).Drive(level);
            rig.Controller.OpenPin(4, PinMode.Input);
            rig.Listen(4);
            var (told, was, edges) = (level, level, 0);
            // Edges also between the accesses of a look.
            rig.Bus.After = _ =>
            {
                if (random.Next(4) != 0) return;
                rig.Pin(4).Drive(level = !level);
                edges++;
            };
            for (var look = 0; look < 10; look++)
            {
                for (var n = random.Next(4); n > 0; n--, edges++) rig.Pin(4).Drive(level = !level);
                rig.Look();
            }
            rig.Bus.After = null;
            rig.Look();
            foreach (var event_ in rig.Told)
            {
                Assert.That(event_, Is.EqualTo(told ? "4 Falling" : "4 Rising"), "kinds alternate");
                told = !told;
            }
            Assert.That(told, Is.EqualTo(level), $"round {round}: the last told is the level");
            Assert.That(rig.Told, Has.Count.LessThanOrEqualTo(edges), $"round {round}: none invented");
            Assert.That(was != level || edges == 0 || detection == GpioEdgeDetection.Levels || rig.Told.Count > 0, $"round {round}: none lost without a trace");
        }
    }

    [Test]
    public void An_edge_between_clearing_the_event_and_reading_the_level_counts_once([Values] bool returns)
    {
        using var rig = new GpioRig();
        rig.Pin(4).Drive(false);
        rig.Controller.OpenPin(4, PinMode.Input);
        rig.Listen(4);
        rig.Pin(4).Drive(true);
        rig.Bus.After = line =>
        {
            if (!line.StartsWith("W40", StringComparison.Ordinal)) return;
            rig.Bus.After = null;
            rig.Pin(4).Drive(false);
            if (returns) rig.Pin(4).Drive(true);
        };
        rig.Look();
        rig.Look();
        Assert.That(rig.Told, Is.EqualTo(returns ? new[] { "4 Rising" } : ["4 Rising", "4 Falling"]));
    }

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
}
