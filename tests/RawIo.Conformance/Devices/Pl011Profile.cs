using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>The PL011, with 16 characters waiting in its receive FIFO at the start.</summary>
internal sealed class Pl011Profile : DeviceProfile
{
    private const ulong Registers = 0x3f20_1000;
    private const int DR = 0x00, RSR = 0x04, FR = 0x18, ILPR = 0x20, IBRD = 0x24, FBRD = 0x28, LCRH = 0x2c, CR = 0x30, IFLS = 0x34, IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, DMACR = 0x48;

    private static readonly int[] s_registers = [RSR, FR, ILPR, IBRD, FBRD, LCRH, CR, IFLS, IMSC, RIS, MIS, ICR, DMACR, 0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc];

    private static readonly Dictionary<int, ulong> s_bits = new()
    {
        [IBRD] = 0xffff, [FBRD] = 0x3f, [LCRH] = 0xff, [CR] = 0xff87, [IFLS] = 0x3f, [IMSC] = 0x7ff, [DMACR] = 7,
    };

    public override string Name => "PL011";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    // The first goes into the one place there is before the FIFOs are on, and goes with that.
    public override IReadOnlyList<string> Arguments => [.. SerialInput.Arguments("pl011", "xABCDEFGHIJKLMNOP"), "-serial", "null"];

    public override string Start => $"""
        {SerialInput.Pause}
        writel 0x3f20102c 0x70
        writel 0x3f201030 0x301
        {SerialInput.Pause}
        """;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("reserved", "UARTIBRD, UARTFBRD, UARTLCR_H, UARTCR, UARTIFLS, UARTIMSC, UARTDMACR", "keep all 32 bits",
            "reserved bits read as zero (DDI 0183, table 3-1 and sections 3.3.5 to 3.3.14)", "reserved bits read 0",
            c => c.Step.IsRead && s_bits.TryGetValue((int)(c.Step.Address - Registers), out var bits) ? ~bits : 0),
        new("irda", "UARTILPR", "keeps what is written", "disabled: writing has no effect, reading returns 0 (BCM2835 ARM Peripherals, 13.4)", "reads 0 on BCM2835",
            c => c.Reads(Registers + ILPR) ? uint.MaxValue : 0),
        new("level", "UARTRIS and UARTMIS, RX", "set while there is any character", "at the level that UARTIFLS chooses (DDI 0183, 2.8.2)", "at the level",
            c => c.Reads(Registers + RIS) || c.Reads(Registers + MIS) ? 0x10u : 0),
        new("revision", "UARTPeriphID2", "0x14, r1p1", "the Pi's device tree says 0x24 (arm,primecell-periphid 0x00241011)", "what the device tree says",
            c => c.Reads(Registers + 0xfe8) ? 0x30u : 0),
        new("enable", "UARTCR, UARTEN and TXE", "transmits whatever they are", "nothing is transmitted while either is 0 (DDI 0183, 3.3.8)", "characters wait in the FIFO"),
        new("loopback", "UARTCR, LBE", "kept, without effect", "what is sent and the modem outputs come back (DDI 0183, 3.3.8)", "they come back"),
        new("break", "UARTLCR_H, BRK", "transmits during a break", "a low level is continually output (DDI 0183, 3.3.7)", "the FIFO waits for the break's end"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("16 characters fill the FIFO and come out in order", """
            readl 0x3f201018 & 0x1ff -> 0xc0     # RXFF, TXFE
            readl 0x3f201000 -> 0x41
            readl 0x3f201018 & 0x50 -> 0
            readl 0x3f201000 -> 0x42
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201000 -> 0x4f
            readl 0x3f201018 & 0x10 -> 0
            readl 0x3f201000 -> 0x50
            readl 0x3f201018 & 0x10 -> 0x10
            readl 0x3f20103c & 0x10 -> 0
            """),
        new("the receive interrupt goes below the level", """
            writel 0x3f201038 0x10               # IMSC
            writel 0x3f201034 0x20               # IFLS: seven eighths
            readl 0x3f201040 -> 0x10
            readl 0x3f201000
            readl 0x3f201000
            readl 0x3f201040 -> 0x10             # 14 are left
            readl 0x3f201000
            readl 0x3f201040 -> 0, qemu 0x10 : level
            """),
        new("reset values", """
            readl 0x3f201034 -> 0x12
            readl 0x3f201038 -> 0
            readl 0x3f201048 -> 0
            readl 0x3f201024 -> 0
            readl 0x3f201028 -> 0
            """),
        new("a character sent sets the transmit interrupt, and clearing it clears it", """
            writel 0x3f201038 0x20
            readl 0x3f201040 -> 0
            writel 0x3f201000 0x5a
            readl 0x3f201040 -> 0x20
            writel 0x3f201044 0x20
            readl 0x3f20103c & 0x20 -> 0
            """),
        new("a transmitter that is off keeps its characters", """
            writel 0x3f201030 0x300
            writel 0x3f201000 0x5a
            readl 0x3f201018 & 0x88 -> 0x08, qemu 0x80 : enable
            writel 0x3f201030 0x201
            readl 0x3f201018 & 0x88 -> 0x08, qemu 0x80 : enable
            writel 0x3f201030 0x301
            readl 0x3f201018 & 0x88 -> 0x80
            """),
        new("loopback brings the modem outputs back", """
            writel 0x3f201030 0x3f81
            readl 0x3f201018 & 0x107 -> 0x107, qemu 0 : loopback
            """),
        new("a break holds the transmitter", """
            writel 0x3f20102c 0x71
            writel 0x3f201000 0x5a
            readl 0x3f201018 & 0x88 -> 0x08, qemu 0x80 : break
            writel 0x3f20102c 0x70
            readl 0x3f201018 & 0x88 -> 0x80
            """),
    ];

    public override void Prepare(SimMachine machine)
    {
        var line = machine.Device<Pl011Model>("uart0").Line;
        line.IsInstant = true;
        line.Send("ABCDEFGHIJKLMNOP"u8);
    }

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64(0x1_0000_0000);
        var size = 1 << random.Next(3);
        switch (random.Next(24))
        {
            case 0: steps.Read(DR, size); break;
            case < 3: steps.Write(DR, value, size); break;
            case < 12: steps.Read(s_registers[random.Next(s_registers.Length)], size); break;
            case < 13: steps.Read(4 * random.Next(0x13, 0x3f8)); break;
            case < 14: steps.Write(4 * random.Next(0x13, 0x3f8), value); break;
            case < 16: steps.Write(ICR, value); break;
            case < 18: steps.Write(IMSC, value, size); break;
            // FIFOs on and no break; UART and both sides on, no loopback, no flow control.
            case 18: steps.Write(LCRH, value & ~1ul | 0x10, size); break;
            case 19: steps.Write(CR, value & 0xffff_3c7f & ~0x80ul | 0x301); break;
            default:
                int[] plain = [RSR, FR, ILPR, IBRD, FBRD, IFLS, RIS, MIS, DMACR, 0xfe0];
                steps.Write(plain[random.Next(plain.Length)], value, size);
                break;
        }
    }
}
