namespace RawIo.Native;

/// <summary>A base address register of a PCI device: a line of its file <c>resource</c> (drivers/pci/pci-sysfs.c, resource_show).</summary>
/// <param name="Index">0 to 5, or 6 for the expansion ROM (kernel: <c>PCI_ROM_RESOURCE</c>). The upper half of a 64-bit BAR is left out.</param>
/// <param name="Start">The first physical address, or port.</param>
/// <param name="Size">The length in bytes, or how many ports.</param>
/// <param name="Flags">The <c>IORESOURCE_</c> bits of include/linux/ioport.h.</param>
public sealed record PciBar(int Index, ulong Start, long Size, ulong Flags)
{
    internal const int Rom = 6;
    private const ulong IORESOURCE_IO = 0x100;
    private const ulong IORESOURCE_MEM = 0x200;
    private const ulong IORESOURCE_PREFETCH = 0x2000;
    private const ulong IORESOURCE_MEM_64 = 0x10_0000;
    private const ulong IORESOURCE_UNSET = 0x2000_0000;

    /// <summary>Whether it has ports; else it has memory.</summary>
    public bool IsIo => (Flags & IORESOURCE_IO) != 0;

    /// <summary>Whether reads have no side effect (<c>IORESOURCE_PREFETCH</c>). Only such a BAR can be mapped write-combining.</summary>
    public bool IsPrefetchable => (Flags & IORESOURCE_PREFETCH) != 0;

    /// <summary>Whether its address has 64 bits (<c>IORESOURCE_MEM_64</c>).</summary>
    public bool Is64Bit => (Flags & IORESOURCE_MEM_64) != 0;

    /// <summary>Whether it is the expansion ROM, which cannot be mapped.</summary>
    public bool IsRom => Index == Rom;

    /// <summary>Whether the kernel found an address for it (not <c>IORESOURCE_UNSET</c>).</summary>
    public bool IsAssigned => (Flags & IORESOURCE_UNSET) == 0;

    /// <summary>"BAR 0: 0xfea00000-0xfeafffff".</summary>
    public override string ToString() => $"{(IsRom ? "ROM" : $"BAR {Index}")}: 0x{Start:x}-0x{Start + (ulong)(Size - 1):x}";

    /// <summary>Reads the file: a line a resource. What follows the ROM are bridge windows and virtual functions.</summary>
    internal static IReadOnlyList<PciBar> ReadAll(string path)
    {
        var lines = Sysfs.Text(path).Split('\n');
        if (lines[^1].Length != 0) throw Sysfs.Malformed(path, lines.Length, "the line has no end");
        if (lines.Length - 1 <= Rom) throw Sysfs.Malformed(path, lines.Length, $"there are {lines.Length - 1} lines; a device has {Rom + 1} resources at least");
        var bars = new List<PciBar>();
        for (var i = 0; i < lines.Length - 1; i++)
            if (Read(lines[i], path, i) is { } bar && i <= Rom) bars.Add(bar);
        return bars;
    }

    private static PciBar? Read(string text, string path, int index)
    {
        var line = index + 1;
        var words = text.Split(' ');
        if (words.Length != 3) throw Sysfs.Malformed(path, line, "the line is no start, end and flags");
        var (start, end, flags) = (Sysfs.Hex(words[0], path, line), Sysfs.Hex(words[1], path, line), Sysfs.Hex(words[2], path, line));
        if ((flags & (IORESOURCE_IO | IORESOURCE_MEM)) == 0 || (start == 0 && end == 0)) return null;
        if (end < start) throw Sysfs.Malformed(path, line, $"the end 0x{end:x} is before the start 0x{start:x}");
        if (end - start >= long.MaxValue) throw Sysfs.Malformed(path, line, $"0x{start:x} to 0x{end:x} is longer than any file");
        return new(index, start, (long)(end - start) + 1, flags);
    }
}
