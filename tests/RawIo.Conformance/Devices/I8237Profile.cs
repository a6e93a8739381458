namespace RawIo.Conformance;

/// <summary>The PC's two DMA controllers and their page registers. Nothing moves: no time passes.</summary>
internal sealed class I8237Profile : DeviceProfile
{
    private static readonly int[] s_extraPages = [0x84, 0x85, 0x86, 0x88, 0x8c, 0x8d, 0x8e];

    public override string Name => "8237 pair";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("mask-read", "port 0x09, and 0xd2", "reads the mask", "an illegal code for a read (8237A, figure 6)", "reads 0, a guest error",
            c => c.Reads(0x09) || c.Reads(0xd2) || c.Reads(0xd3) ? 0xffu : 0),
        new("cascade-request", "status of the second, bit 4", "shows no request of the first controller", "set while the channel requests service (8237A, status register)",
            "shows HRQ of the first", c => c.Reads(0xd0) || c.Reads(0xd1) ? 0x10u : 0),
        new("extra-pages", "page registers 0x84 to 0x86, 0x88, 0x8c to 0x8e", "nobody is there", "16 registers of a byte (IBM PC AT Technical Reference, page 1-11)", "keep a byte",
            c => s_extraPages.Any(p => c.Reads((ulong)p)) ? 0xffu : 0),
        new("low-byte", "current address", "follows at the high byte", "base and current are written together, a byte at a time (8237A, current address register)", "follows each byte"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("after a master clear every register is as after reset", """
            outb 0x0d 0
            inb 0x08 -> 0
            inb 0x0d -> 0
            outb 0xda 0
            inb 0xd0 -> 0
            """),
        new("address and count of each channel, low byte first", string.Concat(Enumerable.Range(0, 8).Select(i => $"""
            outb 0x0c 0
            outb {i} {0x10 + i}
            outb {i} {0x20 + i}
            inb {i} -> {0x10 + i}
            inb {i} -> {0x20 + i}
            outb {0xc0 + 2 * i} {0x30 + i}
            outb {0xc0 + 2 * i} {0x40 + i}
            inb {0xc0 + 2 * i} -> {0x30 + i}
            inb {0xc1 + 2 * i} -> {0x40 + i}

            """))),
        new("the flip-flop is shared by all registers and cleared by 0x0c", """
            outb 0x0c 0
            outb 0x00 0x12
            outb 0x00 0x34
            inb 0x00 -> 0x12
            outb 0x0c 0
            inb 0x00 -> 0x12
            inb 0x00 -> 0x34
            """),
        new("a lone byte is there at once", """
            outb 0x0c 0
            outb 0x02 0x77
            outb 0x0c 0
            inb 0x02 -> 0x77, qemu 0x00 : low-byte
            """),
        new("software requests show in the status", """
            outb 0x0d 0
            outb 0x09 0x06
            inb 0x08 -> 0x40
            outb 0x09 0x02
            inb 0x08 -> 0x00
            outb 0xd2 0x07
            inb 0xd0 -> 0x80
            outb 0xda 0
            inb 0xd0 -> 0x00
            """),
        new("page registers keep a byte", string.Concat(Enumerable.Range(1, 15).Except(s_extraPages.Select(p => p - 0x80)).Select(i => $"outb {0x80 + i} {i * 17}\ninb {0x80 + i} -> {i * 17}\n"))),
        new("the other page registers keep one too", """
            outb 0x84 0x55
            inb 0x84 -> 0x55, qemu 0xff : extra-pages
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.Next(0x100);
        var second = random.Next(2) == 1;
        int Port(int register) => second ? 0xc0 + 2 * register + random.Next(2) : register;
        switch (random.Next(16))
        {
            case < 3:
                // Whole values: what lies between the two bytes is a scenario's.
                var register = random.Next(8);
                steps.Out(Port(12), value);
                steps.Out(Port(register), value);
                steps.Out(Port(register), (ulong)random.Next(0x100));
                break;
            case < 8: steps.In(Port(random.Next(8))); break;
            case < 10: steps.In(Port(8)); break;
            case < 11: steps.In(Port(random.Next(9, 16))); break;
            case < 12: steps.Out(Port(random.Next(8, 16)), value); break;
            case < 13: steps.Out(Port(9), value); break;
            case < 14: steps.Out(random.Next(0x81, 0x90), value); break;
            default: steps.In(random.Next(0x81, 0x90)); break;
        }
    }
}
