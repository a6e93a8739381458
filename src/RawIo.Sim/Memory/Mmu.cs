using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The way of every access a driver makes: translation through the TLB and the page tables in RAM, then the caches
/// for Normal memory, then the bus.
/// </summary>
public sealed class Mmu
{
    private readonly PhysicalBus _bus;
    private readonly PageTables _tables;

    internal Mmu(PhysicalBus bus, PageTables tables, CacheHierarchy caches) => (_bus, _tables, Caches) = (bus, tables, caches);

    /// <summary>The translation lookaside buffer.</summary>
    public Tlb Tlb { get; } = new();

    /// <summary>The caches, which only Normal memory goes through.</summary>
    public CacheHierarchy Caches { get; }

    /// <summary>How many page-table descriptors were read from RAM.</summary>
    public long DescriptorReads { get; private set; }

    /// <summary>The physical address of the root table (TTBR1_EL1, CR3).</summary>
    public ulong TableRoot => _tables.Root;

    internal PageTables Tables => _tables;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Read(ulong address, int size)
    {
        ref var entry = ref Tlb.Entry(address);
        if ((address | 0xfff) != entry.Tag) Miss(ref entry, address, size, isWrite: false);
        else Tlb.Hits++;
        if (entry.Sole is { } slot)
        {
            var offset = address + entry.ToOffset;
            if (slot.Takes(offset, size)) return slot.Device.Read((int)offset, size);
        }
        return ReadOther(in entry, entry.Frame | (address & 0xfff), size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(ulong address, int size, ulong value)
    {
        ref var entry = ref Tlb.Entry(address);
        if ((address | 0xfff) != entry.Tag) Miss(ref entry, address, size, isWrite: true);
        else Tlb.Hits++;
        if (entry.Sole is { } slot)
        {
            var offset = address + entry.ToOffset;
            if (slot.Takes(offset, size))
            {
                slot.Device.Write((int)offset, size, value);
                return;
            }
        }
        WriteOther(in entry, entry.Frame | (address & 0xfff), size, value);
    }

    /// <summary>Translates as an access would, and keeps a record of the way.</summary>
    internal (ulong Physical, bool TlbHit, List<WalkStep> Walk, MemoryType Type, string Attributes) Trace(ulong address, int size)
    {
        var steps = new List<WalkStep>();
        ref var entry = ref Tlb.Entry(address);
        var hit = entry.Tag == Tlb.Tag(address);
        if (hit) Tlb.Hits++;
        else Miss(ref entry, address, size, isWrite: false, steps);
        return (entry.Frame | (address & 0xfff), hit, steps, entry.Type, _tables.Format.Attributes(entry.Level, entry.Descriptor));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadOther(in TlbEntry entry, ulong physical, int size)
    {
        if (entry.Type == MemoryType.NormalCached) Caches.Access(physical, isWrite: false);
        return _bus.Read(physical, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteOther(in TlbEntry entry, ulong physical, int size, ulong value)
    {
        if (entry.Type == MemoryType.NormalCached) Caches.Access(physical, isWrite: true);
        _bus.Write(physical, size, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Miss(ref TlbEntry entry, ulong address, int size, bool isWrite, List<WalkStep>? steps = null)
    {
        Tlb.Misses++;
        if (!PageFormat.IsKernelAddress(address)) ThrowFault(address, 0, size, isWrite);
        var format = _tables.Format;
        var table = _tables.Root;
        for (var level = 0; level < PageFormat.Levels; level++)
        {
            var index = PageFormat.Index(level, address);
            var at = table + 8 * (ulong)index;
            var descriptor = _bus.Ram.Contains(at) ? _bus.Ram.Read(at, 8) : 0;
            DescriptorReads++;
            steps?.Add(new(format.LevelName(level), index, at, descriptor, format.Describe(level, descriptor)));
            var decoded = format.Decode(level, descriptor);
            if (decoded.Kind == DescriptorKind.Invalid) ThrowFault(address, level, size, isWrite);
            if (decoded.Kind == DescriptorKind.Leaf)
            {
                var frame = decoded.Address | (address & (PageFormat.Span(level) - 1) & ~0xffful);
                var slots = _bus.Slots(frame);
                entry = new TlbEntry
                {
                    Tag = Tlb.Tag(address),
                    Frame = frame,
                    Sole = slots.Length == 1 ? slots[0] : null,
                    ToOffset = slots.Length == 1 ? frame - slots[0].Start - (address & ~0xffful) : 0,
                    Type = decoded.Type,
                    Level = level,
                    Descriptor = descriptor,
                };
                return;
            }
            table = decoded.Address;
        }
    }

    [DoesNotReturn]
    private void ThrowFault(ulong address, int level, int size, bool isWrite) => throw new BusFaultException(
        $"Translation fault at level {level} ({_tables.Format.LevelName(level)}): nothing is mapped at virtual address 0x{address:x} ({size * 8}-bit {(isWrite ? "write" : "read")}).",
        address, size, isWrite);
}
