namespace RawIo.Sim;

/// <summary>Reads a board out of a device tree: RAM, the SoC's window, every node that has a model, and what /proc/iomem lists.</summary>
internal static class DeviceTreeBoard
{
    private const ulong MiB = 1 << 20;
    private const ulong GpuMemory = 64 * MiB;

    // What a tree may cost however it lies: no SoC comes near these.
    private const int MostModels = 256;
    private const ulong LargestModel = MiB;
    private const int MostWindows = 16;

    /// <summary>Plans the board.</summary>
    /// <exception cref="ArgumentException">The tree leaves no RAM to boot in.</exception>
    public static BoardPlan Plan(DeviceTree tree, string name, Action<string>? log)
    {
        var windows = Windows(tree, log);
        var nodes = Nodes(tree, log);
        var ram = RamOf(tree, windows, nodes, log);
        var kernel = KernelData(ram) ?? throw new ArgumentException(
            $"The device tree of {name} leaves no 1 MiB of RAM in one piece: its memory node must name some that no device covers.", nameof(tree));

        var memory = ram.Select(r => SystemRam(r, "System RAM")).Append(SystemRam(kernel, "Kernel data")).ToList();
        var devices = new List<PlannedDevice>();
        foreach (var (node, resource, isFirst) in nodes)
        {
            memory.Add(new(resource.Start, resource.End, resource.Name));
            if (!isFirst || DeviceModels.For(node) is not { } make) continue;
            if (resource.Size > LargestModel) log?.Invoke($"{node.Path} has 0x{resource.Size:x} bytes; it gets no model, for none has more than 0x{LargestModel:x}.");
            else if (devices.Count == MostModels) log?.Invoke($"{node.Path} gets no model: {MostModels} others have one, and that is the limit.");
            else devices.Add(new(make, resource.Start, (long)resource.Size, node) { Id = BroadcomNames.Of(node) });
        }
        AddVideoCoreMemory(devices, ram, windows, nodes);
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

    /// <summary>Where there are mailboxes there is VideoCore, and its share of RAM.</summary>
    private static void AddVideoCoreMemory(List<PlannedDevice> devices, IReadOnlyList<(ulong Start, ulong Length)> ram, IReadOnlyList<BusWindow> windows,
        List<(DeviceTreeNode Node, Resource Resource, bool IsFirst)> nodes)
    {
        if (!devices.Any(d => d.Node!.Compatible.Contains("brcm,bcm2835-mbox"))) return;
        var (start, _, length) = BoardFacts.VideoCoreOf(ram, windows);
        foreach (var (_, resource, _) in nodes)
            if (resource.End >= start && resource.Start < start + length) length = resource.Start > start ? (resource.Start - start) & ~0xffful : 0;
        if (length > 0) devices.Add(new(_ => new VideoCoreMemory((long)length), start, (long)length));
    }

    /// <summary>The ranges of /soc that have other addresses inside than outside; DMA and VideoCore use those inside.</summary>
    private static List<BusWindow> Windows(DeviceTree tree, Action<string>? log)
    {
        var windows = new List<BusWindow>();
        foreach (var range in tree.Find("/soc")?.Ranges ?? [])
        {
            if (windows.Count == MostWindows)
            {
                log?.Invoke($"/soc has more windows than the {MostWindows} that are kept; the others are only translated through.");
                break;
            }
            if (range.ChildAddress != range.ParentAddress && range.ChildAddress <= ulong.MaxValue
                && range.ParentAddress <= PhysicalBus.LastAddress && range.Size is var size && size > 0 && size <= PhysicalBus.LastAddress)
                windows.Add(new((ulong)range.ChildAddress, (ulong)range.ParentAddress, (ulong)size));
        }
        return windows;
    }

    /// <summary>Every register range of every node that is there, but for memory itself.</summary>
    private static List<(DeviceTreeNode Node, Resource Resource, bool IsFirst)> Nodes(DeviceTree tree, Action<string>? log)
    {
        var found = new List<(DeviceTreeNode, Resource, bool)>();
        foreach (var node in tree.Nodes)
        {
            if (node["reg"] is null || !node.IsAvailable || IsMemory(node)) continue;
            for (var i = 0; i < node.Reg.Count; i++)
            {
                if (!node.TryTranslate(i, out var resource, out _)) continue;
                if (resource.End > PhysicalBus.LastAddress) log?.Invoke($"{node.Path}: {resource} is beyond {PhysicalBus.AddressBits} address bits and is left out.");
                else found.Add((node, resource, i == 0));
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
        var devices = windows.Select(w => (w.Cpu, w.Cpu + w.Length)).Concat(nodes.Select(n => (n.Resource.Start, n.Resource.End + 1)));
        return Spans.WholePages(Spans.Without(ranges, devices));
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
                case "brcm,bcm2712": return CacheSizes.CortexA76;
            }
        }
        return CacheSizes.CortexA53;
    }
}
