namespace RawIo.Drivers;

/// <summary>How <see cref="RawIoGpioDriver"/> notices edges.</summary>
public enum GpioEdgeDetection
{
    /// <summary>
    /// By comparing GPLEV at each look: one read a bank. Disturbs nobody; a pulse that begins and ends between two
    /// looks is not seen.
    /// </summary>
    Levels,

    /// <summary>
    /// By the block's detectors: GPREN, GPFEN and GPEDS. An edge between two looks is not lost. Only where no kernel
    /// driver serves the block's interrupts: Linux' pinctrl-bcm2835 does not clear the events of pins it knows no
    /// listener of, so that their interrupt never ends and the machine may hang (raspberrypi/linux issue 2550;
    /// <c>dtoverlay=gpio-no-irq</c> takes the interrupts from that driver).
    /// </summary>
    Detectors,
}

/// <summary>How <see cref="RawIoGpioDriver"/> looks for edges.</summary>
public sealed record RawIoGpioOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The clock that times the looks; null for the machine's where one is given, else the system's.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>The time between two looks while somebody listens: more than 0, at most a minute; 1 ms unless told. The system's clock counts whole milliseconds, rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside that range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init => field = value > TimeSpan.Zero && value <= Longest
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A poll interval is more than 0 and at most {Longest}.");
    } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How edges are noticed. Null: <see cref="RawIoGpioDriver.Create"/> takes the detectors where
    /// <see cref="IHardware.Memory"/> shows that nobody else has the block, and levels elsewhere; the constructors,
    /// which cannot know, take levels.
    /// </summary>
    public GpioEdgeDetection? EdgeDetection { get; init; }
}
