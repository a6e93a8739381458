namespace RawIo.Drivers;

/// <summary>The system timer of a Raspberry Pi (BCM2835 ARM Peripherals, chapter 12). On a Pi the GPU uses compares 0 and 2, Linux compare 3.</summary>
public sealed class Bcm2835SystemTimer
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly IMmio _registers;
    private readonly TimeProvider _time;

    /// <summary>A driver over the block's registers.</summary>
    /// <param name="registers">A window of at least 0x1c bytes from CS.</param>
    /// <param name="time">The machine's time, for the timeouts of waiting.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Bcm2835SystemTimer(IMmio registers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < 0x1c)
            throw new ArgumentException($"The system timer's registers take 0x1c bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time) = (registers, time);
    }

    /// <summary>The whole counter, in microseconds. CHI is read again after CLO: where it moved, CLO may belong to either, and both are read once more.</summary>
    /// <exception cref="RawIoException">CHI moves with every read (EIO): this is no system timer.</exception>
    public ulong Read()
    {
        var high = SystemTimerRegisters.CHI.Read(_registers);
        // CHI moves once in 71 minutes: a second carry within one call is a broken device.
        for (var carries = 0; carries < 8; carries++)
        {
            var low = SystemTimerRegisters.CLO.Read(_registers);
            var again = SystemTimerRegisters.CHI.Read(_registers);
            if (again == high) return (ulong)high << 32 | low;
            high = again;
        }
        throw new RawIoException(Errno.EIO, "The system timer's high word changes with every read; check that the window is the timer's.");
    }

    /// <summary>The counter's low word, in microseconds: one read. It wraps every 71.6 minutes; subtract unsigned.</summary>
    public uint ReadLow() => SystemTimerRegisters.CLO.Read(_registers);

    /// <summary>The value a compare waits for.</summary>
    /// <param name="compare">0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compare.</exception>
    public uint GetCompare(int compare) => SystemTimerRegisters.Compares[CheckCompare(compare)].Read(_registers);

    /// <summary>Has a compare wait for the counter's low word to come to a value: one write.</summary>
    /// <param name="compare">0 to 3.</param>
    /// <param name="low">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compare.</exception>
    public void SetCompare(int compare, uint low) => SystemTimerRegisters.Compares[CheckCompare(compare)].Write(_registers, low);

    /// <summary>Whether a compare has matched since it was last cleared: one read.</summary>
    /// <param name="compare">0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compare.</exception>
    public bool HasMatched(int compare)
    {
        CheckCompare(compare);
        return (SystemTimerRegisters.CS.Read(_registers) >> compare & 1) != 0;
    }

    /// <summary>Clears a compare's match: one write.</summary>
    /// <param name="compare">0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compare.</exception>
    public void ClearMatch(int compare) => SystemTimerRegisters.CS.Write(_registers, 1u << CheckCompare(compare));

    /// <summary>Polls until a compare has matched.</summary>
    /// <param name="compare">0 to 3.</param>
    /// <param name="timeout">How long to wait by the machine's time.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compare, or the timeout is not longer than nothing.</exception>
    /// <exception cref="RawIoException">It did not match in time (ETIMEDOUT).</exception>
    public void WaitForMatch(int compare, TimeSpan timeout)
    {
        CheckCompare(compare);
        var deadline = new Deadline(_time, Deadline.Check(timeout, nameof(timeout)));
        while (!HasMatched(compare))
            if (deadline.HasPassed())
                throw deadline.Exception($"Compare {compare} of the system timer did not match");
    }

    /// <summary>Waits by the counter, at least as long as asked: the microsecond that has begun does not count.</summary>
    /// <param name="duration">How long; up to a day, beyond which polling is the wrong way.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative or longer than a day.</exception>
    /// <exception cref="RawIoException">The counter does not count (ETIMEDOUT).</exception>
    public void Delay(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero || duration > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A delay is 0 to one day.");
        if (duration == TimeSpan.Zero) return;
        var end = Read() + ((ulong)duration.Ticks + 9) / 10 + 1;
        var deadline = new Deadline(_time, duration + Grace);
        while (Read() < end)
            if (deadline.HasPassed())
                throw deadline.Exception($"The system timer did not count {duration.TotalMicroseconds} us");
    }

    private static int CheckCompare(int compare) => compare is >= 0 and <= 3
        ? compare
        : throw new ArgumentOutOfRangeException(nameof(compare), compare, "The compares are 0 to 3.");
}
