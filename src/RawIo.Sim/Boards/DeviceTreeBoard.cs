namespace RawIo.Sim;

/// <summary>Reads a board out of a device tree: RAM, the SoC's window, every node that has a model, and what /proc/iomem lists.</summary>
internal static class DeviceTreeBoard
{
    private const ulong MiB = 1 << 20;
    private const ulong GpuMemory = 64 * MiB;

    /// <summary>Plans the board.</summary>
    /// <exception cref="ArgumentException">The tree leaves no RAM to boot in.</exception>
    public static BoardPlan Plan(DeviceTree tree, string name, Action<string>? log)
    {
        var windows = Windows(tree);
        var nodes = Nodes(tree, log);
        var ram = RamOf(tree, windows, nodes, log);
        var kernel = KernelData(ram) ?? throw new ArgumentException(
            $"The device tree of {name} leaves no 1 MiB of RAM in one piece: its memory node must name some that no device covers.", nameof(tree));

        var memory = ram.Select(r => SystemRam(r, "System RAM")).Append(SystemRam(kernel, "Kernel data")).ToList();
        var devices = new List<PlannedDevice>();
        foreach (var (node, resource, isFirst) in nodes)
        {
            memory.Add(new(resource.Start, resource.End, resource.Name));
            if (isFirst && DeviceModels.For(node) is { } make) devices.Add(new(make, resource.Start, (long)resource.Size, node));
        }
        return new()
        {
            Name = name,
            DeviceTree = tree,
            Format = new Arm64PageFormat(),
            Caches = Caches(tree),
            Ram = ram,
            KernelData = kernel,
            Memory = memory,
            Devices = devices,
            Windows = windows,
            NameOf = address =>
            {
                foreach (var (node, resource, _) in nodes)
                    if (address >= resource.Start && address <= resource.End) return node.Name;
                return null;
            },
        };
    }

    /// <summary>The ranges of /soc that have other addresses inside than outside; DMA and VideoCore use those inside.</summary>
    private static List<BusWindow> Windows(DeviceTree tree)
    {
        var windows = new List<BusWindow>();
        foreach (var range in tree.Find("/soc")?.Ranges ?? [])
            if (range.ChildAddress != range.ParentAddress && range.ChildAddress <= ulong.MaxValue
                && range.ParentAddress <= PhysicalBus.LastAddress && range.Size is var size && size > 0 && size <= PhysicalBus.LastAddress)
                windows.Add(new((ulong)range.ChildAddress, (ulong)range.ParentAddress, (ulong)size));
        return windows;
    }

    /// <summary>Every register range of every node that is there, but for memory itself.</summary>
    private static List<(DeviceTreeNode Node, Resource Resource, bool IsFirst)> Nodes(DeviceTree tree, Action<string>? log)
    {
        var found = new List<(DeviceTreeNode, Resource, bool)>();
        foreach (var node in tree.Nodes)
        {
            if (node["reg"] is null || !node.IsAvailable || IsMemory(node)) continue;
            var isFirst = true;
            foreach (var resource in node.Resources)
            {
                if (resource.End > PhysicalBus.LastAddress) log?.Invoke($"{node.Path}: {resource} is beyond {PhysicalBus.AddressBits} address bits and is left out.");
                else found.Add((node, resource, isFirst));
                isFirst = false;
            }
        }
        return found;
    }

    private static bool IsMemory(DeviceTreeNode node)
    {
        return node["device_type"] is { } type && type.Value.Span.SequenceEqual("memory\0"u8)
            || node.Path.StartsWith("/reserved-memory/", StringComparison.Ordinal);
    }

