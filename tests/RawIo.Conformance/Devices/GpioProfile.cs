namespace RawIo.Conformance;

/// <summary>BCM2835's GPIO: function select, and output set, clear and level.</summary>
internal sealed class GpioProfile : DeviceProfile
{
    private const ulong Registers = 0x3f20_0000;
    private const int Gpset0 = 0x1c, Gpclr0 = 0x28, Gplev0 = 0x34, Gpeds0 = 0x40, Gppudclk1 = 0x9c;

    public override string Name => "BCM2835 GPIO";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("inputs", "GPLEV0, GPLEV1", "shows the output latch of pins that are no outputs",
            "the actual value of the pin (BCM2835 ARM Peripherals, page 96); the pulls at reset are in table 6-31", "shows the pad: its pull, where nothing drives it",
            c => c.Reads(Registers + Gplev0) ? ~Outputs(c, 0) & uint.MaxValue : c.Reads(Registers + Gplev0 + 4) ? ~Outputs(c, 1) & 0x003f_ffff : 0),
        new("no-pins", "GPLEV1, bits 22 to 31", "keeps what was written to GPSET1", "reserved (page 96): there are 54 pins", "reads 0",
            c => c.Reads(Registers + Gplev0 + 4) ? 0xffc0_0000 : 0),
        new("detectors", "GPEDS, GPREN, GPFEN, GPHEN, GPLEN, GPAREN, GPAFEN, GPPUD, GPPUDCLK", "reads 0, ignores writes",
            "event detection and pulls (pages 96 to 101)", "has them",
            c => c.Step.IsRead && c.Step.Address - Registers is >= Gpeds0 and <= Gppudclk1 ? uint.MaxValue : 0),
        new("reserved", "reserved words, GPSET, GPCLR", "reads 0", "reserved, write-only (page 90); real parts answer 0x6770696f", "answers 0x6770696f",
            c => c.Step.IsRead && c.Sim == 0x6770696f ? uint.MaxValue : 0),
        new("test", "Test register, 0xb0", "reads 0", "4 bits, read and write (page 91)", "keeps 4 bits", c => c.Reads(Registers + 0xb0) ? 0xfu : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("an output follows set and clear", """
            writel 0x3f200004 0x40000     # GPFSEL1: pin 16 is an output
            writel 0x3f20001c 0x10000     # GPSET0
            readl 0x3f200034 & 0x10000 -> 0x10000
            writel 0x3f200028 0x10000     # GPCLR0
            readl 0x3f200034 & 0x10000 -> 0
            readl 0x3f200004 & 0x1c0000 -> 0x40000
            """),
        new("zeros written to set and clear change nothing", """
            writel 0x3f200008 0x9         # GPFSEL2: pins 20 and 21
            writel 0x3f20001c 0x100000
            writel 0x3f20001c 0
            writel 0x3f200028 0
            readl 0x3f200034 & 0x300000 -> 0x100000
            """),
        new("the latch is kept for the day that a pin becomes an output", """
            writel 0x3f20001c 0x10000
            writel 0x3f200004 0x40000
            readl 0x3f200034 & 0x10000 -> 0x10000
            """),
        new("function select keeps three bits a pin", """
            writel 0x3f200010 0x3fffffff
            readl 0x3f200010 -> 0x3fffffff
            writel 0x3f200014 0xfff
            readl 0x3f200014 -> 0xfff
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var value = (ulong)random.NextInt64(0x1_0000_0000);
        switch (random.Next(20))
        {
            case < 3: steps.Write(4 * random.Next(6), value); break;
            // Whole registers of outputs, so that there are some.
            case < 5: steps.Write(4 * random.Next(6), 0x0924_9249); break;
            case < 7: steps.Read(4 * random.Next(6)); break;
            case < 10: steps.Write(Gpset0 + 4 * random.Next(2), value); break;
            case < 13: steps.Write(Gpclr0 + 4 * random.Next(2), value); break;
            case < 14: steps.Write(4 * random.Next(7, 0x2d), value); break;
            case < 15: steps.Read(4 * random.Next(7, 0x2d)); break;
            default: steps.Read(Gplev0 + 4 * random.Next(2)); break;
        }
    }

    /// <summary>The pins that are outputs at this step: GPFSEL's field is 1.</summary>
    private static ulong Outputs(Compared c, int bank)
    {
        var pins = 0ul;
        for (var register = 0; register < 6; register++)
        {
            var select = c.LastWrite(Registers + (ulong)(4 * register)) ?? 0;
            for (var i = 0; i < 10 && 10 * register + i < 54; i++)
                if ((select >> (3 * i) & 7) == 1) pins |= 1ul << (10 * register + i);
        }
        return pins >> (32 * bank) & uint.MaxValue;
    }
}
