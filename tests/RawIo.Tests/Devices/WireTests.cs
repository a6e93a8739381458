using RawIo.Sim;

namespace RawIo.Tests;

public partial class WireTests
{
    [Test]
    public void A_fresh_pin_floats_low_and_keeps_the_level_it_was_left_at()
    {
        var pin = new Pin("x");
        Assert.That(pin.Level, Is.False);
        pin.Drive(true);
        pin.Drive(null);
        Assert.That(pin.Level, Is.True);
        pin.Drive(false);
        pin.Drive(null);
        Assert.That(pin.Level, Is.False);
    }

    [Test]
    public void A_driver_beats_a_resistor_and_the_resistor_takes_over_when_it_lets_go()
    {
        var pin = new Pin("x");
        pin.Pull(PinPull.Up);
        Assert.That(pin.Level, Is.True);
        pin.Drive(false);
        Assert.That(pin.Level, Is.False);
        pin.Drive(null);
        Assert.That(pin.Level, Is.True);
        pin.Pull(PinPull.Down);
        Assert.That(pin.Level, Is.False);
        Assert.That(() => pin.Pull((PinPull)7), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Joined_pins_share_a_level_until_the_wire_is_cut()
    {
        Pin a = new("a"), b = new("b");
        b.Pull(PinPull.Down);
        a.Drive(true);
        Assert.That(b.Level, Is.False);
        var wire = Wire.Connect(a, b);
        Assert.That(b.Level, Is.True);
        wire.Dispose();
        Assert.That((a.Level, b.Level), Is.EqualTo((true, false)));
        wire.Dispose();
        Assert.That((a.Level, b.Level), Is.EqualTo((true, false)), "cutting twice does nothing");
        Assert.That(() => Wire.Connect(a, a), Throws.ArgumentException);
    }

    [Test]
    public void Drivers_that_disagree_make_it_low_and_every_pin_of_the_wire_says_so_once()
    {
        Pin a = new("a"), b = new("b"), c = new("c");
        var conflicts = new List<string>();
        foreach (var pin in (Pin[])[a, b, c]) pin.ConflictBegan += p => conflicts.Add(p.Name);
        Wire.Connect(a, b);
        Wire.Connect(b, c);
        a.Drive(true);
        Assert.That(c.Level, Is.True);
        Assert.That(conflicts, Is.Empty);
        c.Drive(false);
        Assert.That((a.Level, a.IsInConflict, b.IsInConflict), Is.EqualTo((false, true, true)));
        Assert.That(conflicts, Is.EquivalentTo(new[] { "a", "b", "c" }));
        b.Drive(false);
        Assert.That(conflicts, Has.Count.EqualTo(3), "it was in conflict already");
        b.Drive(null);
        c.Drive(null);
        Assert.That((a.Level, a.IsInConflict), Is.EqualTo((true, false)));
        c.Drive(false);
        Assert.That(conflicts, Has.Count.EqualTo(6));
    }

    [Test]
    public void Resistors_that_disagree_make_it_low()
    {
        Pin a = new("a"), b = new("b");
        a.Pull(PinPull.Up);
        b.Pull(PinPull.Down);
        using var wire = Wire.Connect(a, b);
        Assert.That((a.Level, a.IsInConflict), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_ring_of_wires_is_no_loop_and_falls_apart_only_at_the_second_cut()
    {
        var pins = Enumerable.Range(0, 100).Select(i => new Pin($"p{i}")).ToArray();
        var wires = pins.Select((p, i) => Wire.Connect(p, pins[(i + 1) % 100])).ToArray();
        pins[0].Drive(true);
        Assert.That(pins.All(p => p.Level));
        wires[10].Dispose();
        Assert.That(pins.All(p => p.Level));
        wires[60].Dispose();
        pins[0].Drive(false);
        Assert.That(pins.Select(p => p.Level), Is.EqualTo(Enumerable.Range(0, 100).Select(i => i is > 10 and <= 60)));
    }

    [Test]
    public void Two_wires_between_two_pins_hold_until_both_are_cut()
    {
        Pin a = new("a"), b = new("b");
        var (first, second) = (Wire.Connect(a, b), Wire.Connect(b, a));
        first.Dispose();
        a.Drive(true);
        Assert.That(b.Level, Is.True);
        second.Dispose();
        a.Drive(false);
        Assert.That(b.Level, Is.True, "it floats now");
    }

    [Test]
    public void Nothing_is_allocated_for_a_change_on_an_unconnected_pin()
    {
        var pin = new Pin("x");
        pin.Drive(true);
        pin.Drive(false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) pin.Drive((i & 1) == 0);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    /// <summary>Random wiring against a walk over everything, each time from scratch.</summary>
    [Test]
    public void Random_wiring_agrees_with_a_naive_walk()
    {
        var random = new Random(20);
        for (var round = 0; round < 100; round++)
        {
            const int count = 8;
            var pins = Enumerable.Range(0, count).Select(i => new Pin($"p{i}")).ToArray();
            var driven = new bool?[count];
            var pulls = new PinPull[count];
            var levels = new bool[count];
            var wires = new List<(int A, int B, Wire Wire)>();
            for (var step = 0; step < 100; step++)
            {
                var i = random.Next(count);
                switch (random.Next(4))
                {
                    case 0: pins[i].Drive(driven[i] = random.Next(3) switch { 0 => null, 1 => true, _ => false }); break;
                    case 1: pins[i].Pull(pulls[i] = (PinPull)random.Next(3)); break;
                    case 2:
                        var j = (i + 1 + random.Next(count - 1)) % count;
                        wires.Add((i, j, Wire.Connect(pins[i], pins[j])));
                        break;
                    case 3 when wires.Count > 0:
                        var k = random.Next(wires.Count);
                        wires[k].Wire.Dispose();
                        wires.RemoveAt(k);
                        break;
                }

                // The naive walk: colour the pins by spreading over wires until nothing changes.
                var colour = Enumerable.Range(0, count).ToArray();
                for (var again = true; again;)
                {
                    again = false;
                    foreach (var (a, b, _) in wires)
                    {
                        if (colour[a] == colour[b]) continue;
                        colour[a] = colour[b] = Math.Min(colour[a], colour[b]);
                        again = true;
                    }
                }
                var old = (bool[])levels.Clone();
                for (var p = 0; p < count; p++)
                {
                    var mates = Enumerable.Range(0, count).Where(q => colour[q] == colour[p]).ToArray();
                    levels[p] =
                        mates.Any(q => driven[q] == false) ? false :
                        mates.Any(q => driven[q] == true) ? true :
                        mates.Any(q => pulls[q] == PinPull.Down) ? false :
                        mates.Any(q => pulls[q] == PinPull.Up) || mates.All(q => old[q]);
                    var conflict = mates.Any(q => driven[q] == true) && mates.Any(q => driven[q] == false);
                    Assert.That(pins[p].IsInConflict, Is.EqualTo(conflict));
                }
                Assert.That(pins.Select(p => p.Level), Is.EqualTo(levels), $"round {round}, step {step}");
            }
        }
    }
}
