namespace RawIo.Sim;

/// <summary>The machine's time in nanoseconds, for devices whose steps are not whole microseconds.</summary>
internal readonly struct NanosecondClock(TimeProvider time)
{
    private readonly long _frequency = time.TimestampFrequency;

    public long Now
    {
        get
        {
            var ticks = time.GetTimestamp();
            return _frequency == 1_000_000_000 ? ticks : (long)((Int128)ticks * 1_000_000_000 / _frequency);
        }
    }

    /// <summary>How long until a moment, as a timer wants it: at least 100 ns, rounded up, at most a day (waking early is harmless, the model looks again).</summary>
    public TimeSpan Until(long due)
    {
        var wait = due - Now;
        return wait <= 100 ? TimeSpan.FromTicks(1) : wait >= 86_400_000_000_000 ? TimeSpan.FromDays(1) : TimeSpan.FromTicks((wait + 99) / 100);
    }
}

/// <summary>One alarm of a device, set only where its time changes.</summary>
internal sealed class DeviceAlarm(TimeProvider time, Action rings)
{
    private readonly NanosecondClock _clock = new(time);
    private ITimer? _timer;
    private long? _due;

    /// <summary>Sets it to a moment, or switches it off.</summary>
    public void Set(long? due)
    {
        if (due == _due) return;
        _due = due;
        if (due is null) _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        else if (_timer is null) _timer = time.CreateTimer(static alarm => ((DeviceAlarm)alarm!).Ring(), this, _clock.Until(due.Value), Timeout.InfiniteTimeSpan);
        else _timer.Change(_clock.Until(due.Value), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets it whatever it was set to: after a snapshot was taken back.</summary>
    public void SetAnew(long? due)
    {
        _due = null;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Set(due);
    }

    private void Ring()
    {
        _due = null;
        rings();
    }
}
