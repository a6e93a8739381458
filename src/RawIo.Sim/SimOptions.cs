namespace RawIo.Sim;

/// <summary>How a simulated machine is to be made.</summary>
public sealed record SimOptions
{
    /// <summary>Whether time stands still but for <see cref="MachineClock.Step"/>; otherwise it follows the host's clock.</summary>
    public bool SteppedClock { get; init; }

    /// <summary>
    /// Whether what a device does by itself takes no time of the machine's: characters of serial ports, bytes on SPI and
    /// I2C, a Pi's DMA, the VideoCore's answers, random numbers, edu's factorials. It is over when <see cref="SimMachine.FinishTransfers"/> returns.
    /// </summary>
    public bool InstantTransfers { get; init; }

    /// <summary>The clock to follow where <see cref="SteppedClock"/> is false; null for the system's.</summary>
    public TimeProvider? HostTime { get; init; }

    /// <summary>The date at power-on on a stepped clock.</summary>
    public DateTimeOffset Epoch { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The date that a clock chip shows at power-on, in UTC; null for <see cref="Epoch"/> on a stepped clock, else the host's date.</summary>
    public DateTimeOffset? Rtc { get; init; }

    /// <summary>What to do with guest errors.</summary>
    public FaultPolicy Faults { get; init; } = FaultPolicy.Throw;

    /// <summary>Where guest errors are logged under <see cref="FaultPolicy.Log"/>, and what of a device tree could not be made; one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The seed of everything random in the machine.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A Raspberry Pi's serial number; its Ethernet address ends in it. Null for the board's own.</summary>
    public ulong? Serial { get; init; }
}
