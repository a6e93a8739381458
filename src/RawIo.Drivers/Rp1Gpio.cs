using static RawIo.Drivers.Rp1GpioRegisters;

namespace RawIo.Drivers;

/// <summary>
/// The GPIO of a Raspberry Pi 5: RP1's 54 pins, of which the header has 0 to 27. Setting, clearing and toggling a pin is one write
/// to an atomic alias: other pins, and other programs that drive them, are not disturbed.
/// </summary>
public sealed class Rp1Gpio
{
    /// <summary>How many pins there are.</summary>
    public const int PinCount = 54;

    private const uint SysRio = 5;

    private readonly IMmio _registers;

    /// <summary>A driver over the block's registers. It touches nothing yet.</summary>
    /// <param name="registers">A window of at least <see cref="Length"/> bytes from IO_BANK0: 0x1f000d0000, or /dev/gpiomem0.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Rp1Gpio(IMmio registers)
    {
        ArgumentNullException.ThrowIfNull(registers);
        if (registers.Length < Length)
            throw new ArgumentException($"RP1's GPIO takes 0x{Length:x} bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        _registers = registers;
    }

    /// <summary>A pin's function: 0 to 8 by the table of RP1 Peripherals 3.1, 5 for SYS_RIO (a plain pin), 31 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public int GetFunction(int pin) => (int)(_registers.Read32(Ctrl(pin)) & FUNCSEL.Mask);

    /// <summary>Chooses a pin's function, with input and output on: two reads and two writes.</summary>
    /// <param name="pin">0 to 53.</param>
    /// <param name="function">0 to 8, or 31 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin, or no such function.</exception>
    public void SetFunction(int pin, int function)
    {
        var ctrl = Ctrl(pin);
        if (function is not (>= 0 and <= 8 or 31)) throw new ArgumentOutOfRangeException(nameof(function), function, "A function is 0 to 8, or 31 for none.");
        _registers.Write32(Pad(pin), _registers.Read32(Pad(pin)) & ~(uint)OD.Mask | (uint)IE.Mask);
        _registers.Write32(ctrl, _registers.Read32(ctrl) & ~(uint)FUNCSEL.Mask | (uint)function);
    }

    /// <summary>Makes a pin a plain input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void SetInput(int pin)
    {
        _registers.Write32(Rio(pin, RIO_OE, CLR), BitOf(pin));
        SetFunction(pin, (int)SysRio);
    }

    /// <summary>Makes a pin a plain output of a level, which is there from the first moment on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void SetOutput(int pin, bool level)
    {
        Write(pin, level);
        _registers.Write32(Rio(pin, RIO_OE, SET), BitOf(pin));
        SetFunction(pin, (int)SysRio);
    }

    /// <summary>Whether a pin is a plain output: two reads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public bool IsOutput(int pin) => (uint)GetFunction(pin) == SysRio && (_registers.Read32(Rio(pin, RIO_OE, 0)) & BitOf(pin)) != 0;

    /// <summary>The level at a pin: one read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public bool Read(int pin) => (_registers.Read32(Rio(pin, RIO_IN, 0)) & BitOf(pin)) != 0;

    /// <summary>Drives a pin that is an output, or will be: one write.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void Write(int pin, bool level) => _registers.Write32(Rio(pin, RIO_OUT, level ? SET : CLR), BitOf(pin));

    /// <summary>Turns a pin's level round: one write.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void Toggle(int pin) => _registers.Write32(Rio(pin, RIO_OUT, XOR), BitOf(pin));

    /// <summary>The resistor at a pin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public GpioPull GetPull(int pin)
    {
        var pad = _registers.Read32(Pad(pin));
        return (pad & PUE.Mask) != 0 ? GpioPull.Up : (pad & PDE.Mask) != 0 ? GpioPull.Down : GpioPull.None;
    }

    /// <summary>Chooses the resistor at a pin: two writes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin, or no such pull.</exception>
    public void SetPull(int pin, GpioPull pull)
    {
        var pad = Pad(pin);
        var set = pull switch
        {
            GpioPull.None => 0u,
            GpioPull.Down => (uint)PDE.Mask,
            GpioPull.Up => (uint)PUE.Mask,
            _ => throw new ArgumentOutOfRangeException(nameof(pull), pull, "A pull is None, Down or Up."),
        };
        _registers.Write32(pad + CLR, (uint)(PUE.Mask | PDE.Mask));
        if (set != 0) _registers.Write32(pad + SET, set);
    }

    private static int Ctrl(int pin) => Checked(pin) is var (bank, index) ? bank * Bank + index * 8 + 4 : 0;

    private static int Pad(int pin) => Checked(pin) is var (bank, index) ? PADS + bank * Bank + 4 + index * 4 : 0;

    private static int Rio(int pin, int register, int alias) => RIO + Checked(pin).Bank * Bank + register + alias;

    private static uint BitOf(int pin) => 1u << Place(pin).Pin;

    private static (int Bank, int Pin) Checked(int pin) => pin is >= 0 and < PinCount
        ? Place(pin)
        : throw new ArgumentOutOfRangeException(nameof(pin), pin, $"The pins are 0 to {PinCount - 1}.");
}
