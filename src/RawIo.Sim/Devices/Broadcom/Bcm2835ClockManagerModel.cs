namespace RawIo.Sim;

/// <summary>A clock generator of <see cref="Bcm2835ClockManagerModel"/>: the offset of its control register.</summary>
public enum CmClock
{
    /// <summary>VideoCore's, and the peripherals' bus.</summary>
    VPU = 0x008,
    /// <summary>General purpose clock 0.</summary>
    GP0 = 0x070,
    /// <summary>General purpose clock 1.</summary>
    GP1 = 0x078,
    /// <summary>General purpose clock 2.</summary>
    GP2 = 0x080,
    /// <summary>I2S and PCM.</summary>
    PCM = 0x098,
    /// <summary>Pulse width modulator.</summary>
    PWM = 0x0a0,
    /// <summary>Timers: 1 MHz.</summary>
    TIMER = 0x0e8,
    /// <summary>PL011.</summary>
    UART = 0x0f0,
    /// <summary>SD card.</summary>
    EMMC = 0x1c0,
}

/// <summary>
/// The clock manager of BCM2835 to BCM2711: generators (BCM2835 ARM Peripherals, 6.3, with its errata: dividers have 12 bits of
/// fraction) and the PLLs that feed them (no datasheet; drivers/clk/bcm/clk-bcm2835.c).
/// </summary>
/// <remarks>
/// <para>At power-on the registers are as the firmware leaves them: PLLD's peripheral channel at 500 MHz (BCM2711: 750), PLLC's
/// at 1 GHz, the UART's clock at 48 MHz, the timers' at 1 MHz, VideoCore's at the board's rate; the general purpose clocks,
/// PWM and PCM are off.</para>
/// <para>A generator whose ENAB is cleared stays BUSY for the last period of its output; KILL ends it at once. A write without
/// the password 0x5a in bits 31:24 has no effect, and is a guest error. So is a change of source, MASH, FLIP or divider while BUSY
/// (6.3: glitches, lock-ups), or a start with a divider that is too small for MASH (table 6-32), which take effect all the same. QEMU (hw/misc/bcm2835_cprman.c) drops BUSY with ENAB, ignores KILL,
/// keeps words at every address of the block, and leaves its PLLs and generators with other values.</para>
/// </remarks>
public sealed class Bcm2835ClockManagerModel : Device
{
    private const int CM_OSCCOUNT = 0x100, CM_LOCK = 0x114;
    private const uint Password = 0x5a00_0000, ENAB = 1 << 4, KILL = 1 << 5, BUSY = 1 << 7, FLIP = 1 << 8, SRC = 0xf, MASH = 3 << 9;

    private readonly TimeProvider _time;
    private readonly bool _isBcm2711;
    private readonly uint _coreClock, _armClock;
    private readonly uint[] _registers = new uint[0x2000 / 4];
    private readonly long[] _busyUntil = new long[0x200 / 8];

