using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>The AUX block's common registers and the mini UART, with seven characters waiting at the start.</summary>
internal sealed class MiniUartProfile : DeviceProfile
{
    private const ulong Registers = 0x3f21_5000;
    private const int IRQ = 0x00, ENABLES = 0x04, IO = 0x40, IER = 0x44, IIR = 0x48, LCR = 0x4c, MCR = 0x50, LSR = 0x54, MSR = 0x58, SCRATCH = 0x5c, CNTL = 0x60, STAT = 0x64, BAUD = 0x68;

    private static readonly int[] s_registers = [IRQ, ENABLES, IER, IIR, LCR, MCR, LSR, MSR, SCRATCH, CNTL, STAT, BAUD];

    public override string Name => "BCM2835 AUX, mini UART";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<string> Arguments => ["-serial", "null", .. SerialInput.Arguments("aux", "abcdefg")];

    public override string Start => $"""
        {SerialInput.Pause}
        writel 0x3f215004 1
        """;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("not-there", "AUX_MU_LCR, AUX_MU_MCR, AUX_MU_SCRATCH, AUX_MU_BAUD", "read 0, ignore writes", "are there (BCM2835 ARM Peripherals, pages 14 to 19)", "are there",
            c => c.Reads(Registers + LCR) || c.Reads(Registers + MCR) || c.Reads(Registers + SCRATCH) || c.Reads(Registers + BAUD) ? uint.MaxValue : 0),
        new("rts", "AUX_MU_STAT, bit 6", "reads 0", "the RTS line (page 18)", "follows AUX_MU_MCR", c => c.Reads(Registers + STAT) ? 1u << 6 : 0),
        new("ier", "AUX_MU_IER, bits 6 and 7", "read 1", "bits of a 16550 that are not supported read back as 0 (page 10)", "read 0", c => c.Reads(Registers + IER) ? 0xc0u : 0),
        new("iir", "AUX_MU_IIR, bits 2:1", "tell of the FIFOs also where no interrupt is enabled", "00: no interrupts (page 13)", "tell of what is pending",
            c => c.Reads(Registers + IIR) ? 6u : 0),
        new("enables", "AUX_ENABLES", "reads 1, ignores writes", "bits 2:0 switch the modules on (page 9)", "switches them"),
        new("cntl", "AUX_MU_CNTL", "reads 3, ignores writes", "switches receiver, transmitter and flow control (page 16)", "switches them"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("seven characters come out in order", """
            readl 0x3f215054 -> 0x61
            readl 0x3f215064 -> 0x0007030f
            readl 0x3f215040 -> 0x61
            readl 0x3f215064 -> 0x0006030f
            readl 0x3f215040 -> 0x62
            readl 0x3f215040 -> 0x63
            readl 0x3f215040 -> 0x64
            readl 0x3f215040 -> 0x65
            readl 0x3f215040 -> 0x66
            readl 0x3f215040 -> 0x67
            readl 0x3f215054 -> 0x60
            readl 0x3f215064 -> 0x30e
            """),
        new("bit 0 enables the receive interrupt and bit 1 the transmit interrupt", """
            readl 0x3f215000 -> 0
            writel 0x3f215044 1
            readl 0x3f215000 -> 1
            readl 0x3f215048 -> 0xc4
            writel 0x3f215048 2         # empties the receive FIFO
            readl 0x3f215000 -> 0
            readl 0x3f215048 & 1 -> 1
            readl 0x3f215048 & 6 -> 0, qemu 2 : iir
            writel 0x3f215044 2
            readl 0x3f215048 -> 0xc2
            readl 0x3f215000 -> 1
            """),
        new("modules that are on", """
            writel 0x3f215004 7
            readl 0x3f215004 -> 7, qemu 1 : enables
            """),
        new("a transmitter that is off keeps its characters", """
            writel 0x3f215060 1
            readl 0x3f215060 -> 1, qemu 3 : cntl
            writel 0x3f215040 0x5a
            readl 0x3f215064 & 0x0f000100 -> 0x01000000, qemu 0x100 : cntl
            """),
    ];

    public override void Prepare(SimMachine machine)
    {
        var line = machine.Device<Bcm2835MiniUartModel>("uart1").Line;
        line.IsInstant = true;
        line.Send("abcdefg"u8);
    }

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64(0x1_0000_0000);
        switch (random.Next(20))
        {
            case 0: steps.Read(IO); break;
            case < 3: steps.Write(IO, value); break;
            case < 12: steps.Read(s_registers[random.Next(s_registers.Length)]); break;
            case < 13: steps.Read(0x6c); break;
            case < 16: steps.Write(IER, value); break;
            case 16: steps.Write(IIR, random.Next(20) == 0 ? value : value & ~2ul); break;
            // Neither divisor access nor break.
            case 17: steps.Write(LCR, value & 0xffff_ff3f); break;
            default:
                int[] plain = [IRQ, MCR, LSR, MSR, SCRATCH, STAT, BAUD, 0x6c];
                steps.Write(plain[random.Next(plain.Length)], value);
                break;
        }
    }
}
