namespace RawIo.Conformance;

/// <summary>BCM2835's power management and watchdog, without the reset.</summary>
internal sealed class PowerManagementProfile : DeviceProfile
{
    private const ulong Registers = 0x3f10_0000;
    private const int RSTC = 0x1c, RSTS = 0x20, WDOG = 0x24;

    public override string Name => "BCM2835 power management";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("ticks", "PM_WDOG, bits 23:20", "keeps them", "no datasheet; PM_WDOG_TIME_SET of bcm2835_wdt.c has 20 bits", "reads 0", c => c.Reads(Registers + WDOG) ? 0xf0_0000u : 0),
        new("others", "all but RSTC, RSTS and WDOG", "reads 0", "no datasheet; bcm2835-power.c and elinux.org's \"BCM2835 registers\" have them", "keeps what is written, and says that a domain is powered",
            c => c.Step.IsRead && (int)(c.Step.Address - Registers) is not (RSTC or RSTS or WDOG) ? uint.MaxValue : 0),
        new("countdown", "PM_RSTC, WRCFG 2", "resets within the write", "no datasheet; bcm2835_wdt.c resets when the watchdog has counted down", "resets when the watchdog has counted down"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("the values at power-on", """
            readl 0x3f10001c -> 0x102
            readl 0x3f100020 -> 0x1000
            readl 0x3f100024 -> 0
            """),
        new("the password", """
            writel 0x3f100020 0x5a000555
            writel 0x3f100020 0x00000aaa
            writel 0x3f100020 0xa5000aaa
            readl 0x3f100020 -> 0x555
            """),
        new("the watchdog counts before it resets", """
            sim: writel 0x3f100024 0x5a00000a
            sim: writel 0x3f10001c 0x5a000122
            sim: clock_step 100000
            readl 0x3f100024 -> 4, qemu 0 : countdown
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var offset = random.Next(4) == 0 ? 4 * random.Next(0x45) : random.Next(3) switch { 0 => RSTC, 1 => RSTS, _ => WDOG };
        var password = random.Next(5) == 0 ? (ulong)random.Next(256) << 24 : 0x5a00_0000u;
        // Never a full reset, which ends QEMU's run.
        if (random.Next(2) == 0) steps.Read(offset);
        else steps.Write(offset, password | (uint)random.Next() & (offset == RSTC ? 0xff_ffdfu : 0xff_ffffu));
    }
}
