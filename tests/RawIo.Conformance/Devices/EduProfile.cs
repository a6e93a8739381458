namespace RawIo.Conformance;

/// <summary>The teaching device's registers. Under a clock that stands still QEMU's DMA never ends: it is started once.</summary>
internal sealed class EduProfile : DeviceProfile
{
    private const ulong Bar = 0xfea0_0000;

    public override string Name => "edu";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override ulong Base => Bar;

    public override IReadOnlyList<string> Arguments => ["-device", "edu,addr=4"];

    public override string Start => """
        outl 0xcf8 0x80002010
        outl 0xcfc 0xfea00000
        outl 0xcf8 0x80002004
        outw 0xcfc 6
        """;

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("it says what it is and inverts", """
            readl 0xfea00000 -> 0x010000ed
            writel 0xfea00004 0x12345678
            readl 0xfea00004 -> 0xedcba987
            """),
        new("the factorial", Factorial(10, 3_628_800) + Factorial(0, 1) + Factorial(33, 0x8000_0000) + Factorial(34, 0)),
        new("the factorial's interrupt", "writel 0xfea00020 0x80\n" + Factorial(5, 120) + """
            readl 0xfea00020 -> 0x80
            readl 0xfea00024 -> 1
            outl 0xcf8 0x80002004
            inl 0xcfc & 0x00080000 -> 0x00080000
            writel 0xfea00064 1
            readl 0xfea00024 -> 0
            inl 0xcfc & 0x00080000 -> 0
            """),
        new("while the DMA goes its registers do not change", """
            writeq 0xfea00080 0x200000
            writeq 0xfea00088 0x40000
            writeq 0xfea00090 4
            writeq 0xfea00098 1
            readq 0xfea00098 -> 1
            writeq 0xfea00080 0x300000
            readq 0xfea00080 -> 0x200000
            writeq 0xfea00098 3
            readl 0xfea00098 -> 1
            """),
        new("only the DMA's registers have 64 bits", """
            readq 0xfea00000 -> 0xffffffffffffffff
            writeq 0xfea00000 0
            readl 0xfea00004 -> 0
            readq 0xfea00080 -> 0
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64();
        var offset = random.Next(6) switch { 0 => 0x04, 1 => 0x20, 2 => 0x24, 3 => 0x60, 4 => 0x64, _ => 0x00 };
        switch (random.Next(8))
        {
            case 0: steps.Write(offset, value); break;
            case 1: steps.Read(offset); break;
            case 2: steps.Read(0x24); break;
            case 3: steps.Write(0x80 + 8 * random.Next(3), value, random.Next(2) == 0 ? 4 : 8); break;
            // A command without the start bit is none.
            case 4: steps.Write(0x98, value & ~1ul, random.Next(2) == 0 ? 4 : 8); break;
            case 5: steps.Read(0x80 + 8 * random.Next(4), random.Next(2) == 0 ? 4 : 8); break;
            case 6: steps.Read(4 * random.Next(0x40), 4); break;
            default:
                if (random.Next(2) == 0) steps.Read(8 * random.Next(0x20), 8);
                else steps.Write(8 * random.Next(0x10), value, 8);
                break;
        }
    }

    // QEMU computes on a thread of its own, so it is given the time of some thousand reads; ours is done at once.
    private static string Factorial(uint n, uint factorial) => $"""
        writel 0xfea00008 {n}
        {string.Concat(Enumerable.Repeat("qemu: readl 0xfea00020\n", 3000))}
        readl 0xfea00020 & 1 -> 0
        readl 0xfea00008 -> {factorial}

        """;
}
