namespace RawIo.Sim;

/// <summary>Nanoseconds since a device's reset, from the machine's time: for devices whose clock is none of a round microsecond.</summary>
internal struct NanoClock(TimeProvider time)
{
    private const ulong PerSecond = 1_000_000_000;

    private long _start = time.GetTimestamp();

    public void Restart() => _start = time.GetTimestamp();

    /// <summary>Whole nanoseconds since the reset.</summary>
    public readonly long Now
    {
        get
        {
            var ticks = time.GetTimestamp() - _start;
            var frequency = time.TimestampFrequency;
            return frequency == (long)PerSecond ? ticks : (long)((UInt128)ticks * PerSecond / (ulong)frequency);
        }
    }

    /// <summary>How long until a moment, as a timer wants it: rounded up, at least 100 ns, at most a day (waking early is harmless, the device looks again).</summary>
    public readonly TimeSpan Until(long nanosecond)
    {
        var left = nanosecond - Now;
        if (left <= 100) return TimeSpan.FromTicks(1);
        return left >= TimeSpan.TicksPerDay * 100 ? TimeSpan.FromDays(1) : TimeSpan.FromTicks((left + 99) / 100);
    }

    /// <summary>How many whole periods of a clock there are in a time, without losing any over years.</summary>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="hertz">The clock.</param>
    /// <param name="divisor">What it is divided by, at least 1.</param>
    public static ulong Periods(long nanoseconds, long hertz, ulong divisor) =>
        (ulong)((UInt128)(ulong)nanoseconds * (ulong)hertz / ((UInt128)PerSecond * divisor));

    /// <summary>The first nanosecond at which so many periods have gone by.</summary>
    /// <param name="periods">How many.</param>
    /// <param name="hertz">The clock.</param>
    /// <param name="divisor">What it is divided by, at least 1.</param>
    public static long Nanoseconds(ulong periods, long hertz, ulong divisor)
    {
        var product = (UInt128)periods * divisor * PerSecond + (ulong)hertz - 1;
        var nanoseconds = product / (ulong)hertz;
        return nanoseconds > long.MaxValue ? long.MaxValue : (long)nanoseconds;
    }
}
