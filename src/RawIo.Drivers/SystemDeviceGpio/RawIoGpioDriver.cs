using System.Device;
using System.Device.Gpio;

namespace RawIo.Drivers;

/// <summary>
/// The driver that lets a <see cref="GpioController"/> of System.Device.Gpio, and every class written for one, run on
/// the GPIO block of a Raspberry Pi 1 to 4 on any backend: <c>new GpioController(RawIoGpioDriver.Create(hw))</c>.
/// Pins have the BCM numbers, 0 to 53 (57 on BCM2711).
/// </summary>
/// <remarks>
/// <para>Reading a pin, writing it or toggling it is one bus access and allocates nothing; the modes are remembered.
/// Other processes, a second driver over the same block and the kernel may change it behind this one's back: a toggle
/// then turns over what this driver wrote last.</para>
/// <para>May be used from several threads. Two threads that write the same pin at the same time have to agree on who is
/// last; toggles of one pin from several threads all count.</para>
/// <para>Closing a pin stops its callbacks and ends its waits, and leaves it as it is: an output keeps its level.</para>
/// </remarks>
public sealed partial class RawIoGpioDriver : GpioDriver
{
    // A mode: a PinMode, this, or this and a function of GPFSEL.
    private const byte Closed = 0xff, Alternate = 0x80;

    private readonly Bcm2835Gpio _gpio;
    private readonly IDisposable? _owned;
    private readonly Lock _lock = new();
    private readonly byte[] _modes;
    private bool _disposed;

    /// <summary>A driver over another's block. Disposing it leaves that one as it is.</summary>
    /// <param name="gpio">The block.</param>
    /// <param name="options">How to look for edges; null for the defaults.</param>
    public RawIoGpioDriver(Bcm2835Gpio gpio, RawIoGpioOptions? options = null) : this(gpio, options ?? new(), null)
    {
    }

    /// <summary>A driver over the block's registers, which it does not own.</summary>
    /// <param name="compatible">"brcm,bcm2835-gpio" or "brcm,bcm2711-gpio".</param>
    /// <param name="registers">The block's registers: at least 0xa0 bytes, 0xf4 for BCM2711.</param>
    /// <param name="options">How to look for edges; null for the defaults.</param>
    /// <exception cref="ArgumentException">No such block is known, or the window is too short.</exception>
    public RawIoGpioDriver(string compatible, IMmio registers, RawIoGpioOptions? options = null)
        : this(Bcm2835Gpio.Create(compatible, registers), options ?? new(), null)
    {
    }

    private RawIoGpioDriver(Bcm2835Gpio gpio, RawIoGpioOptions options, IDisposable? owned)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        (_gpio, _owned) = (gpio, owned);
        _modes = new byte[gpio.PinCount];
        _written = new byte[gpio.PinCount];
        Array.Fill(_modes, Closed);
        var source = new PollingEventSource(options.Time ?? TimeProvider.System, options.PollInterval);
        _events = new(this, gpio, options.EdgeDetection ?? GpioEdgeDetection.Levels, source, pin => ModeOf(pin));
        _events.Failed += error => EventFailed?.Invoke(error);
    }

    /// <summary>How many pins there are: 54, or 58 on BCM2711.</summary>
    protected override int PinCount => _gpio.PinCount;

    /// <summary>
    /// Finds the GPIO block in a machine's device tree, claims and maps it. Disposing the driver gives it back.
    /// </summary>
    /// <param name="hardware">The machine: a Raspberry Pi 1 to 4. It is left to its owner.</param>
    /// <param name="options">How to look for edges; null for the defaults.</param>
    /// <exception cref="RawIoException">The machine has no such block (ENODEV), or refuses to map it.</exception>
    /// <exception cref="ResourceBusyException">Somebody holds the block; the message names the holder.</exception>
    public static RawIoGpioDriver Create(IHardware hardware, RawIoGpioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        var claim = new GpioBlockClaim(hardware);
        try
        {
            options ??= new();
            return new(claim.Gpio, options with
            {
                Time = options.Time ?? hardware.Time,
                EdgeDetection = options.EdgeDetection ?? (claim.IsAlone ? GpioEdgeDetection.Detectors : GpioEdgeDetection.Levels),
            }, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ComponentInformation QueryComponentInformation() =>
        new(this, $"RawIo GPIO driver, {PinCount} pins")
        {
            Properties =
            {
                ["ChipInfo"] = GetChipInfo().ToString(),
                ["EdgeDetection"] = EdgeDetection.ToString(),
            },
        };

    /// <summary>The block, under the label that Linux' driver gives it.</summary>
    public override GpioChipInfo GetChipInfo() =>
        new(0, "gpiochip0", _gpio is Bcm2711Gpio ? "pinctrl-bcm2711" : "pinctrl-bcm2835", PinCount);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                if (_disposed) return;
                _disposed = true;
                Array.Fill(_modes, Closed);
            }
            _events.Dispose();
            _owned?.Dispose();
        }
        base.Dispose(disposing);
    }
}
