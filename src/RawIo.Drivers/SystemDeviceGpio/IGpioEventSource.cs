namespace RawIo.Drivers;

/// <summary>Says when to look for events: a clock that polls, or an interrupt.</summary>
internal interface IGpioEventSource
{
    /// <summary>
    /// Calls <paramref name="look"/> whenever there may be an event, until the result is disposed. Calls may overlap,
    /// and one that is under way may come after the disposal.
    /// </summary>
    IDisposable Begin(Action look);
}

/// <summary>Looks at regular times.</summary>
internal sealed class PollingEventSource : IGpioEventSource
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;

    public PollingEventSource(TimeProvider time, TimeSpan interval)
    {
        _time = time;
        // The system's timers cut a fraction of a millisecond off, and a period of 0 would be no period.
        _interval = time == TimeProvider.System ? TimeSpan.FromMilliseconds(Math.Ceiling(interval.TotalMilliseconds)) : interval;
    }

    public IDisposable Begin(Action look) => _time.CreateTimer(static look => ((Action)look!)(), look, _interval, _interval);
}
