using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class BiasedLockTests
{
    [Test]
    public void One_thread_keeps_the_fast_way_also_re_entered()
    {
        var gate = new BiasedLock();
        for (var i = 0; i < 3; i++)
        {
            var outer = gate.Enter();
            var inner = gate.Enter();
            Assert.That((outer, inner), Is.EqualTo((0, 1)));
            gate.Exit(inner);
            gate.Exit(outer);
        }
        Assert.That(gate.IsShared, Is.False);
    }

    [Test, CancelAfter(60_000)]
    public void A_second_thread_waits_until_the_first_is_out(CancellationToken _)
    {
        var gate = new BiasedLock();
        var outer = gate.Enter();
        var entered = false;
        var other = new Thread(() =>
        {
            var token = gate.Enter();
            Volatile.Write(ref entered, true);
            var again = gate.Enter();
            gate.Exit(again);
            gate.Exit(token);
        });
        other.Start();
        SpinWait.SpinUntil(() => gate.IsShared);
        var inner = gate.Enter(); // re-entered while somebody takes the privilege away
        Assert.That(Volatile.Read(ref entered), Is.False);
        gate.Exit(inner);
        Assert.That(Volatile.Read(ref entered), Is.False);
        gate.Exit(outer);
        other.Join();
        Assert.That(entered, Is.True);
        var token = gate.Enter();
        Assert.That(token, Is.Negative, "a Monitor from now on");
        gate.Exit(token);
    }

    [Test, CancelAfter(120_000)]
    public void A_counter_behind_it_loses_nothing(CancellationToken _)
    {
        // Many short rounds: what can go wrong is at the moment the second thread comes.
        for (var round = 0; round < 200; round++)
        {
            var gate = new BiasedLock();
            long counter = 0;
            const int Each = 2000;
            var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var outer = gate.Enter();
                    var inner = gate.Enter();
                    counter++;
                    gate.Exit(inner);
                    gate.Exit(outer);
                }
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.That(counter, Is.EqualTo(3L * Each), $"round {round}");
        }
    }

    [Test, CancelAfter(60_000)]
    public void Several_threads_drive_one_machine_and_no_access_is_torn(CancellationToken _)
    {
        using var machine = TestBoards.WithScratch(out var device);
        var inside = 0;
        var torn = false;
        device.OnAccess = () =>
        {
            if (Interlocked.Increment(ref inside) != 1) torn = true;
            Interlocked.Decrement(ref inside);
        };
        var threads = Enumerable.Range(0, 4).Select(n => new Thread(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                using var io = machine.IoRemap(TestBoards.DeviceAddress, 256);
                io.Write32(4 * n, (uint)i);
                if (io.Read32(4 * n) != i) torn = true;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(torn, Is.False);
        Assert.That(device.Accesses, Has.Count.EqualTo(4 * 2000 * 2));
    }

    [Test]
    public void A_device_may_access_the_machine_from_its_own_access()
    {
        using var machine = TestBoards.WithScratch(out var device);
        using var io = machine.IoRemap(TestBoards.DeviceAddress, 256);
        device.OnAccess = () =>
        {
            device.OnAccess = null;
            io.Write32(8, 5);
        };
        _ = io.Read32(0);
        Assert.That(io.Read32(8), Is.EqualTo(5));
    }

    [Test]
    public void A_device_that_throws_leaves_the_machine_usable()
    {
        using var machine = TestBoards.WithScratch(out var device);
        using var io = machine.IoRemap(TestBoards.DeviceAddress, 256);
        device.OnAccess = () => throw new InvalidTimeZoneException();
        Assert.Throws<InvalidTimeZoneException>(() => io.Read32(0));
        Assert.Throws<InvalidTimeZoneException>(() => io.Write32(0, 1));
        device.OnAccess = null;
        var other = new Thread(() => io.Write32(0, 6));
        other.Start();
        Assert.That(other.Join(30_000), Is.True, "the lock is free");
        Assert.That(io.Read32(0), Is.EqualTo(6));
    }
}
