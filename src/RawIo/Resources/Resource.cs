namespace RawIo;

/// <summary>What a resource is and how it is held (kernel: the <c>IORESOURCE_</c> bits of include/linux/ioport.h).</summary>
[Flags]
public enum ResourceFlags : uint
{
    /// <summary>Nothing said.</summary>
    None = 0,
    /// <summary><c>IORESOURCE_IO</c>: x86 ports.</summary>
    Io = 0x0000_0100,
    /// <summary><c>IORESOURCE_MEM</c>: memory-mapped.</summary>
    Mem = 0x0000_0200,
    /// <summary><c>IORESOURCE_IRQ</c>: an interrupt.</summary>
    Irq = 0x0000_0400,
    /// <summary><c>IORESOURCE_DMA</c>: a DMA channel.</summary>
    Dma = 0x0000_0800,
    /// <summary><c>IORESOURCE_SYSRAM</c>: system RAM; a modifier of <see cref="Mem"/>.</summary>
    SysRam = 0x0100_0000,
    /// <summary><c>IORESOURCE_MUXED</c>: shared in time: a second muxed claim waits instead of failing.</summary>
    Muxed = 0x0040_0000,
    /// <summary><c>IORESOURCE_EXCLUSIVE</c>: user space may not map it.</summary>
    Exclusive = 0x0800_0000,
    /// <summary><c>IORESOURCE_BUSY</c>: a driver holds it.</summary>
    Busy = 0x8000_0000,
}

/// <summary>A named range of addresses or ports in a <see cref="ResourceTree"/> (kernel: <c>struct resource</c>).</summary>
public sealed class Resource
{
    /// <summary>Makes a resource that is not in a tree yet.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="end">The last address, inclusive, as the kernel counts; not below <paramref name="start"/>.</param>
    /// <param name="name">Its name; null is printed as <c>&lt;BAD&gt;</c>, as the kernel does.</param>
    /// <param name="flags">What it is and how it is held.</param>
    /// <exception cref="ArgumentOutOfRangeException">The end is before the start.</exception>
    public Resource(ulong start, ulong end, string? name, ResourceFlags flags = ResourceFlags.Mem)
    {
        if (end < start)
            throw new ArgumentOutOfRangeException(nameof(end), end, $"A resource from 0x{start:x} cannot end at 0x{end:x}.");
        (Start, End, Name, Flags) = (start, end, name, flags);
    }

    /// <summary>The first address.</summary>
    public ulong Start { get; internal set; }

    /// <summary>The last address, inclusive.</summary>
    public ulong End { get; internal set; }

    /// <summary>Its name, or null.</summary>
    public string? Name { get; }

    /// <summary>What it is and how it is held.</summary>
    public ResourceFlags Flags { get; internal set; }

    /// <summary>What it lies in; null for a root or a resource in no tree.</summary>
    public Resource? Parent { get; internal set; }

    /// <summary>The first (lowest) resource inside it.</summary>
    public Resource? Child { get; internal set; }

    /// <summary>The next resource beside it, by address.</summary>
    public Resource? Sibling { get; internal set; }

    /// <summary>Its children by their start, where they are many and were looked for.</summary>
    internal SortedSet<Resource>? Index { get; set; }

    /// <summary>Its size in bytes or ports (kernel: <c>resource_size</c>). A resource over all 64 bits wraps to 0, as the kernel's does.</summary>
    public ulong Size => End - Start + 1;

    // IORESOURCE_TYPE_BITS.
    internal const ResourceFlags TypeBits = (ResourceFlags)0x0000_1f00;

    /// <summary>Whether its type (port, memory, interrupt, DMA channel) is that of some flags (kernel: <c>resource_type</c>).</summary>
    internal bool IsOfType(ResourceFlags type) => ((Flags ^ type) & TypeBits) == 0;

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(ulong address) => Start <= address && address <= End;

    /// <summary>Whether it is of the same type and the other lies wholly in it (kernel: <c>resource_contains</c>).</summary>
    public bool Contains(Resource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsOfType(other.Flags) && Start <= other.Start && other.End <= End;
    }

    /// <summary>Whether the two share an address (kernel: <c>resource_overlaps</c>).</summary>
    public bool Overlaps(Resource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Start <= other.End && other.Start <= End;
    }

    /// <summary>What the two share (kernel: <c>resource_intersection</c>), with the name and flags of this one and in no tree.</summary>
    /// <returns>The shared range, or null where they do not overlap.</returns>
    public Resource? Intersection(Resource other) => Overlaps(other)
        ? new Resource(Math.Max(Start, other.Start), Math.Min(End, other.End), Name, Flags)
        : null;

    /// <summary>The two as one range (kernel: <c>resource_union</c>), with the name and flags of this one and in no tree.</summary>
    /// <returns>The range, or null where they do not overlap; that they touch is not enough.</returns>
    public Resource? Union(Resource other) => Overlaps(other)
        ? new Resource(Math.Min(Start, other.Start), Math.Max(End, other.End), Name, Flags)
        : null;

    /// <summary>"start-end name", for messages.</summary>
    public override string ToString() => $"0x{Start:x}-0x{End:x} {Name ?? "<BAD>"}";
}
