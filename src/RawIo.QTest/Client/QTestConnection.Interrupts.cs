namespace RawIo.QTest;

// Interrupt lines: what the server tells of its own accord.
public sealed partial class QTestConnection
{
    private readonly Dictionary<int, bool> _levels = [];
    private readonly Queue<QTestInterruptChange> _untold = new();
    private List<QTestInterruptChange>? _changes;
    private bool _telling, _watched;

    /// <summary>
    /// An intercepted interrupt line changed. Handlers run one after the other on the thread pool, in the order of the
    /// changes, so that they may make accesses; <see cref="InterruptLevel"/> knows of the change before the answer comes that followed it.
    /// </summary>
    public event Action<int, bool>? InterruptChanged;

    /// <summary>Is told of each change at once, on the thread that reads. It must make no access.</summary>
    internal event Action<int, bool>? InterruptTold;

    /// <summary>The level of an intercepted line, as far as it was told; low before the first change.</summary>
    /// <param name="number">The line, as the intercepted device numbers them.</param>
    public bool InterruptLevel(int number)
    {
        lock (_levels) return _levels.GetValueOrDefault(number);
    }

    /// <summary>Has changes told of the lines that enter a device (<c>irq_intercept_in</c>), from now on also while nothing is asked. QEMU knows one device a run.</summary>
    /// <param name="path">The device's name or its whole path: "ioapic" on a PC, whose lines are the ISA interrupts; "/machine/soc/cpu[0]" on a Raspberry Pi, whose line 0 is the IRQ and 1 the FIQ.</param>
    /// <exception cref="RawIoException">The server has no such device, or intercepts another already.</exception>
    public void InterceptIrqIn(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Command($"irq_intercept_in {path}");
        Watch();
    }

    /// <summary>Has changes told of the lines that leave a device (<c>irq_intercept_out</c>), from now on also while nothing is asked. QEMU disconnects them from where they went.</summary>
    /// <param name="path">The device's name or its whole path.</param>
    /// <param name="name">Which of the device's named groups of lines; null for the one without a name. QEMU 7.2 knows no named ones.</param>
    /// <exception cref="RawIoException">The server has no such device, or intercepts another already.</exception>
    public void InterceptIrqOut(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Command(name is null ? $"irq_intercept_out {path}" : $"irq_intercept_out {path} {name}");
        Watch();
    }

    /// <summary>Moves the machine's clock to its next timer (<c>clock_step</c>).</summary>
    /// <returns>Nanoseconds since power-on.</returns>
    /// <exception cref="RawIoException">No timer is armed, or the server cannot move its clock: QEMU can under <c>-accel qtest</c> alone, which Debian does not build.</exception>
    public long ClockStep() => Clock("clock_step");

    /// <summary>Moves the machine's clock forward (<c>clock_step</c>).</summary>
    /// <param name="nanoseconds">How far, at least 1.</param>
    /// <returns>Nanoseconds since power-on.</returns>
    /// <exception cref="RawIoException">The server cannot move its clock.</exception>
    public long ClockStep(long nanoseconds) => Clock($"clock_step {nanoseconds}");

    /// <summary>Moves the machine's clock to a time (<c>clock_set</c>).</summary>
    /// <param name="nanoseconds">Nanoseconds since power-on; not in the past.</param>
    /// <returns>Nanoseconds since power-on.</returns>
    /// <exception cref="RawIoException">The server cannot move its clock, or not back.</exception>
    public long ClockSet(long nanoseconds) => Clock($"clock_set {nanoseconds}");

    private long Clock(string line)
    {
        var text = Command(line);
        if (long.TryParse(text, System.Globalization.NumberStyles.None, null, out var now)) return now;
        throw new RawIoException(Errno.EIO, $"The qtest server answered \"{text}\" to {line} where a number was asked for.");
    }

    private void Watch()
    {
        lock (_gate)
        {
            if (_watched) return;
            _watched = true;
            _answers.Watch();
        }
    }

    /// <summary>Called by whoever reads the lines.</summary>
    private void Told(int number, bool raised)
    {
        lock (_levels) _levels[number] = raised;
        if (!_watched) (_changes ??= []).Add(new(number, raised));
        InterruptTold?.Invoke(number, raised);
        if (InterruptChanged is null) return;
        lock (_untold)
        {
            _untold.Enqueue(new(number, raised));
            if (_telling) return;
            _telling = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Tell(), this, preferLocal: false);
    }

    private void Tell()
    {
        while (true)
        {
            QTestInterruptChange change;
            lock (_untold)
            {
                if (!_untold.TryDequeue(out change))
                {
                    _telling = false;
                    return;
                }
            }
            if (!IsDisposed) InterruptChanged?.Invoke(change.Number, change.Raised);
        }
    }
}
