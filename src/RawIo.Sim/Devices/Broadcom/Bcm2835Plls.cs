namespace RawIo.Sim;

/// <summary>The PLLs of <see cref="Bcm2835ClockManagerModel"/> and their channels, worked out of its registers as drivers/clk/bcm/clk-bcm2835.c reads them.</summary>
internal static class Bcm2835Plls
{
    // Where the registers of PLLA, C, D, H and B are, from those of PLLA.
    public const int A = 0x00, C = 0x20, D = 0x40, H = 0x60, B = 0xe0;

    public const int DIG0 = 0x1000, ANA0 = 0x1010, CTRL = 0x1100, XOSC_CTRL = 0x1190, FRAC = 0x1200;

    // The channels, from 0x1300 on.
    public const int PLLA_CORE = 0x1400, PLLA_PER = 0x1500, PLLC_CORE2 = 0x1320, PLLC_CORE1 = 0x1420, PLLC_PER = 0x1520, PLLC_CORE0 = 0x1620,
        PLLD_CORE = 0x1440, PLLD_PER = 0x1540, PLLH_AUX = 0x1360, PLLB_ARM = 0x13e0;

    private const uint PWRDN = 1 << 16, PRST_DISABLE = 1 << 17, ANARST = 1 << 8, CHANNEL_DISABLE = 1 << 8;
    private const int FractionBits = 20;
    private const ulong MostWithoutPrescaler = 1_750_000_000;

    public static readonly int[] All = [A, C, D, H, B];

    /// <summary>The oscillator: 19.2 MHz, on BCM2711 54 MHz.</summary>
    public static ulong Oscillator(bool isBcm2711) => isBcm2711 ? 54_000_000u : 19_200_000u;

    /// <summary>The register CM_PLLx.</summary>
    public static int CmOf(int pll) => pll switch { A => 0x104, C => 0x108, D => 0x10c, H => 0x110, _ => 0x170 };

    /// <summary>The bit in CM_LOCK.</summary>
    public static uint LockOf(int pll) => 1u << pll switch { A => 8, B => 9, C => 10, D => 11, _ => 12 };

    public static bool IsLocked(uint[] registers, int pll) => (registers[CTRL + pll >> 2] & PWRDN) == 0 && (registers[CmOf(pll) >> 2] & ANARST) == 0;

    /// <summary>Registers that make a PLL run at a rate.</summary>
    public static void Set(uint[] registers, int pll, ulong hertz, bool isBcm2711)
    {
        var halve = !isBcm2711 && hertz > MostWithoutPrescaler;
        var ratio = ((hertz << FractionBits) / (halve ? 2u : 1u) + Oscillator(isBcm2711) / 2) / Oscillator(isBcm2711);
        registers[CTRL + pll >> 2] = PRST_DISABLE | 1 << 12 | (uint)(ratio >> FractionBits);
        registers[FRAC + pll >> 2] = (uint)ratio & (1 << FractionBits) - 1;
        if (halve) registers[ANA0 + 4 + pll >> 2] |= Prescaler(pll);
    }

    /// <summary>Registers of a PLL that is off.</summary>
    public static void SwitchOff(uint[] registers, int pll) => registers[CTRL + pll >> 2] = PWRDN;

    /// <summary>A PLL's rate in Hz.</summary>
    public static ulong Rate(uint[] registers, int pll, bool isBcm2711)
    {
        var control = registers[CTRL + pll >> 2];
        var divider = control >> 12 & 7;
        if (!IsLocked(registers, pll) || divider == 0) return 0;
        var ratio = (ulong)(control & 0x3ff) << FractionBits | registers[FRAC + pll >> 2] & (1 << FractionBits) - 1;
        if (!isBcm2711 && (registers[ANA0 + 4 + pll >> 2] & Prescaler(pll)) != 0) ratio *= 2;
        return Oscillator(isBcm2711) * ratio / divider >> FractionBits;
    }

    /// <summary>A channel's rate in Hz; a divider of 0 is 256.</summary>
    public static double ChannelRate(uint[] registers, int channel, bool isBcm2711)
    {
        var control = registers[channel >> 2];
        if ((control & CHANNEL_DISABLE) != 0) return 0;
        var divider = control & 0xff;
        return (double)Rate(registers, channel & 0xff, isBcm2711) / (divider == 0 ? 256 : divider);
    }

    /// <summary>Whether a register of the analogue part is there; its read-only twin is 0x800 above.</summary>
    public static bool Exists(int offset)
    {
        offset &= ~0x800;
        if (offset == XOSC_CTRL) return true;
        foreach (var pll in All)
        {
            var at = offset - pll;
            if (at is >= DIG0 and < ANA0 + 0x10 or CTRL or FRAC or 0x1300 or 0x1400 or 0x1500 or 0x1600) return true;
        }
        return false;
    }

    // The feedback's prescaler in ANA1; BCM2711 has none.
    private static uint Prescaler(int pll) => pll == H ? 1u << 11 : 1u << 14;
}
