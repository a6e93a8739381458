namespace RawIo.Sim;

/// <summary>Microseconds since a device's reset, from the machine's time: what BCM2835's 1 MHz peripherals count.</summary>
internal struct Bcm2835Clock(TimeProvider time)
{
    private readonly long _frequency = time.TimestampFrequency;
    private long _start = time.GetTimestamp();

    public void Restart() => _start = time.GetTimestamp();

    /// <summary>Whole microseconds since the reset. In two parts: a product of ticks and a million would overflow within hours.</summary>
    public readonly ulong Now
    {
        get
        {
            var ticks = (ulong)(time.GetTimestamp() - _start);
            var frequency = (ulong)_frequency;
            return ticks / frequency * 1_000_000 + ticks % frequency * 1_000_000 / frequency;
        }
    }

    /// <summary>How long until the count reaches a value, as a timer wants it: at least 100 ns, at most a day (waking early is harmless, the model looks again).</summary>
    public readonly TimeSpan Until(ulong microsecond)
    {
        var frequency = (ulong)_frequency;
        var due = (UInt128)microsecond * frequency / 1_000_000;
        if (due * 1_000_000 < (UInt128)microsecond * frequency) due++;
        var elapsed = (ulong)(time.GetTimestamp() - _start);
        if (due <= elapsed) return TimeSpan.FromTicks(1);
        var ticks = ((due - elapsed) * TimeSpan.TicksPerSecond + frequency - 1) / frequency;
        return ticks >= TimeSpan.TicksPerDay ? TimeSpan.FromDays(1) : TimeSpan.FromTicks((long)ticks);
    }
}
