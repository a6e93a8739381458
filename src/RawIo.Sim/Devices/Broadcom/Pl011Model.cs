namespace RawIo.Sim;

/// <summary>The UART of a Raspberry Pi's serial console: ARM PrimeCell PL011 (DDI 0183, chapter 3; BCM2835 ARM Peripherals, chapter 13).</summary>
/// <remarks>
/// <para>The transmit and receive interrupts are of a transition through the level, not of the level (DDI 0183, 2.8):
/// nothing comes before something was sent. On a cable that is instant every character goes through every level.</para>
/// <para>With the UART off, or without a divisor, there is no bit rate: characters wait on the cable. With only the
/// receiver off they pass and are lost. During a break the transmit FIFO waits.</para>
/// <para>QEMU sends and receives whatever UARTCR says, raises RX at the first character and TX at each write, has no
/// time-out, error or overrun interrupt, and keeps reserved bits; the model follows the manual.</para>
/// </remarks>
public sealed partial class Pl011Model : Device, ISerialPort
{
    private const int UARTDR = 0x00, UARTRSR = 0x04, UARTFR = 0x18, UARTILPR = 0x20, UARTIBRD = 0x24, UARTFBRD = 0x28, UARTLCR_H = 0x2c, UARTCR = 0x30,
        UARTIFLS = 0x34, UARTIMSC = 0x38, UARTRIS = 0x3c, UARTMIS = 0x40, UARTICR = 0x44, UARTDMACR = 0x48, UARTPeriphID0 = 0xfe0, UARTPCellID0 = 0xff0, End = 0x1000;
    private const uint PCellId = 0xb105_f00d;
    private const uint CrReset = 0x300, IflsReset = 0x12;
    private const uint FrameError = 1 << 8, ParityError = 1 << 9, BreakError = 1 << 10, OverrunError = 1 << 11; // in UARTDR
    private const uint OE = 1 << 3; // in UARTRSR
    private const uint CTS = 1, DSR = 1 << 1, DCD = 1 << 2, BUSY = 1 << 3, RXFE = 1 << 4, TXFF = 1 << 5, RXFF = 1 << 6, TXFE = 1 << 7, RI = 1 << 8;
    private const uint BRK = 1, PEN = 1 << 1, STP2 = 1 << 3, FEN = 1 << 4;
    private const uint UARTEN = 1, LBE = 1 << 7, TXE = 1 << 8, RXE = 1 << 9, DTR = 1 << 10, RTS = 1 << 11, Out1 = 1 << 12, Out2 = 1 << 13, RTSEn = 1 << 14, CTSEn = 1 << 15;
    private const uint RIRIS = 1, CTSRIS = 1 << 1, DCDRIS = 1 << 2, DSRRIS = 1 << 3, RXRIS = 1 << 4, TXRIS = 1 << 5, RTRIS = 1 << 6, OERIS = 1 << 10, Errors4 = 0xf << 7;
    private const uint RXDMAE = 1, TXDMAE = 1 << 1, DMAONERR = 1 << 2;

    private readonly Pl011Options _options;
    private readonly UartShifter _shifter;
    private readonly SignalLine _interrupt = new(), _transmitRequest = new(), _receiveRequest = new();
    private readonly int _fifoDepth;
    private State _state;

