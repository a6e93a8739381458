namespace RawIo.Drivers;

/// <summary>The GPIO block of a Raspberry Pi 4 (BCM2711 ARM Peripherals, chapter 5): 58 pins, and pulls that take one read and one write and can be read back.</summary>
public sealed class Bcm2711Gpio : Bcm2835Gpio
{
    /// <summary>How many bytes of registers it needs. The device tree's <c>reg</c> says 0xb4 and leaves out the pulls behind it.</summary>
    internal const long RegisterLength = 0xf4;

    /// <summary>A driver over the block's registers.</summary>
    /// <param name="registers">A window of at least 0xf4 bytes from GPFSEL0.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Bcm2711Gpio(IMmio registers) : base(registers, 58, RegisterLength)
    {
    }

    /// <summary>The resistor of a pin: one read; null for the reserved code 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    public override GpioPull? GetPull(int pin)
    {
        CheckPin(pin);
        return (GpioRegisters.Pulls[pin >> 4].Read(Registers) >> (pin & 15) * 2 & 3) switch
        {
            0 => GpioPull.None,
            1 => GpioPull.Up,
            2 => GpioPull.Down,
            _ => null,
        };
    }

    private protected override void ApplyPulls(ulong pins, GpioPull pull)
    {
        // Up and down are the other way round than in GPPUD.
        var code = pull switch { GpioPull.Up => 1u, GpioPull.Down => 2u, _ => 0u };
        for (var register = 0; register < 4; register++)
        {
            uint clear = 0, set = 0;
            for (var i = 0; i < 16; i++)
            {
                if ((pins >> register * 16 + i & 1) == 0) continue;
                clear |= 3u << 2 * i;
                set |= code << 2 * i;
            }
            if (clear != 0) GpioRegisters.Pulls[register].Modify(Registers, clear, set);
        }
    }
}
