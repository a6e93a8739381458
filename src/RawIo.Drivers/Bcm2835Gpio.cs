using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace RawIo.Drivers;

/// <summary>
/// The GPIO block of a Raspberry Pi 1 to 3 (BCM2835 ARM Peripherals, chapter 6). Setting, clearing and reading a pin is
/// one bus access each. May be used from several threads: what is read, changed and written back is so under a lock
/// of this instance; other processes are not kept away.
/// </summary>
public class Bcm2835Gpio
{
    // The pull sequence waits 150 cycles twice: 0.6 us at the core's 250 MHz. A read of a peripheral takes 38 ns on
    // the fastest Pi (WiringPi's measurements), so this many of them last twice as long, on any machine and clock.
    private const int PullDelayReads = 32;

    private readonly Lock _lock = new();

    /// <summary>A driver over the block's registers.</summary>
    /// <param name="registers">A window of at least 0xa0 bytes from GPFSEL0.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Bcm2835Gpio(IMmio registers) : this(registers, 54, 0xa0)
    {
    }

    private protected Bcm2835Gpio(IMmio registers, int pinCount, long length)
    {
        ArgumentNullException.ThrowIfNull(registers);
        if (registers.Length < length)
            throw new ArgumentException($"The GPIO registers take 0x{length:x} bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (Registers, PinCount) = (registers, pinCount);
    }

    /// <summary>A driver of the kind a device tree names.</summary>
    /// <param name="compatible">"brcm,bcm2835-gpio" or "brcm,bcm2711-gpio".</param>
    /// <param name="registers">The block's registers; 0xf4 bytes for BCM2711.</param>
    /// <exception cref="ArgumentException">No such block is known, or the window is too short.</exception>
    public static Bcm2835Gpio Create(string compatible, IMmio registers) => compatible switch
    {
        "brcm,bcm2835-gpio" => new Bcm2835Gpio(registers),
        "brcm,bcm2711-gpio" => new Bcm2711Gpio(registers),
        _ => throw new ArgumentException($"'{compatible}' is no GPIO block known here; known are brcm,bcm2835-gpio and brcm,bcm2711-gpio.", nameof(compatible)),
    };

    /// <summary>How many pins it has: 54, or 58 on BCM2711.</summary>
    public int PinCount { get; }

    /// <summary>The registers.</summary>
    protected IMmio Registers { get; }

    /// <summary>The function of a pin: one read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public GpioFunction GetFunction(int pin)
    {
        CheckPin(pin);
        return (GpioFunction)GpioRegisters.Fsel[pin / 10].Read(Registers, Field(pin));
    }

    /// <summary>Gives a pin a function: one read and one write, which leave the other nine pins of the register as they were.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin or function.</exception>
    public void SetFunction(int pin, GpioFunction function)
    {
        CheckPin(pin);
        if ((uint)function > 7) throw new ArgumentOutOfRangeException(nameof(function), function, "A function is Input, Output or Alt0 to Alt5.");
        lock (_lock) GpioRegisters.Fsel[pin / 10].Modify(Registers, Field(pin), (uint)function);
    }

    /// <summary>Drives an output high: one write. On a pin that is no output yet it decides what the pin drives when it becomes one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void Set(int pin)
    {
        CheckPin(pin);
        Registers.Write32(GpioRegisters.Gpset + 4 * (pin >> 5), 1u << pin);
    }

    /// <summary>Drives an output low: one write. On a pin that is no output yet it decides what the pin drives when it becomes one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void Clear(int pin)
    {
        CheckPin(pin);
        Registers.Write32(GpioRegisters.Gpclr + 4 * (pin >> 5), 1u << pin);
    }

    /// <summary><see cref="Set"/> or <see cref="Clear"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void Write(int pin, bool level)
    {
        if (level) Set(pin);
        else Clear(pin);
    }

    /// <summary>The level on the pin's pad: one read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public bool Read(int pin)
    {
        CheckPin(pin);
        return (Registers.Read32(GpioRegisters.Gplev + 4 * (pin >> 5)) >> pin & 1) != 0;
    }

    /// <summary>Drives the outputs high whose bits are 1, all at once: one write.</summary>
    /// <param name="bank">0 for pins 0 to 31, 1 for the rest.</param>
    /// <param name="pins">Bit n is pin 32 * bank + n.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bank.</exception>
    public void SetBank(int bank, uint pins) => GpioRegisters.Set[CheckBank(bank)].Write(Registers, pins);

    /// <summary>Drives the outputs low whose bits are 1, all at once: one write.</summary>
    /// <inheritdoc cref="SetBank"/>
    public void ClearBank(int bank, uint pins) => GpioRegisters.Clr[CheckBank(bank)].Write(Registers, pins);

    /// <summary>The levels of a bank's pads at one moment: one read.</summary>
    /// <inheritdoc cref="SetBank"/>
    public uint ReadBank(int bank) => GpioRegisters.Lev[CheckBank(bank)].Read(Registers);

    /// <summary>Gives a pin a resistor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin or pull.</exception>
    public void SetPull(int pin, GpioPull pull)
    {
        CheckPin(pin);
        SetPulls(1UL << pin, pull);
    }

    /// <summary>Gives pins the same resistor.</summary>
    /// <param name="pins">Bit n is pin n.</param>
    /// <param name="pull">The resistor.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin or pull.</exception>
    public void SetPulls(ulong pins, GpioPull pull)
    {
        if (pins >> PinCount != 0)
            throw new ArgumentOutOfRangeException(nameof(pins), pins, $"There are pins 0 to {PinCount - 1}; bit {63 - BitOperations.LeadingZeroCount(pins)} is none.");
        if (pull is not (GpioPull.None or GpioPull.Down or GpioPull.Up))
            throw new ArgumentOutOfRangeException(nameof(pull), pull, "A pull is None, Down or Up.");
        lock (_lock) ApplyPulls(pins, pull);
    }

    /// <summary>The resistor of a pin; null where the block cannot tell, as BCM2835 cannot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public virtual GpioPull? GetPull(int pin)
    {
        CheckPin(pin);
        return null;
    }

    /// <summary>Says what is an event on a pin, and forgets what was: a read and a write for each of the six kinds, then one write that clears the pin's event.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public void SetDetect(int pin, GpioDetect detect)
    {
        CheckPin(pin);
        if ((detect & ~GpioDetect.All) != 0) throw new ArgumentOutOfRangeException(nameof(detect), detect, "There are six kinds of events, bits 0 to 5.");
        var bit = 1u << pin;
        lock (_lock)
        {
            for (var kind = 0; kind < 6; kind++)
                Detector(kind, pin).Modify(Registers, bit, ((int)detect >> kind & 1) != 0 ? bit : 0);
            ClearEvents(pin >> 5, bit);
        }
    }

    /// <summary>Says which edges are events on a pin, and keeps an event that is there and the four other kinds: a read and a write for either edge.</summary>
    internal void SetEdges(int pin, GpioDetect edges)
    {
        var bit = 1u << pin;
        lock (_lock)
        {
            for (var kind = 0; kind < 2; kind++)
                Detector(kind, pin).Modify(Registers, bit, ((int)edges >> kind & 1) != 0 ? bit : 0);
        }
    }

    /// <summary>What is an event on a pin: six reads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public GpioDetect GetDetect(int pin)
    {
        CheckPin(pin);
        var detect = GpioDetect.None;
        for (var kind = 0; kind < 6; kind++)
            if ((Detector(kind, pin).Read(Registers) >> pin & 1) != 0)
                detect |= (GpioDetect)(1 << kind);
        return detect;
    }

    /// <summary>Which pins of a bank have seen an event: one read.</summary>
    /// <inheritdoc cref="SetBank"/>
    public uint ReadEvents(int bank) => GpioRegisters.Eds[CheckBank(bank)].Read(Registers);

    /// <summary>Forgets the events of the pins whose bits are 1: one write. A level that holds is an event again at once.</summary>
    /// <inheritdoc cref="SetBank"/>
    public void ClearEvents(int bank, uint pins) => GpioRegisters.Eds[CheckBank(bank)].Write(Registers, pins);

    /// <summary>Reads a pin's event and, where there is one, forgets it: one read, and one write if there is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public bool TakeEvent(int pin)
    {
        CheckPin(pin);
        var bit = 1u << pin;
        if ((ReadEvents(pin >> 5) & bit) == 0) return false;
        ClearEvents(pin >> 5, bit);
        return true;
    }

    /// <summary>Sets the resistors. Called with checked arguments, under the lock.</summary>
    private protected virtual void ApplyPulls(ulong pins, GpioPull pull)
    {
        // The sequence of page 101: control, wait, clock, wait, take both away.
        GpioRegisters.GPPUD.Write(Registers, (uint)pull);
        DelayForPull();
        for (var bank = 0; bank < 2; bank++)
            if ((uint)(pins >> 32 * bank) is not 0 and var clocked)
                GpioRegisters.PudClk[bank].Write(Registers, clocked);
        DelayForPull();
        GpioRegisters.GPPUD.Write(Registers, 0);
        for (var bank = 0; bank < 2; bank++)
            if ((uint)(pins >> 32 * bank) != 0)
                GpioRegisters.PudClk[bank].Write(Registers, 0);
    }

    private protected void CheckPin(int pin)
    {
        if ((uint)pin >= (uint)PinCount) ThrowNoSuchPin(pin);
    }

    private void DelayForPull()
    {
        for (var i = 0; i < PullDelayReads; i++) GpioRegisters.GPPUD.Read(Registers);
    }

    private static int CheckBank(int bank) => bank is 0 or 1
        ? bank
        : throw new ArgumentOutOfRangeException(nameof(bank), bank, "The banks are 0, pins 0 to 31, and 1, the rest.");

    private static BitField Field(int pin) => new(pin % 10 * 3 + 2, pin % 10 * 3);

    private static ReadWriteRegister<uint> Detector(int kind, int pin) => (kind, pin >> 5) switch
    {
        (0, 0) => GpioRegisters.GPREN0,
        (0, _) => GpioRegisters.GPREN1,
        (1, 0) => GpioRegisters.GPFEN0,
        (1, _) => GpioRegisters.GPFEN1,
        (2, 0) => GpioRegisters.GPHEN0,
        (2, _) => GpioRegisters.GPHEN1,
        (3, 0) => GpioRegisters.GPLEN0,
        (3, _) => GpioRegisters.GPLEN1,
        (4, 0) => GpioRegisters.GPAREN0,
        (4, _) => GpioRegisters.GPAREN1,
        (_, 0) => GpioRegisters.GPAFEN0,
        _ => GpioRegisters.GPAFEN1,
    };

    // Apart from the check, so that that is compiled into the caller.
    [DoesNotReturn]
    private void ThrowNoSuchPin(int pin) => throw new ArgumentOutOfRangeException(nameof(pin), pin, $"There are pins 0 to {PinCount - 1}.");
}
