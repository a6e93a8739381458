namespace RawIo.Sim;

/// <summary>The kernel's page tables, in simulated RAM, in the processor's own format.</summary>
internal sealed class PageTables
{
    private readonly SimRam _ram;
    private readonly PageFormat _format;
    private readonly BootPages _pages;

    public PageTables(SimRam ram, PageFormat format, BootPages pages)
    {
        (_ram, _format, _pages) = (ram, format, pages);
        Root = pages.Allocate();
    }

    /// <summary>The physical address of the root table: what TTBR1_EL1 or CR3 holds.</summary>
    public ulong Root { get; }

    public PageFormat Format => _format;

    /// <summary>Maps a range of whole pages, in the largest blocks its addresses allow.</summary>
    /// <exception cref="RawIoException">No page is left for a table (ENOMEM); then nothing is mapped.</exception>
    /// <exception cref="InvalidOperationException">Part of it is mapped already.</exception>
    public void Map(ulong virtualAddress, ulong physicalAddress, ulong length, MemoryType type)
    {
        ulong done = 0;
        try
        {
            while (done < length)
            {
                var at = virtualAddress + done;
                var level = LeafLevel(at | (physicalAddress + done), length - done);
                var slot = SlotFor(at, level);
                var old = _format.Decode(level, _ram.Read(slot, 8));
                if (old.Kind == DescriptorKind.Leaf || old.Kind == DescriptorKind.Table && !IsEmpty(old.Address, level + 1))
                    throw new InvalidOperationException($"0x{at:x} is mapped already.");
                // A block takes the place of a table that earlier pages left empty (kernel: pmd_free_pte_page).
                if (old.Kind == DescriptorKind.Table) Free(old.Address, level + 1);
                _ram.Write(slot, 8, _format.LeafDescriptor(level, physicalAddress + done, type));
                done += PageFormat.Span(level);
            }
        }
        catch
        {
            Unmap(virtualAddress, done);
            throw;
        }
    }

    /// <summary>Clears the descriptors of a range that <see cref="Map"/> mapped. The tables stay for the next mapping.</summary>
    public void Unmap(ulong virtualAddress, ulong length)
    {
        for (ulong done = 0; done < length;)
        {
            var at = virtualAddress + done;
            var table = Root;
            for (var level = 0; ; level++)
            {
                var slot = table + 8 * (ulong)PageFormat.Index(level, at);
                var entry = _format.Decode(level, _ram.Read(slot, 8));
                if (entry.Kind == DescriptorKind.Table)
                {
                    table = entry.Address;
                    continue;
                }
                if (entry.Kind == DescriptorKind.Leaf) _ram.Write(slot, 8, 0);
                var span = PageFormat.Span(level);
                done += span - (at & (span - 1));
                break;
            }
        }
    }

    private bool IsEmpty(ulong table, int level)
    {
        for (ulong slot = table; slot < table + SimRam.PageSize; slot += 8)
        {
            var entry = _format.Decode(level, _ram.Read(slot, 8));
            if (entry.Kind == DescriptorKind.Leaf || entry.Kind == DescriptorKind.Table && !IsEmpty(entry.Address, level + 1)) return false;
        }
        return true;
    }

    private void Free(ulong table, int level)
    {
        for (ulong slot = table; slot < table + SimRam.PageSize; slot += 8)
        {
            if (_format.Decode(level, _ram.Read(slot, 8)) is { Kind: DescriptorKind.Table } entry) Free(entry.Address, level + 1);
            _ram.Write(slot, 8, 0);
        }
        _pages.Free(table);
    }

    private static int LeafLevel(ulong alignment, ulong length)
    {
        for (var level = 1; level < 3; level++)
            if ((alignment & (PageFormat.Span(level) - 1)) == 0 && length >= PageFormat.Span(level)) return level;
        return 3;
    }

    private ulong SlotFor(ulong address, int leafLevel)
    {
        var table = Root;
        for (var level = 0; ; level++)
        {
            var slot = table + 8 * (ulong)PageFormat.Index(level, address);
            if (level == leafLevel) return slot;
            var entry = _format.Decode(level, _ram.Read(slot, 8));
            if (entry.Kind == DescriptorKind.Leaf) throw new InvalidOperationException($"0x{address:x} is mapped already.");
            if (entry.Kind == DescriptorKind.Invalid)
            {
                table = _pages.Allocate();
                _ram.Write(slot, 8, _format.TableDescriptor(table));
            }
            else
            {
                table = entry.Address;
            }
        }
    }
}

/// <summary>Hands out the pages that page tables live in, from one reserved range of RAM. A fresh page is all zeros.</summary>
internal sealed class BootPages(ulong start, ulong length)
{
    private readonly Stack<ulong> _free = new();
    private ulong _taken;

    /// <summary>How many pages are left.</summary>
    public ulong Left => (length - _taken) / SimRam.PageSize + (ulong)_free.Count;

    /// <exception cref="RawIoException">None is left (ENOMEM).</exception>
    public ulong Allocate()
    {
        if (Left == 0) throw new RawIoException(Errno.ENOMEM, $"The 0x{length:x} bytes the machine keeps for page tables are used up.");
        if (_free.TryPop(out var freed)) return freed;
        var page = start + _taken;
        _taken += SimRam.PageSize;
        return page;
    }

    /// <summary>Takes back a page, which must be all zeros.</summary>
    public void Free(ulong page) => _free.Push(page);
}
