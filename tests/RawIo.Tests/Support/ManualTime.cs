namespace RawIo.Tests;

/// <summary>Time that moves only when told: in nanoseconds, with timers that fire in order on the way.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    /// <summary>Nanoseconds that pass with each look at the time: a loop that polls until a deadline then ends.</summary>
    public long NanosecondsPerLook { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>How many timers wait.</summary>
    public int ArmedTimers => _timers.Count(t => t.Due is not null);

    public long Now => _now;

    public override long GetTimestamp()
    {
        var now = _now;
        if (NanosecondsPerLook != 0) Advance(NanosecondsPerLook);
        return now;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now / 100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time) => Advance(time.Ticks * 100);

    public void AdvanceMilliseconds(long milliseconds) => Advance(checked(milliseconds * 1_000_000));

    public void AdvanceMicroseconds(ulong microseconds) => Advance(checked((long)microseconds * 1000));

    public void Advance(long nanoseconds)
    {
        var end = _now + nanoseconds;
        while (_timers.Where(t => t.Due <= end).MinBy(t => t.Due) is { } next)
        {
            _now = Math.Max(_now, next.Due!.Value);
            next.Fire();
        }
        _now = end;
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private long? _period;

        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime.Ticks * 100;
            _period = period <= TimeSpan.Zero ? null : period.Ticks * 100;
            return true;
        }

        public void Fire()
        {
            Due = _period is { } period ? Due + period : null;
            callback();
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
