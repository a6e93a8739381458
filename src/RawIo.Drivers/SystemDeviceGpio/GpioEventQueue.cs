using System.Device.Gpio;

namespace RawIo.Drivers;

/// <summary>
/// Calls the callbacks: one at a time, in the order of the events, with no lock held. While one runs, whoever brings
/// more events leaves them here.
/// </summary>
internal sealed class GpioEventQueue(object sender, Func<int, PinEventTypes, PinChangeEventHandler, bool> isListening, Action<Exception> failed)
{
    private readonly Queue<(int Pin, PinEventTypes Edge, PinChangeEventHandler Callbacks)> _events = new();
    private readonly Lock _lock = new();
    private int? _thread;

    /// <summary>Whether this thread is in a callback.</summary>
    public bool IsInCallback
    {
        get
        {
            lock (_lock) return _thread == Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>An event for those who listened when it was found.</summary>
    public void Add(int pin, PinEventTypes edge, PinChangeEventHandler callbacks)
    {
        lock (_lock) _events.Enqueue((pin, edge, callbacks));
    }

    /// <summary>Takes from a pin's events whoever does not listen any more, so that one who comes back is not told of them.</summary>
    public void Trim(int pin, PinListeners listeners)
    {
        lock (_lock)
        {
            for (var left = _events.Count; left > 0; left--)
            {
                var next = _events.Dequeue();
                var callbacks = next.Pin == pin ? PinListeners.Common(next.Callbacks, listeners.Callbacks(next.Edge)) : next.Callbacks;
                if (callbacks is not null) _events.Enqueue((next.Pin, next.Edge, callbacks));
            }
        }
    }

    public void Clear()
    {
        lock (_lock) _events.Clear();
    }

    /// <summary>Calls until nothing is left, unless somebody is calling already.</summary>
    public void Deliver()
    {
        lock (_lock)
        {
            if (_thread is not null || _events.Count == 0) return;
            _thread = Environment.CurrentManagedThreadId;
        }
        while (TryTake(out var pin, out var edge, out var callbacks))
        {
            var arguments = new PinValueChangedEventArgs(edge, pin);
            foreach (var callback in Delegate.EnumerateInvocationList(callbacks))
                if (isListening(pin, edge, callback))
                    Call(callback, arguments);
        }
    }

    private bool TryTake(out int pin, out PinEventTypes edge, out PinChangeEventHandler callbacks)
    {
        lock (_lock)
        {
            var taken = _events.TryDequeue(out var next);
            if (!taken) _thread = null;
            (pin, edge, callbacks) = next;
            return taken;
        }
    }

    private void Call(PinChangeEventHandler callback, PinValueChangedEventArgs arguments)
    {
        try
        {
            callback(sender, arguments);
        }
#pragma warning disable CA1031 // Whatever a callback throws is told; the other callbacks and later events are not its business.
        catch (Exception error)
#pragma warning restore CA1031
        {
            failed(error);
        }
    }
}
