using System.Buffers.Binary;

namespace RawIo;

/// <summary>A machine's time, whose answers and timers are recorded.</summary>
/// <param name="log">Where to.</param>
/// <param name="time">The time below.</param>
internal sealed class RecordedTime(RecordingLog log, TimeProvider time) : TimeProvider
{
    private ulong _timers; // under the gate

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long GetTimestamp()
    {
        lock (log.Gate)
        {
            var now = time.GetTimestamp();
            log.Entry((int)RecordingKind.Timestamp, 0, (ulong)now);
            return now;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (log.Gate)
        {
            var now = time.GetUtcNow();
            log.Entry((int)RecordingKind.UtcNow, 0, (ulong)now.UtcTicks);
            return now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new RecordedTimer(log, callback, state);
        // One of no time at all fires on another thread, and waits there until its own entry is made.
        lock (log.Gate)
        {
            timer.Id = ++_timers;
            timer.Inner = log.Do(RecordingKind.CreateTimer, timer.Id, (ulong)dueTime.Ticks, Period(period), () =>
                time.CreateTimer(static timer => ((RecordedTimer)timer!).Fire(), timer, dueTime, period));
        }
        return timer;
    }

    internal static byte[] Period(TimeSpan period)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, period.Ticks);
        return bytes;
    }
}

/// <summary>A timer that is recorded.</summary>
internal sealed class RecordedTimer(RecordingLog log, TimerCallback callback, object? state) : ITimer
{
    private readonly RecordedLife _life = new(null);

    public ulong Id { get; set; }

    public ITimer Inner { get; set; } = null!;

    public bool Change(TimeSpan dueTime, TimeSpan period) => !_life.HasEnded
        && log.Do(RecordingKind.ChangeTimer, Id, (ulong)dueTime.Ticks, RecordedTime.Period(period), () => Inner.Change(dueTime, period));

    public void Dispose()
    {
        if (_life.End()) log.GiveBack(RecordingKind.DisposeTimer, Id, 0, Inner.Dispose);
    }

    public ValueTask DisposeAsync()
    {
        if (!_life.End()) return ValueTask.CompletedTask;
        lock (log.Gate) log.Entry((int)RecordingKind.DisposeTimer, Id, 0);
        // Not under the gate: it waits for a callback that may be making an access.
        return Inner.DisposeAsync();
    }

    public void Fire()
    {
        lock (log.Gate)
        {
            // One that was on its way when the timer was given back comes to nothing, as the replay has it.
            if (_life.HasEnded) return;
            log.Entry((int)RecordingKind.TimerFires, Id, 0);
        }
        callback(state);
    }
}
