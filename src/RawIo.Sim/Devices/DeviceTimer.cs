namespace RawIo.Sim;

/// <summary>One timer of a device, made when it is first set: where nobody waits for anything there is none.</summary>
/// <param name="time">The machine's time.</param>
/// <param name="rings">What it calls.</param>
internal sealed class DeviceTimer(TimeProvider time, Action rings)
{
    private ITimer? _timer;

    /// <summary>Where a moment has passed: 100 ns on.</summary>
    public const long Soon = 100;

    /// <summary>A day in nanoseconds.</summary>
    public const long Day = 86_400_000_000_000;

    /// <summary>Sets it, in place of what it was set to.</summary>
    public void Set(TimeSpan due) => Set(due.Ticks * 100);

    /// <summary>
    /// Sets it in nanoseconds, which the machine's clock takes as they are; others count 100 of them, and it rings a
    /// little later. Rounded on the machine too, when it rings would depend on when it was set: after a snapshot was
    /// taken back, anew.
    /// </summary>
    public void Set(long nanoseconds)
    {
        _timer ??= time.CreateTimer(static rings => ((Action)rings!)(), rings, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_timer is MachineTimer exact) exact.Change(nanoseconds);
        else _timer.Change(TimeSpan.FromTicks((nanoseconds + 99) / 100), Timeout.InfiniteTimeSpan);
    }

    /// <summary>It does not ring.</summary>
    public void Stop() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}

/// <summary>A device's timer that is told moments of the machine's time, in nanoseconds, and is changed only where they change.</summary>
internal sealed class DeviceAlarm
{
    private readonly NanosecondClock _clock;
    private readonly DeviceTimer _timer;
    private readonly Action _rings;
    private long? _due;

    /// <param name="time">The machine's time.</param>
    /// <param name="rings">What it calls: at the moment, or a little later (on the host's clock, whose timers count milliseconds), or after a day at most.</param>
    public DeviceAlarm(TimeProvider time, Action rings) => (_clock, _timer, _rings) = (new(time), new(time, Ring), rings);

    /// <summary>Nanoseconds of the machine's time.</summary>
    public long Now => _clock.Now;

    /// <summary>Sets it to a moment, or switches it off.</summary>
    public void Set(long? due)
    {
        if (due != _due) SetAnew(due);
    }

    /// <summary>Sets it whatever it was set to: after a snapshot was taken back.</summary>
    public void SetAnew(long? due)
    {
        _due = due;
        if (due is { } moment) _timer.Set(_clock.Until(moment));
        else _timer.Stop();
    }

    /// <summary>The sum of a moment and a time, where the far future is as far as it goes.</summary>
    public static long Later(long at, long nanoseconds) => at > long.MaxValue - nanoseconds ? long.MaxValue : at + nanoseconds;

    private void Ring()
    {
        _due = null;
        _rings();
    }
}
