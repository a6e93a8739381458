namespace RawIo.Sim;

/// <summary>What a descriptor says.</summary>
internal enum DescriptorKind
{
    /// <summary>Nothing is mapped here.</summary>
    Invalid,
    /// <summary>The next level's table is at the address.</summary>
    Table,
    /// <summary>A page or a block at the address.</summary>
    Leaf,
}

/// <summary>A descriptor, decoded.</summary>
internal readonly record struct Decoded(DescriptorKind Kind, ulong Address, MemoryType Type);

/// <summary>
/// A processor's page-table format: four levels of 512 descriptors of 8 bytes, 4 KiB pages, blocks of 2 MiB and
/// 1 GiB. Level 0 is the root.
/// </summary>
internal abstract class PageFormat
{
    public const int Levels = 4;
    public const ulong AddressMask = 0x0000_ffff_ffff_f000;

    /// <summary>The level's name.</summary>
    public abstract string LevelName(int level);

    /// <summary>Where the kernel maps all RAM.</summary>
    public abstract ulong LinearMap { get; }

    /// <summary>Where the kernel's ioremap mappings begin.</summary>
    public abstract ulong Vmalloc { get; }

    public abstract ulong TableDescriptor(ulong table);

    public abstract ulong LeafDescriptor(int level, ulong address, MemoryType type);

    public abstract Decoded Decode(int level, ulong descriptor);

    /// <summary>The leaf's attributes in words.</summary>
    public abstract string Attributes(int level, ulong descriptor);

    /// <summary>The descriptor in words.</summary>
    public string Describe(int level, ulong descriptor)
    {
        var decoded = Decode(level, descriptor);
        return decoded.Kind switch
        {
            DescriptorKind.Table => $"table at 0x{decoded.Address:x}",
            DescriptorKind.Leaf => $"{(level == 3 ? "page" : level == 2 ? "2 MiB block" : "1 GiB block")} at 0x{decoded.Address:x}, {Attributes(level, descriptor)}",
            _ => "invalid",
        };
    }

    public static int Index(int level, ulong address) => (int)(address >> (39 - 9 * level)) & 0x1ff;

    /// <summary>The bytes one descriptor of that level covers.</summary>
    public static ulong Span(int level) => 1ul << (39 - 9 * level);

    /// <summary>Whether bits 63 to 48 are all ones: the kernel's half, the only one there is a table for.</summary>
    public static bool IsKernelAddress(ulong address) => address >= 0xffff_0000_0000_0000;
}
