namespace RawIo.Native;

/// <summary>Registers that a <c>/dev/gpiomem</c> file maps: no root is needed for them, the group gpio is enough.</summary>
/// <remarks>
/// These files ignore the offset given to mmap: a mapping always starts with the page of the first range, and has to
/// be as long as all ranges of the file together. So map <see cref="MapLength"/> bytes at offset 0 and take
/// <see cref="Length"/> of them from <see cref="Offset"/>. (Drivers bcm2835-gpiomem and raspberrypi-gpiomem of the
/// Raspberry Pi kernel; other kernels have neither.)
/// </remarks>
/// <param name="Path">The file, such as /dev/gpiomem0.</param>
/// <param name="Start">The physical address of the first register.</param>
/// <param name="Length">How many bytes of registers, as the device tree tells.</param>
/// <param name="Offset">Where the first register is in a mapping of the file, in bytes.</param>
/// <param name="MapLength">How many bytes have to be mapped, in whole pages.</param>
public sealed record GpioMem(string Path, ulong Start, long Length, long Offset, long MapLength)
{
    private const string OldNode = "brcm,bcm2835-gpiomem", NewNode = "raspberrypi,gpiomem";

    /// <summary>Whether the file maps all of these bytes.</summary>
    /// <param name="physicalAddress">The first.</param>
    /// <param name="length">How many.</param>
    public bool Covers(ulong physicalAddress, long length) =>
        length > 0 && physicalAddress >= Start && physicalAddress - Start < (ulong)Length && length <= Length - (long)(physicalAddress - Start);

    /// <summary>The files of this machine and what each maps; a file that is not there is left out. Nothing is opened.</summary>
    /// <param name="tree">The machine's device tree. Null: there is none, and the SoC that /proc/cpuinfo tells decides.</param>
    /// <param name="options">How the machine is opened.</param>
    public static IReadOnlyList<GpioMem> Find(DeviceTree? tree, HostOptions? options = null) =>
        Find(tree, (options ?? new()).Root, Kernel.PageSize);

    internal static IReadOnlyList<GpioMem> Find(DeviceTree? tree, string root, long pageSize)
    {
        var found = new List<GpioMem>();
        foreach (var node in tree?.Nodes ?? [])
        {
            try
            {
                if (FileName(node) is { } name && node.IsAvailable) AddRanges(found, name, node, root, pageSize);
            }
            catch (MalformedInputException)
            {
                // The kernel makes no file of a node that it cannot read either.
            }
        }
        // A kernel whose tree has no such node, or that has no tree, may have made the file all the same.
        if (found.Count == 0 && BoardFinder.Find(new(root), tree, "").GpioBase is { } gpio)
            Add(found, System.IO.Path.Join(root, "dev/gpiomem"), [(gpio, pageSize)], pageSize);
        return found;
    }

    private static string? FileName(DeviceTreeNode node)
    {
        if (node.Compatible.Contains(OldNode)) return "gpiomem";
        if (!node.Compatible.Contains(NewNode)) return null;
        return node["chardev-name"]?.AsString() is { Length: > 0 } name && name.IndexOf('/') < 0 ? name : null;
    }

    private static void AddRanges(List<GpioMem> found, string name, DeviceTreeNode node, string root, long pageSize) =>
        Add(found, System.IO.Path.Join(root, "dev", name), [.. node.Resources.Where(r => r.Size <= int.MaxValue).Select(r => (r.Start, (long)r.Size))], pageSize);

    /// <summary>The ranges of one file follow each other in its mapping, the first from the start of its page.</summary>
    private static void Add(List<GpioMem> found, string path, (ulong Start, long Length)[] ranges, long pageSize)
    {
        if (!File.Exists(path) || found.Any(f => f.Path == path)) return;
        var whole = ranges.Sum(r => r.Length);
        if (ranges.Length > 0) whole += InPage(ranges[0].Start);
        whole = (whole + pageSize - 1) & -pageSize;
        long before = 0;
        foreach (var (start, length) in ranges)
        {
            found.Add(new(path, start, length, before + InPage(start), whole));
            before += length;
        }

        long InPage(ulong address) => (long)(address & (ulong)(pageSize - 1));
    }
}
