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
