namespace RawIo.Sim;

/// <summary>Whole cycles of a device's own clock since its reset, from the machine's time. The frequency is kept as a fraction: nothing drifts.</summary>
internal struct DeviceClock(TimeProvider time, uint hertz)
{
    /// <summary>A microsecond a cycle.</summary>
    public const uint Megahertz = 1_000_000;

    private readonly ulong _frequency = (ulong)time.TimestampFrequency;
    private long _start = time.GetTimestamp();

    public void Restart() => _start = time.GetTimestamp();

    /// <summary>The cycles that have ended. In two parts: one product would overflow within hours.</summary>
    public readonly ulong Now
    {
        get
        {
            var elapsed = (ulong)(time.GetTimestamp() - _start);
            return elapsed / _frequency * hertz + elapsed % _frequency * hertz / _frequency;
        }
    }

    /// <summary>How many nanoseconds until that many cycles have ended, as a timer wants it: 100 where they have, at most a day's (waking early is harmless, the device looks again).</summary>
    public readonly long Until(ulong cycles)
    {
        var due = ((UInt128)cycles * _frequency + hertz - 1) / hertz;
        var elapsed = (ulong)(time.GetTimestamp() - _start);
        if (due <= elapsed) return DeviceTimer.Soon;
        return (long)UInt128.Min(((due - elapsed) * 1_000_000_000 + _frequency - 1) / _frequency, DeviceTimer.Day);
    }
}
