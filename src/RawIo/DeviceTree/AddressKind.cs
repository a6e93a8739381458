namespace RawIo;

/// <summary>What an address of a bus is made of (struct of_bus in drivers/of/address.c).</summary>
internal enum AddressKind
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

/// <summary>Takes addresses apart.</summary>
internal static class AddressKinds
{
    public static AddressKind Of(DeviceTreeNode bus)
    {
        if (bus.AddressCells == 2) return bus.BaseName == "isa" ? AddressKind.Isa : AddressKind.Plain;
        if (bus.AddressCells != 3) return AddressKind.Plain;
        return bus.BaseName is "pci" or "pcie" || (bus["device_type"] is { } type && (type.Is("pci"u8) || type.Is("pciex"u8)))
            ? AddressKind.Pci : AddressKind.Flags;
    }

    public static UInt128 NumberMask(this AddressKind kind) => kind switch
    {
        AddressKind.Plain => UInt128.MaxValue,
        AddressKind.Isa => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    /// <summary>What has to agree besides the number. PCI: the space code in bits 25:24 of the first cell, where 32- and 64-bit memory are one space.</summary>
    public static ulong Space(this AddressKind kind, UInt128 address) => kind switch
    {
        AddressKind.Pci => ((ulong)(address >> 88) & 3) switch { 3 => 2, var code => code },
        AddressKind.Isa => (ulong)(address >> 32) & 1,
        AddressKind.Flags => (ulong)(address >> 64),
        _ => 0,
    };

    /// <summary>Whether a window holds an address, and how far from its start.</summary>
    public static bool Holds(this AddressKind kind, UInt128 start, UInt128 size, UInt128 address, out UInt128 offset)
    {
        var mask = kind.NumberMask();
        offset = (address & mask) - (start & mask);
        if (kind.Space(address) != kind.Space(start)) return false;
        return (address & mask) >= (start & mask) && offset < size;
    }
}
