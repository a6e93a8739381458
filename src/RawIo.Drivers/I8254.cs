namespace RawIo.Drivers;

/// <summary>The PC's interval timer, an 8254 (Intel 8254 datasheet): counter 0 interrupts (request 0), counter 2 drives the speaker. Linux has counter 0 on many machines.</summary>
/// <remarks>One thread at a time: a count takes several port accesses.</remarks>
public sealed class I8254
{
    /// <summary>The counters' clock in hertz.</summary>
    public const int ClockFrequency = 1_193_182;

    /// <summary>The first of the four ports.</summary>
    public const int FirstPort = 0x40;

    private const int ControlPort = 0x43, SystemControlPort = 0x61;
    private const byte BothBytes = 0x30, ReadBackCommand = 0xc0;
    private const byte Timer2Gate = 0x01, SpeakerData = 0x02;

    private readonly IPortIo _ports;
    private readonly IPortIo? _systemControl;

    /// <summary>A driver over the timer's ports.</summary>
    /// <param name="ports">A range that holds 0x40 to 0x43.</param>
    /// <param name="systemControl">A range that holds port 0x61, for the speaker; null for none.</param>
    /// <exception cref="ArgumentException">A range lacks a port.</exception>
    public I8254(IPortIo ports, IPortIo? systemControl = null)
    {
        ArgumentNullException.ThrowIfNull(ports);
        if (ports.FirstPort > FirstPort || ports.FirstPort + ports.Count <= ControlPort)
            throw new ArgumentException($"The timer has the ports 0x40 to 0x43; the range has {ports.Count} from 0x{ports.FirstPort:x}.", nameof(ports));
        if (systemControl is not null && (systemControl.FirstPort > SystemControlPort || systemControl.FirstPort + systemControl.Count <= SystemControlPort))
            throw new ArgumentException($"The speaker is at port 0x61; the range has {systemControl.Count} from 0x{systemControl.FirstPort:x}.", nameof(systemControl));
        (_ports, _systemControl) = (ports, systemControl);
    }

    /// <summary>The divisor whose frequency is nearest to one.</summary>
    /// <param name="frequency">In hertz: 18.21 to 596591.</param>
    /// <exception cref="ArgumentOutOfRangeException">No divisor of 2 to 65536 comes to it.</exception>
    public static int Divisor(double frequency)
    {
        var divisor = Math.Round(ClockFrequency / frequency);
        return divisor is >= 2 and <= 65536
            ? (int)divisor
            : throw new ArgumentOutOfRangeException(nameof(frequency), frequency, $"The timer divides {ClockFrequency} Hz by 2 to 65536: 18.21 to 596591 Hz.");
    }

    /// <summary>Has a counter's output pulse at a rate (mode 2); counter 0 interrupts with each pulse.</summary>
    /// <param name="counter">0 or 2.</param>
    /// <param name="divisor">2 to 65536: the rate is <see cref="ClockFrequency"/> by it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such counter, or the divisor is none.</exception>
    public void StartPeriodic(int counter, int divisor) => Start(counter, mode: 2, Check(divisor, 2));

    /// <summary>Has a counter's output rise once (mode 0): after one clock pulse more than the count.</summary>
    /// <param name="counter">0 or 2.</param>
    /// <param name="count">1 to 65536.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such counter, or the count is none.</exception>
    public void StartOneShot(int counter, int count) => Start(counter, mode: 0, Check(count, 1));

    /// <summary>Stops a counter: in mode 0 it waits for a count, and its output stays low.</summary>
    /// <param name="counter">0 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such counter.</exception>
    public void Stop(int counter) => _ports.Out8(ControlPort, (byte)(CheckCounter(counter) << 6 | BothBytes));

    /// <summary>A counter's state and count, both of one moment (the read-back command; not on an 8253).</summary>
    /// <param name="counter">0 to 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such counter.</exception>
    public I8254Counter ReadBack(int counter)
    {
        CheckCounter(counter);
        _ports.Out8(ControlPort, (byte)(ReadBackCommand | 2 << counter));
        var status = _ports.In8(FirstPort + counter);
        var count = (status & BothBytes) switch
        {
            BothBytes => ReadTwoBytes(counter),
            0x20 => _ports.In8(FirstPort + counter) << 8,
            _ => _ports.In8(FirstPort + counter),
        };
        return new((status & 0x80) != 0, (status & 0x40) != 0, (status & BothBytes) >> 4, status >> 1 & 7, (status & 1) != 0, count);
    }

    /// <summary>The count of a counter that this driver started: latched, then read.</summary>
    /// <param name="counter">0 to 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such counter.</exception>
    public int ReadCount(int counter)
    {
        _ports.Out8(ControlPort, (byte)(CheckCounter(counter) << 6));
        return ReadTwoBytes(counter);
    }

    /// <summary>Has the speaker sound: counter 2's square wave (mode 3).</summary>
    /// <param name="frequency">In hertz: 18.21 to 596591.</param>
    /// <exception cref="ArgumentOutOfRangeException">No divisor comes to the frequency.</exception>
    /// <exception cref="InvalidOperationException">The driver was made without port 0x61.</exception>
    public void StartTone(double frequency)
    {
        var divisor = Divisor(frequency);
        var control = Speaker.In8(SystemControlPort);
        Start(2, mode: 3, divisor);
        Speaker.Out8(SystemControlPort, (byte)(control & 0x0f | Timer2Gate | SpeakerData));
    }

    /// <summary>Silences the speaker.</summary>
    /// <exception cref="InvalidOperationException">The driver was made without port 0x61.</exception>
    public void StopTone() => Speaker.Out8(SystemControlPort, (byte)(Speaker.In8(SystemControlPort) & 0x0f & ~(Timer2Gate | SpeakerData)));

    private IPortIo Speaker => _systemControl ?? throw new InvalidOperationException("The speaker is at port 0x61: hand a range that holds it to the driver.");

    private void Start(int counter, int mode, int count)
    {
        _ports.Out8(ControlPort, (byte)(CheckCounter(counter) << 6 | BothBytes | mode << 1));
        _ports.Out8(FirstPort + counter, (byte)count);
        _ports.Out8(FirstPort + counter, (byte)(count >> 8));
    }

    private int ReadTwoBytes(int counter) => _ports.In8(FirstPort + counter) | _ports.In8(FirstPort + counter) << 8;

    private static int Check(int count, int least) => count >= least && count <= 65536
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, $"A count here is {least} to 65536.");

    private static int CheckCounter(int counter) => counter is >= 0 and <= 2
        ? counter
        : throw new ArgumentOutOfRangeException(nameof(counter), counter, "The counters are 0 to 2.");
}

/// <summary>A counter of the 8254 as its read-back command shows it.</summary>
/// <param name="Output">OUT.</param>
/// <param name="HasNullCount">Whether the count that was written last has not been loaded yet.</param>
/// <param name="Access">Which bytes are read and written: 1 the low, 2 the high, 3 both.</param>
/// <param name="Mode">The mode as it was written: 6 and 7 are 2 and 3.</param>
/// <param name="IsBcd">Whether it counts in BCD.</param>
/// <param name="Count">The count as read: 16 bits.</param>
public readonly record struct I8254Counter(bool Output, bool HasNullCount, int Access, int Mode, bool IsBcd, int Count);
