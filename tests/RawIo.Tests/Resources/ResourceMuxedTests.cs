namespace RawIo.Tests;

[CancelAfter(20_000)]
public class ResourceMuxedTests
{
    private const ulong Start = 0x2e;
    private readonly ResourceTree _tree = new(new Resource(0, 0xffff, "PCI IO", ResourceFlags.Io));

    [TearDown]
    public void Empty()
    {
        foreach (var r in _tree.All()) _tree.ReleaseResource(r);
    }

    [Test]
    public void A_muxed_claim_waits_for_a_muxed_holder_until_release(CancellationToken token)
    {
        _tree.Request(Start, 2, "first", ResourceFlags.Muxed, token);
        var (waiter, waiting) = Wait("second", token);
        AwaitBlocked(waiter);
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(_tree.Release(Start, 2), Is.True);
        Assert.That(waiting.GetAwaiter().GetResult().Name, Is.EqualTo("second"));
        Assert.That(_tree.Lookup(Start)!.Name, Is.EqualTo("second"));
    }

    [TestCase(ResourceFlags.Muxed, ResourceFlags.None)]
    [TestCase(ResourceFlags.None, ResourceFlags.Muxed)]
    [TestCase(ResourceFlags.None, ResourceFlags.None)]
    public void A_claim_waits_only_where_both_are_muxed(ResourceFlags held, ResourceFlags asked, CancellationToken token)
    {
        _tree.Request(Start, 2, "first", held, token);
        Assert.Throws<ResourceBusyException>(() => _tree.Request(Start, 2, "second", asked, token));
    }

    [Test]
    public void A_wait_can_be_called_off_and_claims_nothing(CancellationToken token)
    {
        var holder = _tree.Request(Start, 2, "first", ResourceFlags.Muxed, token);
        using var calledOff = CancellationTokenSource.CreateLinkedTokenSource(token);
        var (waiter, waiting) = Wait("second", calledOff.Token);
        AwaitBlocked(waiter);
        calledOff.Cancel();
        Assert.That(() => waiting.GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_tree.All(), Is.EqualTo(new[] { holder }));
        Assert.That(() => _tree.Request(0x99, 1, "third", ResourceFlags.None, calledOff.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_tree.Lookup(0x99), Is.Null);
    }

    [Test]
    public void A_waiter_that_meets_a_plain_claim_afterwards_is_refused(CancellationToken token)
    {
        _tree.Request(Start, 2, "first", ResourceFlags.Muxed, token);
        _tree.Request(Start + 2, 1, "plain", ResourceFlags.None, token);
        var thread = new TaskCompletionSource<Thread>();
        var waiting = Task.Factory.StartNew(() =>
        {
            thread.SetResult(Thread.CurrentThread);
            return _tree.Request(Start, 3, "second", ResourceFlags.Muxed, token);
        }, token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        AwaitBlocked(thread.Task.GetAwaiter().GetResult());
        _tree.Release(Start, 2);
        var error = Assert.Throws<ResourceBusyException>(() => waiting.GetAwaiter().GetResult())!;
        Assert.That(error.Holder.Name, Is.EqualTo("plain"));
    }

    [Test]
    public void A_waiter_goes_on_when_the_bus_it_had_descended_into_is_gone(CancellationToken token)
    {
        var bus = new Resource(0, 0xff, "bus", ResourceFlags.Io);
        _tree.Insert(bus);
        _tree.Request(Start, 2, "first", ResourceFlags.Muxed, token);
        var (waiter, waiting) = Wait("second", token);
        AwaitBlocked(waiter);
        Assert.That(_tree.ReleaseResource(bus), Is.True);
        Assert.That(waiting.GetAwaiter().GetResult().Parent, Is.SameAs(_tree.Root));
    }

    [Test]
    public void Muxed_claims_of_many_threads_exclude_each_other(CancellationToken token)
    {
        var (inside, worst, total) = (0, 0, 0);
        var threads = Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(() =>
        {
            for (var n = 0; n < 500; n++)
            {
                _tree.Request(Start, 2, $"superio {i}", ResourceFlags.Muxed, token);
                worst = Math.Max(worst, Interlocked.Increment(ref inside));
                total++;
                Interlocked.Decrement(ref inside);
                Assert.That(_tree.Release(Start, 2), Is.True);
            }
        }, token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads, token);
        Assert.That((worst, total), Is.EqualTo((1, 2000)));
    }

    private (Thread Waiter, Task<Resource> Waiting) Wait(string name, CancellationToken token)
    {
        var thread = new TaskCompletionSource<Thread>();
        var waiting = Task.Factory.StartNew(() =>
        {
            thread.SetResult(Thread.CurrentThread);
            return _tree.Request(Start, 2, name, ResourceFlags.Muxed, token);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (thread.Task.GetAwaiter().GetResult(), waiting);
    }

    private static void AwaitBlocked(Thread thread)
    {
        while ((thread.ThreadState & ThreadState.WaitSleepJoin) == 0) Thread.Yield();
    }
}
