namespace RawIo.Sim;

/// <summary>
/// A serial port of a PC: National's PC16550D with a 1.8432 MHz crystal, OUT2 opening the way of its interrupt as on
/// the PC's adapter. Source: PC16550D data sheet (National Semiconductor TL/C/8652, June 1995), section 8.
/// </summary>
/// <remarks>
/// <para>A character takes its time by divisor and LCR, on the wire and in loopback, unless the line
/// <see cref="SerialLine.IsInstant"/>. With a divisor of 0 the clock stands. The divisor is 12 (9600 baud) at power-on, as
/// on QEMU; the data sheet leaves it open.</para>
/// <para>Where QEMU 7.2 differs, the data sheet is followed: MCR is 0 after reset (Table I; QEMU: OUT2 set); the interrupt
/// needs OUT2 (QEMU: no); in loopback the modem outputs' changes set the delta bits (8.8; QEMU: no); characters have as
/// many bits as LCR says (8.1; QEMU: always 8); FCR's other bits need FCR0 (8.5; QEMU: no); errors stay with their
/// character in the FIFO (8.4; QEMU: breaks only, and not so); a character for a full transmit FIFO is lost (QEMU: the oldest is); the
/// transmitter's FIFO counts as empty a character later where it never held two (8.11 B; QEMU: at once); what is on the
/// wire during loopback is lost (8.8; QEMU: it waits).</para>
/// </remarks>
public sealed partial class Uart16550Model : Device, ISerialPort
{
    private const int RBR = 0, THR = 0, DLL = 0, IER = 1, DLM = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7;

    private const byte ERBFI = 0x01, ETBEI = 0x02, ELSI = 0x04, EDSSI = 0x08;
    private const byte IIR_NONE = 0x01, IIR_MODEM = 0x00, IIR_THRE = 0x02, IIR_DATA = 0x04, IIR_LINE = 0x06, IIR_TIMEOUT = 0x0c, IIR_FIFOS = 0xc0;
    private const byte FCR_ENABLE = 0x01, FCR_CLEAR_RX = 0x02, FCR_CLEAR_TX = 0x04, FCR_KEPT = 0xc9;
    private const byte LCR_STB = 0x04, LCR_PEN = 0x08, LCR_BREAK = 0x40, LCR_DLAB = 0x80;
    private const byte MCR_DTR = 0x01, MCR_RTS = 0x02, MCR_OUT1 = 0x04, MCR_OUT2 = 0x08, MCR_LOOP = 0x10;
    private const byte LSR_DR = 0x01, LSR_OE = 0x02, LSR_PE = 0x04, LSR_FE = 0x08, LSR_BI = 0x10, LSR_THRE = 0x20, LSR_TEMT = 0x40, LSR_FIFO_ERROR = 0x80;
    private const byte MSR_TERI = 0x04, MSR_CTS = 0x10, MSR_DSR = 0x20, MSR_RI = 0x40, MSR_DCD = 0x80;
    private const ushort PowerOnDivisor = 12;

    private readonly SignalLine _interrupt = new();
    private readonly NanosecondClock _clock;
    private readonly DeviceAlarm _alarm;
    private State _s;
    private bool _busy;

