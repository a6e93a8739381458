namespace RawIo.Sim;

/// <summary>Nanoseconds since a device's reset, from the machine's time: for devices whose clock is none of a round microsecond.</summary>
internal struct NanoClock(TimeProvider time)
{
    private const ulong PerSecond = 1_000_000_000;

    private readonly NanosecondClock _clock = new(time);
    private long _start = new NanosecondClock(time).Now;

    public void Restart() => _start = _clock.Now;

    /// <summary>Whole nanoseconds since the reset.</summary>
    public readonly long Now => _clock.Now - _start;

    /// <summary>How long until a moment, as <see cref="NanosecondClock.Until"/> has it.</summary>
    public readonly long Until(long nanosecond) => _clock.Until(DeviceAlarm.Later(_start, nanosecond));

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
