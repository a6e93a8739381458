namespace RawIo.Tests;

/// <summary>What every backend's interrupts keep. A backend says how a device's line rises and falls.</summary>
public abstract class InterruptContract
{
    /// <summary>The machine, made anew for each test.</summary>
    protected abstract IHardware Open();

    /// <summary>Opens the interrupt that <see cref="Raise"/> raises.</summary>
    protected abstract IInterrupt OpenInterrupt(string name);

    /// <summary>Makes the device assert its line; an edge, where it is one.</summary>
    protected abstract void Raise();

    /// <summary>Quiets the device: its line falls.</summary>
    protected abstract void Quiet();

    /// <summary>Whether the controller takes edges of this line.</summary>
    protected virtual bool IsEdgeTriggered => false;

    /// <summary>The machine under test.</summary>
    protected IHardware Hardware { get; private set; } = null!;

    private IInterrupt _interrupt = null!;

    [SetUp]
    public void OpenBoth()
    {
        Hardware = Open();
        _interrupt = OpenInterrupt("contract");
    }

    [TearDown]
    public void Close()
    {
        _interrupt.Dispose();
        Hardware.Dispose();
    }

    [Test, CancelAfter(20_000)]
    public async Task Opened_it_is_on_and_has_counted_nothing(CancellationToken token)
    {
        Assert.That((_interrupt.Name, _interrupt.Count), Is.EqualTo(("contract", 0L)));
        Raise();
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(1));
        Assert.That(_interrupt.Count, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_wait_that_began_before_is_woken(CancellationToken token)
    {
        var wait = _interrupt.WaitAsync(token).AsTask();
        Assert.That(wait.IsCompleted, Is.False);
        Raise();
        Assert.That(await wait, Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task After_one_came_it_is_off_until_it_is_switched_on(CancellationToken token)
    {
        Raise();
        await _interrupt.WaitAsync(token);
        Quiet();
        Raise();
        Assert.That(await ComesNow(), Is.False);
        _interrupt.Enable();
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(2), "an edge is kept, a level is still there");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_line_that_was_not_quieted_comes_again_at_once(CancellationToken token)
    {
        if (IsEdgeTriggered) Assert.Pass("a level's promise");
        Raise();
        await _interrupt.WaitAsync(token);
        _interrupt.Enable();
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(2));
    }

    [Test, CancelAfter(20_000)]
    public async Task Quieted_it_does_not_come_again(CancellationToken token)
    {
        Raise();
        await _interrupt.WaitAsync(token);
        Quiet();
        _interrupt.Enable();
        _interrupt.Enable();
        Assert.That(await ComesNow(), Is.False);
        Raise();
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(2));
    }

    [Test, CancelAfter(20_000)]
    public async Task Switched_off_nothing_comes(CancellationToken token)
    {
        _interrupt.Disable();
        _interrupt.Disable();
        Raise();
        Assert.That(await ComesNow(), Is.False);
        Assert.That(_interrupt.Count, Is.Zero);
        _interrupt.Enable();
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_cancelled_wait_says_so_and_loses_none(CancellationToken token)
    {
        using var cancel = new CancellationTokenSource();
        var wait = _interrupt.WaitAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await _interrupt.WaitAsync(new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Raise();
        Assert.That(async () => await _interrupt.WaitAsync(new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _interrupt.WaitAsync(token), Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public void Given_back_it_ends_every_wait_and_every_use(CancellationToken token)
    {
        var wait = _interrupt.WaitAsync(token).AsTask();
        _interrupt.Dispose();
        _interrupt.Dispose();
        Assert.That(async () => await wait, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await _interrupt.WaitAsync(token), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_interrupt.Enable, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_interrupt.Disable, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test, CancelAfter(20_000)]
    public void The_machines_end_ends_every_wait(CancellationToken token)
    {
        var wait = _interrupt.WaitAsync(token).AsTask();
        Hardware.Dispose();
        Assert.That(async () => await wait, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test, CancelAfter(20_000)]
    public async Task Two_cannot_have_it_and_given_back_another_can(CancellationToken token)
    {
        var busy = Assert.Throws<ResourceBusyException>(() => OpenInterrupt("another"));
        Assert.That(busy!.Message, Does.Contain("another").And.Contain("contract"));
        _interrupt.Dispose();
        using var next = OpenInterrupt("another");
        Raise();
        Assert.That(await next.WaitAsync(token), Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task Of_several_that_wait_one_is_told(CancellationToken token)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        var waits = Enumerable.Range(0, 3).Select(_ => _interrupt.WaitAsync(cancel.Token).AsTask()).ToList();
        Raise();
        waits.Remove(await Task.WhenAny(waits));
        Assert.That(waits, Has.None.Matches<Task<long>>(w => w.IsCompleted));
        await cancel.CancelAsync();
        foreach (var wait in waits) Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Whether one has come: a wait that is at its end already.</summary>
    private async Task<bool> ComesNow()
    {
        using var cancel = new CancellationTokenSource();
        var wait = _interrupt.WaitAsync(cancel.Token).AsTask();
        if (wait.IsCompleted) return true;
        await cancel.CancelAsync();
        try
        {
            await wait;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
