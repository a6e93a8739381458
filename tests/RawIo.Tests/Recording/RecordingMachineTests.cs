using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>What a recording keeps beside accesses: the machine, refusals, time, interrupts, threads.</summary>
internal sealed class RecordingMachineTests
{
    private const ulong At = TestBoards.DeviceAddress;

    [Test]
    public void The_machine_is_known_by_name_tree_and_holders([Values("pi3", "pc")] string board)
    {
        using var machine = SimMachine.Create(board);
        var recording = RecordingBench.Record(SimMachine.Create(board), _ => { });
        using var replay = RecordingBench.Open(recording);
        Assert.That((replay.Name, replay.IsAtEnd), Is.EqualTo(($"recording of sim:{board}", true)));
        Assert.That(replay.Memory.ToProcText(), Is.EqualTo(machine.Memory.ToProcText()));
        Assert.That(replay.Ports.ToProcText(), Is.EqualTo(machine.Ports.ToProcText()));
        Assert.That(replay.Memory.All().Select(r => r.Flags), Is.EqualTo(machine.Memory.All().Select(r => r.Flags)));
        Assert.That(replay.Memory.Root.End, Is.EqualTo(machine.Memory.Root.End));
        Assert.That(Describe(replay.DeviceTree), Is.EqualTo(Describe(machine.DeviceTree)));
        Tree.Check(replay.Memory);
    }

    [Test]
    public void A_claim_is_in_the_replays_tree_while_it_lasts()
    {
        static string Claim(IHardware hw)
        {
            using var region = hw.RequestMemRegion(0x3f20_0000, 0xb4, "blink");
            return hw.Memory.ToProcText();
        }
        var during = "";
        using var replay = RecordingBench.Open(RecordingBench.Record(SimMachine.Create("pi3"), hw => during = Claim(hw)));
        var before = replay.Memory.ToProcText();
        Assert.That(Claim(replay), Is.EqualTo(during).And.Contains("blink"));
        Assert.That(replay.Memory.ToProcText(), Is.EqualTo(before));
    }

    [Test]
    public void What_was_refused_is_refused_again_with_the_same_words()
    {
        static List<Exception> Drive(IHardware hw)
        {
            var errors = new List<Exception>();
            using var region = hw.RequestMemRegion(At, 0x40, "first");
            using var io = hw.IoRemap(At, 0x1000);
            foreach (var step in new Action[]
            {
                () => hw.RequestMemRegion(At + 4, 4, "second"), () => hw.RequestMemRegion(ulong.MaxValue, 2, "x"), () => hw.IoRemap(0, 4), () => hw.OpenPorts(0x60, 1),
                () => hw.OpenInterrupt(99, "x"), () => io.Read32(0x200), () => io.Write8(0x200, 5), () => io.ReadRep(0x200, new uint[3]),
                () => io.WriteRep(0x200, new ushort[3]), () => io.Fill(0x200, 1, 4), () => io.CopyFrom(0x200, new byte[4]), () => io.CopyTo(0x200, new byte[4]),
            }) errors.Add(Assert.Catch(() => step())!);
            Assert.That(io.TryRead32(0x200, out _), Is.False);
            Assert.That(io.TryRead32(0, out _), Is.True);
            return errors;
        }
        List<Exception> met = [];
        var recording = RecordingBench.Record(TestBoards.WithScratch(out _), hw => met = Drive(hw));
        using var replay = RecordingBench.Open(recording);
        var again = Drive(replay);
        Assert.That(again.Select(e => (e.GetType(), e.Message, (e as RawIoException)?.Errno)), Is.EqualTo(met.Select(e => (e.GetType(), e.Message, (e as RawIoException)?.Errno))));
        Assert.That(((ResourceBusyException)again[0]).Holder.ToString(), Is.EqualTo(((ResourceBusyException)met[0]).Holder.ToString()));
        Assert.That(((BusFaultException)again[6]).IsWrite, Is.True);
        replay.Verify();
        Assert.That(RecordingBench.Text(recording)[2], Does.StartWith("request_mem_region 0x20000004-0x20000007 \"second\": refused (EBUSY): ").And.Contains("first"));
    }

