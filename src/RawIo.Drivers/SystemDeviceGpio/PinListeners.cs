using System.Device.Gpio;

namespace RawIo.Drivers;

/// <summary>Who listens to one pin. Its owner keeps other threads away.</summary>
internal sealed class PinListeners
{
    // Multicast delegates add and remove as the other drivers of System.Device.Gpio do, callbacks added twice included.
    private PinChangeEventHandler? _rising, _falling;

    public List<GpioWait> Waits { get; } = [];

    public bool HasCallbacks => (_rising ?? _falling) is not null;

    /// <summary>The edges that somebody listens to.</summary>
    public PinEventTypes Edges
    {
        get
        {
            var edges = (_rising is null ? 0 : PinEventTypes.Rising) | (_falling is null ? 0 : PinEventTypes.Falling);
            foreach (var wait in Waits) edges |= wait.Edges;
            return edges;
        }
    }

    public PinChangeEventHandler? Callbacks(PinEventTypes edge) => edge == PinEventTypes.Rising ? _rising : _falling;

    public void Add(PinEventTypes edges, PinChangeEventHandler callback)
    {
        if ((edges & PinEventTypes.Rising) != 0) _rising += callback;
        if ((edges & PinEventTypes.Falling) != 0) _falling += callback;
    }

    public void Remove(PinChangeEventHandler callback)
    {
        _rising -= callback;
        _falling -= callback;
    }

    /// <summary>Ends the waits for an edge; false where there was none.</summary>
    public bool EndWaits(PinEventTypes edge)
    {
        var ended = false;
        for (var i = Waits.Count - 1; i >= 0; i--)
        {
            var wait = Waits[i];
            if ((wait.Edges & edge) == 0) continue;
            Waits.RemoveAt(i);
            wait.Finish(new() { EventTypes = edge });
            ended = true;
        }
        return ended;
    }

    /// <summary>No one listens any more: waits have timed out.</summary>
    public void Clear()
    {
        _rising = _falling = null;
        foreach (var wait in Waits) wait.Finish(GpioWait.TimedOut);
        Waits.Clear();
    }

    /// <summary>No one is told any more: waits end with the error. Callbacks stay known, so that they can be removed.</summary>
    public void Fail(Exception error)
    {
        foreach (var wait in Waits) wait.Fail(error);
        Waits.Clear();
    }

    /// <summary>Those of the first that are among the second, each as often as in both; null for none.</summary>
    public static PinChangeEventHandler? Common(PinChangeEventHandler? first, PinChangeEventHandler? second)
    {
        PinChangeEventHandler? common = null;
        foreach (var one in Delegate.EnumerateInvocationList(first))
        {
            if (!Has(second, one)) continue;
            common += one;
            second -= one;
        }
        return common;
    }

    public static bool Has(PinChangeEventHandler? callbacks, PinChangeEventHandler callback)
    {
        foreach (var one in Delegate.EnumerateInvocationList(callbacks))
            if (one == callback)
                return true;
        return false;
    }
}

/// <summary>Somebody who waits for one edge.</summary>
internal sealed class GpioWait(PinEventTypes edges) : TaskCompletionSource<WaitForEventResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _registration;

    public static WaitForEventResult TimedOut => new() { TimedOut = true };

    public PinEventTypes Edges => edges;

    public void Finish(WaitForEventResult result)
    {
        TrySetResult(result);
        _registration.Unregister();
    }

    public void Fail(Exception error)
    {
        TrySetException(error);
        _registration.Unregister();
    }

    /// <summary>Called once, by who made it. It may have finished already.</summary>
    public void OnCancel(Action cancel, CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _registration = token.UnsafeRegister(static cancel => ((Action)cancel!)(), cancel);
        if (Task.IsCompleted) _registration.Unregister();
    }
}
