namespace RawIo.Sim;

/// <summary>
/// x86-64 four-level paging (Intel SDM volume 3, 4.5): P, RW, PWT, PCD, A, D, PS and NX. The page attribute table is
/// the one the processor resets to, so PCD with PWT is UC and neither is WB.
/// </summary>
internal sealed class X64PageFormat : PageFormat
{
    private const ulong P = 1ul << 0;
    private const ulong RW = 1ul << 1;
    private const ulong PWT = 1ul << 3;
    private const ulong PCD = 1ul << 4;
    private const ulong A = 1ul << 5;
    private const ulong D = 1ul << 6;
    private const ulong PS = 1ul << 7;
    private const ulong G = 1ul << 8;
    private const ulong NX = 1ul << 63;

    public override string LevelName(int level) => level switch { 0 => "PML4", 1 => "PDPT", 2 => "PD", _ => "PT" };

    public override ulong LinearMap => 0xffff_8880_0000_0000;

    public override ulong Vmalloc => 0xffff_c900_0000_0000;

    public override ulong TableDescriptor(ulong table) => table | P | RW | A;

    public override ulong LeafDescriptor(int level, ulong address, MemoryType type) =>
        address | P | RW | A | D | G | NX | (level < 3 ? PS : 0) | (type == MemoryType.Device ? PCD | PWT : 0);

    public override Decoded Decode(int level, ulong descriptor)
    {
        if ((descriptor & P) == 0) return default;
        if (level < 3 && (descriptor & PS) == 0) return new(DescriptorKind.Table, descriptor & AddressMask, default);
        // PS in a PML4 entry is reserved, and faults.
        if (level == 0) return default;
        var type = (descriptor & PCD) != 0 ? MemoryType.Device : MemoryType.NormalCached;
        return new(DescriptorKind.Leaf, descriptor & AddressMask & ~(Span(level) - 1), type);
    }

    public override string Attributes(int level, ulong descriptor)
    {
        var type = (descriptor & (PCD | PWT)) switch { PCD | PWT => "UC", PCD => "UC-", PWT => "WT", _ => "WB" };
        return type
            + ((descriptor & RW) != 0 ? ", RW" : ", RO")
            + ((descriptor & A) != 0 ? ", A" : "")
            + ((descriptor & D) != 0 ? ", D" : "")
            + ((descriptor & NX) != 0 ? ", NX" : "");
    }
}
