namespace RawIo.Conformance;

/// <summary>The PC's small ports: 0x61, 0x80, 0x92, and the debug console at 0xe9.</summary>
internal sealed class PcPortsProfile : DeviceProfile
{
    private const int Post = 0x80, Port61 = 0x61, Port92 = 0x92, DebugConsole = 0xe9;
    private const ulong Refresh = 0x10, ParityEnables = 0x0c;

    public override string Name => "ports 61, 80, 92, e9";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override IReadOnlyList<string> Arguments => ["-chardev", "null,id=console", "-device", "isa-debugcon,iobase=0xe9,chardev=console"];

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("refresh", "port 0x61, bit 4", "toggles with each read", "toggles with each refresh, 15 us apart (82371SB PIIX3, NMI Status and Control)", "toggles with the time", c => c.Reads(Port61) ? Refresh : 0),
        new("enables", "port 0x61, bits 2 and 3", "read 0", "read and write (82371SB PIIX3, NMI Status and Control)", "keeps them", c => c.Reads(Port61) ? ParityEnables : 0),
        new("reserved", "port 0x92, bits 2 to 7", "keeps what was written", "reserved (82371SB PIIX3, Port 92)", "read 0", c => c.Reads(Port92) ? 0xfcu : 0),
        new("post", "port 0x80", "reads 0xff", "a page register that reads back (82371SB PIIX3, DMA Page Registers)", "reads back", c => c.Reads(Post) ? 0xffu : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("bits 0 and 1 of port 0x61 read back, bits 6 and 7 are 0", """
            outb 0x61 0xff
            inb 0x61 & 0xc3 -> 0x03
            outb 0x61 0x02
            inb 0x61 & 0xc3 -> 0x02
            """),
        new("bit 5 of port 0x61 is counter 2's output", """
            inb 0x61 & 0x20 -> 0x20
            outb 0x43 0xb0
            outb 0x42 0x10
            outb 0x42 0x00
            inb 0x61 & 0x20 -> 0x00
            outb 0x43 0xb6
            outb 0x42 0x10
            outb 0x42 0x00
            inb 0x61 & 0x20 -> 0x20
            """),
        new("port 0x92 keeps the A20 gate", """
            inb 0x92 & 0x03 -> 0x00
            outb 0x92 0x02
            inb 0x92 & 0x03 -> 0x02
            outb 0x92 0x00
            inb 0x92 & 0x03 -> 0x00
            """),
        new("the debug console says that it is there", """
            outb 0xe9 0x21
            inb 0xe9 -> 0xe9
            """),
        new("port 0x80 reads back", """
            outb 0x80 0x55
            inb 0x80 -> 0x55, qemu 0xff : post
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(16))
        {
            case < 4: steps.In(Port61); break;
            case < 7: steps.Out(Port61, (ulong)random.Next(256)); break;
            case < 9: steps.In(Port92); break;
            // Bit 0 resets the machine.
            case < 11: steps.Out(Port92, (ulong)random.Next(256) & 0xfe); break;
            case < 12: steps.In(Post); break;
            case < 13: steps.Out(Post, (ulong)random.Next(256)); break;
            case < 14: steps.In(DebugConsole); break;
            case < 15: steps.Out(DebugConsole, (ulong)random.Next(256)); break;
            default:
                // Counter 2 in a mode whose output QEMU has the right way up.
                steps.Out(0x43, random.Next(2) == 0 ? 0xb0ul : 0xb6);
                steps.Out(0x42, 0);
                steps.Out(0x42, (ulong)random.Next(1, 256));
                break;
        }
    }
}
