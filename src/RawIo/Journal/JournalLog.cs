namespace RawIo;

/// <summary>What a journal and its windows have recorded.</summary>
/// <param name="io">The window below.</param>
/// <param name="registersAt">The registers at an offset of it; null where they are not known.</param>
internal sealed class JournalLog(IMmio io, Func<long, int, IEnumerable<Register>>? registersAt)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<ulong, ulong> _recorded = []; // by line of 64 bytes, a bit a byte
    private bool _ended;

    /// <summary>Held over a record and its write. A thread that dies by an exception in between restores while it holds it.</summary>
    public Lock Gate { get; } = new();

    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (Gate) return [.. _entries];
        }
    }

    public void ThrowIfEnded() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _ended), typeof(MmioJournal));

    /// <summary>Reads and keeps the old value, unless all its bytes were recorded before. Under the gate.</summary>
    /// <returns>Whether it was recorded.</returns>
    /// <exception cref="InvalidOperationException">It cannot be undone.</exception>
    public bool Record(long offset, int size)
    {
        ThrowIfEnded();
        if (IsRecorded(offset, size)) return false;
        RefuseWhatCannotBeUndone(offset, size);
        Take(offset, size);
        return true;
    }

    /// <summary>The same for a block, in the widths a block is written in. Under the gate.</summary>
    public void RecordBlock(long offset, long length)
    {
        ThrowIfEnded();
        foreach (var (at, size) in Pieces(offset, length))
            if (!IsRecorded(at, size)) RefuseWhatCannotBeUndone(at, size);
        var before = _entries.Count;
        try
        {
            foreach (var (at, size) in Pieces(offset, length))
                if (!IsRecorded(at, size)) Take(at, size);
        }
        catch
        {
            Drop(before);
            throw;
        }
    }

    /// <summary>Forgets the last record: its write was not made. Under the gate.</summary>
    public void DropLast() => Drop(_entries.Count - 1);

    private void Drop(int first)
    {
        _entries.RemoveRange(first, _entries.Count - first);
        _recorded.Clear();
        foreach (var entry in _entries) Mark(entry.Address, entry.Size);
    }

    public void Keep()
    {
        lock (Gate)
        {
            _entries.Clear();
            _recorded.Clear();
        }
    }

    public void Undo()
    {
        lock (Gate)
        {
            var entries = _entries.ToArray();
            Keep();
            var errors = new List<Exception>();
            foreach (var entry in entries.Reverse())
                DeviceScope.Collect(() => io.Write((long)(entry.Address - io.PhysicalAddress), entry.Size, entry.OldValue), errors);
            DeviceScope.ThrowAll(errors, $"{errors.Count} of {entries.Length} places could not be restored.");
        }
    }

    public void End()
    {
        lock (Gate)
        {
            if (_ended) return;
            Volatile.Write(ref _ended, true);
            Undo();
        }
    }

    private void Take(long offset, int size)
    {
        var address = io.PhysicalAddress + (ulong)offset;
        _entries.Add(new(address, size, io.Read(offset, size)));
        Mark(address, size);
    }

    private void Mark(ulong address, int size)
    {
        for (var i = 0u; i < size; i++)
        {
            var (line, bit) = Place(address + i);
            _recorded[line] = _recorded.GetValueOrDefault(line) | bit;
        }
    }

    private bool IsRecorded(long offset, int size)
    {
        for (var i = 0u; i < size; i++)
        {
            var (line, bit) = Place(io.PhysicalAddress + (ulong)offset + i);
            if ((_recorded.GetValueOrDefault(line) & bit) == 0) return false;
        }
        return true;
    }

    private static (ulong Line, ulong Bit) Place(ulong address) => (address >> 6, 1ul << (int)(address & 63));

    /// <summary>Bytes until the device address is a multiple of 8, then 64-bit words, then bytes.</summary>
    private IEnumerable<(long Offset, int Size)> Pieces(long offset, long length)
    {
        var end = offset + length;
        for (var at = offset; at < end;)
        {
            var size = ((io.PhysicalAddress + (ulong)at) & 7) == 0 && end - at >= 8 ? 8 : 1;
            yield return (at, size);
            at += size;
        }
    }

    private void RefuseWhatCannotBeUndone(long offset, int size)
    {
        if (registersAt is null) return;
        foreach (var register in registersAt(offset, size))
        {
            var why = register.Access switch
            {
                RegisterAccess.Consuming => "reading it, to know what to restore, changes the device",
                RegisterAccess.WriteOnly => "what it held cannot be read",
                _ when register.WriteActs => "a write to it acts, and writing back what was read does not restore it",
                _ => null,
            };
            if (why is not null)
                throw new InvalidOperationException($"A write to {register.Name} at 0x{io.PhysicalAddress + (ulong)offset:x} cannot be undone: {why}. "
                    + "Write it outside the journal, and undo what it does by the write that does the opposite.");
        }
    }
}
