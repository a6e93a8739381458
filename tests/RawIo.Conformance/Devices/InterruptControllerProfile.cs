using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>BCM2835's interrupt controller, with the PL011 (GPU 57, which the basic register shows itself) and the mini UART (GPU 29) at its inputs.</summary>
internal sealed class InterruptControllerProfile : DeviceProfile
{
    private const ulong Registers = 0x3f00_b200;
    private const long Uart = 0x3f20_1000 - (long)Registers, Aux = 0x3f21_5000 - (long)Registers;

    public override string Name => "BCM2835 interrupt controller";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override string Start => """
        writel 0x3f20102c 0x70
        writel 0x3f201030 0x301
        writel 0x3f215004 1
        """;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("shortcuts", "IRQ basic pending, bits 8 and 9", "set for every interrupt of registers 1 and 2",
            "not for those that the basic register shows itself (BCM2835 ARM Peripherals, pages 113 and 114)", "not for those", c => c.Reads(Registers) ? 0x300u : 0),
        new("base-disable", "Disable Base IRQs, bits 8 to 31", "read 1", "there are eight (page 118)", "read 0", c => c.Reads(Registers + 0x24) ? 0xffff_ff00 : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("nothing is pending that is not enabled", """
            writel 0x3f201038 0x20
            writel 0x3f201000 0x41
            readl 0x3f00b200 -> 0
            readl 0x3f00b208 -> 0
            writel 0x3f00b214 0x02000000
            readl 0x3f00b208 -> 0x02000000
            readl 0x3f00b200 -> 0x80000, qemu 0x80200 : shortcuts
            writel 0x3f201044 0x20
            readl 0x3f00b200 -> 0
            """),
        new("an interrupt without a bit of its own shows in bit 8", """
            writel 0x3f00b210 0x20000000
            readl 0x3f00b200 -> 0
            writel 0x3f215044 2
            readl 0x3f00b204 -> 0x20000000
            readl 0x3f00b200 -> 0x100
            writel 0x3f00b21c 0x20000000
            readl 0x3f00b200 -> 0
            """),
        new("ones enable and disable, zeros do nothing", """
            writel 0x3f00b210 0x0f
            writel 0x3f00b210 0xf0
            readl 0x3f00b210 -> 0xff
            writel 0x3f00b21c 0x3c
            readl 0x3f00b210 -> 0xc3
            readl 0x3f00b224 -> 0xff, qemu 0xffffffff : base-disable
            """),
    ];

    public override void Prepare(SimMachine machine) => machine.Device<Pl011Model>("uart0").Line.IsInstant = true;

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64(0x1_0000_0000);
        switch (random.Next(20))
        {
            case < 8: steps.Read(4 * random.Next(10)); break;
            case 8: steps.Read(4 * random.Next(10, 0x80)); break;
            case 9: steps.Write(4 * random.Next(10, 0x80), value); break;
            case 10: steps.Write(4 * random.Next(3), value); break;
            // QEMU aborts at a source of 96 and more.
            case 11: steps.Write(0x0c, value & 0xffff_ff80 | (uint)random.Next(96)); break;
            case < 16:
                steps.Write(0x10 + 4 * random.Next(6), value);
                break;
            case 16: steps.Write(Uart + 0x38, value); break;
            case 17: steps.Write(Uart, 0x41); break;
            case 18: steps.Write(Uart + 0x44, 0x7ff); break;
            default: steps.Write(Aux + 0x44, value & 2); break;
        }
    }
}
