using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>A place that was written, and what was there before.</summary>
/// <param name="Address">Its physical address.</param>
/// <param name="Size">The width of the first write to it, in bytes: it is restored by one write of that width.</param>
/// <param name="OldValue">What it held.</param>
public readonly record struct JournalEntry(ulong Address, int Size, ulong OldValue);

/// <summary>
/// A window that remembers what it overwrites. Before the first write to a place it reads the old value, at the same
/// width; <see cref="Dispose"/> writes the old values back, the last place first, one write each. What is not disposed
/// is restored when the process ends: at a normal exit, on SIGINT (Ctrl-C), SIGTERM, SIGHUP and SIGQUIT, and on an
/// unhandled exception; the journal made last comes first.
/// </summary>
/// <remarks>
/// <para>Reading must not act and writing back must restore. So with a <see cref="RegisterMap"/> a write is refused,
/// before anything is touched, where it meets a register whose reads change the device
/// (<see cref="RegisterAccess.Consuming"/>), one that cannot be read (<see cref="RegisterAccess.WriteOnly"/>: such as
/// GPSET0), or one in which writes act (<see cref="Register.WriteActs"/>: such as a status that 1 clears). Without a
/// map the caller answers for that.</para>
/// <para>A repeating write stays at one place, which is read once; a block is read in the widths it is written in. Places
/// that overlap in different widths are restored right, because the last comes first. Windows of a journal share it.
/// May be used from several threads: a write and its record are one step.</para>
/// <para>Nothing helps against SIGKILL, a crash in native code or a power cut. A signal that somebody else's handler,
/// registered later, has cancelled leaves the journal as it is.</para>
/// <para>I/O ports have no journal: reading a port often acts, and where an index port chooses what the data port
/// means (CMOS, PCI configuration) writing back would hit another register.</para>
/// </remarks>
public sealed partial class MmioJournal : IGuardedMmio, IDisposable
{
    private readonly JournalLog _log;
    private readonly IMmio _io;
    private readonly long _start; // of this window in _io
    private readonly bool _owner;

    internal MmioJournal(IMmio io, Func<long, int, IEnumerable<Register>>? registersAt)
    {
        ArgumentNullException.ThrowIfNull(io);
        (_io, _owner, Length) = (io, true, io.Length);
        _log = new(io, registersAt);
        JournalExit.Add(_log);
    }

    private MmioJournal(MmioJournal whole, long start, long length) =>
        (_io, _log, _start, Length) = (whole._io, whole._log, start, length);

    /// <inheritdoc/>
    public ulong PhysicalAddress => _io.PhysicalAddress + (ulong)_start;

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>What would be written back now, in the order of the first writes.</summary>
    public IReadOnlyList<JournalEntry> Entries => _log.Entries;

    /// <summary>Writes the old values back, the last place first, and forgets them. The journal goes on.</summary>
    /// <exception cref="AggregateException">Several places could not be restored; the others were. One alone is thrown as it is.</exception>
    public void Undo() => _log.Undo();

    /// <summary>Forgets the old values: what was written stays. The journal goes on.</summary>
    public void Keep() => _log.Keep();

    /// <summary>Writes the old values back and ends the journal and its windows. On a window of a journal, and a second time, it does nothing.</summary>
    /// <exception cref="AggregateException">Several places could not be restored; the others were. One alone is thrown as it is.</exception>
    public void Dispose()
    {
        if (!_owner) return;
        try
        {
            _log.End();
        }
        finally
        {
            // Not before: a signal that comes meanwhile waits until all is restored.
            JournalExit.Remove(_log);
        }
    }

    /// <inheritdoc/>
    public byte Read8(long offset) => _io.Read8(At(offset, 1));

    /// <inheritdoc/>
    public ushort Read16(long offset) => _io.Read16(At(offset, 2));

    /// <inheritdoc/>
    public uint Read32(long offset) => _io.Read32(At(offset, 4));

    /// <inheritdoc/>
    public ulong Read64(long offset) => _io.Read64(At(offset, 8));

    /// <inheritdoc/>
    public void Write8(long offset, byte value) => Write(offset, value, static (io, at, v) => io.Write8(at, v));

    /// <inheritdoc/>
    public void Write16(long offset, ushort value) => Write(offset, value, static (io, at, v) => io.Write16(at, v));

    /// <inheritdoc/>
    public void Write32(long offset, uint value) => Write(offset, value, static (io, at, v) => io.Write32(at, v));

    /// <inheritdoc/>
    public void Write64(long offset, ulong value) => Write(offset, value, static (io, at, v) => io.Write64(at, v));

    /// <inheritdoc/>
    public byte ReadRelaxed8(long offset) => _io.ReadRelaxed8(At(offset, 1));

    /// <inheritdoc/>
    public ushort ReadRelaxed16(long offset) => _io.ReadRelaxed16(At(offset, 2));

    /// <inheritdoc/>
    public uint ReadRelaxed32(long offset) => _io.ReadRelaxed32(At(offset, 4));

    /// <inheritdoc/>
    public ulong ReadRelaxed64(long offset) => _io.ReadRelaxed64(At(offset, 8));

    /// <inheritdoc/>
    public void WriteRelaxed8(long offset, byte value) => Write(offset, value, static (io, at, v) => io.WriteRelaxed8(at, v));

    /// <inheritdoc/>
    public void WriteRelaxed16(long offset, ushort value) => Write(offset, value, static (io, at, v) => io.WriteRelaxed16(at, v));

    /// <inheritdoc/>
    public void WriteRelaxed32(long offset, uint value) => Write(offset, value, static (io, at, v) => io.WriteRelaxed32(at, v));

    /// <inheritdoc/>
    public void WriteRelaxed64(long offset, ulong value) => Write(offset, value, static (io, at, v) => io.WriteRelaxed64(at, v));

    /// <inheritdoc/>
    public bool TryRead(long offset, int size, out ulong value)
    {
        if (size is not (1 or 2 or 4 or 8)) throw AccessCheck.NoSuchSize(size, "1, 2, 4 or 8");
        return _io.TryRead(At(offset, size), size, out value);
    }

    /// <inheritdoc/>
    public IMmio Window(long offset, long length)
    {
        _log.ThrowIfEnded();
        AccessCheck.Window(offset, length, Length);
        return new MmioJournal(this, _start + offset, length);
    }

    private void Write<T>(long offset, T value, Action<IMmio, long, T> write) where T : unmanaged
    {
        var (at, size) = (At(offset, Unsafe.SizeOf<T>()), Unsafe.SizeOf<T>());
        lock (_log.Gate)
        {
            var isNew = _log.Record(at, size);
            try
            {
                write(_io, at, value);
            }
            catch
            {
                // The device has refused it: there is nothing to undo.
                if (isNew) _log.DropLast();
                throw;
            }
        }
    }

    private long At(long offset, int size)
    {
        _log.ThrowIfEnded();
        AccessCheck.Access(offset, size, Length);
        return _start + offset;
    }
}