    /// <summary>The clock manager as the firmware leaves it.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="isBcm2711">Whether it is BCM2711's, with an oscillator of 54 MHz and other rates.</param>
    /// <param name="coreClock">VideoCore's clock in Hz.</param>
    /// <param name="armClock">The ARM's in Hz.</param>
    public Bcm2835ClockManagerModel(TimeProvider time, bool isBcm2711 = false, uint coreClock = 400_000_000, uint armClock = 1_200_000_000)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _isBcm2711, _coreClock, _armClock) = (time, isBcm2711, coreClock, armClock);
        SetUp();
    }

    private sealed record Saved(uint[] Registers, long[] BusyUntil);

    /// <inheritdoc/>
    public override string Name => _isBcm2711 ? "BCM2711 clock manager" : "BCM2835 clock manager";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => _isBcm2711 ? ["brcm,bcm2711-cprman"] : ["brcm,bcm2835-cprman"];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "The clocks reach the PWM alone; those of other devices are fixed. Measuring by CM_TCNT, events, FLIP, GATE, HOLD and LOAD bits, and the analogue settings do nothing; noise shaping shows as its mean.";

    /// <summary>Called before a rate may change: who counts by a clock works out what was until now.</summary>
    internal event Action? Changing;

    /// <summary>Called after a rate may have changed.</summary>
    internal event Action? Changed;

    /// <summary>A generator's output in Hz, 0 while it is off; with MASH the mean.</summary>
    public double Hertz(CmClock clock) => (_registers[(int)clock >> 2] & ENAB) == 0 ? 0 : Running((int)clock);

    /// <inheritdoc/>
    public override object Save() => new Saved([.. _registers], [.. _busyUntil]);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (registers, busyUntil) = (Saved)saved;
        registers.CopyTo(_registers, 0);
        busyUntil.CopyTo(_busyUntil, 0);
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (offset == CM_LOCK) return Locks();
        if (IsControl(offset)) return _registers[offset >> 2] | (IsBusy(offset) ? BUSY : 0);
        if (offset == CM_OSCCOUNT) return 0;
        if (IsGenerator(offset) || IsOther(offset)) return _registers[offset >> 2];
        return Bcm2835Plls.Exists(offset) ? _registers[(offset & ~0x800) >> 2] : BadRead(offset, size, "no register is there");
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var isThere = IsGenerator(offset) || IsOther(offset) || Bcm2835Plls.Exists(offset);
        if (!isThere || offset == CM_LOCK || offset >= 0x1800)
        {
            BadWrite(offset, size, isThere ? "the register is read-only" : "no register is there");
            return;
        }
        if ((value & 0xff00_0000) != Password)
        {
            BadWrite(offset, size, "bits 31:24 are not the password 0x5a");
            return;
        }
        var word = (uint)value & 0xff_ffff;
        if (IsGenerator(offset) && IsBusy(offset & ~4) && ((word ^ _registers[offset >> 2]) & (IsControl(offset) ? SRC | MASH | FLIP : ~0u)) != 0)
            BadWrite(offset, size, "the generator is BUSY; switch it off and wait until it has stopped");
        if (IsDescribed(offset) && (word & (ENAB | KILL)) == ENAB && _registers[offset + 4 >> 2] >> 12 < LeastDivider(word))
            BadWrite(offset, size, $"with this MASH the divider's integer part is {LeastDivider(word)} at least");
        Changing?.Invoke();
        if (IsControl(offset)) WriteControl(offset, word & ~BUSY);
        else _registers[offset >> 2] = word;
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Changing?.Invoke();
        SetUp();
        Changed?.Invoke();
    }

    // Table 6-32.
    private static uint LeastDivider(uint control) => (control & MASH) switch { 0 => 0, 1 << 9 => 2, 2 << 9 => 3, _ => 5 };

    private void WriteControl(int offset, uint word)
    {
        if (IsDescribed(offset)) word &= SRC | ENAB | KILL | FLIP | MASH;
        var before = _registers[offset >> 2];
        if ((before & ENAB) != 0 && (word & ENAB) == 0 && Running(offset) is var hertz and > 0)
            _busyUntil[offset >> 3] = _time.GetTimestamp() + (long)Math.Min(_time.TimestampFrequency / hertz, _time.TimestampFrequency);
        if ((word & KILL) != 0)
        {
            _busyUntil[offset >> 3] = 0;
            word &= ~ENAB;
        }
        _registers[offset >> 2] = word;
    }

    private bool IsBusy(int control) => (_registers[control >> 2] & ENAB) != 0 || _busyUntil[control >> 3] > _time.GetTimestamp();

    private double Running(int control)
    {
        var (setting, divisor) = (_registers[control >> 2], _registers[control + 4 >> 2]);
        // Without MASH, and in the others without FRAC, which is the same bit, only the integer part divides.
        var divider = (setting & MASH) == 0 && control != (int)CmClock.VPU ? divisor >> 12 & 0xfff : (divisor & 0xff_ffff) / 4096.0;
        return divider == 0 ? 0 : Source(control, setting & SRC) / divider;
    }

    private double Source(int control, uint source)
    {
        // VideoCore's own generators have the core channels of the PLLs; those of peripherals the peripheral ones.
        var isCore = control is 0x008 or 0x010 or 0x028 or 0x030 or 0x038 or 0x1a8;
        return source switch
        {
            1 => Bcm2835Plls.Oscillator(_isBcm2711),
            4 => Channel(isCore ? Bcm2835Plls.PLLA_CORE : Bcm2835Plls.PLLA_PER),
            5 => Channel(isCore ? Bcm2835Plls.PLLC_CORE0 : Bcm2835Plls.PLLC_PER),
            6 => Channel(isCore ? Bcm2835Plls.PLLD_CORE : Bcm2835Plls.PLLD_PER),
            7 => Channel(Bcm2835Plls.PLLH_AUX),
            8 when isCore => Channel(Bcm2835Plls.PLLC_CORE1),
            9 when isCore => Channel(Bcm2835Plls.PLLC_CORE2),
            _ => 0,
        };
    }

    private double Channel(int channel) => Bcm2835Plls.ChannelRate(_registers, channel, _isBcm2711);

    private uint Locks()
    {
        var locks = 0u;
        foreach (var pll in Bcm2835Plls.All)
            if (Bcm2835Plls.IsLocked(_registers, pll)) locks |= Bcm2835Plls.LockOf(pll);
        return locks;
    }

    private static bool IsGenerator(int offset) => (offset & 3) == 0
        && offset is < 0x0b8 or >= 0x0c0 and < 0x100 or >= 0x158 and < 0x170 or 0x190 or 0x194 or 0x1a8 or 0x1ac or >= 0x1b0 and < 0x1c8 or 0x1d0 or 0x1d4;

    private static bool IsControl(int offset) => IsGenerator(offset) && (offset & 4) == 0;

    // Those of 6.3; of the others some have more bits, which clk-bcm2835.c knows.
    private static bool IsDescribed(int control) => control is 0x070 or 0x078 or 0x080 or 0x098 or 0x0a0;

    private static bool IsOther(int offset) => offset is CM_OSCCOUNT or 0x104 or 0x108 or 0x10c or 0x110 or CM_LOCK or 0x118 or 0x170;

    private void SetUp()
    {
        Array.Clear(_registers);
        Array.Clear(_busyUntil);
        Bcm2835Plls.SwitchOff(_registers, Bcm2835Plls.A);
        Bcm2835Plls.Set(_registers, Bcm2835Plls.B, 2ul * _armClock, _isBcm2711);
        Bcm2835Plls.Set(_registers, Bcm2835Plls.C, 2_000_000_000, _isBcm2711);
        Bcm2835Plls.Set(_registers, Bcm2835Plls.D, _isBcm2711 ? 3_000_000_000 : 2_000_000_000ul, _isBcm2711);
        Bcm2835Plls.Set(_registers, Bcm2835Plls.H, 864_000_000, _isBcm2711);
        _registers[Bcm2835Plls.XOSC_CTRL >> 2] = 0xff;
        foreach (var (channel, divider) in (ReadOnlySpan<(int, uint)>)[(Bcm2835Plls.PLLB_ARM, 2), (Bcm2835Plls.PLLC_CORE0, 2), (Bcm2835Plls.PLLC_PER, 2),
            (Bcm2835Plls.PLLC_CORE1, 0x100), (Bcm2835Plls.PLLC_CORE2, 0x100), (Bcm2835Plls.PLLD_CORE, 4), (Bcm2835Plls.PLLD_PER, 4), (Bcm2835Plls.PLLH_AUX, 4),
            (Bcm2835Plls.PLLA_CORE, 0x100), (Bcm2835Plls.PLLA_PER, 0x100)])
            _registers[channel >> 2] = divider;
        var peripheral = _isBcm2711 ? 750_000_000ul : 500_000_000ul;
        Start(CmClock.VPU, 5, (1_000_000_000ul << 12) / _coreClock, 0);
        Start(CmClock.UART, 6, (peripheral << 12) / 48_000_000, 1 << 9);
        Start(CmClock.TIMER, 1, (Bcm2835Plls.Oscillator(_isBcm2711) << 12) / 1_000_000, 1 << 9);
        Start(CmClock.EMMC, 6, (peripheral << 12) / 250_000_000, 0);
    }

    private void Start(CmClock clock, uint source, ulong divider, uint mash) =>
        (_registers[(int)clock >> 2], _registers[(int)clock + 4 >> 2]) = (ENAB | source | mash, (uint)divider);
}
