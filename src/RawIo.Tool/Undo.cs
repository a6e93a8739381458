using System.Runtime.InteropServices;

namespace RawIo.Tool;

/// <summary><c>--undo</c>: what is written through it is restored, and told, when the command ends or a signal ends it.</summary>
internal sealed class Undo : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MmioJournal _journal;
    private readonly Session _session;
    private readonly Stack<Action> _steps = new();
    private readonly PosixSignalRegistration[] _signals;
    private bool _done;

    public Undo(Session session, IMmio memory, Func<long, int, IEnumerable<Register>> registersAt)
    {
        (_session, _journal) = (session, memory.Journal(registersAt));
        // Registered after the journal's own, and so called before it: to tell what was restored.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, _ => RestoreAtSignal()))];
    }

    /// <summary>The machine's memory with a way back.</summary>
    public MmioJournal Memory => _journal;

    /// <summary>Adds what a register cannot tell: it is run before the registers are restored, the last added first.</summary>
    public void Add(Action step)
    {
        lock (_lock) _steps.Push(step);
    }

    /// <summary>Restores; a second time does nothing.</summary>
    public void Dispose()
    {
        try
        {
            Restore();
        }
        finally
        {
            foreach (var signal in _signals) signal.Dispose();
        }
    }

    private void Restore()
    {
        lock (_lock)
        {
            if (_done) return;
            _done = true;
            var entries = _journal.Entries;
            try
            {
                while (_steps.TryPop(out var step)) step();
            }
            finally
            {
                _journal.Dispose();
            }
            if (entries is [var one]) _session.Streams.Tell($"rawio: restored {Numbers.Address(one.Address)} = {Numbers.Hex(one.OldValue, one.Size * 8)}");
            else if (entries.Count > 0) _session.Streams.Tell($"rawio: restored {entries.Count} places");
        }
    }

    private void RestoreAtSignal()
    {
        try
        {
            Restore();
        }
        catch (Exception error) when (Failures.ExitCode(error) is not null)
        {
            _session.Streams.Tell($"rawio: {Failures.Line(error)}");
        }
    }
}
