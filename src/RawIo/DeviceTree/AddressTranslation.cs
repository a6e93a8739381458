using System.Diagnostics.CodeAnalysis;

namespace RawIo;

/// <summary>Takes an address from bus to bus, as the kernel does (drivers/of/address.c).</summary>
internal static class AddressTranslation
{
    /// <summary>What an address of a bus is made of.</summary>
    private enum Kind
    {
        /// <summary>A number.</summary>
        Plain,
        /// <summary>PCI, three cells: a space code, then a 64-bit number.</summary>
        Pci,
        /// <summary>ISA, two cells: bit 0 of the first says ports, then a 32-bit number.</summary>
        Isa,
        /// <summary>Three cells of another bus: a cell that must be the same, then a 64-bit number.</summary>
        Flags,
    }

    /// <summary>From a bus up to the CPU.</summary>
    public static bool ToCpu(DeviceTreeNode? bus, UInt128 address, bool dma, out ulong cpu, [NotNullWhen(false)] out string? why)
    {
        cpu = 0;
        if (bus is null)
        {
            why = "the root node is on no bus";
            return false;
        }
        if (bus.AddressCells == 0)
        {
            why = $"{bus.Path} has no addresses (#address-cells is 0)";
            return false;
        }
        for (; bus.Parent is { } above; bus = above)
        {
            why = Up(bus, above, ref address, dma);
            if (why is not null) return false;
        }
        why = address > ulong.MaxValue ? $"0x{address:x} on the root's bus is wider than 64 bits" : null;
        cpu = (ulong)address;
        return why is null;
    }

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
        var windows = bus.Windows(dma);
        if (windows is null && !dma) return $"{bus.Path} has no ranges: its bus is not mapped into the one above";
        var (kind, kindAbove) = (KindOf(bus), KindOf(above));
        if (windows is null or [])
        {
            address = Same(address, kind, kindAbove);
            return Fits(address, above) ? null : $"0x{address:x} does not fit the address cells of {above.Path}";
        }
        foreach (var window in windows)
        {
            if (!Holds(kind, window.ChildAddress, window.Size, address, out var offset)) continue;
            address = window.ParentAddress;
            return TryStep(ref address, offset, kindAbove, above) ? null
                : $"the window at 0x{window.ChildAddress:x} of {bus.Path} runs past the address cells of {above.Path}";
        }
        return $"no window in the {(dma ? "dma-ranges" : "ranges")} of {bus.Path} holds 0x{address:x}";
    }

    private static bool Down(DeviceTreeNode bus, DeviceTreeNode above, ref UInt128 address, bool dma)
    {
        var windows = bus.Windows(dma);
        if (bus.AddressCells == 0 || (windows is null && !dma)) return false;
        var (kind, kindAbove) = (KindOf(bus), KindOf(above));
        if (windows is null or [])
        {
            address = Same(address, kindAbove, kind);
            return Fits(address, bus);
        }
        foreach (var window in windows)
        {
            if (!Holds(kindAbove, window.ParentAddress, window.Size, address, out var offset)) continue;
            address = window.ChildAddress;
            return TryStep(ref address, offset, kind, bus);
        }
        return false;
    }

    /// <summary>The same number on a bus of another kind. Between PCI buses the space code goes along; elsewhere it means nothing.</summary>
    private static UInt128 Same(UInt128 address, Kind from, Kind to) =>
        from == to ? address : address & NumberMask(from) & NumberMask(to);

    private static bool Holds(Kind kind, UInt128 start, UInt128 size, UInt128 address, out UInt128 offset)
    {
        var mask = NumberMask(kind);
        offset = (address & mask) - (start & mask);
        if (Space(kind, address) != Space(kind, start)) return false;
        return (address & mask) >= (start & mask) && offset < size;
    }

    private static bool TryStep(ref UInt128 address, UInt128 offset, Kind kind, DeviceTreeNode bus)
    {
        var mask = NumberMask(kind);
        if (offset > mask - (address & mask)) return false;
        address += offset;
        return Fits(address, bus);
    }

    private static bool Fits(UInt128 address, DeviceTreeNode bus) =>
        bus.AddressCells switch { 0 => false, 4 => true, var cells => address >> (cells * 32) == 0 };

    private static UInt128 NumberMask(Kind kind) => kind switch
    {
        Kind.Plain => UInt128.MaxValue,
        Kind.Isa => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    /// <summary>What has to agree besides the number. PCI: the space code in bits 25:24 of the first cell, where 32- and 64-bit memory are one space.</summary>
    private static ulong Space(Kind kind, UInt128 address) => kind switch
    {
        Kind.Pci => ((ulong)(address >> 88) & 3) switch { 3 => 2, var code => code },
        Kind.Isa => (ulong)(address >> 32) & 1,
        Kind.Flags => (ulong)(address >> 64),
        _ => 0,
    };

    private static Kind KindOf(DeviceTreeNode bus)
    {
        if (bus.AddressCells == 2) return bus.BaseName == "isa" ? Kind.Isa : Kind.Plain;
        if (bus.AddressCells != 3) return Kind.Plain;
        return bus.BaseName is "pci" or "pcie" || (bus["device_type"] is { } type && (type.Is("pci"u8) || type.Is("pciex"u8))) ? Kind.Pci : Kind.Flags;
    }
}
