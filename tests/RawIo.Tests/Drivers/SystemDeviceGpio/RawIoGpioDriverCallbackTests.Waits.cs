using System.Device.Gpio;
using System.Runtime.CompilerServices;

namespace RawIo.Tests;

// Waits, and how they end.
public partial class RawIoGpioDriverCallbackTests
{
    [Test]
    public async Task A_wait_ends_with_its_edge()
    {
        _rig.Pin(4).Drive(true);
        _rig.Pin(4).Drive(false);                        // before the wait
        var rising = _rig.Controller.WaitForEventAsync(4, PinEventTypes.Rising, CancellationToken.None);
        var both = _rig.Controller.WaitForEventAsync(4, Both, CancellationToken.None);
        var falling = _rig.Controller.WaitForEventAsync(4, PinEventTypes.Falling, CancellationToken.None);
        _rig.Look();
        Assert.That((rising.IsCompleted, both.IsCompleted, falling.IsCompleted), Is.EqualTo((false, false, false)));
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That((await rising, await both), Is.EqualTo((new WaitForEventResult { EventTypes = PinEventTypes.Rising }, new WaitForEventResult { EventTypes = PinEventTypes.Rising })));
        Assert.That(falling.IsCompleted, Is.False);
        _rig.Pin(4).Drive(false);
        _rig.Look();
        Assert.That(await falling, Is.EqualTo(new WaitForEventResult { EventTypes = PinEventTypes.Falling }));
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
    }

    [Test]
    public async Task A_wait_that_is_cancelled_has_timed_out_at_once([Values] bool before)
    {
        using var source = new CancellationTokenSource();
        if (before) await source.CancelAsync();
        var wait = _rig.Controller.WaitForEventAsync(4, Both, source.Token);
        if (!before) source.Cancel();
        Assert.That(wait.IsCompleted, Is.True);
        Assert.That(await wait, Is.EqualTo(new WaitForEventResult { TimedOut = true }));
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
        Assert.That(_rig.Controller.WaitForEvent(4, Both, TimeSpan.FromMilliseconds(1)).TimedOut, Is.True);
    }

    [Test]
    public async Task Closing_the_pin_or_the_driver_ends_a_wait([Values] bool pin)
    {
        var wait = _rig.Controller.WaitForEventAsync(4, Both, CancellationToken.None);
        if (pin) _rig.Controller.ClosePin(4);
        else _rig.Controller.Dispose();
        Assert.That(await wait, Is.EqualTo(new WaitForEventResult { TimedOut = true }));
    }

    [Test, CancelAfter(30_000)]
    public void A_wait_that_begins_while_its_pin_is_closed_does_not_last(CancellationToken token)
    {
        _rig.Controller.OpenPin(5, PinMode.Input);
        Task<WaitForEventResult>? wait = null;
        var waiter = new Thread(() =>
        {
            try
            {
                wait = _rig.Controller.WaitForEventAsync(4, Both, CancellationToken.None).AsTask();
            }
            catch (InvalidOperationException)
            {
            }
        });
        _rig.Bus.After = _ =>
        {
            // Another listener comes, and the wait has to let it pass, having found the pin open.
            _rig.Bus.After = null;
            waiter.Start();
            while ((waiter.ThreadState & ThreadState.WaitSleepJoin) == 0 && waiter.IsAlive && !token.IsCancellationRequested) Thread.Yield();
            _rig.Controller.ClosePin(4);
        };
        _rig.Listen(5);
        waiter.Join();
        Assert.That(wait?.IsCompleted, Is.Not.EqualTo(false));
        _rig.Pin(4).Drive(true);
        Assert.That(_rig.Accesses(_rig.Look), Is.EqualTo(new[] { "R40" }));
    }

    [Test]
    public void A_block_that_fails_lets_go_of_the_tokens_of_its_waits()
    {
        using var source = new CancellationTokenSource();
        var driver = WaitInVain(source.Token);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(driver.IsAlive, Is.False, "the token keeps the driver");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WaitInVain(CancellationToken token)
    {
        var rig = new GpioRig();
        rig.Controller.OpenPin(4, PinMode.Input);
        var wait = rig.Controller.WaitForEventAsync(4, Both, token).AsTask();
        rig.Bus.Failure = new RawIoException(Errno.EIO, "gone");
        rig.Look();
        Assert.That(wait.Exception, Is.Not.Null);
        return new(rig.Driver);
    }

    [Test]
    public void A_block_that_fails_ends_the_waits_and_the_looks_until_somebody_listens_anew()
    {
        var errors = new List<Exception>();
        _rig.Driver.EventFailed += errors.Add;
        _rig.Listen(4);
        var wait = _rig.Controller.WaitForEventAsync(4, Both, CancellationToken.None).AsTask();
        _rig.Bus.Failure = new RawIoException(Errno.EIO, "gone");
        _rig.Look();
        _rig.Look();
        Assert.That(errors, Is.EqualTo(new[] { _rig.Bus.Failure }));
        Assert.That(wait.Exception!.InnerException, Is.SameAs(_rig.Bus.Failure));
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
        Assert.That(() => _rig.Controller.WaitForEvent(4, Both, CancellationToken.None), Throws.TypeOf<RawIoException>());
        _rig.Bus.Failure = null;
        _rig.Controller.OpenPin(5, PinMode.Input);
        _rig.Listen(5);
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That(_rig.Told, Is.EqualTo(new[] { "4 Rising" }), "callbacks are still known");
        _rig.Bus.Failure = new ObjectDisposedException("the machine");
        Assert.That(_rig.Controller.Dispose, Throws.Nothing, "the machine may go first");
    }
}
