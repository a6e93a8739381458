using System.Runtime.InteropServices;
using Mono.Unix.Native;
using RawIo.Native;
using Errno = RawIo.Errno;

namespace RawIo.Tests;

/// <summary>Waiting, with a FIFO in the place of /dev/uio0: four bytes written are an interrupt.</summary>
[NonParallelizable] // counts the threads of the process, and takes the number of a descriptor that was just given back
public sealed partial class UioInterruptTests
{
    private SysfsFolder _folder = null!;
    private UioDevice _uio = null!;
    private int _fifo;

    [SetUp]
    public void Make()
    {
        _folder = new();
        _folder.AddUio(0, "edu");
        _folder.Write("sys/class/uio/uio0/event", "7\n");
        File.Delete(_folder["dev/uio0"]);
        Assert.That(Syscall.mkfifo(_folder["dev/uio0"], FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);
        _uio = UioDevice.Open(0, _folder.Options);
        _fifo = Kernel.Open(_folder["dev/uio0"], OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK, out _);
    }

    [TearDown]
    public void End()
    {
        Kernel.Close(_fifo);
        _uio.Dispose();
        _folder.Dispose();
    }

    private void Interrupt(uint count) => Assert.That(Kernel.Write(_fifo, BitConverter.GetBytes(count), out _), Is.EqualTo(4));

    [Test]
    public void A_pending_interrupt_is_told_at_once_every_way()
    {
        Interrupt(8);
        Assert.That(_uio.WaitForInterrupt(CancellationToken.None), Is.EqualTo(new UioInterrupt(8, 0)));
        Interrupt(9);
        Assert.That(_uio.WaitForInterrupt(TimeSpan.Zero), Is.EqualTo(new UioInterrupt(9, 0)));
        Interrupt(10);
        var task = _uio.WaitForInterruptAsync();
        Assert.That(task.IsCompletedSuccessfully, Is.True);
        Assert.That(task.Result, Is.EqualTo(new UioInterrupt(10, 0)));
        Assert.That(_uio.EventCount, Is.EqualTo(7), "the kernel's file");
    }

    [Test]
    public void Events_that_came_together_are_counted_as_missed()
    {
        Interrupt(8);
        _uio.WaitForInterrupt();
        Interrupt(12);
        Assert.That(_uio.WaitForInterrupt(), Is.EqualTo(new UioInterrupt(12, 3)));
        Interrupt(13);
        Assert.That(_uio.WaitForInterrupt(), Is.EqualTo(new UioInterrupt(13, 0)));
    }

    [Test]
    public void The_first_wait_counts_from_the_opening_and_the_count_wraps()
    {
        Interrupt(10);
        Assert.That(_uio.WaitForInterrupt().Missed, Is.EqualTo(2));
        _uio.Dispose();
        _folder.Write("sys/class/uio/uio0/event", "4294967295\n");
        using var late = UioDevice.Open(0, _folder.Options);
        Interrupt(2);
        Assert.That(late.WaitForInterrupt(), Is.EqualTo(new UioInterrupt(2, 2)));
    }

    [Test]
    public void Without_an_interrupt_a_look_and_a_short_wait_find_none()
    {
        Assert.That(_uio.WaitForInterrupt(TimeSpan.Zero), Is.Null);
        Assert.That(_uio.WaitForInterrupt(TimeSpan.FromTicks(1)), Is.Null);
        Assert.Throws<ArgumentOutOfRangeException>(() => _uio.WaitForInterrupt(TimeSpan.FromMilliseconds(-2)));
        Interrupt(8);
        Assert.That(_uio.WaitForInterrupt(Timeout.InfiniteTimeSpan)!.Value.Count, Is.EqualTo(8));
        Interrupt(9);
        Assert.That(_uio.WaitForInterrupt(TimeSpan.MaxValue)!.Value.Count, Is.EqualTo(9));
    }

    [Test]
    public void A_thread_that_waits_is_woken_by_the_interrupt()
    {
        using var waiter = new UioWaiter(() => _uio.WaitForInterrupt(TimeSpan.MaxValue)!.Value);
        waiter.UntilAsleep();
        Interrupt(8);
        Assert.That(waiter.Result(), Is.EqualTo(new UioInterrupt(8, 0)));
    }

    [Test]
    public void A_wait_is_cancelled_before_and_while_it_sleeps_and_loses_no_interrupt()
    {
        using var cancel = new CancellationTokenSource();
        using var waiter = new UioWaiter(() => _uio.WaitForInterrupt(cancel.Token));
        waiter.UntilAsleep();
        cancel.Cancel();
        var error = Assert.Catch<OperationCanceledException>(() => waiter.Result())!;
        Assert.That(error.CancellationToken, Is.EqualTo(cancel.Token));
        Interrupt(8);
        Assert.Catch<OperationCanceledException>(() => _uio.WaitForInterrupt(cancel.Token));
        Assert.Catch<OperationCanceledException>(() => _uio.WaitForInterrupt(TimeSpan.Zero, cancel.Token));
        Assert.That(_uio.WaitForInterruptAsync(cancel.Token).IsCanceled, Is.True);
        Assert.That(_uio.WaitForInterrupt().Count, Is.EqualTo(8));
    }

    [Test]
    public void One_wait_cancelled_leaves_the_others_waiting()
    {
        using var cancel = new CancellationTokenSource();
        using var cancelled = new UioWaiter(() => _uio.WaitForInterrupt(cancel.Token));
        using var stays = new UioWaiter(() => _uio.WaitForInterrupt());
        cancelled.UntilAsleep();
        stays.UntilAsleep();
        cancel.Cancel();
        Assert.Catch<OperationCanceledException>(() => cancelled.Result());
        Interrupt(8);
        Assert.That(stays.Result().Count, Is.EqualTo(8));
    }

    [Test]
    public void Dispose_ends_every_wait_and_the_descriptor_is_closed_after_the_last_of_them()
    {
        using var one = new UioWaiter(() => _uio.WaitForInterrupt());
        using var two = new UioWaiter(() => _uio.WaitForInterrupt(TimeSpan.FromDays(1))!.Value);
        var three = _uio.WaitForInterruptAsync();
        one.UntilAsleep();
        two.UntilAsleep();
        _uio.Dispose();
        Assert.Throws<ObjectDisposedException>(() => one.Result());
        Assert.Throws<ObjectDisposedException>(() => two.Result());
        Assert.ThrowsAsync<ObjectDisposedException>(() => three);
        var open = Directory.GetFileSystemEntries("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget == _folder["dev/uio0"]);
        Assert.That(open, Is.EqualTo(1), "the test's own end");
    }

    [Test]
    public void No_interrupt_goes_to_a_device_that_was_closed()
    {
        for (var round = 0; round < 50; round++)
        {
            var uio = UioDevice.Open(0, _folder.Options);
            using var waiter = new UioWaiter(() => uio.WaitForInterrupt());
            if (round % 2 == 0) waiter.UntilAsleep();
            uio.Dispose();
            // Takes the number that was freed: whoever still read the old one would read these bytes.
            Interrupt(8);
            Assert.Throws<ObjectDisposedException>(() => waiter.Result());
            Assert.That(_uio.WaitForInterrupt(TimeSpan.Zero), Is.Not.Null, $"round {round}");
        }
    }

    [Test]
    public async Task An_async_wait_completes_and_leaves_no_thread_behind()
    {
        var before = LongRunningThreads();
        for (var i = 0; i < 20; i++)
        {
            var wait = _uio.WaitForInterruptAsync();
            Assert.That(wait.IsCompleted, Is.False);
            Interrupt((uint)(8 + i));
            Assert.That(await wait, Is.EqualTo(new UioInterrupt((uint)(8 + i), 0)));

            using var cancel = new CancellationTokenSource();
            wait = _uio.WaitForInterruptAsync(cancel.Token);
            await cancel.CancelAsync();
            Assert.CatchAsync<OperationCanceledException>(() => wait);
            Assert.That(wait.IsCanceled, Is.True);
        }
        Assert.That(SpinWait.SpinUntil(() => LongRunningThreads() <= before, TimeSpan.FromSeconds(30)), Is.True, "threads of waits go");

        static int LongRunningThreads() => Directory.GetDirectories("/proc/self/task").Count(task =>
        {
            try
            {
                return File.ReadAllText($"{task}/comm").StartsWith(".NET Long Runn", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
    }

    [Test]
    public void Of_several_threads_each_interrupt_is_told_to_one()
    {
        var seen = new List<uint>();
        var waiters = Enumerable.Range(0, 4).Select(_ => new UioWaiter(() =>
        {
            while (true)
            {
                var interrupt = _uio.WaitForInterrupt();
                lock (seen) seen.Add(interrupt.Count);
            }
        })).ToList();
        for (var i = 8u; i < 1008; i++) Interrupt(i);
        Assert.That(SpinWait.SpinUntil(() => { lock (seen) return seen.Count >= 1000; }, TimeSpan.FromSeconds(30)), Is.True);
        _uio.Dispose();
        foreach (var waiter in waiters)
        {
            Assert.Throws<ObjectDisposedException>(() => waiter.Result());
            waiter.Dispose();
        }
        seen.Sort();
        Assert.That(seen, Is.EqualTo(Enumerable.Range(8, 1000).Select(i => (uint)i)));
    }
}