    /// <summary>The port after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    public Uart16550Model(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _clock = new(time);
        _alarm = new(time, Look);
        Line.Arrived = Look;
        foreach (var input in (ReadOnlySpan<SignalLine>)[Line.Cts, Line.Dsr, Line.Ri, Line.Dcd]) input.Changed += _ => ModemInputChanged();
        Reset();
    }

    private struct State
    {
        public Uart16550Fifo Rx, Tx;
        public byte Ier, Fcr, Lcr, Mcr, Scr, LineErrors, Deltas, Inputs, Rbr, Tsr;

        /// <summary>The divisor's distance from its value at power-on, so that the default is the reset state.</summary>
        public ushort DivisorXor;

        public bool HoldingFull, ThrePending, TimeoutPending, FaultInFifo, HadTwo, BreakOut;
        public SerialCharacter Shifting;

        /// <summary>When the character in each shift register is through, the transmitter's FIFO counts as empty, the receiver times out.</summary>
        public long? TxEnd, RxEnd, EmptyAt, TimeoutAt;
    }

    /// <inheritdoc/>
    public SerialLine Line { get; } = new();

    /// <inheritdoc/>
    public override string Name => "PC16550D UART";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["ns16550a"];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <summary>The interrupt request, open while OUT2 is on and loopback off.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "the pins RXRDY and TXRDY (FCR3 is kept), the factory's test writes to LSR and MSR, an RCLK of its own, the time from THR to the shift register";

    /// <summary>Nanoseconds a character takes; null while a divisor of 0 stops the clock. 8 us / 1.8432 of the divisor is half a bit.</summary>
    internal long? CharacterTime => Divisor == 0 ? null : HalfBits * Divisor * 78125L / 18;

    internal override BiasedLock? Gate
    {
        get => Line.Gate;
        set => Line.Gate = value;
    }

    private bool HasFifos => (_s.Fcr & FCR_ENABLE) != 0;

    private bool Loops => (_s.Mcr & MCR_LOOP) != 0;

    private int Divisor => _s.DivisorXor ^ PowerOnDivisor;

    private int WordLength => 5 + (_s.Lcr & 3);

    private int WordMask => Line.IsInstant && !Loops ? 0xff : 0xff >> 8 - WordLength;

    private int StopHalfBits => (_s.Lcr & LCR_STB) == 0 ? 2 : WordLength == 5 ? 3 : 4;

    private int HalfBits => 2 + 2 * WordLength + ((_s.Lcr & LCR_PEN) != 0 ? 2 : 0) + StopHalfBits;

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        var value = offset switch
        {
            DLL when (_s.Lcr & LCR_DLAB) != 0 => (byte)Divisor,
            DLM when (_s.Lcr & LCR_DLAB) != 0 => (byte)(Divisor >> 8),
            RBR => ReadRbr(),
            IER => _s.Ier,
            IIR => ReadIir(),
            LCR => _s.Lcr,
            MCR => _s.Mcr,
            LSR => ReadLsr(),
            MSR => ReadMsr(),
            SCR => _s.Scr,
            _ => BadRead(offset, size, "no register is there", 0xff),
        };
        Finish();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var data = (byte)value;
        switch (offset)
        {
            case DLL when (_s.Lcr & LCR_DLAB) != 0: _s.DivisorXor = (ushort)((Divisor & 0xff00 | data) ^ PowerOnDivisor); break;
            case DLM when (_s.Lcr & LCR_DLAB) != 0: _s.DivisorXor = (ushort)((Divisor & 0xff | data << 8) ^ PowerOnDivisor); break;
            case THR: WriteThr(data); break;
            case IER: WriteIer(data); break;
            case FCR: WriteFcr(data); break;
            case LCR: _s.Lcr = data; break;
            case MCR: _s.Mcr = (byte)(data & 0x1f); break;
            case LSR or MSR: BadWrite(offset, size, "the register is read-only"); break;
            case SCR: _s.Scr = data; break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
        Finish();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        var breakOut = _s.BreakOut;
        _s = new() { Inputs = ModemInputs(), BreakOut = breakOut };
        Finish();
    }

    internal override string? BrokenInvariant()
    {
        var depth = HasFifos ? Uart16550Fifo.Depth : 1;
        if (_s.Rx.Count > depth || _s.Tx.Count > depth) return $"the FIFOs of {depth} hold {_s.Rx.Count} received and {_s.Tx.Count} to send";
        if (_s.Ier > 0x0f) return $"IER is 0x{_s.Ier:x}";
        return _interrupt.Level != IsInterrupting ? $"the line is {_interrupt.Level} with IIR 0x{Source:x}, MCR 0x{_s.Mcr:x}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => (_s, Line.Save(), _clock.Now);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (state, line, then) = ((State, object, long))saved;
        var passed = _clock.Now - then;
        var breakOut = _s.BreakOut;
        _s = state;
        (_s.TxEnd, _s.RxEnd, _s.EmptyAt, _s.TimeoutAt) = (_s.TxEnd + passed, _s.RxEnd + passed, _s.EmptyAt + passed, _s.TimeoutAt + passed);
        _s.BreakOut = breakOut;
        Line.Restore(line);
        DriveOutputs();
        // What the other end's lines are now is not the chip's to set back.
        UpdateModem();
        UpdateInterrupt();
        _alarm.SetAnew(NextDue);
    }

    private ulong ReadIir()
    {
        var source = Source;
        if (source == IIR_THRE) _s.ThrePending = false;
        return (ulong)(source | (HasFifos ? IIR_FIFOS : 0));
    }

    private ulong ReadLsr()
    {
        var value = _s.LineErrors | (_s.Rx.IsEmpty ? 0 : LSR_DR) | (_s.HoldingFull ? 0 : LSR_THRE)
            | (_s.TxEnd is null && _s.Tx.IsEmpty && !_s.HoldingFull ? LSR_TEMT : 0) | (_s.FaultInFifo ? LSR_FIFO_ERROR : 0);
        _s.LineErrors = 0;
        _s.Rx.ForgetTopFault();
        _s.FaultInFifo = HasFifos && _s.Rx.HasFault;
        return (ulong)value;
    }

    private ulong ReadMsr()
    {
        var value = _s.Inputs | _s.Deltas;
        _s.Deltas = 0;
        return (ulong)value;
    }

    private void WriteIer(byte value)
    {
        var before = _s.Ier;
        _s.Ier = (byte)(value & 0x0f);
        // Switched on, the transmitter's interrupt comes at once where THRE is set: Linux and Windows rely on it.
        if (((before ^ _s.Ier) & ETBEI) != 0) _s.ThrePending = (_s.Ier & ETBEI) != 0 && !_s.HoldingFull;
    }

    private void WriteFcr(byte value)
    {
        var toggles = (value & FCR_ENABLE) != (_s.Fcr & FCR_ENABLE);
        _s.Fcr = (value & FCR_ENABLE) != 0 ? (byte)(value & FCR_KEPT) : (byte)0;
        if (toggles || (HasFifos && (value & FCR_CLEAR_RX) != 0)) ClearReceiver();
        if (toggles || (HasFifos && (value & FCR_CLEAR_TX) != 0)) ClearTransmitter();
    }

    /// <summary>What IIR shows: of the pending interrupts the one with the highest priority.</summary>
    private byte Source
    {
        get
        {
            if ((_s.Ier & ELSI) != 0 && _s.LineErrors != 0) return IIR_LINE;
            if ((_s.Ier & ERBFI) != 0 && _s.TimeoutPending) return IIR_TIMEOUT;
            if ((_s.Ier & ERBFI) != 0 && _s.Rx.Count >= (HasFifos ? Trigger : 1)) return IIR_DATA;
            if ((_s.Ier & ETBEI) != 0 && _s.ThrePending) return IIR_THRE;
            return (_s.Ier & EDSSI) != 0 && _s.Deltas != 0 ? IIR_MODEM : IIR_NONE;
        }
    }

    private int Trigger => (_s.Fcr >> 6) switch { 0 => 1, 1 => 4, 2 => 8, _ => 14 };

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set(IsInterrupting);

    private bool IsInterrupting => Source != IIR_NONE && (_s.Mcr & (MCR_OUT2 | MCR_LOOP)) == MCR_OUT2;
}