    [Test]
    public void The_drivers_own_mistakes_are_no_entries_and_throw_alike()
    {
        static void Drive(IHardware hw)
        {
            var io = hw.IoRemap(At, 0x40);
            Assert.Throws<ArgumentOutOfRangeException>(() => io.Read32(0x40));
            Assert.Throws<DataMisalignedException>(() => io.Read32(2));
            Assert.Throws<ArgumentOutOfRangeException>(() => io.TryRead(0, 3, out _));
            Assert.Throws<ArgumentOutOfRangeException>(() => io.Window(0, 0x41));
            io.ReadRep(0, Span<uint>.Empty);
            io.Fill(0, 1, 0);
            io.Dispose();
            io.Dispose();
            Assert.Throws<ObjectDisposedException>(() => io.Read32(0));
        }
        var recording = RecordingBench.Record(TestBoards.WithScratch(out _), Drive);
        Assert.That(RecordingBench.Entries(recording).Select(e => e.Kind), Is.EqualTo(new[] { RecordingKind.Map, RecordingKind.Unmap }));
        using var replay = RecordingBench.Open(recording);
        Drive(replay);
        replay.Verify();
    }

    [Test]
    public void The_clock_shows_what_it_showed()
    {
        static (long, DateTimeOffset, long) Look(IHardware hw) => (hw.Time.GetTimestamp(), hw.Time.GetUtcNow(), hw.Time.GetTimestamp());
        (long, DateTimeOffset, long) seen = default;
        var recording = RecordingBench.Record(SimMachine.Create("pi3"), hw => seen = Look(hw));
        using var replay = RecordingBench.Open(recording);
        Assert.That(Look(replay), Is.EqualTo(seen));
        Assert.That((replay.Time.TimestampFrequency, replay.Time.LocalTimeZone.BaseUtcOffset), Is.EqualTo((1_000_000_000L, TimeZoneInfo.Local.BaseUtcOffset)));
        Assert.That(Assert.Throws<ReplayException>(() => replay.Time.GetTimestamp())!.Message, Does.Contain("the driver did: timestamp"));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_time_out_replays_without_waiting(CancellationToken token)
    {
        static async Task<string> Wait(IHardware hw, Action? pass)
        {
            using var interrupt = hw.OpenInterrupt(3, "test");
            using var late = new CancellationTokenSource(TimeSpan.FromHours(1), hw.Time);
            var wait = interrupt.WaitAsync(late.Token).AsTask();
            pass?.Invoke();
            try
            {
                return $"{await wait}";
            }
            catch (OperationCanceledException)
            {
                return $"late {late.IsCancellationRequested} {interrupt.Count}";
            }
        }
        var machine = InterruptBench.Make();
        using var stream = new MemoryStream();
        using (var recorder = Recording.Record(machine, stream, leaveOpen: true))
            Assert.That(await Wait(recorder, () => machine.Clock.Step(3_600_000_000_000)), Is.EqualTo("late True 0"));
        using var replay = RecordingBench.Open(stream.ToArray());
        Assert.That(await Wait(replay, null).WaitAsync(token), Is.EqualTo("late True 0"));
        replay.Verify();
    }

    [Test, CancelAfter(20_000)]
    public async Task Interrupts_come_where_they_came(CancellationToken token)
    {
        static async Task<string> Wait(IHardware hw, Action? raise, Action? quiet)
        {
            using var io = hw.IoRemap(0x2000_1000, 16);
            using var interrupt = hw.OpenInterrupt(3, "test");
            var counts = new List<long>();
            for (var i = 0; i < 3; i++)
            {
                var wait = interrupt.WaitAsync(CancellationToken.None).AsTask();
                raise?.Invoke();
                counts.Add(await wait);
                quiet?.Invoke();
                counts.Add(io.Read32(0));
                interrupt.Enable();
            }
            interrupt.Disable();
            return string.Join(' ', counts.Append(interrupt.Count));
        }
        var machine = InterruptBench.Make();
        var found = "";
        using var stream = new MemoryStream();
        using (var recorder = Recording.Record(machine, stream, leaveOpen: true)) found = await Wait(recorder, machine.Raise, machine.Quiet);
        using var replay = RecordingBench.Open(stream.ToArray());
        Assert.That(await Wait(replay, null, null).WaitAsync(token), Is.EqualTo(found));
        replay.Verify();
        Assert.That(RecordingBench.Text(stream.ToArray()), Does.Contain("request_irq 3 \"test\" as interrupt 1").And.Contain("wait 2 for interrupt 1 ends = 2"));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_wait_that_nothing_leads_to_ends_with_the_difference(CancellationToken token)
    {
        var machine = InterruptBench.Make();
        var recording = RecordingBench.Record(machine, hw =>
        {
            using var io = hw.IoRemap(0x2000_1000, 16);
            using var interrupt = hw.OpenInterrupt(3, "test");
            var wait = interrupt.WaitAsync();
            io.Write32(0, 1);
            Assert.That(wait.AsTask().Result, Is.EqualTo(1));
        });
        using var replay = RecordingBench.Open(recording);
        replay.Patience = TimeSpan.Zero;
        using var map = replay.IoRemap(0x2000_1000, 16);
        using var interrupt = replay.OpenInterrupt(3, "test");
        try
        {
            await interrupt.WaitAsync(token);
            Assert.Fail("it came");
        }
        catch (ReplayException error)
        {
            Assert.That(error.Message, Does.Contain("the driver waits").And.Contain("writel 0x20001000"));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => replay.Patience = TimeSpan.FromTicks(-1));
    }

    [Test, CancelAfter(20_000)]
    public async Task The_replays_end_ends_its_waits(CancellationToken token)
    {
        var machine = InterruptBench.Make();
        Task? wait = null;
        var recording = RecordingBench.Record(machine, hw => wait = hw.OpenInterrupt(3, "test").WaitAsync(token).AsTask());
        Assert.That(async () => await wait!, Throws.InstanceOf<ObjectDisposedException>());
        var replay = RecordingBench.Open(recording);
        var again = replay.OpenInterrupt(3, "test").WaitAsync(token).AsTask();
        replay.Verify();
        replay.Dispose();
        await Assert.ThatAsync(async () => await again, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_periodic_timer_fires_where_it_fired()
    {
        var machine = TestBoards.WithScratch(out _);
        static void Drive(IHardware hw, Action pass)
        {
            using var io = hw.IoRemap(At, 16);
            using var done = new CountdownEvent(3);
            var timer = hw.Time.CreateTimer(_ =>
            {
                io.Write32(0, (uint)done.CurrentCount);
                done.Signal();
            }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            pass();
            Assert.That(done.Wait(TimeSpan.FromSeconds(20)), Is.True);
            timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            timer.Dispose();
            Assert.That(timer.Change(TimeSpan.Zero, TimeSpan.Zero), Is.False);
        }
        var recording = RecordingBench.Record(machine, hw => Drive(hw, () => machine.Clock.Step(5_000_000_000)));
        using var replay = RecordingBench.Open(recording);
        Drive(replay, static () => { });
        replay.Verify();
        Assert.That(RecordingBench.Text(recording), Does.Contain("timer 1 made, due in 1 s, then every 2 s").And.Contain("timer 1 fires"));
    }

    [Test]
    public void Two_threads_keep_whole_entries_in_the_devices_order_and_replay_in_it()
    {
        const int Each = 20_000;
        var machine = TestBoards.WithScratch(out var device);
        static void Drive(IHardware hw)
        {
            var io = hw.IoRemap(At, 256);
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(t => new Thread(() =>
            {
                for (var i = 0; i < Each; i++) io.Write32(4 * t, (uint)i);
            }))];
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
        }
        var recording = RecordingBench.Record(machine, Drive);
        var entries = RecordingBench.Entries(recording).Skip(1).ToList();
        Assert.That(entries.Select(e => $"W4@{e.Address - At}"), Is.EqualTo(device.Take()));
        for (var t = 0; t < 2; t++)
            Assert.That(entries.Where(e => e.Address == At + 4 * (ulong)t).Select(e => e.Value), Is.EqualTo(Enumerable.Range(0, Each).Select(i => (ulong)i)));
        Assert.That(entries.GroupBy(e => e.Thread).Select(g => g.Select(e => e.Address).Distinct().Count()), Is.EqualTo(new[] { 1, 1 }));
        using var replay = RecordingBench.Open(recording);
        Drive(replay);
        replay.Verify();
    }

    private static string[] Describe(DeviceTree? tree) => tree is null ? [] :
    [
        $"{tree.BootCpuId} {string.Join(' ', tree.Reservations)}",
        .. tree.Nodes.Select(n => $"{n.Path} {n.Phandle} {string.Join(' ', n.Properties.Select(p => $"{p.Name}={Convert.ToHexString(p.Value.Span)}"))}"),
    ];
}
