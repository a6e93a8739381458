namespace RawIo;

/// <summary>A recording's time: the clock shows what it showed, and timers fire when their entry is next.</summary>
internal sealed class ReplayTime : TimeProvider
{
    private readonly ReplayCursor _cursor;

    public ReplayTime(ReplayCursor cursor, RecordingHeader header)
    {
        (_cursor, TimestampFrequency) = (cursor, header.TimestampFrequency);
        var name = header.ZoneMinutes == 0 ? "UTC" : $"UTC{header.ZoneMinutes:+0;-0} minutes";
        LocalTimeZone = TimeZoneInfo.CreateCustomTimeZone(name, TimeSpan.FromMinutes(header.ZoneMinutes), name, name);
    }

    public override long TimestampFrequency { get; }

    public override TimeZoneInfo LocalTimeZone { get; }

    public override long GetTimestamp() => (long)ReplayStep.Take(_cursor, new(0, RecordingKind.Timestamp, 0, 0, 0)).Value;

    public override DateTimeOffset GetUtcNow() => new((long)ReplayStep.Take(_cursor, new(0, RecordingKind.UtcNow, 0, 0, 0)).Value, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ReplayTimer(_cursor, callback, state);
        _cursor.CreateTimer(new(0, RecordingKind.CreateTimer, 0, 0, (ulong)dueTime.Ticks) { Data = RecordedTime.Period(period) }, timer);
        return timer;
    }
}

/// <summary>A timer of a recording.</summary>
internal sealed class ReplayTimer(ReplayCursor cursor, TimerCallback callback, object? state) : ITimer
{
    private readonly RecordedLife _life = new(null);

    public ulong Id { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_life.HasEnded) return false;
        ReplayStep.Take(cursor, new(0, RecordingKind.ChangeTimer, 0, Id, (ulong)dueTime.Ticks) { Data = RecordedTime.Period(period) });
        return true;
    }

    public void Dispose()
    {
        if (_life.End()) cursor.GiveBack(new(0, RecordingKind.DisposeTimer, 0, Id, 0));
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Calls back on a thread of the pool, as the system's timers do: whoever came to this entry holds the cursor.</summary>
    public void Fire() => ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Call(), this, preferLocal: false);

    private void Call()
    {
        try
        {
            callback(state);
        }
        catch (ReplayException)
        {
            // The replay keeps it; here nobody could catch it, and it would end the process.
        }
    }
}
