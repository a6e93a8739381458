namespace RawIo;

/// <summary>Where a replay is in its recording, and the check that a driver is there too.</summary>
/// <remarks>
/// The order is that of the whole recording. Where several threads were recorded, one that comes early waits for its turn.
/// Timers and arrivals are steps of the machine: they happen as soon as they are next.
/// </remarks>
internal sealed class ReplayCursor : IDisposable
{
    private readonly object _gate = new();
    private readonly RecordingReader _reader;
    private readonly bool _severalThreads;
    private readonly bool _isComplete;
    private readonly Dictionary<(ulong Interrupt, ulong Wait), ReplayWait> _waits = [];
    private readonly Dictionary<ulong, ReplayTimer> _timers = [];
    private RecordingEntry? _next;
    private bool _disposed;

    /// <summary>Reads all of the recording once, so that what is wrong with it is known at the start.</summary>
    public ReplayCursor(RecordingReader reader)
    {
        _reader = reader;
        while (reader.TryRead(out var entry))
        {
            Total++;
            // Timers call back, and waits go on, on threads of their own.
            _severalThreads |= entry.Kind is RecordingKind.TimerFires or RecordingKind.WaitEnds;
        }
        _severalThreads |= reader.HasSeveralThreads;
        _isComplete = reader.IsComplete;
        reader.Rewind();
        reader.TryRead(out _next);
    }

    public long Total { get; }

    public bool IsComplete => _isComplete;

    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first difference; null where there was none.</summary>
    public ReplayException? Difference { get; private set; }

    public long Position
    {
        get
        {
            lock (_gate) return _next is { } next ? next.Number - 1 : Total;
        }
    }

    /// <summary>A driver's step: its answer, or what it was refused with.</summary>
    /// <exception cref="ReplayException">The recording has something else.</exception>
    public RecordingEntry Take(RecordingEntry attempt)
    {
        lock (_gate)
        {
            var entry = Match(attempt);
            Advance();
            return entry;
        }
    }

    /// <summary>A step that gives back, and must not throw: a difference is kept, for the next step or for the end to tell.</summary>
    public void GiveBack(RecordingEntry attempt)
    {
        lock (_gate)
        {
            if (_disposed || Difference is not null) return;
            try
            {
                Match(attempt);
                Advance();
            }
            catch (ReplayException)
            {
                // It is in Difference.
            }
        }
    }

    /// <summary>A wait begins: its end comes with its entry.</summary>
    public ReplayWait BeginWait(RecordingEntry attempt, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var begins = Match(attempt);
            var wait = new ReplayWait(cancellation);
            _waits[(begins.Address, begins.Value)] = wait;
            Advance();
            return wait;
        }
    }

    /// <summary>A wait's token was cancelled, or the wait given up: what hangs on that may happen now.</summary>
    public void Look()
    {
        lock (_gate) Happen();
    }

    /// <summary>A timer is made.</summary>
    public void CreateTimer(RecordingEntry attempt, ReplayTimer timer)
    {
        lock (_gate)
        {
            var made = Match(attempt);
            timer.Id = made.Address;
            _timers[timer.Id] = timer;
            Advance();
            if (made.Refusal is { } refusal) throw refusal;
        }
    }

    /// <summary>Throws where the recording was not replayed to its end, without a difference.</summary>
    public void Verify()
    {
        lock (_gate)
        {
            if (Difference is { } difference) throw Again(difference);
            if (_next is not { } next) return;
            throw new ReplayException($"The driver stopped early: {Total - next.Number + 1} of the recording's {Total} entries are left. The next, entry {next.Number}, is: {next}. "
                + "If the driver is right, record it anew.", next.Number, next, null);
        }
    }

    /// <summary>The difference that a wait sees when nothing has happened for longer than anybody should wait.</summary>
    public ReplayException Stuck(RecordingEntry attempt)
    {
        lock (_gate) return Difference is { } known ? Again(known) : Keep(attempt, "the driver waits, and nobody makes the recording's next step");
    }

    public void Dispose()
    {
        ReplayWait[] waits;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            waits = [.. _waits.Values];
            _waits.Clear();
            Monitor.PulseAll(_gate);
            _reader.Dispose();
        }
        foreach (var wait in waits) wait.Refuse(new ObjectDisposedException(_reader.Name, $"The replay of {_reader.Name} was disposed."));
    }

    /// <summary>The next entry, which the step is; threads that come early wait here.</summary>
    private RecordingEntry Match(RecordingEntry attempt)
    {
        while (true)
        {
            if (_disposed) throw new ObjectDisposedException(_reader.Name, $"The replay of {_reader.Name} was disposed.");
            if (Difference is { } known) throw Again(known);
            if (_next is { } next && next.Difference(attempt) is null) return next;
            var position = _next?.Number;
            if (_next is not null && _severalThreads && (Monitor.Wait(_gate, Patience) || position != _next?.Number)) continue;
            throw Keep(attempt, _next?.Difference(attempt) ?? "one step more");
        }
    }

    private ReplayException Keep(RecordingEntry attempt, string what)
    {
        var number = _next?.Number ?? Total + 1;
        attempt = attempt with { Number = number };
        var message = _next is { } next
            ? $"Entry {number} differs ({what}): the recording has: {next}; the driver did: {attempt}."
            : $"The recording ends after {Total} entries{(_isComplete ? "" : " (it is cut off: its recorder did not come to its end)")}; the driver did: {attempt}.";
        var since = number == 1 ? "at the start" : $"since entry {number - 1}";
        Difference = new($"{message} If the driver is right, record it anew; if not, look at what it did {since}.", number, _next, attempt);
        Monitor.PulseAll(_gate);
        return Difference;
    }

    private static ReplayException Again(ReplayException known) => new(known.Message, known.EntryNumber, known.Recorded, known.Attempted);

    private void Advance()
    {
        _reader.TryRead(out _next);
        Monitor.PulseAll(_gate);
        Happen();
    }

    /// <summary>What is the machine's to do, as long as that is next.</summary>
    private void Happen()
    {
        while (_next is { } next && !_disposed && Difference is null)
        {
            if (next.Kind == RecordingKind.TimerFires)
            {
                if (_timers.TryGetValue(next.Address, out var timer)) timer.Fire();
            }
            else if (next.Kind != RecordingKind.WaitEnds || !_waits.TryGetValue((next.Address, next.Value), out var wait) || !wait.TryEnd(next))
            {
                return;
            }
            else
            {
                _waits.Remove((next.Address, next.Value));
            }
            _reader.TryRead(out _next);
            Monitor.PulseAll(_gate);
        }
    }
}
