using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>COM1 with nothing behind the cable; what it receives it sent itself, in loopback.</summary>
internal sealed class Uart16550Profile : DeviceProfile
{
    private const ulong Com1 = 0x3f8, Mcr = Com1 + 4, Msr = Com1 + 6;

    public override string Name => "16550 UART";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override ulong Base => Com1;

    // Beside an ISA device of its own, for the client's "-serial none" takes the board's first place.
    public override IReadOnlyList<string> Arguments => ["-chardev", "null,id=com1", "-device", "isa-serial,chardev=com1,index=0"];

    public override string? Intercept => "ioapic";

    public override bool IsInterrupt(int number) => number == 4;

    // QEMU's cable has a modem at its end; of characters shorter than 8 bits a scenario tells.
    public override string Start => "outb 0x3fb 3\ninb 0x3fe";

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("mcr-reset", "MCR after reset", "OUT2 is set", "0 (PC16550D, table I)", "0", c => c.Reads(Mcr) && c.LastWrite(Mcr) is null ? 0x08u : 0),
        new("loopback-deltas", "MSR, bits 3 to 0", "do not change in loopback", "the interrupts' sources are MCR's lower bits (8.8)", "show the changes",
            c => c.Reads(Msr) && c.LastWrite(Mcr) is not null ? 0x0fu : 0),
        new("out2", "MCR, bits 3 and 4", "do not act on the interrupt line", "OUT2 opens the line's buffer on the PC's adapter, and loopback switches it off (8.8; IBM PC AT Technical Reference, serial adapter)",
            "open and close it") { Interrupts = c => (c.Step.IsWrite && c.Step.Address == Mcr) || ((c.LastWrite(Mcr) ?? 0) & 0x18) != 0x08 },
        new("word-length", "LCR, bits 1 and 0", "has no effect", "5 to 8 bits a character (8.1)", "cuts characters to length"),
        new("fcr0", "FCR, bits 7 to 1", "taken without FCR0", "not programmed without FCR0 (8.5)", "not taken"),
        new("loopback-modem-interrupt", "IIR", "none for the outputs' changes in loopback", "modem status (8.6, 8.8)", "0x00"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("reset values", """
            inb 0x3f9 -> 0x00
            inb 0x3fa -> 0x01
            inb 0x3fc -> 0x00, qemu 0x08 : mcr-reset
            inb 0x3fd -> 0x60
            """),
        new("the divisor is behind DLAB", """
            outb 0x3fb 0x83
            outb 0x3f8 0x34
            outb 0x3f9 0x12
            inb 0x3f8 -> 0x34
            inb 0x3f9 -> 0x12
            outb 0x3fb 0x03
            inb 0x3f9 -> 0x00
            """),
        new("loopback brings characters back in order", """
            outb 0x3fb 0x03
            outb 0x3fa 0x01
            outb 0x3fc 0x10
            outb 0x3f8 0x55
            outb 0x3f8 0xaa
            inb 0x3fd -> 0x61
            inb 0x3f8 -> 0x55
            inb 0x3fd -> 0x61
            inb 0x3f8 -> 0xaa
            inb 0x3fd -> 0x60
            """),
        new("the modem outputs come back in loopback", """
            outb 0x3fc 0x11
            inb 0x3fe & 0xf0 -> 0x20
            outb 0x3fc 0x12
            inb 0x3fe & 0xf0 -> 0x10
            outb 0x3fc 0x14
            inb 0x3fe & 0xf0 -> 0x40
            outb 0x3fc 0x18
            inb 0x3fe & 0xf0 -> 0x80
            outb 0x3fc 0x10
            inb 0x3fe -> 0x08, qemu 0x00 : loopback-deltas
            """),
        new("the outputs' changes interrupt in loopback", """
            outb 0x3fc 0x10
            inb 0x3fe & 0xf0 -> 0x00
            outb 0x3f9 0x08
            outb 0x3fc 0x11
            inb 0x3fa -> 0x00, qemu 0x01 : loopback-modem-interrupt
            """),
        new("five bits a character", """
            outb 0x3fb 0x00
            outb 0x3fc 0x10
            outb 0x3f8 0xff
            inb 0x3f8 -> 0x1f, qemu 0xff : word-length
            """),
        new("FCR without its bit 0 does nothing", """
            outb 0x3fb 0x03
            outb 0x3fc 0x10
            outb 0x3f8 0x12
            outb 0x3fa 0x02
            inb 0x3fd -> 0x61, qemu 0x60 : fcr0
            """),
        new("an overrun keeps the FIFO and shows once", $"""
            outb 0x3fb 0x03
            outb 0x3fa 0xc1
            outb 0x3fc 0x10
            {string.Concat(Enumerable.Range(0, 17).Select(i => $"outb 0x3f8 {i}\n"))}
            outb 0x3f9 0x07
            inb 0x3fa -> 0xc6
            inb 0x3fd -> 0x63
            inb 0x3fa -> 0xc4
            inb 0x3fd -> 0x61
            inb 0x3f8 -> 0x00
            inb 0x3f8 -> 0x01
            inb 0x3f8 -> 0x02
            inb 0x3fa -> 0xc2
            inb 0x3fa -> 0xc1
            """),
        new("without FIFOs the last character stays", """
            outb 0x3fb 0x03
            outb 0x3fc 0x10
            outb 0x3f8 0x12
            outb 0x3f8 0x34
            inb 0x3fd -> 0x63
            inb 0x3f8 -> 0x34
            inb 0x3fd -> 0x60
            """),
    ];

    public override void Prepare(SimMachine machine)
    {
        var line = machine.Device<Uart16550Model>("com1").Line;
        line.IsInstant = true;
        line.Cts.Set(true);
        line.Dsr.Set(true);
        line.Dcd.Set(true);
    }

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.Next(0x100);
        switch (random.Next(24))
        {
            case < 4: steps.Out(0, value); break;
            case < 7: steps.In(0); break;
            // Without the modem's interrupt: a scenario shows how it differs.
            case < 9: steps.Out(1, value & 0xf7); break;
            case < 12: steps.In(2); break;
            // Its other bits without bit 0 are a scenario's.
            case < 13: steps.Out(2, (value & 1) != 0 ? value : 0); break;
            case < 14: steps.Out(3, random.Next(4) == 0 ? value | 3 : 3); break;
            case < 15: steps.Out(4, value | (random.Next(4) == 0 ? 0 : 0x10u)); break;
            case < 19: steps.In(5); break;
            case < 20: steps.In(6); break;
            case < 21: steps.Out(5 + random.Next(3), value); break;
            default: steps.In(random.Next(8)); break;
        }
    }
}
