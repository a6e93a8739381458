using System.Buffers.Binary;

namespace RawIo;

/// <summary>Decodes <c>reg</c> and <c>ranges</c> by the cells of the buses around them.</summary>
internal static class AddressDecoder
{
    public static DeviceTreeReg[] Reg(DeviceTreeNode node)
    {
        if (node.Parent is not { } bus || node["reg"] is not { } property) return [];
        var (address, size) = (bus.AddressCells, bus.SizeCells);
        var entries = new DeviceTreeReg[Entries(property, address + size, $"{address} address and {size} size cells")];
        var cells = property.Value.Span;
        for (var i = 0; i < entries.Length; i++) entries[i] = new(Number(ref cells, address), Number(ref cells, size));
        return entries;
    }

    public static DeviceTreeRange[]? Ranges(DeviceTreeNode bus, string name)
    {
        if (bus.Parent is not { } parent || bus[name] is not { } property) return null;
        if (property.IsEmpty) return [];
        var (child, above, size) = (bus.AddressCells, parent.AddressCells, bus.SizeCells);
        var entries = new DeviceTreeRange[Entries(property, child + above + size, $"{child}, {above} and {size} cells")];
        var cells = property.Value.Span;
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new(Number(ref cells, child), Number(ref cells, above), Number(ref cells, size));
        return entries;
    }

    private static int Entries(DeviceTreeProperty property, int cells, string shape)
    {
        var length = property.Value.Length;
        if (length == 0) return 0;
        return cells > 0 && length % (cells * 4) == 0 ? length / (cells * 4) : throw property.Shape($"entries of {shape}");
    }

    private static UInt128 Number(ref ReadOnlySpan<byte> bytes, int cells)
    {
        UInt128 number = 0;
        for (var i = 0; i < cells; i++, bytes = bytes[4..]) number = number << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return number;
    }
}
