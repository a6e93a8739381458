namespace RawIo.Drivers;

/// <summary>The end of a polling loop, by the machine's time. A clock that stands still ends it too: a simulated machine's clock may be stepped only by whoever waits for this very loop.</summary>
internal struct Deadline
{
    private readonly int _looksAtOneTime;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private long _start, _last;
    private int _still;

    /// <summary>A deadline from now on.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="looksAtOneTime">How often the clock may show one time before it counts as standing still. Unless told, well over a clock's resolution at 50 ns and more for a register read.</param>
    public Deadline(TimeProvider time, TimeSpan timeout, int looksAtOneTime = 1 << 20)
    {
        (_time, _timeout, _looksAtOneTime) = (time, timeout, looksAtOneTime);
        _start = _last = time.GetTimestamp();
    }

    public bool HasPassed()
    {
        var now = _time.GetTimestamp();
        _still = now == _last ? _still + 1 : 0;
        _last = now;
        return _still >= _looksAtOneTime || _time.GetElapsedTime(_start, now) >= _timeout;
    }

    public void Restart() => (_start, _still) = (_last = _time.GetTimestamp(), 0);

    /// <summary>ETIMEDOUT, naming what did not happen and why the wait ended.</summary>
    public readonly RawIoException Exception(string what) => new(Errno.ETIMEDOUT, _still >= _looksAtOneTime
        ? $"{what}: the machine's clock stands still. Step it, or let it follow the host's."
        : $"{what} within {_timeout.TotalSeconds} s.");

    public static TimeSpan Check(TimeSpan timeout, string name) => timeout > TimeSpan.Zero
        ? timeout
        : throw new ArgumentOutOfRangeException(name, timeout, "A timeout is longer than nothing.");
}
