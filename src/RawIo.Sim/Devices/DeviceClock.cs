namespace RawIo.Sim;

/// <summary>Whole cycles of a device's own clock since the device was made, from the machine's time. The frequency is kept as a fraction: nothing drifts.</summary>
internal readonly struct DeviceClock(TimeProvider time, uint hertz)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The cycles that have ended. In two parts: one product would overflow within hours.</summary>
    public ulong Now
    {
        get
        {
            var elapsed = (ulong)(time.GetTimestamp() - _start);
            var frequency = (ulong)time.TimestampFrequency;
            return elapsed / frequency * hertz + elapsed % frequency * hertz / frequency;
        }
    }

    /// <summary>How long until that many cycles have ended, as a timer wants it: at least 100 ns, at most a day (waking early is harmless, the device looks again).</summary>
    public TimeSpan Until(ulong cycles)
    {
        var frequency = (ulong)time.TimestampFrequency;
        var due = ((UInt128)cycles * frequency + hertz - 1) / hertz;
        var elapsed = (ulong)(time.GetTimestamp() - _start);
        if (due <= elapsed) return TimeSpan.FromTicks(1);
        var ticks = ((due - elapsed) * TimeSpan.TicksPerSecond + frequency - 1) / frequency;
        return ticks >= TimeSpan.TicksPerDay ? TimeSpan.FromDays(1) : TimeSpan.FromTicks((long)ticks);
    }
}
