namespace RawIo.Sim;

/// <summary>
/// Power management, watchdog and reset of BCM2835 to BCM2711. No datasheet describes it; registers and bits are those of Linux
/// drivers/watchdog/bcm2835_wdt.c and drivers/pmdomain/bcm/bcm2835-power.c, and of elinux.org's "BCM2835 registers".
/// </summary>
/// <remarks>
/// <para>Every write needs the password 0x5a in bits 31:24, or has no effect and is a guest error. The watchdog counts its 20 bits
/// down at 65536 Hz while RSTC asks for a full reset (WRCFG 2), and asks for the machine's reset at 0. After that reset
/// RSTS says HADWRF and still has the boot partition (bits 0, 2, 4, 6, 8 and 10; 63 is Linux's halt); after power-on it says HADPOR.
/// PM_WDOG reads what is left.</para>
/// <para>QEMU (hw/misc/bcm2835_powermgt.c) resets within the write of RSTC, never counts, and has RSTC, RSTS and WDOG alone.</para>
/// </remarks>
public sealed class Bcm2835PmModel : Device
{
    private const int RSTC = 0x1c, RSTS = 0x20, WDOG = 0x24, IMAGE = 0x108, GRAFX = 0x10c, PROC = 0x110;
    private const uint Password = 0x5a00_0000, WRCFG = 0x30, FullReset = 0x20, ResetConfiguration = 0x102, TimeBits = 0xf_ffff;
    private const uint Partition = 0x555, HADWRF = 1 << 5, HADPOR = 1 << 12;
    private const uint POWUP = 1 << 0, POWOK = 1 << 1, MEMREP = 1 << 3, MRDONE = 1 << 4;
    private const long Hertz = 65536;

    private readonly TimeProvider _time;
    private readonly SignalLine _reset;
    private readonly uint[] _registers = new uint[0x114 / 4];
    private readonly DeviceTimer _timer;
    private long _started;
    private bool _isCounting, _hasBitten;

    /// <summary>The block after power-on: the watchdog does not count.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="reset">The line that asks for the machine's reset: it gets a pulse.</param>
    public Bcm2835PmModel(TimeProvider time, SignalLine reset)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(reset);
        (_time, _timer, _reset) = (time, new(time, Alarm), reset);
        Reset();
    }

    private sealed record Saved(uint[] Registers, long Started, bool IsCounting, bool HasBitten);

    /// <inheritdoc/>
    public override string Name => "BCM2835 power management";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-pm", "brcm,bcm2711-pm", "brcm,bcm2835-pm-wdt"];

    /// <inheritdoc/>
    public override string LeavesOut => "Power domains are switched on and off in their registers alone; the bus bridges (ASB) behind the second range; pads, regulators and voltage scaling are kept and do nothing.";

    /// <inheritdoc/>
    public override object Save() => new Saved([.. _registers], _started, _isCounting, _hasBitten);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (var registers, _started, _isCounting, _hasBitten) = (Saved)saved;
        registers.CopyTo(_registers, 0);
        Arm();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (!Exists(offset)) return BadRead(offset, size, "no register is there");
        var value = _registers[offset >> 2];
        return offset switch
        {
            WDOG when _isCounting => Left(),
            // Power comes up, and memory is repaired, at once.
            IMAGE or GRAFX or PROC => value | ((value & POWUP) != 0 ? POWOK : 0) | ((value & MEMREP) != 0 ? MRDONE : 0),
            _ => value,
        };
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (!Exists(offset))
        {
            BadWrite(offset, size, "no register is there");
            return;
        }
        if ((value & 0xff00_0000) != Password)
        {
            BadWrite(offset, size, "bits 31:24 are not the password 0x5a");
            return;
        }
        var word = (uint)value & 0xff_ffff;
        if (_isCounting && offset is RSTC) _registers[WDOG >> 2] = Left();
        _registers[offset >> 2] = offset switch
        {
            WDOG => word & TimeBits,
            IMAGE or GRAFX or PROC => word & ~(POWOK | MRDONE),
            _ => word,
        };
        if (offset is not (RSTC or WDOG)) return;
        (_isCounting, _started) = ((_registers[RSTC >> 2] & WRCFG) == FullReset, _time.GetTimestamp());
        if (_isCounting && _registers[WDOG >> 2] == 0) Bite();
        Arm();
    }

    /// <summary>The state after power-on, or, where the watchdog asked for the reset, after that.</summary>
    public override void Reset()
    {
        var status = _hasBitten ? _registers[RSTS >> 2] & Partition | HADWRF : HADPOR;
        Array.Clear(_registers);
        (_registers[RSTC >> 2], _registers[RSTS >> 2]) = (ResetConfiguration, status);
        (_isCounting, _hasBitten) = (false, false);
        Arm();
    }

    private static bool Exists(int offset) => (offset & 3) == 0 && offset is <= 0x3c or >= 0x44 and <= 0x88 or 0xfc or IMAGE or GRAFX or PROC;

    // From the start of the count on, as it was set then.
    private uint Left()
    {
        var elapsed = (UInt128)(ulong)Math.Max(0, _time.GetTimestamp() - _started) * (ulong)Hertz / (ulong)_time.TimestampFrequency;
        var set = _registers[WDOG >> 2];
        return elapsed >= set ? 0 : set - (uint)elapsed;
    }

    private void Arm()
    {
        if (!_isCounting)
        {
            _timer.Stop();
            return;
        }
        var elapsed = (_time.GetTimestamp() - _started) * (double)TimeSpan.TicksPerSecond / _time.TimestampFrequency;
        var due = TimeSpan.FromTicks(Math.Max(1, (long)Math.Ceiling(_registers[WDOG >> 2] * (double)TimeSpan.TicksPerSecond / Hertz - elapsed)));
        _timer.Set(due);
    }

    private void Alarm()
    {
        if (!_isCounting) return;
        if (Left() == 0) Bite();
        Arm();
    }

    private void Bite()
    {
        (_isCounting, _hasBitten, _registers[WDOG >> 2]) = (false, true, 0);
        _reset.Set(true);
        _reset.Set(false);
    }
}
