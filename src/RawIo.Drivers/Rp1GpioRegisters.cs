namespace RawIo.Drivers;

/// <summary>
/// Where RP1's GPIO registers are (RP1 Peripherals, chapter 3; drivers/pinctrl/pinctrl-rp1.c), from IO_BANK0 on: the layout of
/// /dev/gpiomem0, with SYS_RIO and PADS_BANK 64 KiB apart and the three banks of each 16 KiB apart.
/// </summary>
public static class Rp1GpioRegisters
{
    /// <summary>How long a window over all of it is.</summary>
    public const int Length = 0x2_c000;

    /// <summary>From a register to its twin where a write exchanges the bits that are 1.</summary>
    public const int XOR = 0x1000;

    /// <summary>From a register to its twin where a write sets the bits that are 1.</summary>
    public const int SET = 0x2000;

    /// <summary>From a register to its twin where a write clears the bits that are 1.</summary>
    public const int CLR = 0x3000;

    /// <summary>GPIOn_CTRL: the function; 5 is SYS_RIO, 31 none.</summary>
    public static readonly BitField FUNCSEL = new(4, 0);

    /// <summary>PADS: no output, whatever the function says.</summary>
    public static readonly BitField OD = new(7);

    /// <summary>PADS: the input is on.</summary>
    public static readonly BitField IE = new(6);

    /// <summary>PADS: a resistor to the supply.</summary>
    public static readonly BitField PUE = new(3);

    /// <summary>PADS: a resistor to ground.</summary>
    public static readonly BitField PDE = new(2);

    internal const int RIO = 0x1_0000, PADS = 0x2_0000, Bank = 0x4000, RIO_OUT = 0x00, RIO_OE = 0x04, RIO_IN = 0x08;

    internal static (int Bank, int Pin) Place(int pin) => pin switch { < 28 => (0, pin), < 34 => (1, pin - 28), _ => (2, pin - 34) };
}
