namespace RawIo.Sim;

/// <summary>
/// The PC's clock chip: an MC146818A on a 32.768 kHz crystal (Motorola MC146818A datasheet), with 114 bytes of CMOS RAM
/// and 128 more in the extended bank (82371SB PIIX3 datasheet, Real Time Clock Registers).
/// </summary>
/// <remarks>
/// <para>Offset 0 is the index (port 0x70, write-only; its bit 7 keeps NMI from the CPU), offset 1 the data, offsets 2 and 3
/// index and data of the extended bank. The bytes from 0x0e on are as QEMU's firmware setup leaves them on its <c>pc</c>.</para>
/// <para>The date counts from the machine's time; an update ends with each whole second of the date. UIP is set from 244 us
/// before an update (8 cycles of the crystal) through the 1984 us that it takes (65 cycles); the bytes change at its end.
/// <see cref="Reset"/> is the RESET pin: the battery keeps the time and the RAM.</para>
/// <para>Where QEMU 7.2 differs, the datasheets are followed: bytes stay as they are written (QEMU: normalizes the date,
/// works the day of the week out itself, and converts when DM or 24/12 change); the century at 0x32 is RAM (QEMU: carries to it,
/// and has it at 0x37 too); each fourth year is a leap year (QEMU: Gregorian); UIE is cleared as SET goes high (QEMU: with
/// each write that has SET); UIP lasts through the update (QEMU: up to its start); there are ports 0x72 and 0x73.</para>
/// </remarks>
public sealed partial class Mc146818Model : Device
{
    private const int INDEX = 0, DATA = 1, EXTENDED_INDEX = 2, EXTENDED_DATA = 3;
    private const int REG_A = 10, REG_B = 11, REG_C = 12, REG_D = 13;
    private const byte NMI = 0x80;
    private const byte A_UIP = 0x80, A_DV = 0x70, A_RS = 0x0f;
    private const byte B_SET = 0x80, B_PIE = 0x40, B_AIE = 0x20, B_UIE = 0x10, B_SQWE = 0x08, B_DM = 0x04, B_24 = 0x02;
    private const byte C_IRQF = 0x80, C_PF = 0x40, C_AF = 0x20, C_UF = 0x10;
    private const byte D_VRT = 0x80;

    private readonly DeviceClock _clock;
    private State _s;
    private readonly DeviceTimer _timer;

    /// <summary>The clock chip, running.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="start">The date now; the chip shows it in UTC.</param>
    /// <param name="memory">The machine's RAM in bytes, as the firmware has noted it.</param>
    public Mc146818Model(TimeProvider time, DateTimeOffset start, long memory = 512 << 20)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegative(memory);
        (_clock, _timer) = (new(time, Crystal), new(time, Alarm));
        _s = FirstState(start, memory);
        (Interrupt.WantChanged, Interrupt.Settle) = (Alarm, Settle);
    }

    private sealed record State
    {
        public required byte[] Ram;
        public required byte[] Extended;
        public byte Index, ExtendedIndex;
        public bool MasksNmi;

        /// <summary>When the divider chain started, in cycles of the crystal.</summary>
        public long Start;

        /// <summary>The cycle up to which everything is worked out.</summary>
        public long Seen;

        public State Copy() => this with { Ram = [.. Ram], Extended = [.. Extended] };
    }

    /// <inheritdoc/>
    public override string Name => "MC146818A";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["motorola,mc146818"];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <inheritdoc/>
    public override IReadOnlyList<SignalLine> InterruptLines => [Interrupt];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "daylight saving (DSE is kept and does nothing), the square wave's pin, what the bytes read as during an update, " +
        "the divider's test settings (time stands), PIIX3's locks of the RAM";

    /// <summary>The interrupt request; on a PC, 8.</summary>
    public SignalLine Interrupt { get; } = new();

    /// <summary>Whether bit 7 of the index port keeps NMI from the CPU.</summary>
    public bool MasksNmi => _s.MasksNmi;

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        switch (offset)
        {
            case DATA:
                Settle();
                return ReadData(_s.Index);
            case EXTENDED_DATA: return _s.Extended[_s.ExtendedIndex];
            default: return BadRead(offset, size, "the index is write-only", 0xff);
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        switch (offset)
        {
            case INDEX: (_s.Index, _s.MasksNmi) = ((byte)(value & 0x7f), (value & NMI) != 0); break;
            case EXTENDED_INDEX: _s.ExtendedIndex = (byte)(value & 0x7f); break;
            case EXTENDED_DATA: _s.Extended[_s.ExtendedIndex] = (byte)value; break;
            case DATA when _s.Index is REG_C or REG_D: BadWrite(offset, size, $"register {(_s.Index == REG_C ? 'C' : 'D')} is read-only"); break;
            case DATA:
                Settle();
                WriteData(_s.Index, (byte)value);
                UpdateInterrupt();
                Arm();
                break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Settle();
        _s.Ram[REG_B] &= unchecked((byte)~(B_PIE | B_AIE | B_UIE | B_SQWE));
        _s.Ram[REG_C] = 0;
        (_s.Index, _s.ExtendedIndex, _s.MasksNmi) = (0, 0, false);
        UpdateInterrupt();
        Arm();
    }

    internal override string? BrokenInvariant()
    {
        var (b, c) = (_s.Ram[REG_B], _s.Ram[REG_C]);
        if ((c & 0x0f) != 0 || (c & C_IRQF) != 0 != ((b & c & (C_PF | C_AF | C_UF)) != 0)) return $"register C is 0x{c:x} with B 0x{b:x}";
        return Interrupt.Level != ((c & C_IRQF) != 0) ? $"the line is {Interrupt.Level} with C 0x{c:x}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => _s.Copy();

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _s = ((State)saved).Copy();
        UpdateInterrupt();
        Arm();
    }

    private byte ReadData(int index)
    {
        var value = _s.Ram[index];
        switch (index)
        {
            case REG_A: return (byte)(value | (IsUpdating() ? A_UIP : 0));
            case REG_D: return D_VRT;
            case REG_C:
                _s.Ram[REG_C] = 0;
                UpdateInterrupt();
                Arm();
                return value;
            default: return value;
        }
    }

    private void WriteData(int index, byte value)
    {
        switch (index)
        {
            case REG_A:
                var was = IsHeld;
                _s.Ram[REG_A] = (byte)(value & ~A_UIP);
                if (was && !IsHeld) _s.Start = _s.Seen;
                break;
            case REG_B:
                if ((value & ~_s.Ram[REG_B] & B_SET) != 0) value &= unchecked((byte)~B_UIE);
                _s.Ram[REG_B] = value;
                break;
            case 0:
                // Bit 7 of the seconds is read-only.
                _s.Ram[0] = (byte)(value & 0x7f);
                break;
            default:
                _s.Ram[index] = value;
                break;
        }
    }

    /// <summary>Owns IRQF and the line.</summary>
    private void UpdateInterrupt()
    {
        var flags = _s.Ram[REG_C] & ~C_IRQF;
        var isOn = (flags & _s.Ram[REG_B] & (C_PF | C_AF | C_UF)) != 0;
        _s.Ram[REG_C] = (byte)(flags | (isOn ? C_IRQF : 0));
        Interrupt.Set(isOn);
    }
}
