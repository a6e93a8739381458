namespace RawIo;

/// <summary>Follows interrupts from a device to its controller, as the kernel does (drivers/of/irq.c). Never recursive; a way longer than any real one is a circle.</summary>
internal static class InterruptRouter
{
    private const int MaxSteps = 2 * TreeAssembler.MaxDepth;

    public static DeviceTreeNode? ParentOf(DeviceTreeNode node)
    {
        var at = node;
        for (var step = 0; step < MaxSteps; step++)
        {
            if (at["interrupt-parent"] is { } property)
            {
                at = ByPhandle(property, property.AsUInt32());
            }
            else if (at.Parent is { } parent)
            {
                at = parent;
            }
            else
            {
                return null;
            }
            if (at["#interrupt-cells"] is not null) return at;
        }
        throw TreeAssembler.Error(
            at["interrupt-parent"]?.Offset ?? 0, $"{node.Path}: the way to the interrupt controller goes round in circles");
    }

    public static List<DeviceTreeInterrupt> Resolve(DeviceTreeNode node)
    {
        var interrupts = new List<DeviceTreeInterrupt>();
        var names = node["interrupt-names"]?.AsStrings() ?? [];
        if (node["interrupts-extended"] is { } extended)
        {
            var cells = extended.Cells().AsSpan();
            for (var index = 0; !cells.IsEmpty; index++)
            {
                var phandle = cells[0];
                cells = cells[1..];
                if (phandle == 0) continue;
                var first = ByPhandle(extended, phandle);
                interrupts.Add(Route(node, NameAt(index), extended, first, Take(ref cells, CellsOf(first, extended), extended)));
            }
        }
        else if (node["interrupts"] is { } property && property.Cells() is { Length: > 0 } all)
        {
            var first = ParentOf(node) ?? throw property.Error("there is no interrupt parent here or above");
            var count = CellsOf(first, property);
            var cells = all.AsSpan();
            if (count == 0) throw property.Error($"its interrupt parent {first.Path} takes interrupts of no cells");
            for (var index = 0; !cells.IsEmpty; index++)
                interrupts.Add(Route(node, NameAt(index), property, first, Take(ref cells, count, property)));
        }
        return interrupts;

        string? NameAt(int index) => index < names.Count ? names[index] : null;
    }

    private static DeviceTreeInterrupt Route(DeviceTreeNode device, string? name, DeviceTreeProperty source, DeviceTreeNode at, uint[] specifier)
    {
        uint[]? unit = null;
        for (var step = 0; step < MaxSteps; step++)
        {
            var map = at["interrupt-map"];
            var isController = at["interrupt-controller"] is not null;
            if (isController && (map is null || UsesMapItself(at))) return new DeviceTreeInterrupt(name, at, specifier);
            if (map is null)
            {
                at = ParentOf(at) ?? throw source.Error($"the way to the controller ends at {at.Path}, which is none");
                continue;
            }
            var addressCells = UnitCells(at);
            unit ??= device["reg"]?.Cells() ?? [];
            if (unit.Length < addressCells) throw source.Error($"the interrupt-map of {at.Path} looks at {addressCells} address cells, and {device.Path} has no such reg");
            var next = InterruptMap.Find(at, map, unit.AsSpan(0, addressCells), specifier, source, out unit, out specifier);
            // A controller may have a map, which may end at itself.
            if (next == at && isController) return new DeviceTreeInterrupt(name, at, specifier);
            at = next;
        }
        throw source.Error("the way to the interrupt controller goes round in circles");
    }

    /// <summary>Whether a controller has an <c>interrupt-map</c> for its own driver, in a format of its own (of_irq_imap_abusers in drivers/of/irq.c).</summary>
    private static bool UsesMapItself(DeviceTreeNode controller)
    {
        foreach (var compatible in controller.Compatible)
        {
            if (compatible is "fsl,ls1021a-extirq" or "fsl,ls1043a-extirq" or "fsl,ls1088a-extirq" or "realtek,rtl-intc"
                or "CBEA,platform-spider-pic" or "sti,platform-spider-pic") return true;
        }
        return false;
    }

    /// <summary>How many address cells a map compares: the node's, or else the nearest parent's that says.</summary>
    private static int UnitCells(DeviceTreeNode nexus)
    {
        for (var node = nexus; node is not null; node = node.Parent)
            if (node["#address-cells"] is not null) return node.AddressCells;
        return 2;
    }

    public static int CellsOf(DeviceTreeNode controller, DeviceTreeProperty source)
    {
        if (controller["#interrupt-cells"] is not { } property)
            throw source.Error($"{controller.Path} takes no interrupts (it has no #interrupt-cells)");
        var count = property.AsUInt32();
        // The kernel's MAX_PHANDLE_ARGS.
        return count <= 16 ? (int)count : throw property.Error($"{count} cells; 16 is the limit");
    }

    public static DeviceTreeNode ByPhandle(DeviceTreeProperty source, uint phandle) =>
        source.Node.Tree.FindPhandle(phandle) ?? throw source.Error($"no node has the phandle 0x{phandle:x}");

    public static uint[] Take(ref Span<uint> cells, int count, DeviceTreeProperty source)
    {
        if (cells.Length < count) throw source.Shape($"whole entries: the last one lacks {count - cells.Length} of {count} cells");
        var taken = cells[..count].ToArray();
        cells = cells[count..];
        return taken;
    }
}
