using System.Diagnostics.CodeAnalysis;

namespace RawIo;

/// <summary>Takes an address from bus to bus, as the kernel does (drivers/of/address.c).</summary>
internal static class AddressTranslation
{
    /// <summary>From a bus up to the CPU.</summary>
    public static bool ToCpu(DeviceTreeNode? bus, UInt128 address, bool dma, out ulong cpu, [NotNullWhen(false)] out string? why)
    {
        cpu = 0;
        if (bus is null)
        {
            why = "the root node is on no bus";
            return false;
        }
        why = Uncounted(bus);
        for (; why is null && bus.Parent is { } above; bus = above) why = Uncounted(above) ?? Up(bus, above, ref address, dma);
        if (why is not null) return false;
        why = address > ulong.MaxValue ? $"0x{address:x} on the root's bus is wider than 64 bits" : null;
        cpu = (ulong)address;
        return why is null;
    }

    /// <summary>As the kernel has it, nothing is translated on or across a bus that counts no addresses or no sizes.</summary>
    private static string? Uncounted(DeviceTreeNode bus) =>
        bus.AddressCells == 0 ? $"{bus.Path} has no addresses (#address-cells is 0)"
        : bus.SizeCells == 0 ? $"{bus.Path} has no sizes (#size-cells is 0), so it is in nobody's address space"
        : null;

    /// <summary>From the CPU down to a bus.</summary>
    public static UInt128? FromCpu(DeviceTreeNode? bus, ulong cpu, bool dma)
    {
        if (bus is null) return null;
        var way = new Stack<DeviceTreeNode>();
        for (var node = bus; node.Parent is not null; node = node.Parent) way.Push(node);
        UInt128 address = cpu;
        foreach (var below in way)
            if (!Down(below, below.Parent!, ref address, dma)) return null;
        return address;
    }

    private static string? Up(DeviceTreeNode bus, DeviceTreeNode above, ref UInt128 address, bool dma)
    {
        var windows = bus.Windows(dma).Entries;
        if (windows is null && !dma) return $"{bus.Path} has no ranges: its bus is not mapped into the one above";
        var (kind, kindAbove) = (AddressKinds.Of(bus), AddressKinds.Of(above));
        if (windows is null or [])
        {
            address = Same(address, kind, kindAbove);
            return Fits(address, above) ? null : $"0x{address:x} does not fit the address cells of {above.Path}";
        }
        var found = bus.Windows(dma).Find(kind, address);
        if (found < 0) return $"no window in the {(dma ? "dma-ranges" : "ranges")} of {bus.Path} holds 0x{address:x}";
        var window = windows[found];
        kind.Holds(window.ChildAddress, window.Size, address, out var offset);
        address = window.ParentAddress;
        return TryStep(ref address, offset, kindAbove, above) ? null
            : $"the window at 0x{window.ChildAddress:x} of {bus.Path} runs past the address cells of {above.Path}";
    }

    private static bool Down(DeviceTreeNode bus, DeviceTreeNode above, ref UInt128 address, bool dma)
    {
        var windows = bus.Windows(dma).Entries;
        if (bus.AddressCells == 0 || (windows is null && !dma)) return false;
        var (kind, kindAbove) = (AddressKinds.Of(bus), AddressKinds.Of(above));
        if (windows is null or [])
        {
            address = Same(address, kindAbove, kind);
            return Fits(address, bus);
        }
        foreach (var window in windows)
        {
            if (!kindAbove.Holds(window.ParentAddress, window.Size, address, out var offset)) continue;
            address = window.ChildAddress;
            return TryStep(ref address, offset, kind, bus);
        }
        return false;
    }

    /// <summary>The same number on a bus of another kind. Between PCI buses the space code goes along; elsewhere it means nothing.</summary>
    private static UInt128 Same(UInt128 address, AddressKind from, AddressKind to) =>
        from == to ? address : address & from.NumberMask() & to.NumberMask();

    private static bool TryStep(ref UInt128 address, UInt128 offset, AddressKind kind, DeviceTreeNode bus)
    {
        var mask = kind.NumberMask();
        if (offset > mask - (address & mask)) return false;
        address += offset;
        return Fits(address, bus);
    }

    private static bool Fits(UInt128 address, DeviceTreeNode bus) =>
        bus.AddressCells switch { 0 => false, 4 => true, var cells => address >> (cells * 32) == 0 };
}
