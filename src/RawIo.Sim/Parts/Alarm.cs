namespace RawIo.Sim;

/// <summary>One timer of a model, in nanoseconds of its machine's time.</summary>
internal sealed class Alarm(TimeProvider time, Action due)
{
    private ITimer? _timer;
    private bool _isSet;

    /// <summary>Nanoseconds of the machine's time.</summary>
    public long Now
    {
        get
        {
            var now = time.GetTimestamp();
            return time.TimestampFrequency == 1_000_000_000 ? now : (long)((Int128)now * 1_000_000_000 / time.TimestampFrequency);
        }
    }

    /// <summary>Has it ring at a time, or a little later (timers count 100 ns, and on the host's clock milliseconds); or never.</summary>
    public void Set(long? at)
    {
        if (at is null && !_isSet) return;
        _isSet = at is not null;
        // Woken after a day its model finds nothing to do and sets it anew.
        var wait = at is not { } end ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromTicks(Math.Clamp((long)(((Int128)end - Now + 99) / 100), 1, TimeSpan.TicksPerDay));
        if (_timer is null) _timer = time.CreateTimer(static alarm => ((Action)alarm!)(), due, wait, Timeout.InfiniteTimeSpan);
        else _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The sum, where the far future is as far as it goes.</summary>
    public static long Later(long at, long nanoseconds) => at > long.MaxValue - nanoseconds ? long.MaxValue : at + nanoseconds;
}
