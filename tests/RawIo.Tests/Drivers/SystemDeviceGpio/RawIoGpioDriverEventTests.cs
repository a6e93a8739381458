using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Tests;

/// <summary>Edges: which are told, as what, to whom.</summary>
public partial class RawIoGpioDriverEventTests
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
}
