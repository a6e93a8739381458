using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Machines that go back in time.</summary>
internal sealed class SnapshotTests
{
    private const ulong Ram = 0x20_0000;

    [Test]
    public void RAM_goes_back_also_where_it_was_first_written_later()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        pc.PhysicalMemory.Write64((long)Ram, 0x1122334455667788);
        var snapshot = pc.Save();
        pc.PhysicalMemory.Write32((long)Ram + 4, 0xdead);
        pc.PhysicalMemory.Write32(0x1000_0000, 0xdead);
        pc.PhysicalMemory.Write32((long)Ram + 0xffff0, 0xdead);
        for (var i = 0; i < 2; i++)
        {
            pc.Restore(snapshot);
            Assert.That(pc.PhysicalMemory.Read64((long)Ram), Is.EqualTo(0x1122334455667788));
            Assert.That((pc.PhysicalMemory.Read32(0x1000_0000), pc.PhysicalMemory.Read32((long)Ram + 0xffff0)), Is.EqualTo((0u, 0u)));
            pc.PhysicalMemory.Write64((long)Ram, 1);
            pc.PhysicalMemory.Write64(0x1000_0000, 1);
        }
    }

    [Test]
    public void Mappings_and_claims_made_since_stay()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        var snapshot = pi.Save();
        using var region = pi.RequestMemRegion(0x3f003000, 0x1000, "timer");
        using var timer = region.Map();
        pi.Clock.Step(5_000_000);
        Assert.That(timer.Read32(4), Is.EqualTo(5000));
        pi.Restore(snapshot);
        pi.Mmu.Tlb.InvalidateAll();
        Assert.That(timer.Read32(4), Is.Zero);
        Assert.That(pi.Memory.Lookup(0x3f003000)!.Name, Is.EqualTo("timer"));
    }

    [Test]
    public void Time_goes_back_and_what_was_due_comes_again_each_time()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        var model = pi.Device<Bcm2835SystemTimerModel>();
        var line = model.InterruptLines[1];
        line.Want(true);
        pi.Clock.Step(1_000_000);
        model.Write(0x10, 4, 3000); // C1
        var snapshot = pi.Save();
        var rises = new List<long>();
        line.Changed += level =>
        {
            if (level) rises.Add(pi.Clock.Now);
        };
        for (var i = 0; i < 3; i++)
        {
            pi.Clock.Step(1_999_999);
            Assert.That(line.Level, Is.False);
            pi.Clock.Step(1_000_000_000);
            Assert.That(line.Level, Is.True);
            model.Write(0x00, 4, 2);
            model.Write(0x10, 4, 1);
            pi.Restore(snapshot);
            Assert.That((pi.Clock.Now, snapshot.Time, line.Level, model.Read(0x10, 4)), Is.EqualTo((1_000_000L, 1_000_000L, false, 3000ul)));
        }
        Assert.That(rises, Is.EqualTo(new[] { 3_000_000L, 3_000_000, 3_000_000 }));
        line.Want(false);
    }

    [Test]
    public void A_later_snapshot_is_as_good_as_an_earlier_one()
    {
        using var machine = InterruptBench.Make();
        machine.Raise();
        var early = machine.Save();
        machine.Clock.Step(100);
        machine.Raise();
        var late = machine.Save();
        machine.Restore(early);
        Assert.That((machine.Clock.Now, machine.Pending()), Is.EqualTo((0L, 1u)));
        machine.Restore(late);
        Assert.That((machine.Clock.Now, machine.Pending()), Is.EqualTo((100L, 2u)));
    }

    [Test]
    public void What_a_user_s_timer_waits_for_stays()
    {
        using var machine = InterruptBench.Make();
        var snapshot = machine.Save();
        var rang = 0;
        using var timer = machine.Time.CreateTimer(_ => rang++, null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        machine.Clock.Step(900_000);
        machine.Restore(snapshot);
        machine.Clock.Step(900_000);
        Assert.That(rang, Is.Zero);
        machine.Clock.Step(100_000);
        Assert.That(rang, Is.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_is_refused_and_nothing_is_touched()
    {
        using var machine = InterruptBench.Make();
        using var other = InterruptBench.Make();
        machine.Raise();
        var snapshot = machine.Save();
        Assert.Throws<ArgumentNullException>(() => machine.Restore(null!));
        Assert.Throws<ArgumentException>(() => other.Restore(snapshot));
        Assert.That(other.Pending(), Is.Zero);
        machine.Quiet();
        var attached = machine.Attach(new BenchSource(), 0x2000_2000, 16);
        Assert.Throws<ArgumentException>(() => machine.Restore(snapshot));
        Assert.That(machine.Pending(), Is.Zero);
        var with = machine.Save();
        machine.Detach(attached);
        machine.Attach(new BenchSource(), 0x2000_2000, 16);
        Assert.Throws<ArgumentException>(() => machine.Restore(with), "as many devices, and another");
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => machine.Restore(snapshot));
        Assert.Throws<ObjectDisposedException>(() => machine.Save());
    }

    [Test]
    public void A_clock_that_follows_the_hosts_does_not_go_back()
    {
        using var machine = TestBoards.Make(null, new() { HostTime = new ManualTime() });
        machine.PhysicalMemory.Write32((long)Ram, 1);
        var snapshot = machine.Save();
        machine.PhysicalMemory.Write32((long)Ram, 2);
        Assert.That(() => machine.Restore(snapshot), Throws.InvalidOperationException.With.Message.Contains("SteppedClock"));
        Assert.That(machine.PhysicalMemory.Read32((long)Ram), Is.EqualTo(2));
    }

    [Test]
    public void A_model_without_one_is_named()
    {
        using var machine = InterruptBench.Make(hasSnapshot: false);
        Assert.That(machine.Save, Throws.InstanceOf<NotSupportedException>().With.Message.Contains("bench source"));
    }

    [Test]
    public void Lines_that_come_to_their_places_are_no_edges_for_controllers_or_drivers()
    {
        using var machine = InterruptBench.Make(edge: true);
        machine.Raise();
        var snapshot = machine.Save();
        machine.Quiet();
        using var interrupt = machine.OpenInterrupt(3, "test");
        var controller = machine.Device<BenchController>();
        machine.Restore(snapshot);
        Assert.That((controller.Edges, interrupt.Count, machine.Device<BenchSource>().Line.Level), Is.EqualTo((1, 0L, true)));
        machine.Quiet();
        machine.Raise();
        Assert.That((controller.Edges, interrupt.Count), Is.EqualTo((2, 1L)), "the next one is");
    }

    [Test]
    public void A_level_that_is_there_again_comes_to_the_driver()
    {
        using var machine = InterruptBench.Make();
        machine.Raise();
        var snapshot = machine.Save();
        machine.Quiet();
        using var interrupt = machine.OpenInterrupt(3, "test");
        machine.Restore(snapshot);
        Assert.That(interrupt.Count, Is.EqualTo(1));
        machine.Restore(snapshot);
        Assert.That(interrupt.Count, Is.EqualTo(1), "it is off until it is switched on");
    }

    [Test]
    public void What_lines_set_off_on_the_way_does_not_reach_memory()
    {
        using var machine = InterruptBench.Make(dma: true);
        machine.Raise();
        var snapshot = machine.Save();
        Assert.That(machine.PhysicalMemory.Read32(0x2000), Is.EqualTo(1));
        machine.Quiet();
        machine.Restore(snapshot);
        Assert.That(machine.PhysicalMemory.Read32(0x2000), Is.EqualTo(1), "the rise while it was put back counts for nothing");
        machine.Quiet();
        machine.Raise();
        Assert.That(machine.PhysicalMemory.Read32(0x2000), Is.EqualTo(2), "the bus is open again");
    }

    [Test]
    public void A_request_for_reset_goes_back()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true, Faults = FaultPolicy.Hardware });
        var before = pc.Save();
        pc.Device<I8042Model>().Write(4, 1, 0xfe);
        Assert.That(pc.ResetRequested, Is.True);
        var after = pc.Save();
        pc.Restore(before);
        Assert.That(pc.ResetRequested, Is.False);
        pc.Restore(after);
        Assert.That(pc.ResetRequested, Is.True);
    }

    [Test]
    public void A_held_key_repeats_at_the_same_times_again()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        var model = pc.Device<I8042Model>();
        model.Keyboard.Key(KeyCode.A, true);
        pc.Clock.Step(512_345_600);
        Assert.That(Drain(model), Is.EqualTo("1c1c"), "pressed, and once repeated after 500 ms");
        // A new rate holds from the next key on.
        model.Write(0, 1, 0xf3);
        model.Write(0, 1, 0x7f);
        Drain(model);
        var snapshot = pc.Save();
        var first = Continue();
        for (var i = 0; i < 2; i++)
        {
            pc.Restore(snapshot);
            Assert.That(Continue(), Is.EqualTo(first));
        }
        Assert.That(first, Does.Contain("1c"));

        string Continue()
        {
            var seen = "";
            for (var i = 0; i < 300; i++)
            {
                pc.Clock.Step(1_000_000);
                if (Drain(model) is { Length: > 0 } codes) seen += $"{pc.Clock.Now}:{codes} ";
            }
            return seen;
        }
    }

    [Test]
    public void A_floating_pin_keeps_its_charge_and_no_event_is_made_up()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        var gpio = pi.Device<Bcm2835GpioModel>();
        var pin = gpio.Pins[28]; // no pull at reset
        pin.Drive(true);
        pin.Drive(null);
        gpio.Write(0x4c, 4, 1 << 28); // GPREN0
        gpio.Write(0x7c, 4, 1 << 28); // GPAREN0
        var snapshot = pi.Save();
        pin.Drive(false);
        pin.Drive(null);
        gpio.Write(0x08, 4, 1 << 24); // GPIO28 is an output, low
        var wired = new Pin("probe");
        using var wire = Wire.Connect(wired, pin);
        pi.Restore(snapshot);
        Assert.That((pin.Level, wired.Level, gpio.Read(0x34, 4) >> 28 & 1, gpio.Read(0x40, 4)), Is.EqualTo((true, true, 1ul, 0ul)));
        pin.Drive(false);
        pin.Drive(true);
        Assert.That(gpio.Read(0x40, 4), Is.EqualTo(1ul << 28), "the next one is an event");
    }

    private static string Drain(I8042Model model)
    {
        var codes = "";
        while ((model.Read(4, 1) & 1) != 0) codes += $"{model.Read(0, 1):x2}";
        return codes;
    }
}
