namespace RawIo.Sim;

/// <summary>
/// SPI0 of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 10): a master with three chip selects and FIFOs of 64
/// bytes each way, driven by polling, by interrupts or by DMA.
/// </summary>
/// <remarks>
/// <para>Bytes take their time on the wire by CLK, 8 clocks each. A full receive FIFO stops the clock until it is read.
/// Without TA nothing moves; the FIFOs keep what they hold. TA cleared in the middle of a byte leaves the part with the
/// bits it has got so far.</para>
/// <para>CDIV is rounded down to an even number: the text says a power of two (page 156), which the errata correct and
/// Linux's spi-bcm2835.c relies on; 0 and 1 divide by 65536. The thresholds of RXR are three quarters of 64 bytes, not
/// the 12 of section 10.6.2, which counts words: so Linux has it.</para>
/// <para>In DMA mode (DMAEN) the FIFO takes and gives four bytes an access, the lowest first, as many as DLEN has left
/// for the last. With TA clear, the first word written is a header: DLEN in the upper half, CS bits 0 to 7 below
/// (10.6.3). With ADCS, TA is cleared at the end, so that the next word is a header again.</para>
/// <para>CSPOL turns all chip selects round and CSPOL0 to 2 one each (pages 153 to 155). Who has measured it on a Pi found
/// CSPOL alone to do nothing: a driver sets both.</para>
/// <para>A write to a full FIFO is lost, and an empty one reads 0. QEMU 7.2's Raspberry Pi boards have no SPI0.</para>
/// </remarks>
public sealed class Bcm2835SpiModel : Device, ISpiMaster
{
    private const int CS = 0x00, FIFO = 0x04, CLK = 0x08, DLEN = 0x0c, LTOH = 0x10, DC = 0x14;

    private const uint CSPOL0 = 1 << 21, RXF = 1 << 20, RXR = 1 << 19, TXD = 1 << 18, RXD = 1 << 17, DONE = 1 << 16,
        REN = 1 << 12, ADCS = 1 << 11, INTR = 1 << 10, INTD = 1 << 9, DMAEN = 1 << 8, TA = 1 << 7, CSPOL = 1 << 6,
        CLEAR_RX = 1 << 5, CLEAR_TX = 1 << 4, CPOL = 1 << 3, CPHA = 1 << 2, CHIP_SELECT = 3;

    private const uint Kept = 0x03e0_ffff & ~(CLEAR_RX | CLEAR_TX), Header = 0xff;
    private const uint LtohReset = 1, DcReset = 0x3020_1020;
    private const int FifoBytes = 64, FifoFilling = 48;

    private readonly SignalLine _interrupt = new(), _writeRequest = new(), _readRequest = new();
    private readonly DmaRequest[] _requests;
    private readonly DeviceAlarm _alarm;
    private readonly long _core;
    private readonly Queue<byte> _tx = new(FifoBytes), _rx = new(FifoBytes);
    private State _state;

