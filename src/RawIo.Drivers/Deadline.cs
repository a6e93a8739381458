namespace RawIo.Drivers;

/// <summary>The end of a polling loop, by the machine's time. A clock that stands still ends it too: a simulated machine's clock may be stepped only by whoever waits for this very loop.</summary>
internal struct Deadline
{
    // At 50 ns and more for a register read, well over a clock's resolution.
    private const int LooksAtOneTime = 1 << 20;

    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private long _start, _last;
    private int _still;

    public Deadline(TimeProvider time, TimeSpan timeout)
    {
        (_time, _timeout) = (time, timeout);
        _start = _last = time.GetTimestamp();
    }

    public bool HasPassed()
    {
        var now = _time.GetTimestamp();
        _still = now == _last ? _still + 1 : 0;
        _last = now;
        return _still >= LooksAtOneTime || _time.GetElapsedTime(_start, now) >= _timeout;
    }

    public void Restart() => (_start, _still) = (_last = _time.GetTimestamp(), 0);

    /// <summary>ETIMEDOUT, naming what did not happen and why the wait ended.</summary>
    public readonly RawIoException Exception(string what) => new(Errno.ETIMEDOUT, _still >= LooksAtOneTime
        ? $"{what}: the machine's clock stands still. Step it, or let it follow the host's."
        : $"{what} within {_timeout.TotalSeconds} s.");

    public static TimeSpan Check(TimeSpan timeout, string name) => timeout > TimeSpan.Zero
        ? timeout
        : throw new ArgumentOutOfRangeException(name, timeout, "A timeout is longer than nothing.");
}