    /// <summary>The UART after power-on: off.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="options">How it is built in; null for an r1p5 as it leaves ARM, at 48 MHz.</param>
    public Pl011Model(TimeProvider time, Pl011Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ClockFrequency, 1, nameof(options));
        _fifoDepth = (_options.PeripheralId >> 20 & 0xf) < 3 ? 16 : 32;
        _shifter = new(time, this, Line, UpdateLines);
        DmaRequests = [new(_options.TransmitRequest, _transmitRequest), new(_options.ReceiveRequest, _receiveRequest)];
        foreach (var line in (SignalLine[])[_interrupt, _transmitRequest, _receiveRequest]) line.Settle = Settle;
        foreach (var line in (SignalLine[])[Line.Cts, Line.Dsr, Line.Dcd, Line.Ri]) line.Changed += _ => ModemChanged();
    }

    private sealed record Saved(State State, object Shifter);

    private struct State
    {
        public uint Rsr, Ilpr, Ibrd, Fbrd, LcrH, Imsc, Ris, Dmacr;

        /// <summary>Their distance from the reset values, so that the default is the reset state.</summary>
        public uint CrXorReset, IflsXorReset;

        /// <summary>64 times the divisor: UARTLCR_H's write takes it over.</summary>
        public uint Divisor;

        public UartFifo Transmit, Receive;

        /// <summary>Characters were lost: the next that finds room says so.</summary>
        public bool IsOverrun;
        public bool IsBreaking;

        /// <summary>The modem inputs as last seen.</summary>
        public uint Modem;
    }

    /// <inheritdoc/>
    public override string Name => "PL011 UART";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["arm,pl011"];

    /// <summary>8, 16 or 32 bits, at a register's first byte: it sits on a bus without byte lanes, and Linux reads 16 bits.</summary>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Two | AccessSizes.Four;

    /// <inheritdoc/>
    public override int DecodedLength => _options.DecodedLength;

    /// <inheritdoc/>
    public override string LeavesOut => "IrDA, and the integration test registers from 0x80. The bit rate at the cable's other end is always the right one.";

    /// <inheritdoc/>
    public SerialLine Line { get; } = new();

    /// <summary>UARTINTR: high while UARTMIS is not 0.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <summary>The transmit and the receive request.</summary>
    public override IReadOnlyList<DmaRequest> DmaRequests { get; }

    internal override BiasedLock? Gate
    {
        get => Line.Gate;
        set => Line.Gate = value;
    }

    internal override string? BrokenInvariant()
    {
        if (_state.Receive.Count > Depth || _state.Transmit.Count > Depth) return $"the FIFOs of {Depth} hold {_state.Receive.Count} received and {_state.Transmit.Count} to send";
        if (((_state.Ris | _state.Imsc) & ~0x7ffu) != 0) return $"UARTRIS is 0x{_state.Ris:x}, UARTIMSC 0x{_state.Imsc:x}";
        return _interrupt.Level != ((_state.Ris & _state.Imsc) != 0) ? $"the line is {_interrupt.Level} with UARTRIS 0x{_state.Ris:x}, UARTIMSC 0x{_state.Imsc:x}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, _shifter.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, var shifter) = (Saved)saved;
        _shifter.Restore(shifter);
        UpdateLines();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _shifter.Reset();
        _state.Modem = ModemInputs;
        UpdateLines();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        switch (offset)
        {
            case UARTDR: return ReadData() & Mask(size);
            case UARTRSR: return _state.Rsr & Mask(size);
            case UARTFR: return Flags & Mask(size);
            case UARTILPR: return _state.Ilpr & Mask(size);
            case UARTIBRD: return _state.Ibrd & Mask(size);
            case UARTFBRD: return _state.Fbrd;
            case UARTLCR_H: return _state.LcrH;
            case UARTCR: return Cr & Mask(size);
            case UARTIFLS: return Ifls;
            case UARTIMSC: return _state.Imsc & Mask(size);
            case UARTRIS: return _state.Ris & Mask(size);
            case UARTMIS: return _state.Ris & _state.Imsc & Mask(size);
            case UARTDMACR: return _state.Dmacr;
            case UARTICR: return BadRead(offset, size, "UARTICR is write-only");
            case >= UARTPeriphID0 and < UARTPCellID0 when offset % 4 == 0: return _options.PeripheralId >> (offset - UARTPeriphID0) * 2 & 0xff;
            case >= UARTPCellID0 and < End when offset % 4 == 0: return PCellId >> (offset - UARTPCellID0) * 2 & 0xff;
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case UARTDR:
                if (_state.Transmit.Count == Depth) BadWrite(offset, size, "the transmit FIFO is full, and the character is lost");
                else WriteData(word & 0xff);
                break;
            case UARTRSR: _state.Rsr = 0; break;
            case UARTILPR: _state.Ilpr = _options.HasIrDA ? word & 0xff : 0; break;
            case UARTIBRD: _state.Ibrd = word & 0xffff; break;
            case UARTFBRD: _state.Fbrd = word & 0x3f; break;
            case UARTLCR_H: WriteLineControl(word & 0xff); break;
            case UARTCR: _state.CrXorReset = word & 0xff87 ^ CrReset; break;
            case UARTIFLS: _state.IflsXorReset = word & 0x3f ^ IflsReset; break;
            case UARTIMSC: _state.Imsc = word & 0x7ff; break;
            case UARTICR: _state.Ris &= ~word; break;
            case UARTDMACR: _state.Dmacr = word & 7; break;
            case UARTFR or UARTRIS or UARTMIS or >= UARTPeriphID0 and < End when offset % 4 == 0: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        Settle();
    }

    private uint Cr => _state.CrXorReset ^ CrReset;

    private uint Ifls => _state.IflsXorReset ^ IflsReset;

    private bool HasFifos => (_state.LcrH & FEN) != 0;

    /// <summary>Without FIFOs there is one holding register each way.</summary>
    private int Depth => HasFifos ? _fifoDepth : 1;

    private int ReceiveLevel => HasFifos ? Level(Ifls >> 3) : 1;

    private int TransmitLevel => HasFifos ? Level(Ifls & 7) : 0;

    private static uint Mask(int size) => size == 1 ? 0xffu : 0xffff;

    private int Level(uint select) => _fifoDepth * (select switch { 0 => 1, 1 => 2, 2 => 4, 3 => 6, _ => 7 }) / 8;

    private uint ModemInputs => (Cr & LBE) != 0
        ? (Rts ? CTS : 0) | ((Cr & DTR) != 0 ? DSR : 0) | ((Cr & Out1) != 0 ? DCD : 0) | ((Cr & Out2) != 0 ? RI : 0)
        : (Line.Cts.Level ? CTS : 0) | (Line.Dsr.Level ? DSR : 0) | (Line.Dcd.Level ? DCD : 0) | (Line.Ri.Level ? RI : 0);

    /// <summary>With flow control, request to send says whether the receive FIFO is below its level.</summary>
    private bool Rts => (Cr & RTSEn) != 0 ? _state.Receive.Count < ReceiveLevel : (Cr & RTS) != 0;

    private uint Flags => ModemInputs
        | (_shifter.IsSending || _state.Transmit.Count > 0 ? BUSY : 0)
        | (_state.Receive.Count == 0 ? RXFE : 0) | (_state.Receive.Count == Depth ? RXFF : 0)
        | (_state.Transmit.Count == 0 ? TXFE : 0) | (_state.Transmit.Count == Depth ? TXFF : 0);

    /// <summary>The write takes the divisors over, and switching the FIFOs on or off empties them (DDI 0183, 3.3.6 and 3.3.7).</summary>
    private void WriteLineControl(uint value)
    {
        var changed = _state.LcrH ^ value;
        _state.LcrH = value;
        _state.Divisor = _state.Ibrd << 6 | _state.Fbrd;
        if ((changed & FEN) == 0) return;
        _state.Transmit.Clear();
        _state.Receive.Clear();
        _state.Ris &= ~RXRIS;
        EndIdle();
    }

    private void ModemChanged()
    {
        using var held = new HeldLock(Gate);
        Settle();
    }

    /// <summary>Works out what happened since the last look; what may start, starts.</summary>
    private void Settle()
    {
        _shifter.Run();
        UpdateLines();
    }

    /// <summary>Owns every line out of the UART.</summary>
    private void UpdateLines()
    {
        UpdateBreak();
        var modem = ModemInputs;
        var changed = modem ^ _state.Modem;
        _state.Modem = modem;
        _state.Ris |= ((changed & RI) != 0 ? RIRIS : 0) | ((changed & CTS) != 0 ? CTSRIS : 0) | ((changed & DCD) != 0 ? DCDRIS : 0) | ((changed & DSR) != 0 ? DSRRIS : 0);
        var isOn = (Cr & UARTEN) != 0;
        Line.Rts.Set(Rts);
        Line.Dtr.Set((Cr & DTR) != 0);
        _transmitRequest.Set(isOn && (_state.Dmacr & TXDMAE) != 0 && _state.Transmit.Count < Depth);
        _receiveRequest.Set(isOn && (_state.Dmacr & RXDMAE) != 0 && _state.Receive.Count > 0 && ((_state.Dmacr & DMAONERR) == 0 || (_state.Ris & _state.Imsc & Errors4) == 0));
        // Last, and of what is then: whoever answers a request does so within Set.
        _interrupt.Set((_state.Ris & _state.Imsc) != 0);
    }

    private void UpdateBreak()
    {
        var isBreaking = (_state.LcrH & BRK) != 0 && !_shifter.IsSending;
        if (isBreaking == _state.IsBreaking) return;
        _state.IsBreaking = isBreaking;
        IUartFifos fifos = this;
        if (isBreaking && fifos.IsLoopback && fifos.Listens) _shifter.Inject(new(0, SerialFault.Break));
        Line.TransmitBreak(isBreaking);
    }
}
