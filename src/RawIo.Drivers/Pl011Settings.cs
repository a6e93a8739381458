namespace RawIo.Drivers;

/// <summary>Parity of a serial character.</summary>
public enum SerialParity
{
    /// <summary>None.</summary>
    None,
    /// <summary>Even.</summary>
    Even,
    /// <summary>Odd.</summary>
    Odd,
}

/// <summary>How a PL011 talks.</summary>
public sealed record Pl011Settings
{
    /// <summary>Bits a second.</summary>
    public int Baud { get; init; } = 115200;

    /// <summary>UARTCLK in Hz: what the bit rate divides. 48 MHz on a Raspberry Pi whose firmware was not told otherwise.</summary>
    public long ClockFrequency { get; init; } = 48_000_000;

    /// <summary>5 to 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>1 or 2.</summary>
    public int StopBits { get; init; } = 1;

    /// <summary>Whether there is a parity bit, and which.</summary>
    public SerialParity Parity { get; init; }

    /// <summary>Whether RTS and CTS hold the two sides back.</summary>
    public bool FlowControl { get; init; }

    /// <summary>Whether what is sent comes back, for a test of oneself.</summary>
    public bool Loopback { get; init; }

    /// <summary>The divisor in 64ths, rounded: UARTIBRD above UARTFBRD's six bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A member is out of its range, or the clock cannot be divided so.</exception>
    internal uint Divisor
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(Baud, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(ClockFrequency, 1);
            if (DataBits is < 5 or > 8) throw new ArgumentOutOfRangeException(nameof(DataBits), DataBits, "A character has 5 to 8 data bits.");
            if (StopBits is < 1 or > 2) throw new ArgumentOutOfRangeException(nameof(StopBits), StopBits, "A character has 1 or 2 stop bits.");
            if (Parity is < SerialParity.None or > SerialParity.Odd) throw new ArgumentOutOfRangeException(nameof(Parity), Parity, "Parity is none, even or odd.");
            // 65535 goes without a fraction (DDI 0183, 3.3.6).
            // A clock beyond 64 bits is no clock: the sum does not wrap.
            var divisor = (Math.Min(ClockFrequency, long.MaxValue / 8) * 4 + Baud / 2) / Baud;
            return divisor is >= 1 << 6 and <= 0xffff << 6
                ? (uint)divisor
                : throw new ArgumentOutOfRangeException(nameof(Baud), Baud,
                    $"A clock of {ClockFrequency} Hz makes {(ClockFrequency + 16L * 65535 - 1) / (16L * 65535)} to {ClockFrequency / 16} bit/s.");
        }
    }
}
