namespace RawIo.Sim;

/// <summary>
/// ARMv8-A stage 1 translation, 4 KiB granule, 48 bits (Arm Architecture Reference Manual, chapter D8): bits 1:0 are
/// 3 for a table or page and 1 for a block; AttrIndx (4:2) selects a byte of MAIR_EL1, here 0 = Device-nGnRE (0x04)
/// and 1 = Normal write-back (0xff).
/// </summary>
internal sealed class Arm64PageFormat : PageFormat
{
    private const ulong Valid = 1ul << 0;
    private const ulong TableOrPage = 1ul << 1;
    private const int AttrIndxShift = 2;
    private const ulong OuterShareable = 2ul << 8;
    private const ulong InnerShareable = 3ul << 8;
    private const ulong ReadOnly = 1ul << 7;
    private const ulong AF = 1ul << 10;
    private const ulong PXN = 1ul << 53;
    private const ulong UXN = 1ul << 54;

    /// <summary>MAIR_EL1 as the machine boots with it: one byte a type, AttrIndx 0 lowest.</summary>
    public const ulong Mair = 0xff04;

    public override string LevelName(int level) => level switch { 0 => "L0", 1 => "L1", 2 => "L2", _ => "L3" };

    public override ulong LinearMap => 0xffff_0000_0000_0000;

    public override ulong Vmalloc => 0xffff_8000_8000_0000;

    public override ulong TableDescriptor(ulong table) => table | TableOrPage | Valid;

    public override ulong LeafDescriptor(int level, ulong address, MemoryType type)
    {
        var kind = Valid | (level == 3 ? TableOrPage : 0);
        return type == MemoryType.Device
            ? address | kind | AF | OuterShareable | PXN | UXN
            : address | kind | AF | InnerShareable | PXN | UXN | 1ul << AttrIndxShift;
    }

    public override Decoded Decode(int level, ulong descriptor)
    {
        if ((descriptor & Valid) == 0) return default;
        var more = (descriptor & TableOrPage) != 0;
        if (level < 3 && more) return new(DescriptorKind.Table, descriptor & AddressMask, default);
        // A block at level 0 and a "block" at level 3 are reserved encodings, and fault.
        if (level == 0 || level == 3 && !more) return default;
        var type = (byte)(Mair >> (8 * Index(descriptor))) == 0xff ? MemoryType.NormalCached : MemoryType.Device;
        return new(DescriptorKind.Leaf, descriptor & AddressMask & ~(Span(level) - 1), type);
    }

    public override string Attributes(int level, ulong descriptor)
    {
        var type = (byte)(Mair >> (8 * Index(descriptor))) switch
        {
            0xff => "Normal write-back",
            0x04 => "Device-nGnRE",
            _ => "Device-nGnRnE", // what a MAIR byte of 0 means
        };
        var share = (descriptor & InnerShareable) switch { InnerShareable => ", inner shareable", OuterShareable => ", outer shareable", _ => "" };
        var access = (descriptor & ReadOnly) != 0 ? ", RO" : ", RW";
        var af = (descriptor & AF) != 0 ? ", AF" : "";
        var xn = (descriptor & (PXN | UXN)) == (PXN | UXN) ? ", XN" : (descriptor & PXN) != 0 ? ", PXN" : (descriptor & UXN) != 0 ? ", UXN" : "";
        return type + share + access + af + xn;
    }

    private static int Index(ulong descriptor) => (int)(descriptor >> AttrIndxShift) & 7;
}
