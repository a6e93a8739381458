using System.Device.Gpio;
using System.Numerics;

namespace RawIo.Drivers;

/// <summary>Who listens to which pin. It looks for edges only while somebody does.</summary>
internal sealed class GpioEvents : IDisposable
{
    private readonly Lock _lock = new();
    private readonly GpioEdgeReader _reader;
    private readonly GpioEventQueue _queue;
    private readonly IGpioEventSource _source;
    private readonly PinListeners[] _pins;
    private readonly Action _lookAtBlock;
    private readonly Action<int> _checkOpen;
    private IDisposable? _looking;
    private Exception? _failure;
    private ulong _listened, _changed;
    private bool _disposed;

    /// <param name="sender">The callbacks' first argument.</param>
    /// <param name="gpio">The block.</param>
    /// <param name="detection">How to notice edges.</param>
    /// <param name="source">When to look.</param>
    /// <param name="checkOpen">Throws for a pin that is closed. A pin is so before <see cref="Close"/> is called.</param>
    public GpioEvents(object sender, Bcm2835Gpio gpio, GpioEdgeDetection detection, IGpioEventSource source, Action<int> checkOpen)
    {
        _checkOpen = checkOpen;
        _reader = new(gpio, detection, Found);
        _lookAtBlock = _reader.Look;
        _queue = new(sender, IsListening, Tell);
        _source = source;
        _pins = [.. Enumerable.Range(0, gpio.PinCount).Select(_ => new PinListeners())];
    }

    /// <summary>A callback threw, or the block did.</summary>
    public event Action<Exception>? Failed;

    public GpioEdgeDetection Detection => _reader.Detection;

    /// <summary>Whether this thread is in a callback.</summary>
    public bool IsInCallback => _queue.IsInCallback;

    public void Add(int pin, PinEventTypes edges, PinChangeEventHandler callback)
    {
        lock (_lock)
        {
            Watch(pin, edges);
            _pins[pin].Add(edges, callback);
            Settle();
        }
        TellFailure();
    }

    /// <exception cref="InvalidOperationException">The pin has no callback.</exception>
    public void Remove(int pin, PinChangeEventHandler callback)
    {
        lock (_lock)
        {
            if (!_pins[pin].HasCallbacks)
                throw new InvalidOperationException($"Nobody listens to pin {pin}: there is no callback to remove.");
            _pins[pin].Remove(callback);
            _queue.Trim(pin, _pins[pin]);
            _changed |= 1UL << pin;
            Settle();
        }
        TellFailure();
    }

    /// <summary>The next of these edges; timed out when cancelled or closed.</summary>
    public Task<WaitForEventResult> Wait(int pin, PinEventTypes edges, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromResult(GpioWait.TimedOut);
        var wait = new GpioWait(edges);
        lock (_lock)
        {
            Watch(pin, edges);
            _pins[pin].Waits.Add(wait);
            Settle();
        }
        TellFailure();
        wait.OnCancel(() => Cancel(pin, wait), cancellationToken);
        return wait.Task;
    }

    /// <summary>Nobody listens to a pin any more.</summary>
    public void Close(int pin)
    {
        lock (_lock)
        {
            if (_pins[pin].Edges == PinEventTypes.None) return;
            _pins[pin].Clear();
            _queue.Trim(pin, _pins[pin]);
            _changed |= 1UL << pin;
            Settle();
        }
        TellFailure();
    }

    /// <summary>Looks for edges, unless somebody does already, and tells them.</summary>
    public void Look()
    {
        // An interrupt handler of the machine's may run within our own access.
        if (_lock.IsHeldByCurrentThread || !_lock.TryEnter()) return;
        try
        {
            if (_looking is null) return;
            Guarded(_lookAtBlock);
            Settle();
        }
        finally
        {
            _lock.Exit();
        }
        TellFailure();
        _queue.Deliver();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            foreach (var pin in _pins) pin.Clear();
            _changed = _listened;
            Settle();
            _disposed = true;
        }
        _queue.Clear();
    }

    // What is there already belongs to those who listen already, so the reader comes first.
    private void Watch(int pin, PinEventTypes edges)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(RawIoGpioDriver));
        _checkOpen(pin);
        _reader.Watch(pin, _pins[pin].Edges | edges);
        if (_listened == 0) ListenAgain();
        _listened |= 1UL << pin;
    }

    /// <summary>After a failure callbacks are left that nothing watches for.</summary>
    private void ListenAgain()
    {
        for (var pin = 0; pin < _pins.Length; pin++)
            if (_pins[pin].Edges != PinEventTypes.None)
                _listened |= 1UL << pin;
        _changed |= _listened;
    }

    private void Found(int pin, PinEventTypes edge)
    {
        var listeners = _pins[pin];
        if (listeners.Callbacks(edge) is { } callbacks) _queue.Add(pin, edge, callbacks);
        if (listeners.EndWaits(edge)) _changed |= 1UL << pin;
    }

    private bool IsListening(int pin, PinEventTypes edge, PinChangeEventHandler callback)
    {
        lock (_lock) return PinListeners.Has(_pins[pin].Callbacks(edge), callback);
    }

    private void Cancel(int pin, GpioWait wait)
    {
        lock (_lock)
        {
            if (!_pins[pin].Waits.Remove(wait)) return;
            wait.Finish(GpioWait.TimedOut);
            _changed |= 1UL << pin;
            Settle();
        }
        TellFailure();
    }

    /// <summary>Has the block watch what is listened to, and looks while anything is.</summary>
    private void Settle()
    {
        // Setting the detectors looks first, which may end waits on other pins.
        while (_changed != 0)
        {
            var pin = BitOperations.TrailingZeroCount(_changed);
            _changed &= _changed - 1;
            var edges = _pins[pin].Edges;
            if (edges == PinEventTypes.None) _listened &= ~(1UL << pin);
            Guarded(() => _reader.Watch(pin, edges));
        }
        if (_listened != 0)
        {
            _looking ??= _source.Begin(Look);
            return;
        }
        _looking?.Dispose();
        _looking = null;
    }

    /// <summary>Runs what touches the block. If that fails (the machine was disposed), nobody can be told of edges any more: waits end with the error, and the looks do.</summary>
    private void Guarded(Action access)
    {
        try
        {
            access();
        }
#pragma warning disable CA1031 // It is told to all who wait and to Failed; there is no caller to throw it at.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _reader.Forget();
            foreach (var pin in _pins) pin.Fail(error);
            (_listened, _changed, _failure) = (0, 0, error);
        }
    }

    /// <summary>Called with no lock held.</summary>
    private void TellFailure()
    {
        if (_failure is not null && Interlocked.Exchange(ref _failure, null) is { } error) Tell(error);
    }

    private void Tell(Exception error)
    {
        try
        {
            Failed?.Invoke(error);
        }
#pragma warning disable CA1031 // A handler of failures that fails has nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
