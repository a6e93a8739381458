using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The translation lookaside buffer: 256 pages of 4 KiB, direct-mapped. It keeps a translation until it is
/// invalidated, whatever the page tables say by then, as the hardware does. A block of 2 MiB or 1 GiB takes one entry
/// for each 4 KiB page that is used.
/// </summary>
public sealed class Tlb
{
    private const int Entries = 256;
    private Table _entries;

    internal Tlb()
    {
    }

    /// <summary>How many accesses found their translation here.</summary>
    public long Hits { get; internal set; }

    /// <summary>How many had to walk the page tables.</summary>
    public long Misses { get; internal set; }

    /// <summary>How many valid entries were thrown out on purpose.</summary>
    public long Invalidations { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref TlbEntry Entry(ulong address) => ref _entries[(byte)(address >> 12)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Tag(ulong address) => address | 0xfff; // never 0, which is an empty entry's

    internal void Invalidate(ulong address, ulong length)
    {
        if (length / SimRam.PageSize >= Entries)
        {
            for (var i = 0; i < Entries; i++)
                if ((_entries[i].Tag & ~0xffful) - (address & ~0xffful) < length) Drop(ref _entries[i]);
            return;
        }
        for (ulong done = 0; done < length; done += SimRam.PageSize)
        {
            ref var entry = ref Entry(address + done);
            if (entry.Tag == Tag(address + done)) Drop(ref entry);
        }
    }

    internal void InvalidateAll()
    {
        for (var i = 0; i < Entries; i++) Drop(ref _entries[i]);
    }

    // Inside the object, and as many as a byte counts: an entry is found without a load and without a check of bounds.
    [InlineArray(Entries)]
    private struct Table
    {
        private TlbEntry _first;
    }

    private void Drop(ref TlbEntry entry)
    {
        if (entry.Tag == 0) return;
        entry = default;
        Invalidations++;
    }
}

/// <summary>One translation, with the bus page it leads to so that the bus need not decode again.</summary>
internal struct TlbEntry
{
    public ulong Tag;
    public ulong Frame;
    public BusSlot? Sole;
    public ulong ToOffset; // added to a virtual address of the page it makes the offset in the sole device
    public MemoryType Type;
    public int Level;
    public ulong Descriptor;
}
