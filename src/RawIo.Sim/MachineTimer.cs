namespace RawIo.Sim;

/// <summary>A timer of the machine's clock. Its fields are the clock's, under the clock's lock.</summary>
internal sealed class MachineTimer(MachineClock clock, long id, TimerCallback callback, object? state, BiasedLock? gate) : ITimer
{
    /// <summary>The queue's order: by due time, then by creation.</summary>
    public static readonly IComparer<MachineTimer> ByDueThenId = Comparer<MachineTimer>.Create(static (a, b) =>
        a.Due.GetValueOrDefault().CompareTo(b.Due.GetValueOrDefault()) is var order and not 0 ? order : a.Id.CompareTo(b.Id));

    /// <summary>Counts timers in the order of creation.</summary>
    public long Id => id;

    /// <summary>When it is due, in the clock's nanoseconds; null while it rests.</summary>
    public long? Due { get; set; }

    /// <summary>The period in nanoseconds; 0 for a timer that runs once.</summary>
    public long Period { get; set; }

    public bool IsDisposed { get; set; }

    /// <summary>Counts the changes, so that what was due before one does not run after it.</summary>
    public long Version { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) =>
        clock.Schedule(this, Nanoseconds(dueTime, nameof(dueTime)), Nanoseconds(period, nameof(period)) ?? 0, dispose: false);

    /// <summary>Has it run once, that many nanoseconds from now.</summary>
    public bool Change(long nanoseconds) => clock.Schedule(this, nanoseconds, 0, dispose: false);

    public void Dispose() => clock.Schedule(this, null, 0, dispose: true);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Runs the callback: a device's under the machine's lock, and not if it was changed while the lock was waited for.</summary>
    /// <param name="version">The <see cref="Version"/> at which it was due.</param>
    public void Run(long version)
    {
        using var held = new HeldLock(gate);
        if (gate is null || clock.IsDue(this, version)) callback(state);
    }

    private static long? Nanoseconds(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        return time.Ticks > long.MaxValue / 100 ? long.MaxValue : time.Ticks * 100;
    }
}

/// <summary>The machine's time as devices get it: their timers' callbacks run under the machine's lock, and not after its end.</summary>
internal sealed class DeviceTime(MachineClock clock, BiasedLock gate) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.Now;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        return clock.CreateTimer(callback, state, dueTime, period, gate);
    }
}
