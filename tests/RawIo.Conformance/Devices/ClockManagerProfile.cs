namespace RawIo.Conformance;

/// <summary>BCM2835's clock manager: general purpose clocks, PCM, PWM, and the registers of PLLA. Both begin with the same values written, for what the firmware leaves behind is not what QEMU begins with.</summary>
internal sealed class ClockManagerProfile : DeviceProfile
{
    private const ulong Registers = 0x3f10_1000;
    private const ulong Password = 0x5a00_0000;
    private const uint ENAB = 0x10, KILL = 0x20, BUSY = 0x80;

    private static readonly int[] s_controls = [0x070, 0x078, 0x080, 0x098, 0x0a0];

    // CM_PLLA, then CTRL, FRAC, the channels and ANA of PLLA.
    private static readonly int[] s_others = [0x104, 0x1100, 0x1200, 0x1300, 0x1400, 0x1500, 0x1600, 0x1010, 0x1014, 0x1018, 0x101c];

    public override string Name => "BCM2835 clock manager";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override string? AfterStep => "clock_step 2000000000";

    public override string Start => string.Join('\n', s_controls.SelectMany(c => new[] { c, c + 4 }).Concat(s_others).Select(r => $"writel 0x{Registers + (ulong)r:x} 0x5a000000"));

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("kill", "CM_GPnCTL, bit 5, KILL", "does nothing", "stops and resets the generator (BCM2835 ARM Peripherals, page 107)", "ENAB and BUSY go to 0 with it",
            c => Killed(c) ? ENAB : 0),
        new("busy", "CM_GPnCTL, bit 7, BUSY", "keeps what is written", "the generator is running (page 107)", "follows ENAB, and the last period",
            c => c.Step.IsRead && s_controls.Contains((int)(c.Step.Address - Registers)) ? BUSY : 0),
        new("unused", "CM_GPnCTL, bits 23:11 and 6", "keep what is written", "unused, read 0 (page 107)", "read 0"),
        new("holes", "addresses without a register", "keeps what is written", "no register is there (page 107; clk-bcm2835.c)", "reads 0"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("a clock is started and stopped", """
            writel 0x3f101074 0x5a00a000
            writel 0x3f101070 0x5a000001
            readl 0x3f101070 -> 1
            writel 0x3f101070 0x5a000011
            readl 0x3f101070 -> 0x91, qemu 0x11 : busy
            writel 0x3f101070 0x5a000001
            readl 0x3f101070 -> 1
            readl 0x3f101074 -> 0xa000
            """),
        new("without the password nothing is written", """
            writel 0x3f101074 0x5a00a000
            writel 0x3f101074 0x00005000
            writel 0x3f101074 0x5b005000
            readl 0x3f101074 -> 0xa000
            """),
        new("a PLL is locked while it has power and is not in reset", """
            writel 0x3f102100 0x5a021020
            readl 0x3f101114 & 0x100 -> 0x100
            writel 0x3f101104 0x5a000100
            readl 0x3f101114 & 0x100 -> 0
            writel 0x3f101104 0x5a000000
            writel 0x3f102100 0x5a031020
            readl 0x3f101114 & 0x100 -> 0
            """),
        new("unused bits", """
            writel 0x3f101070 0x5afff841
            readl 0x3f101070 -> 1, qemu 0xfff841 : unused
            """),
        new("a hole", """
            writel 0x3f101120 0x5a000001
            readl 0x3f101120 -> 0, qemu 1 : holes
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var control = s_controls[random.Next(s_controls.Length)];
        var other = s_others[random.Next(s_others.Length)];
        // Now and then without the password.
        var password = random.Next(10) == 0 ? (ulong)random.Next(256) << 24 : Password;
        switch (random.Next(10))
        {
            case < 3: steps.Write(control, password | (uint)random.Next() & 0x61f | (random.Next(12) == 0 ? KILL : 0)); break;
            case < 4: steps.Write(control + 4, password | (uint)random.Next() & 0xff_ffff); break;
            case < 6: steps.Read(control + 4 * random.Next(2)); break;
            case < 7: steps.Write(other, password | (uint)random.Next() & 0xff_ffff); break;
            case < 9: steps.Read(other); break;
            default: steps.Read(0x114); break;
        }
    }

    private static bool Killed(Compared c)
    {
        if (!c.Step.IsRead || !s_controls.Contains((int)(c.Step.Address - Registers))) return false;
        for (var i = c.Index - 1; i >= 0; i--)
            if (c.Run[i].IsWrite && c.Run[i].Address == c.Step.Address && (c.Run[i].Value & 0xff00_0000) == Password) return (c.Run[i].Value & KILL) != 0;
        return false;
    }
}
