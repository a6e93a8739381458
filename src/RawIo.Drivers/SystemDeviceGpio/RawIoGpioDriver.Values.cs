using System.Device.Gpio;

namespace RawIo.Drivers;

// Levels. Nothing here takes a lock, so that a handler of a simulated pin may call it.
public sealed partial class RawIoGpioDriver
{
    private const byte Unknown = 2;

    // What was written last to each pin: 0, 1 or Unknown.
    private readonly byte[] _written;

    /// <summary>The level on a pin's pad, an output's too: one bus read.</summary>
    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override PinValue Read(int pinNumber)
    {
        ModeOf(pinNumber);
        return _gpio.Read(pinNumber);
    }

    /// <summary>The levels of several pins: one bus read for those of 0 to 31 and one for the others, so that the levels of a bank are of one moment.</summary>
    /// <exception cref="InvalidOperationException">A pin is not open; nothing was read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin; nothing was read.</exception>
    protected override void Read(Span<PinValuePair> pinValuePairs)
    {
        var pins = 0UL;
        foreach (var (pin, _) in pinValuePairs)
        {
            ModeOf(pin);
            pins |= 1UL << pin;
        }
        var levels = 0UL;
        if ((uint)pins != 0) levels = _gpio.ReadBank(0);
        if (pins >> 32 != 0) levels |= (ulong)_gpio.ReadBank(1) << 32;
        foreach (ref var pair in pinValuePairs) pair = new(pair.PinNumber, (levels >> pair.PinNumber & 1) != 0);
    }

    /// <summary>Writes a pin: one bus write. A pin that is no output keeps the value for when it becomes one.</summary>
    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void Write(int pinNumber, PinValue value)
    {
        ModeOf(pinNumber);
        var level = (bool)value;
        Volatile.Write(ref _written[pinNumber], level ? (byte)1 : (byte)0);
        _gpio.Write(pinNumber, level);
    }

    /// <summary>
    /// Writes several pins: in each bank (0 to 31, and the others) those that become high with one bus write, then those
    /// that become low with one. Of a pin that is there twice the last value counts.
    /// </summary>
    /// <exception cref="InvalidOperationException">A pin is not open; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin; nothing was written.</exception>
    protected override void Write(ReadOnlySpan<PinValuePair> pinValuePairs)
    {
        ulong high = 0, low = 0;
        foreach (var (pin, value) in pinValuePairs)
        {
            ModeOf(pin);
            var bit = 1UL << pin;
            if ((bool)value) (high, low) = (high | bit, low & ~bit);
            else (high, low) = (high & ~bit, low | bit);
        }
        foreach (var (pin, _) in pinValuePairs) Volatile.Write(ref _written[pin], (byte)(high >> pin & 1));
        for (var bank = 0; bank < 2; bank++)
        {
            if ((uint)(high >> 32 * bank) is not 0 and var set) _gpio.SetBank(bank, set);
            if ((uint)(low >> 32 * bank) is not 0 and var clear) _gpio.ClearBank(bank, clear);
        }
    }

    /// <summary>
    /// Turns an output over: one bus write of the opposite of what was last written. Where nothing has been written since
    /// the pin was opened, its level is read first. A pin that is no output stays as it is, without a bus access.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void Toggle(int pinNumber)
    {
        if (ModeOf(pinNumber) != (byte)PinMode.Output) return;
        ref var written = ref _written[pinNumber];
        byte old, wanted;
        do
        {
            old = Volatile.Read(ref written);
            var level = old == Unknown ? _gpio.Read(pinNumber) : old != 0;
            wanted = level ? (byte)0 : (byte)1;
        }
        while (Interlocked.CompareExchange(ref written, wanted, old) != old);
        // Another thread may have toggled between this and the bus: whoever comes last there writes what came last here.
        for (var now = wanted; ; wanted = now)
        {
            _gpio.Write(pinNumber, wanted != 0);
            Interlocked.MemoryBarrier();
            now = Volatile.Read(ref written);
            if (now == wanted || now == Unknown) return;
        }
    }
}