    private static List<(ulong Start, ulong Length)> RamOf(DeviceTree tree, List<BusWindow> windows,
        List<(DeviceTreeNode Node, Resource Resource, bool IsFirst)> nodes, Action<string>? log)
    {
        var ranges = new List<(ulong Start, ulong End)>(); // the end is exclusive
        foreach (var memory in tree.Memory)
            if (memory.Start <= PhysicalBus.LastAddress) ranges.Add((memory.Start, Math.Min(memory.End, PhysicalBus.LastAddress) + 1));
        if (ranges.Count == 0)
        {
            log?.Invoke("The device tree leaves the size of RAM to the firmware; this machine gets 1 GiB less what VideoCore takes.");
            ranges.Add((0, 1024 * MiB - GpuMemory));
        }
        // A tree that comes with a kernel says what is soldered on; the real firmware takes VideoCore's share off the
        // top of the first GiB, and where the devices are the CPU sees no RAM.
        foreach (var window in windows)
            for (var i = 0; i < ranges.Count; i++)
                if (ranges[i] is var (start, end) && start < window.Cpu && end > window.Cpu
                    && end <= window.Cpu + window.Length && end - start > GpuMemory)
                    ranges[i] = (start, Math.Min(end - GpuMemory, window.Cpu));
        foreach (var window in windows) ranges = Without(ranges, window.Cpu, window.Cpu + window.Length);
        foreach (var (_, resource, _) in nodes) ranges = Without(ranges, resource.Start, resource.End + 1);
        return Pages(ranges);
    }

    private static List<(ulong Start, ulong End)> Without(List<(ulong Start, ulong End)> ranges, ulong start, ulong end)
    {
        if (!ranges.Exists(r => start < r.End && end > r.Start)) return ranges;
        var left = new List<(ulong, ulong)>();
        foreach (var range in ranges)
        {
            if (range.Start < Math.Min(range.End, start)) left.Add((range.Start, Math.Min(range.End, start)));
            if (range.End > Math.Max(range.Start, end)) left.Add((Math.Max(range.Start, end), range.End));
        }
        return left;
    }

    /// <summary>Cut to whole pages, sorted, joined where they overlap or touch.</summary>
    private static List<(ulong Start, ulong Length)> Pages(List<(ulong Start, ulong End)> ranges)
    {
        var pages = new List<(ulong Start, ulong Length)>();
        foreach (var range in ranges.OrderBy(r => r.Start))
        {
            var start = (range.Start + 0xfff) & ~0xffful;
            var end = range.End & ~0xffful;
            if (pages.Count > 0 && pages[^1] is var last && start <= last.Start + last.Length)
            {
                if (end > last.Start + last.Length) pages[^1] = (last.Start, end - last.Start);
            }
            else if (end > start)
            {
                pages.Add((start, end - start));
            }
        }
        return pages;
    }

    /// <summary>Where a Raspberry Pi's kernel has its data, if there is RAM; else at the end of the first large range.</summary>
    private static (ulong Start, ulong Length)? KernelData(List<(ulong Start, ulong Length)> ram)
    {
        (ulong Start, ulong Length) usual = (0x01eb_0000, 0x36_0000);
        foreach (var range in ram)
            if (usual.Start >= range.Start && usual.Start - range.Start + usual.Length <= range.Length) return usual;
        foreach (var range in ram)
        {
            if (range.Length < MiB) continue;
            var length = Math.Clamp(range.Length / 16 & ~0xffful, MiB / 4, 4 * MiB);
            return (range.Start + range.Length - length, length);
        }
        return null;
    }

    private static Resource SystemRam((ulong Start, ulong Length) range, string name) =>
        new(range.Start, range.Start + range.Length - 1, name, ResourceFlags.Mem | ResourceFlags.SysRam | ResourceFlags.Busy);

    private static CacheSizes Caches(DeviceTree tree)
    {
        foreach (var compatible in tree.Root.Compatible)
        {
            switch (compatible)
            {
                case "brcm,bcm2835": return CacheSizes.Arm1176;
                case "brcm,bcm2836": return CacheSizes.CortexA7;
                case "brcm,bcm2711": return CacheSizes.CortexA72;
            }
        }
        return CacheSizes.CortexA53;
    }
}
