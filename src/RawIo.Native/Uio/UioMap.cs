namespace RawIo.Native;

/// <summary>One piece of device memory that a UIO driver offers (/sys/class/uio/uioN/maps/mapN; Documentation/driver-api/uio-howto.rst).</summary>
public sealed record UioMap
{
    internal UioMap(int index, string name, ulong address, long size, long offset, ulong physicalAddress, long length) =>
        (Index, Name, Address, Size, Offset, PhysicalAddress, Length) = (index, name, address, size, offset, physicalAddress, length);

    /// <summary>N of mapN. The map is at N × page size of the device file.</summary>
    public int Index { get; }

    /// <summary>The name the driver gave it; often empty.</summary>
    public string Name { get; }

    /// <summary>The address as the file <c>addr</c> has it. Newer drivers round it down to a page.</summary>
    public ulong Address { get; }

    /// <summary>The size in bytes as the file <c>size</c> has it. Newer drivers round it up to pages.</summary>
    public long Size { get; }

    /// <summary>Where the device begins in the first page, in bytes (the file <c>offset</c>).</summary>
    public long Offset { get; }

    /// <summary>The device's own first physical address: <see cref="Address"/>, plus <see cref="Offset"/> where that is not in it.</summary>
    public ulong PhysicalAddress { get; }

    /// <summary>How many bytes a window onto the map has: from the device's first to the last that the kernel maps, <see cref="Size"/> at most.</summary>
    public long Length { get; }

    internal static UioMap Read(string folder, int index)
    {
        var page = (ulong)Kernel.PageSize;
        var name = Sysfs.LineOrNull($"{folder}/name") ?? "";
        var address = Sysfs.Hex($"{folder}/addr");
        var size = Sysfs.Hex($"{folder}/size", long.MaxValue);
        if (size == 0) throw Sysfs.Malformed($"{folder}/size", 1, "the map is empty");
        var inPage = address % page;
        // Kernels before 2.6.29 have no such file; it was what the address has beyond its page.
        var offset = Sysfs.HexOrNull($"{folder}/offset", page - 1) ?? inPage;
        // uio_mmap maps whole pages from that of the address and no more than these. Where the address was rounded down
        // and the offset said beside it, the size has the offset in it (struct uio_mem, offs).
        var mapped = ((UInt128)inPage + size + page - 1) / page * page;
        var length = UInt128.Min(size, mapped - offset);
        var physical = address - inPage + offset;
        if (physical + length > (UInt128)ulong.MaxValue + 1)
            throw Sysfs.Malformed($"{folder}/size", 1, $"0x{size:x} bytes at 0x{address:x} leave the address space");
        return new(index, name, address, (long)size, (long)offset, physical, (long)length);
    }
}

/// <summary>Who can drive the ports of a <see cref="UioPortIo"/> (kernel: the <c>UIO_PORT_</c> numbers of include/linux/uio_driver.h).</summary>
public enum UioPortType
{
    /// <summary><c>port_none</c>: not said.</summary>
    None,
    /// <summary><c>port_x86</c>: x86 ports, for ioperm.</summary>
    X86,
    /// <summary><c>port_gpio</c>: GPIO lines.</summary>
    Gpio,
    /// <summary><c>port_other</c>: something else.</summary>
    Other,
}

/// <summary>A range of ports that a UIO driver tells of (/sys/class/uio/uioN/portio/portN). The device file does not give access to them.</summary>
/// <param name="Index">N of portN.</param>
/// <param name="Name">The name the driver gave it; often empty.</param>
/// <param name="Start">The first port.</param>
/// <param name="Size">How many ports.</param>
/// <param name="Type">Who can drive them.</param>
public sealed record UioPortIo(int Index, string Name, ulong Start, long Size, UioPortType Type)
{
    internal static UioPortIo Read(string folder, int index)
    {
        var name = Sysfs.LineOrNull($"{folder}/name") ?? "";
        var start = Sysfs.Hex($"{folder}/start");
        var size = (long)Sysfs.Hex($"{folder}/size", long.MaxValue);
        if (size == 0 || start > ulong.MaxValue - (ulong)(size - 1))
            throw Sysfs.Malformed($"{folder}/size", 1, $"0x{size:x} ports from 0x{start:x} are no range");
        var type = Sysfs.Line($"{folder}/porttype") switch
        {
            "port_none" => UioPortType.None,
            "port_x86" => UioPortType.X86,
            "port_gpio" => UioPortType.Gpio,
            "port_other" => UioPortType.Other,
            _ => throw Sysfs.Malformed($"{folder}/porttype", 1, "it is none of port_none, port_x86, port_gpio, port_other"),
        };
        return new(index, name, start, size, type);
    }
}
