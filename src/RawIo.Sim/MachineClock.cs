namespace RawIo.Sim;

/// <summary>
/// The machine's time, in nanoseconds since power-on. Stepped, it stands still but for <see cref="Step"/>, and the
/// same steps run the same timers in the same order. Otherwise it follows the host's clock, and a step puts it ahead.
/// </summary>
/// <remarks>Timers that are due at once run in the order they were created. A timer of 0 runs at the next step, be it of 0. All members may be called from any thread.</remarks>
public sealed class MachineClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<MachineTimer> _queue = new(MachineTimer.ByDueThenId);
    private readonly TimeProvider? _host;
    private readonly ITimer? _hostTimer;
    private readonly long _hostStart;
    private readonly DateTimeOffset _epoch;
    private long _stepped;
    private long _nextId;
    private bool _stopped;

    /// <param name="host">The clock to follow; null for a stepped one.</param>
    /// <param name="epoch">What UTC is at power-on on a stepped clock.</param>
    internal MachineClock(TimeProvider? host, DateTimeOffset epoch)
    {
        (_host, _epoch) = (host, epoch);
        if (host is null) return;
        _hostStart = host.GetTimestamp();
        _hostTimer = host.CreateTimer(static clock => ((MachineClock)clock!).HostTimerFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether only <see cref="Step"/> moves it.</summary>
    public bool IsStepped => _host is null;

    /// <summary>Nanoseconds since power-on.</summary>
    public long Now
    {
        get
        {
            var stepped = Volatile.Read(ref _stepped);
            return _host is null ? stepped : SaturatingAdd(stepped, HostElapsed());
        }
    }

    /// <summary>10⁹: a timestamp counts nanoseconds.</summary>
    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>UTC where the clock is stepped, else the host's.</summary>
    public override TimeZoneInfo LocalTimeZone => _host?.LocalTimeZone ?? TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now;

    /// <summary>The date: stepped, it counts from a fixed one at power-on, so that runs repeat; else the host's, put ahead by what was stepped.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        var from = _host is null ? _epoch : _host.GetUtcNow();
        var ticks = Volatile.Read(ref _stepped) / 100;
        return ticks > (DateTimeOffset.MaxValue - from).Ticks ? DateTimeOffset.MaxValue : from.AddTicks(ticks);
    }

    /// <summary>Moves time forward, running due timers in order, each at its own time, on this thread.</summary>
    /// <param name="nanoseconds">How far; 0 runs what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or leads past the clock's 292 years.</exception>
    public void Step(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        var now = Now;
        if (nanoseconds > long.MaxValue - now)
            throw new ArgumentOutOfRangeException(nameof(nanoseconds), nanoseconds, $"The clock is at {now} ns and counts to {long.MaxValue}.");
        StepTo(now + nanoseconds);
    }

    /// <summary>Moves time to the next timer's due time and runs what is due then; returns false, and does nothing, where there is none.</summary>
    public bool StepToNextTimer()
    {
        long due;
        lock (_gate)
        {
            if (_queue.Min is not { Due: { } next }) return false;
            due = next;
        }
        StepTo(Math.Max(due, Now));
        return true;
    }

    /// <summary>Runs the one timer that is next, where it is due by then, at its own time; returns false, and does nothing, where none is.</summary>
    internal bool RunNext(long until)
    {
        lock (_gate)
            if (_queue.Min is not { Due: { } due } || due > until)
                return false;
        RunDue(until, move: true, most: 1);
        return true;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        CreateTimer(callback, state, dueTime, period, gate: null);

    /// <summary>A timer whose callback runs under a lock.</summary>
    internal MachineTimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period, BiasedLock? gate)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new MachineTimer(this, Interlocked.Increment(ref _nextId), callback, state, gate);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Puts a timer into the queue, or takes it out.</summary>
    internal bool Schedule(MachineTimer timer, long? delay, long period, bool dispose)
    {
        lock (_gate)
        {
            if (timer.IsDisposed) return false;
            timer.IsDisposed = dispose;
            timer.Period = period;
            timer.Version++;
            SetDue(timer, delay is { } wait && !_stopped ? SaturatingAdd(Now, wait) : null);
            Arm();
            return true;
        }
    }

    /// <summary>Whether what a timer was due for at that version still is.</summary>
    internal bool IsDue(MachineTimer timer, long version)
    {
        lock (_gate) return !_stopped && timer.Version == version;
    }

    /// <summary>Puts a stepped clock, or one that follows a stepped one, back to where it was; whoever has a timer sets it anew.</summary>
    /// <exception cref="InvalidOperationException">The clock follows the host's.</exception>
    internal void SetBack(long now)
    {
        if (!IsStepped && _host is not MachineClock { IsStepped: true })
            throw new InvalidOperationException("The machine's clock follows the host's and cannot go back; make the machine with SimOptions.SteppedClock.");
        lock (_gate) Volatile.Write(ref _stepped, _host is null ? now : now - HostElapsed());
    }

    /// <summary>No timer runs any more.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _queue.Clear();
        }
        _hostTimer?.Dispose();
    }

    private void StepTo(long target)
    {
        RunDue(target, move: true);
        lock (_gate)
        {
            Advance(target);
            Arm();
        }
    }

    private void HostTimerFired()
    {
        RunDue(Now, move: false);
        lock (_gate) Arm();
    }

    private void RunDue(long target, bool move, long most = long.MaxValue)
    {
        for (var run = 0L; run < most; run++)
        {
            MachineTimer timer;
            long version;
            lock (_gate)
            {
                if (_queue.Min is not { Due: { } due } next || due > target) return;
                (timer, version) = (next, next.Version);
                if (move) Advance(due);
                SetDue(timer, timer.Period > 0 && due <= long.MaxValue - timer.Period ? due + timer.Period : null);
            }
            timer.Run(version);
        }
    }

    private void Advance(long target)
    {
        var now = Now;
        if (target > now) Volatile.Write(ref _stepped, _stepped + (target - now));
    }

    private void SetDue(MachineTimer timer, long? due)
    {
        if (timer.Due is not null) _queue.Remove(timer);
        timer.Due = due;
        if (due is not null) _queue.Add(timer);
    }

    private void Arm()
    {
        if (_hostTimer is null || _stopped) return;
        // The host's timers count whole milliseconds and wait 49 days at most; woken early, this arms them again.
        var wait = _queue.Min is { Due: { } due } ? Math.Min((Math.Max(due - Now, 0) + 999_999) / 1_000_000, 4_000_000_000) : Timeout.Infinite;
        _hostTimer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private long HostElapsed()
    {
        var ticks = (UInt128)(ulong)Math.Max(_host!.GetTimestamp() - _hostStart, 0);
        return (long)UInt128.Min(ticks * 1_000_000_000 / (ulong)_host.TimestampFrequency, long.MaxValue);
    }

    private static long SaturatingAdd(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
