using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>BCM2836's local controller, with the PL011 behind the GPU's controller, as IRQ and as FIQ.</summary>
internal sealed class LocalControllerProfile : DeviceProfile
{
    private const ulong Registers = 0x4000_0000;
    private const long Uart = 0x3f20_1000 - (long)Registers, Gpu = 0x3f00_b200 - (long)Registers;

    public override string Name => "BCM2836 local controller";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override string Start => """
        writel 0x3f20102c 0x70
        writel 0x3f201030 0x301
        writel 0x3f00b214 0x02000000
        """;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("not-there", "control, core timer, PMU routing, AXI registers", "read 0, ignore writes", "are there (QA7 rev 3.4, 4.1 to 4.9)", "are there, but for the AXI counters, which stay 0",
            c => c.Step.IsRead && c.Step.Address - Registers is 0x00 or 0x08 or 0x10 or 0x1c or 0x20 or 0x30 ? uint.MaxValue : 0),
        new("unused", "local timer control, bit 30", "keeps it", "unused (QA7, 4.11)", "reads 0", c => c.Reads(Registers + 0x34) ? 1u << 30 : 0),
        new("flag", "local timer control, bit 31", "is written", "the interrupt flag, read-only (QA7, 4.11)", "is not written"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("a mailbox keeps what is set, and clears what is written back", """
            writel 0x40000080 0xf0
            writel 0x40000080 0x0f
            readl 0x400000c0 -> 0xff
            writel 0x400000c0 0x3c
            readl 0x400000c0 -> 0xc3
            """),
        new("a mailbox interrupts its core, as FIQ where both are enabled", """
            writel 0x40000098 1             # core 1, mailbox 2
            readl 0x40000064 -> 0
            writel 0x40000054 0x04
            readl 0x40000064 -> 0x40
            writel 0x40000054 0x44
            readl 0x40000064 -> 0
            readl 0x40000074 -> 0x40
            writel 0x400000d8 1
            readl 0x40000074 -> 0
            """),
        new("the GPU's interrupt goes to the core it is routed to", """
            writel 0x3f201038 0x20
            writel 0x3f201000 0x41
            readl 0x40000060 -> 0x100
            writel 0x4000000c 0x2
            readl 0x40000060 -> 0
            readl 0x40000068 -> 0x100
            writel 0x3f00b20c 0xb9          # FIQ of GPU 57
            readl 0x40000070 -> 0x100
            writel 0x4000000c 0xe
            readl 0x4000007c -> 0x100
            writel 0x3f201044 0x7ff
            readl 0x40000068 -> 0
            readl 0x4000007c -> 0
            """),
        new("the local timer's flag is not for writing", """
            writel 0x40000034 0xa0000064
            readl 0x40000034 -> 0x20000064, qemu 0xa0000064 : flag
            """),
    ];

    public override void Prepare(SimMachine machine) => machine.Device<Pl011Model>("uart0").Line.IsInstant = true;

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64(0x1_0000_0000);
        switch (random.Next(24))
        {
            case < 6: steps.Read(0x60 + 4 * random.Next(8)); break;
            case < 9: steps.Read(4 * random.Next(0x40)); break;
            case < 11: steps.Write(0x80 + 4 * random.Next(16), value & (ulong)random.NextInt64(0x1_0000_0000)); break;
            case < 14: steps.Write(0xc0 + 4 * random.Next(16), random.Next(2) == 0 ? uint.MaxValue : value); break;
            case < 16: steps.Write(0x40 + 4 * random.Next(8), value); break;
            case 16: steps.Write(0x0c, value); break;
            case 17: steps.Write(0x24, value); break;
            // QEMU aborts where the timer is on and its reload value is 0; its clock stands still, and so does ours.
            case 18: steps.Write(0x34, value & 0x7fff_ffff | 1); break;
            case 19: steps.Write(0x38, value); break;
            case 20: steps.Write(new[] { 0x00, 0x04, 0x08, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x28, 0x2c, 0x30, 0x3c, 0x60, 0x74 }[random.Next(14)], value); break;
            case 21: steps.Write(Uart + 0x38, random.Next(2) == 0 ? 0 : 0x20u); break;
            case 22: steps.Write(random.Next(2) == 0 ? Uart : Uart + 0x44, 0x20); break;
            default: steps.Write(Gpu + 0x0c, random.Next(2) == 0 ? 0 : 0xb9u); break;
        }
    }
}