    /// <summary>The controller after power-on, nothing on its bus.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="coreHertz">The core clock that CLK divides: 250 MHz on a Pi 1 to 3.</param>
    /// <param name="name">What its bus is called.</param>
    public Bcm2835SpiModel(TimeProvider time, long coreHertz = 250_000_000, string name = "spi0")
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(coreHertz, 1);
        (_core, _alarm, Bus) = (coreHertz, new(time, Advance), new(name, 3, time));
        _requests = [new(6, _writeRequest), new(7, _readRequest)];
    }

    private sealed record Saved(State State, byte[] Tx, byte[] Rx, object Bus);

    private struct State
    {
        /// <summary>What CS keeps, and LTOH and DC, each by its distance from the reset value.</summary>
        public uint CsXorReset, LtohXorReset, DcXorReset;
        public uint Clk, Dlen;

        /// <summary>In DMA mode: bytes still to be written to the FIFO, and to be shifted.</summary>
        public int ToWrite, ToShift;

        /// <summary>The byte on the wire: when it began, when it will have gone.</summary>
        public bool IsShifting;
        public byte Shift;
        public long Began, Ends;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 SPI0";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-spi"];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "LoSSI mode (LEN, LMONO, DMA_LEN, LEN_LONG, LTOH) and the bidirectional mode of REN are kept and do nothing. " +
        "DC's panic levels have nobody to tell. The chip selects and data lines reach the parts on the bus, not the GPIO pins.";

    /// <summary>The bus: parts at chip selects 0 and 1; 2 has no pin on a Pi.</summary>
    public SpiBus Bus { get; }

    /// <summary>The interrupt line: high while DONE and INTD, or RXR and INTR.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <summary>DREQ 6 while the transmit FIFO has fallen to TDREQ, 7 while the receive FIFO is above RDREQ or holds the last bytes.</summary>
    public override IReadOnlyList<DmaRequest> DmaRequests => _requests;

    internal override BiasedLock? Gate
    {
        get => base.Gate;
        set => base.Gate = Bus.Gate = value;
    }

    private uint Control
    {
        get => _state.CsXorReset ^ REN;
        set => _state.CsXorReset = value ^ REN;
    }

    private bool IsActive => (Control & TA) != 0;

    private bool IsDma => (Control & DMAEN) != 0;

    private bool IsDone => IsActive && !_state.IsShifting && (IsDma ? _state.ToShift == 0 : _tx.Count == 0);

    private bool IsFilling => IsActive && _rx.Count >= FifoFilling;

    private long Divisor => (_state.Clk & 0xfffe) is var even and not 0 ? even : 65536;

    internal override string? BrokenInvariant()
    {
        if (_tx.Count > FifoBytes || _rx.Count > FifoBytes) return $"the FIFOs hold {_rx.Count} received and {_tx.Count} to send";
        if (_state.ToWrite < 0 || _state.ToShift < 0) return $"{_state.ToWrite} bytes to write, {_state.ToShift} to shift";
        var wanted = (IsDone && (Control & INTD) != 0) || (IsFilling && (Control & INTR) != 0);
        return _interrupt.Level != wanted ? $"the line is {_interrupt.Level} with CS 0x{Control | Flags():x}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _tx], [.. _rx], Bus.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_state, var tx, var rx, var bus) = (Saved)saved;
        _tx.Clear();
        _rx.Clear();
        foreach (var value in tx) _tx.Enqueue(value);
        foreach (var value in rx) _rx.Enqueue(value);
        Bus.Restore(bus);
        UpdateLines();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        if (IsActive) Abort();
        _state = default;
        _tx.Clear();
        _rx.Clear();
        DriveSelects();
        UpdateLines();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        ulong value;
        switch (offset)
        {
            case CS: value = Control | Flags(); break;
            case FIFO: value = Pop(); break;
            case CLK: value = _state.Clk; break;
            case DLEN: value = _state.Dlen; break;
            case LTOH: value = _state.LtohXorReset ^ LtohReset; break;
            case DC: value = _state.DcXorReset ^ DcReset; break;
            default: value = BadRead(offset, size, "no register is there"); break;
        }
        UpdateLines();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case CS: WriteControl(word); break;
            case FIFO: Push(word); break;
            case CLK: _state.Clk = word & 0xffff; break;
            case DLEN: _state.Dlen = word & 0xffff; break;
            case LTOH: _state.LtohXorReset = word & 0xf ^ LtohReset; break;
            case DC: _state.DcXorReset = word ^ DcReset; break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
        StartByte(_alarm.Now);
        UpdateLines();
    }

    private uint Flags() => (_rx.Count == FifoBytes ? RXF : 0) | (IsFilling ? RXR : 0) | (_tx.Count < FifoBytes ? TXD : 0)
        | (_rx.Count > 0 ? RXD : 0) | (IsDone ? DONE : 0);

    private void WriteControl(uint word)
    {
        if ((word & CLEAR_TX) != 0) _tx.Clear();
        if ((word & CLEAR_RX) != 0) _rx.Clear();
        var was = IsActive;
        if (was && (word & TA) == 0) Abort();
        Control = word & Kept;
        Bus.Mode = (int)((word & (CPOL | CPHA)) >> 2);
        DriveSelects();
        if (!was && IsActive) _state.ToWrite = _state.ToShift = (int)_state.Dlen;
    }

    /// <summary>Each chip select is active while TA is set and CS names it; 3 names none.</summary>
    private void DriveSelects()
    {
        for (var i = 0; i < Bus.ChipSelects; i++)
            Bus.Drive(i, (IsActive && (Control & CHIP_SELECT) == i) == ((Control & (CSPOL | CSPOL0 << i)) != 0));
    }

    /// <summary>The byte on the wire breaks off.</summary>
    private void Abort()
    {
        if (_state.IsShifting)
        {
            var bits = (int)Math.Clamp((_alarm.Now - _state.Began) * 8 / Math.Max(1, _state.Ends - _state.Began), 0, 7);
            Bus.Transfer((uint)_state.Shift >> 8 - bits, bits);
        }
        _state.IsShifting = false;
        _state.ToWrite = _state.ToShift = 0;
    }

    private void Push(uint word)
    {
        if (!IsDma)
        {
            if (_tx.Count < FifoBytes) _tx.Enqueue((byte)word);
        }
        else if (!IsActive)
        {
            _state.Dlen = word >> 16;
            WriteControl(Control & ~Header | word & Header);
        }
        else
        {
            for (var i = 0; i < 4 && _state.ToWrite > 0 && _tx.Count < FifoBytes; i++, _state.ToWrite--)
                _tx.Enqueue((byte)(word >> 8 * i));
        }
    }

    private uint Pop()
    {
        var word = 0u;
        for (var i = 0; i < (IsDma ? 4 : 1) && _rx.TryDequeue(out var value); i++) word |= (uint)value << 8 * i;
        StartByte(_alarm.Now);
        return word;
    }

    private void StartByte(long at)
    {
        if (!IsActive || _state.IsShifting || _tx.Count == 0 || _rx.Count == FifoBytes || (IsDma && _state.ToShift == 0)) return;
        _state.Shift = _tx.Dequeue();
        (_state.IsShifting, _state.Began) = (true, at);
        _state.Ends = at + Math.Max(1, 8 * Divisor * 1_000_000_000 / _core);
    }

    /// <summary>Works out what has gone over the wire since the last look.</summary>
    private void Settle()
    {
        var now = _alarm.Now;
        while (_state.IsShifting && _state.Ends <= now)
        {
            _rx.Enqueue((byte)Bus.Transfer(_state.Shift, 8));
            _state.IsShifting = false;
            if (IsDma && _state.ToShift > 0 && --_state.ToShift == 0 && (Control & ADCS) != 0)
            {
                Control &= ~TA;
                DriveSelects();
            }
            StartByte(_state.Ends);
        }
    }

    private void Advance()
    {
        Settle();
        UpdateLines();
    }

    /// <summary>Owns the interrupt and the requests, and keeps the alarm at the end of the byte on the wire.</summary>
    private void UpdateLines()
    {
        _alarm.Set(_state.IsShifting ? _state.Ends : null);
        _interrupt.Set((IsDone && (Control & INTD) != 0) || (IsFilling && (Control & INTR) != 0));
        // Whoever answers a request does so within Set: each level is worked out when its turn comes.
        var levels = _state.DcXorReset ^ DcReset;
        _writeRequest.Set(IsDma && (IsActive ? _state.ToWrite > 0 && _tx.Count <= (int)(levels & 0xff) : true));
        _readRequest.Set(IsDma && (_rx.Count > (int)(levels >> 16 & 0xff) || (_rx.Count > 0 && _state.ToShift == 0)));
    }
}
