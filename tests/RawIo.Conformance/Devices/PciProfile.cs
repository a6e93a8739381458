namespace RawIo.Conformance;

/// <summary>PCI configuration space: the bridges' identity and interrupt routes, a whole header at edu's, and slots with nobody in.</summary>
internal sealed class PciProfile : DeviceProfile
{
    private const ulong Address = 0xcf8, Data = 0xcfc;
    private const uint Host = 0x8000_0000, Isa = 0x8000_0800, Edu = 0x8000_2000;

    // What both have alike at all their bits, or a deviation has told why not.
    private static readonly int[] s_edu = [0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c];

    public override string Name => "PCI configuration";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override ulong Base => Address;

    public override IReadOnlyList<string> Arguments => ["-device", "edu,addr=4"];

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("address-reserved", "CONFIG_ADDRESS, bits 30 to 24, 1 and 0", "keep what is written", "reserved, read 0 (PCI 3.0, 3.2.2.3.2; 82441FX, 3.1.1)", "read 0",
            c => c.Reads(Address) && c.Step.Size == 4 ? 0x7f00_0003u : 0),
        new("msi", "edu: STATUS bit 4, CAP_PTR", "has message signalled interrupts", "optional (PCI 3.0, 6.8)", "has none",
            c => Bits(c, Edu | 0x04, 0x0010_0000) | Bits(c, Edu | 0x34, 0xff)),
        new("ports", "edu: BAR 1", "none", "none (docs/specs/edu.txt); our edu has its registers at ports too", "256 ports",
            c => Bits(c, Edu | 0x14, 0xffff_ffff)),
        new("bridge-command", "host and ISA bridge: PCICMD, PCISTS", "0 after reset", "0006h and 0280h (82441FX, 3.2.3, 3.2.4), 0007h (82371SB, 2.2.3)", "as there"),
        new("bridge-reserved", "host and ISA bridge: reserved registers from 0x40 on", "keep what is written", "reserved (82441FX, table 3; 82371SB, table 3)", "read 0"),
        new("pirq-reserved", "PIRQRC, bits 6 to 4", "keep what is written", "reserved, read 0 (82371SB, 2.2.10)", "read 0"),
        new("mbdma", "MBDMA[1:0] after reset", "0ch, as the PIIX before it", "04h, no channel; bit 3 is reserved (82371SB, 2.2.14)", "04h"),
        new("edu-reserved", "edu: registers without a meaning", "keep what is written", "reserved registers read 0 (PCI 3.0, 6.1)", "read 0"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("each function says what it is", """
            outl 0xcf8 0x80000000
            inl 0xcfc -> 0x12378086
            outl 0xcf8 0x80000008
            inl 0xcfc -> 0x06000002
            outl 0xcf8 0x80000800
            inl 0xcfc -> 0x70008086
            outl 0xcf8 0x8000080c
            inl 0xcfc & 0x00ff0000 -> 0x00800000
            outl 0xcf8 0x80002000
            inl 0xcfc -> 0x11e81234
            outl 0xcf8 0x80002008
            inl 0xcfc -> 0x00ff0010
            """),
        new("where nobody is, all bits are ones", """
            outl 0xcf8 0x8000f800
            inl 0xcfc -> 0xffffffff
            outl 0xcf8 0x00002000
            inl 0xcfc -> 0xffffffff
            outl 0xcf8 0x80102000
            inw 0xcfc -> 0xffff
            """),
        new("a BAR tells its size", """
            outl 0xcf8 0x80002010
            outl 0xcfc 0xffffffff
            inl 0xcfc -> 0xfff00000
            outl 0xcfc 0xfea00000
            inl 0xcfc -> 0xfea00000
            """),
        new("a BAR answers while COMMAND lets it", """
            outl 0xcf8 0x80002010
            outl 0xcfc 0xfea00000
            outl 0xcf8 0x80002004
            outw 0xcfc 2
            readl 0xfea00000 -> 0x010000ed
            outl 0xcf8 0x80002010
            outl 0xcfc 0xfeb00000
            readl 0xfeb00000 -> 0x010000ed
            """),
        new("narrow accesses reach the bytes", """
            outl 0xcf8 0x80002000
            inb 0xcff -> 0x11
            inw 0xcfe -> 0x11e8
            inw 0xcfd -> 0xe812
            inb 0xcfc -> 0x34
            """),
        new("the bridges' command and status", """
            outl 0xcf8 0x80000004
            inw 0xcfc -> 0x0006, qemu 0x0000 : bridge-command
            outl 0xcf8 0x80000804
            inw 0xcfc -> 0x0007, qemu 0x0000 : bridge-command
            inw 0xcfe -> 0x0200
            """),
        new("reserved registers", """
            outl 0xcf8 0x80000040
            outl 0xcfc 0xffffffff
            inl 0xcfc -> 0, qemu 0xffffffff : bridge-reserved
            outl 0xcf8 0x80000860
            outl 0xcfc 0xffffffff
            inl 0xcfc -> 0x8f8f8f8f, qemu 0xffffffff : pirq-reserved
            outl 0xcf8 0x80002080
            outl 0xcfc 0xffffffff
            inl 0xcfc -> 0, qemu 0xffffffff : edu-reserved
            """),
        new("the ISA bridge's registers after reset", """
            outl 0xcf8 0x80000860
            inl 0xcfc -> 0x80808080
            outl 0xcf8 0x8000084c
            inl 0xcfc -> 0x0003004d
            outl 0xcf8 0x80000868
            inl 0xcfc -> 0x00000200
            outl 0xcf8 0x80000874
            inl 0xcfc -> 0x04040000, qemu 0x0c0c0000 : mbdma
            outl 0xcf8 0x800008a0
            inl 0xcfc -> 0x00000008
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(12))
        {
            case < 1: steps.Out(1, (ulong)random.Next(0x100) & 0x02); break;
            case < 2: steps.In(1); break;
            case < 3: steps.In(0, 4); break;
            case < 4:
                steps.Out(0, (uint)random.NextInt64(0x1_0000_0000) & 0x7fff_ffffu, 4);
                Access(random, steps, isWrite: random.Next(2) == 0);
                break;
            // The rest of the first slots is QEMU's alone: IDE, ACPI.
            case < 5:
                steps.Out(0, 0x8000_0000u | (uint)random.Next(5, 32) << 11 | (uint)random.Next(0x800) & 0x7fc, 4);
                Access(random, steps, isWrite: random.Next(2) == 0);
                break;
            case < 7:
                var bridge = random.Next(2) == 0 ? Host : Isa;
                steps.Out(0, bridge | (random.Next(3) switch { 0 => 0x00u, 1 => 0x08u, _ => 0x2cu }), 4);
                Access(random, steps, isWrite: random.Next(4) == 0);
                break;
            case < 8:
                steps.Out(0, Isa | 0x60, 4);
                if (random.Next(2) == 0) steps.Out(4 + random.Next(4), (ulong)random.Next(0x100) & 0x8f);
                else Access(random, steps, isWrite: false);
                break;
            default:
                steps.Out(0, Edu | (uint)s_edu[random.Next(s_edu.Length)], 4);
                Access(random, steps, isWrite: random.Next(2) == 0);
                break;
        }
    }

    private static void Access(Random random, Steps steps, bool isWrite)
    {
        var size = 1 << random.Next(3);
        var port = 4 + (random.Next(4) & ~(size - 1));
        if (isWrite) steps.Out(port, (ulong)random.NextInt64(0x1_0000_0000), size);
        else steps.In(port, size);
    }

    /// <summary>Of a read of that register the bits of a mask, as this access sees them.</summary>
    private static ulong Bits(Compared c, uint register, uint mask) =>
        c.Step.IsRead && c.Step.Address >= Data && c.LastWrite(Address) is { } address && ((uint)address & 0x80ff_fffc) == register
            ? (ulong)mask >> 8 * (int)(c.Step.Address - Data) : 0;
}
