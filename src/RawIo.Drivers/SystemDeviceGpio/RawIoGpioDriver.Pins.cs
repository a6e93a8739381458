using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;

namespace RawIo.Drivers;

// Pins and their modes.
public sealed partial class RawIoGpioDriver
{
    /// <summary>Opens a pin as it is: one read for its mode, on BCM2711 another for an input's resistor. One that is open already stays as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void OpenPin(int pinNumber)
    {
        CheckPin(pinNumber);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_modes[pinNumber] != Closed) return;
            var mode = ReadMode(pinNumber);
            _written[pinNumber] = Unknown;
            Volatile.Write(ref _modes[pinNumber], mode);
        }
    }

    /// <summary>Closes a pin: its callbacks are gone, waits end as timed out, and it stays as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void ClosePin(int pinNumber)
    {
        CheckPin(pinNumber);
        lock (_lock) Volatile.Write(ref _modes[pinNumber], Closed);
        _events.Close(pinNumber);
    }

    /// <summary>Sets a pin's mode. A resistor is there before the pin becomes an input; an output keeps the one it had.</summary>
    /// <exception cref="InvalidOperationException">The pin is not open, or there is no such mode.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void SetPinMode(int pinNumber, PinMode mode) => SetPinMode(pinNumber, mode, null);

    /// <summary>Sets a pin's mode. An output drives the value from its first moment; for an input the value means nothing.</summary>
    /// <inheritdoc cref="SetPinMode(int, PinMode)"/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => SetPinMode(pinNumber, mode, (PinValue?)initialValue);

    /// <summary>The mode of a pin, as remembered: no bus access. BCM2835 cannot tell its resistors, so an input that this driver has not set since it was opened is <see cref="PinMode.Input"/> there.</summary>
    /// <exception cref="InvalidOperationException">The pin is not open, or has an alternate function; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override PinMode GetPinMode(int pinNumber)
    {
        var mode = ModeOf(pinNumber);
        if (mode < Alternate) return (PinMode)mode;
        throw new InvalidOperationException($"Pin {pinNumber} is neither input nor output: it has the alternate function {(GpioFunction)(mode & ~Alternate)}. "
            + "Setting a mode takes it from the device that it belongs to.");
    }

    /// <summary>Whether there is such a mode: every pin has all four.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode)
    {
        CheckPin(pinNumber);
        return mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;
    }

    private void SetPinMode(int pin, PinMode mode, PinValue? initialValue)
    {
        if (!IsPinModeSupported(pin, mode))
            throw new InvalidOperationException($"Pin {pin} does not support mode {mode}. It supports Input, InputPullDown, InputPullUp and Output.");
        lock (_lock)
        {
            ModeOf(pin);
            if (mode == PinMode.Output)
            {
                // GPSET and GPCLR reach the latch of a pin that is no output yet.
                if (initialValue is { } value) Write(pin, value);
                _gpio.SetFunction(pin, GpioFunction.Output);
            }
            else
            {
                _gpio.SetPull(pin, mode switch
                {
                    PinMode.InputPullUp => GpioPull.Up,
                    PinMode.InputPullDown => GpioPull.Down,
                    _ => GpioPull.None,
                });
                _gpio.SetFunction(pin, GpioFunction.Input);
            }
            Volatile.Write(ref _modes[pin], (byte)mode);
        }
    }

    private byte ReadMode(int pin) => _gpio.GetFunction(pin) switch
    {
        GpioFunction.Output => (byte)PinMode.Output,
        GpioFunction.Input => (byte)(_gpio.GetPull(pin) switch
        {
            GpioPull.Up => PinMode.InputPullUp,
            GpioPull.Down => PinMode.InputPullDown,
            _ => PinMode.Input,
        }),
        var function => (byte)(Alternate | (byte)function),
    };

    /// <summary>The mode of an open pin.</summary>
    private byte ModeOf(int pinNumber)
    {
        if ((uint)pinNumber >= (uint)_modes.Length || _modes[pinNumber] is Closed) ThrowNotOpen(pinNumber);
        return _modes[pinNumber];
    }

    [DoesNotReturn]
    private void ThrowNotOpen(int pinNumber)
    {
        CheckPin(pinNumber);
        ObjectDisposedException.ThrowIf(_disposed, this);
        throw new InvalidOperationException($"Pin {pinNumber} is not open. Open it first.");
    }

    private void CheckPin(int pinNumber)
    {
        if ((uint)pinNumber >= (uint)_modes.Length)
            throw new ArgumentOutOfRangeException(nameof(pinNumber), pinNumber, $"There is no pin {pinNumber}: they are 0 to {_modes.Length - 1}.");
    }
}
