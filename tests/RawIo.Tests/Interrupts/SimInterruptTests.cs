using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture(false)]
[TestFixture(true)]
internal sealed class SimInterruptContract(bool edge) : InterruptContract
{
    protected override bool IsEdgeTriggered => edge;

    protected override IHardware Open() => InterruptBench.Make(edge);

    protected override IInterrupt OpenInterrupt(string name) => Hardware.OpenInterrupt(3, name);

    protected override void Raise() => Hardware.Raise();

    protected override void Quiet() => Hardware.Quiet();
}

/// <summary>What only the simulator can show of its interrupts.</summary>
internal sealed class SimInterruptTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    [Test]
    public void Edges_while_it_is_off_come_once_when_it_is_on_and_a_level_only_if_it_is_there()
    {
        foreach (var edge in new[] { true, false })
        {
            using var machine = InterruptBench.Make(edge);
            using var interrupt = machine.OpenInterrupt(3, "test");
            interrupt.Disable();
            for (var i = 0; i < 3; i++)
            {
                machine.Raise();
                machine.Quiet();
            }
            Assert.That(interrupt.Count, Is.Zero);
            interrupt.Enable();
            Assert.That(interrupt.Count, Is.EqualTo(edge ? 1 : 0));
            interrupt.Enable();
            interrupt.Enable();
            Assert.That(interrupt.Count, Is.EqualTo(edge ? 1 : 0), "an edge is kept once");
        }
    }

    [Test]
    public void A_line_that_was_up_before_opening_is_a_level_and_no_edge()
    {
        foreach (var edge in new[] { true, false })
        {
            using var machine = InterruptBench.Make(edge);
            machine.Raise();
            using var interrupt = machine.OpenInterrupt(3, "test");
            Assert.That(interrupt.Count, Is.EqualTo(edge ? 0 : 1));
        }
    }

    [TestCase(-1)]
    [TestCase(16)]
    public void An_interrupt_that_is_not_there_is_refused(int irq)
    {
        using var machine = InterruptBench.Make();
        Assert.That(Assert.Throws<RawIoException>(() => machine.OpenInterrupt(irq, "test"))!.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.Throws<ArgumentException>(() => machine.OpenInterrupt(3, ""));
    }

    [Test]
    public void A_device_tree_s_machine_opens_by_node_and_index()
    {
        using var pi = SimMachine.Create("pi3");
        var node = pi.Devices.First(d => d.Device is Bcm2835SystemTimerModel).Node!;
        Assert.That(Assert.Throws<RawIoException>(() => pi.OpenInterrupt(3, "test"))!.Message, Does.Contain("node"));
        Assert.That(Assert.Throws<RawIoException>(() => pi.OpenInterrupt(node, 4, "test"))!.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.Throws<ArgumentOutOfRangeException>(() => pi.OpenInterrupt(node, -1, "test"));
        Assert.Throws<ArgumentNullException>(() => pi.OpenInterrupt(null!, 0, "test"));
    }

    [Test]
    public void Of_devices_that_share_an_interrupt_one_at_a_time_has_it_and_the_other_is_told_why()
    {
        using var pi = SimMachine.Create("pi3");
        var (first, second) = (pi.Devices.First(d => d.Id == "i2c0").Node!, pi.Devices.First(d => d.Id == "i2c1").Node!);
        using (pi.OpenInterrupt(first, 0, "temperature"))
        {
            var refused = Assert.Throws<ResourceBusyException>(() => pi.OpenInterrupt(second, 0, "clock"))!;
            Assert.That(refused.Errno, Is.EqualTo(Errno.EBUSY));
            Assert.That(refused.Message, Does.Contain("GPU 53").And.Contain("'clock'").And.Contain("'temperature'").And.Contain("share").And.Contain("poll"));
        }
        using var later = pi.OpenInterrupt(second, 0, "clock");
        Assert.That(later.Name, Is.EqualTo("clock"));
    }

    [Test]
    public void A_change_made_by_a_listener_is_told_after_the_one_before_has_been_told_to_all()
    {
        var (line, told) = (new SignalLine(), new List<string>());
        line.Changed += level =>
        {
            told.Add($"first {level}");
            if (level) line.Set(false);
            told.Add($"first, after {level}: {line.Level}");
        };
        line.Changed += level => told.Add($"second {level}");
        line.Set(true);
        Assert.That(told, Is.EqualTo(new[] { "first True", "second True", "first False", "first, after False: False", "second False", "first, after True: False" }));
        told.Clear();
        line.Set(false);
        Assert.That(told, Is.Empty);
    }

    [Test]
    public void A_listener_that_goes_away_is_told_no_more_and_one_that_throws_keeps_nothing_from_the_others()
    {
        var (line, told) = (new SignalLine(), new List<string>());
        void Once(bool level)
        {
            told.Add($"once {level}");
            line.Changed -= Once;
        }
        line.Changed += Once;
        line.Changed += level =>
        {
            if (level) throw new InvalidOperationException("thrown");
        };
        line.Changed += level => told.Add($"last {level}");
        Assert.Throws<InvalidOperationException>(() => line.Set(true));
        Assert.That((line.Level, told), Is.EqualTo((true, new List<string> { "once True" })));
        line.Set(false);
        Assert.That(told, Is.EqualTo(new[] { "once True", "last True", "last False" }), "what it has not heard, it hears first");
    }

    [Test]
    public void The_line_is_wanted_while_somebody_has_it_open()
    {
        using var machine = InterruptBench.Make();
        var line = machine.Device<BenchSource>().Line;
        Assert.That(line.IsWanted, Is.False);
        var interrupt = machine.OpenInterrupt(3, "test");
        Assert.That(line.IsWanted, Is.True);
        interrupt.Dispose();
        interrupt.Dispose();
        Assert.That(line.IsWanted, Is.False);
        Assert.Throws<InvalidOperationException>(() => line.Want(false));
    }

    [Test, CancelAfter(60_000)]
    public async Task No_wakeup_is_lost_between_threads(CancellationToken token)
    {
        using var machine = InterruptBench.Make();
        using var interrupt = machine.OpenInterrupt(3, "test");
        const int Each = 2000;
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < Each; i++) machine.Raise();
        })).ToList();
        threads.ForEach(t => t.Start());
        for (var done = 0; done < 3 * Each; done++)
        {
            await interrupt.WaitAsync(token);
            machine.QuietOne();
            interrupt.Enable();
        }
        threads.ForEach(t => t.Join());
        Assert.That((machine.Pending(), interrupt.Count), Is.EqualTo((0u, 3L * Each)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_wait_cancelled_as_the_interrupt_comes_loses_none(CancellationToken token)
    {
        using var machine = InterruptBench.Make();
        using var interrupt = machine.OpenInterrupt(3, "test");
        using var raiser = new Worker();
        for (var i = 1; i <= 2000; i++)
        {
            using var cancel = new CancellationTokenSource();
            var wait = interrupt.WaitAsync(cancel.Token).AsTask();
            raiser.Post(machine.Raise);
            if (i % 3 == 0) Thread.Yield();
            await cancel.CancelAsync();
            try
            {
                await wait;
            }
            catch (OperationCanceledException error)
            {
                Assert.That(error.CancellationToken, Is.EqualTo(cancel.Token));
                Assert.That(await interrupt.WaitAsync(token), Is.EqualTo(i));
            }
            machine.Quiet();
            interrupt.Enable();
        }
        Assert.That(interrupt.Count, Is.EqualTo(2000));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Who_waits_goes_on_outside_the_machines_lock(bool wholeMachine)
    {
        using var machine = InterruptBench.Make();
        var interrupt = machine.OpenInterrupt(3, "test");
        var gate = machine.Device<BenchSource>().Gate;
        var other = Task.Run(async () =>
        {
            try
            {
                await interrupt.WaitAsync();
            }
            catch (ObjectDisposedException)
            {
                // Another thread must get the lock while this one holds on.
                var thread = new Thread(() =>
                {
                    using var held = new HeldLock(gate);
                });
                thread.Start();
                return thread.Join(s_long);
            }
            return false;
        });
        SpinWait.SpinUntil(() => other.Status == TaskStatus.WaitingForActivation, s_long);
        if (wholeMachine) machine.Dispose();
        else interrupt.Dispose();
        Assert.That(other.Wait(s_long) && other.Result);
    }

    [Test]
    public void Of_a_machine_that_was_disposed_nothing_is_opened()
    {
        var machine = InterruptBench.Make();
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => machine.OpenInterrupt(3, "test"));
    }

    [Test]
    public void An_input_is_asserted_while_one_of_its_sources_is()
    {
        var input = new InterruptInput("IRQ 9");
        var (a, b) = (new SignalLine(), new SignalLine());
        var levels = new List<bool>();
        input.Line.Changed += levels.Add;
        b.Set(true);
        input.Line.Want(true);
        input.Connect(a);
        input.Connect(b);
        Assert.That((input.Line.Level, a.IsWanted, b.IsWanted), Is.EqualTo((true, true, true)));
        a.Set(true);
        b.Set(false);
        Assert.That(levels, Is.EqualTo(new[] { true }));
        a.Set(false);
        Assert.That(levels, Is.EqualTo(new[] { true, false }));
        input.Line.Want(true);
        input.Line.Want(false);
        Assert.That(a.IsWanted, Is.True, "somebody still waits");
        input.Line.Want(false);
        Assert.That((a.IsWanted, b.IsWanted), Is.EqualTo((false, false)));
        Assert.Throws<ArgumentException>(() => _ = new InterruptInput(""));
        Assert.Throws<ArgumentNullException>(() => input.Connect(null!));
    }

    [Test]
    public void Sampling_an_input_settles_its_sources()
    {
        var (input, source) = (new InterruptInput("IRQ 9"), new SignalLine());
        source.Settle = () => source.Set(true);
        input.Connect(source);
        Assert.That(input.Line.Level, Is.False);
        Assert.That(input.Line.Sample(), Is.True);
    }
}
