namespace RawIo;

/// <summary>Looks an interrupt up in the <c>interrupt-map</c> of a nexus node (Devicetree Specification 0.4, 2.4.4).</summary>
internal static class InterruptMap
{
    /// <summary>The line of the map that matches: where the interrupt goes, and what it is there.</summary>
    public static DeviceTreeNode Find(
        DeviceTreeNode nexus, DeviceTreeProperty map, ReadOnlySpan<uint> unit, uint[] specifier, DeviceTreeProperty source,
        out uint[] nextUnit, out uint[] nextSpecifier)
    {
        var width = unit.Length + specifier.Length;
        var mask = nexus["interrupt-map-mask"];
        var masks = mask?.Cells();
        if (masks is not null && masks.Length < width) throw mask!.Shape($"{width} cells");

        Span<uint> wanted = [.. unit, .. specifier];
        var cells = map.Cells().AsSpan();
        while (!cells.IsEmpty)
        {
            if (cells.Length < width + 1) throw map.Shape("whole lines");
            var matches = Matches(wanted, cells[..width], masks);
            var next = InterruptRouter.ByPhandle(map, cells[width]);
            cells = cells[(width + 1)..];
            // Here a parent that has no #address-cells has none: only device trees of buses have the default of 2.
            nextUnit = InterruptRouter.Take(ref cells, next["#address-cells"] is null ? 0 : next.AddressCells, map);
            nextSpecifier = InterruptRouter.Take(ref cells, InterruptRouter.CellsOf(next, map), map);
            if (matches) return next;
        }
        throw source.Error($"no line of the interrupt-map of {nexus.Path} is for it");
    }

    private static bool Matches(ReadOnlySpan<uint> wanted, ReadOnlySpan<uint> line, uint[]? masks)
    {
        for (var i = 0; i < wanted.Length; i++)
            if (((wanted[i] ^ line[i]) & (masks is null ? uint.MaxValue : masks[i])) != 0) return false;
        return true;
    }
}
