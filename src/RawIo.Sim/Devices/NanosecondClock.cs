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

    /// <summary>How many nanoseconds until a moment, as a timer wants it: 100 where it has passed, at most a day's (waking early is harmless, the model looks again).</summary>
    public long Until(long due) => due - Now is var wait and > 0 ? Math.Min(wait, DeviceTimer.Day) : DeviceTimer.Soon;
}
