namespace RawIo.Sim;

/// <summary>What kind of address a PCI base address register decodes.</summary>
public enum PciBarKind
{
    /// <summary>Memory below 4 GiB.</summary>
    Memory32,
    /// <summary>Memory anywhere; takes two registers.</summary>
    Memory64,
    /// <summary>I/O ports.</summary>
    Io,
}

/// <summary>A base address register of a PCI function, and the registers or memory behind it (PCI Local Bus Specification 3.0, 6.2.5.1).</summary>
public sealed class PciBar
{
    /// <summary>A base address register.</summary>
    /// <param name="index">Which of the six, 0 to 5; one of 64 bits takes the next as well.</param>
    /// <param name="kind">What it decodes.</param>
    /// <param name="size">How many bytes: a power of two, at least 16 of memory, 4 to 256 ports.</param>
    /// <param name="device">What is behind it.</param>
    /// <param name="isPrefetchable">Whether reads have no side effects and writes may be merged.</param>
    /// <exception cref="ArgumentOutOfRangeException">Index or size is none of these.</exception>
    public PciBar(int index, PciBarKind kind, long size, Device device, bool isPrefetchable = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (index < 0 || index > (kind == PciBarKind.Memory64 ? 4 : 5))
            throw new ArgumentOutOfRangeException(nameof(index), index, "A function has the base address registers 0 to 5; one of 64 bits takes two.");
        var (least, most) = kind switch { PciBarKind.Io => (4L, 256L), PciBarKind.Memory32 => (16L, 1L << 30), _ => (16L, 1L << 40) };
        if (size < least || size > most || (size & (size - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A BAR of kind {kind} has a power of two from {least} to {most} bytes.");
        (Index, Kind, Size, Device, IsPrefetchable) = (index, kind, size, device, isPrefetchable);
    }

    /// <summary>Which register, 0 to 5.</summary>
    public int Index { get; }

    /// <summary>What it decodes.</summary>
    public PciBarKind Kind { get; }

    /// <summary>How many bytes or ports.</summary>
    public long Size { get; }

    /// <summary>What is behind it.</summary>
    public Device Device { get; }

    /// <summary>Whether it says that it is prefetchable.</summary>
    public bool IsPrefetchable { get; }

    /// <summary>Where it is mapped; null while it is not.</summary>
    public AttachedDevice? Mapped { get; internal set; }

    /// <summary>The lowest bits, which are read-only.</summary>
    internal uint Flags => Kind == PciBarKind.Io ? 1u : (Kind == PciBarKind.Memory64 ? 4u : 0) | (IsPrefetchable ? 8u : 0);

    internal ulong AddressMask => ~((ulong)Size - 1);
}
