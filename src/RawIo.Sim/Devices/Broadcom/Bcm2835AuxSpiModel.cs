namespace RawIo.Sim;

/// <summary>
/// SPI1 or SPI2 of BCM2835 to BCM2711, the "universal SPI master" in the AUX block (BCM2835 ARM Peripherals, section
/// 2.3): words of 1 to 32 bits, FIFOs of four words each way.
/// </summary>
/// <remarks>
/// <para>The table of STAT (page 25) is wrong; the model has what the errata, Linux's spi-bcm2835aux.c and measurements
/// have: levels in bits 31 to 28 and 23 to 20, 10 transmit full, 9 transmit empty, 8 receive full, 7 receive empty,
/// 6 busy, 5 to 0 the bits still to go. So is CNTL1: bit 7 is the interrupt while the transmit FIFO is empty, 6 while idle.</para>
/// <para>With MSBF_OUT a word goes out from bit 31, with VAR_WIDTH from bit 23; else from bit 0. With MSBF_IN the last
/// bit in is bit 0; else bits come in at bit 31 and move down. A word written to TXHOLD leaves the chip selects active.
/// The CS field is the pattern on the three lines during a word. A word that comes to a full receive FIFO is lost.</para>
/// <para>The first bit is out before the first clock. OUT_RISING decides at which edges the others follow: with the first
/// of each clock (OUT_RISING unlike CPOL) the part never sees the first bit, so that only modes 0 and 2 work (Linux's commit
/// e9dd4edcc985).</para>
/// <para>QEMU 7.2's AUX block has no SPI.</para>
/// </remarks>
public sealed class Bcm2835AuxSpiModel : Device, ISpiMaster
{
    private const int CNTL0 = 0x00, CNTL1 = 0x04, STAT = 0x08, PEEK = 0x0c, IO = 0x20, IO_LAST = 0x2c, TXHOLD = 0x30, TXHOLD_LAST = 0x3c;

    private const uint CS = 7 << 17, VAR_CS = 1 << 15, VAR_WIDTH = 1 << 14, ENABLE = 1 << 11, IN_RISING = 1 << 10,
        CLEARFIFO = 1 << 9, OUT_RISING = 1 << 8, CPOL = 1 << 7, MSBF_OUT = 1 << 6, SHIFTLEN = 0x3f;

    private const uint CSHIGH = 7 << 8, TXEMPTY = 1 << 7, IDLE = 1 << 6, MSBF_IN = 1 << 1, KEEP_IN = 1;
    private const uint TX_FULL = 1 << 10, TX_EMPTY = 1 << 9, RX_FULL = 1 << 8, RX_EMPTY = 1 << 7, BUSY = 1 << 6;
    private const int FifoWords = 4;

    private readonly SignalLine _interrupt = new();
    private readonly Bcm2835AuxModel? _aux;
    private readonly int _module;
    private readonly DeviceAlarm _alarm;
    private readonly long _clock;
    private readonly Queue<Word> _tx = new(FifoWords);
    private readonly Queue<uint> _rx = new(FifoWords);
    private State _state;

    /// <summary>The controller after power-on, nothing on its bus.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="systemHertz">The system clock that its speed divides: 250 MHz on a Pi 1 to 3.</param>
    /// <param name="name">What its bus is called.</param>
    /// <param name="aux">What switches it on, and shares its interrupt; null for one that is always on.</param>
    /// <param name="module">Which of the AUX block's modules it is: 1 or 2.</param>
    public Bcm2835AuxSpiModel(TimeProvider time, long systemHertz = 250_000_000, string name = "spi1", Bcm2835AuxModel? aux = null, int module = 1)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(systemHertz, 1);
        (_clock, _alarm, Bus, _aux, _module) = (systemHertz, new(time, Advance), new(name, 3, time), aux, module);
        if (aux is null) return;
        aux.Connect(module, _interrupt);
        aux.EnablesChanged += Advance;
    }

    private sealed record Saved(State State, Word[] Tx, uint[] Rx, object Bus);

    private readonly record struct Word(uint Value, bool Hold);

    private struct State
    {
        public uint Cntl0XorReset, Cntl1, In;
        public bool IsShifting;
        public Word Shift;
        public int Bits;

        /// <summary>When the word on the wire began, when it will have gone, and when the next may begin.</summary>
        public long Began, Ends, Free;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 auxiliary SPI";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-aux-spi"];

    /// <inheritdoc/>
    public override string LeavesOut => "POSTINPUT and DOUTHOLD are kept and do nothing. The lines reach the parts on the bus, not the GPIO pins.";

    /// <summary>The bus.</summary>
    public SpiBus Bus { get; }

    /// <summary>Its part of the shared interrupt: high while TXEMPTY and the transmit FIFO is empty, or IDLE and nothing moves; low while AUX_ENABLES has it off.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    internal override BiasedLock? Gate
    {
        get => base.Gate;
        set => base.Gate = Bus.Gate = value;
    }

    private bool IsOn => _aux?.Enabled(_module) ?? true;

    private uint Cntl0
    {
        get => _state.Cntl0XorReset ^ CS;
        set => _state.Cntl0XorReset = value ^ CS;
    }

    private long BitTime => Math.Max(1, 2 * ((Cntl0 >> 20) + 1L) * 1_000_000_000 / _clock);

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _tx], [.. _rx], Bus.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_state, var tx, var rx, var bus) = (Saved)saved;
        _tx.Clear();
        _rx.Clear();
        foreach (var word in tx) _tx.Enqueue(word);
        foreach (var word in rx) _rx.Enqueue(word);
        Bus.Restore(bus);
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _tx.Clear();
        _rx.Clear();
        DriveSelects(7);
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (!IsOn) return BadRead(offset, size, "AUX_ENABLES has the SPI off");
        Settle();
        uint value;
        switch (offset)
        {
            case CNTL0: value = Cntl0; break;
            case CNTL1: value = _state.Cntl1; break;
            case STAT: value = Status(); break;
            case PEEK: _rx.TryPeek(out value); break;
            case >= IO and <= TXHOLD_LAST: _rx.TryDequeue(out value); break;
            default: value = (uint)BadRead(offset, size, "no register is there"); break;
        }
        UpdateInterrupt();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (!IsOn)
        {
            BadWrite(offset, size, "AUX_ENABLES has the SPI off");
            return;
        }
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case STAT or PEEK: BadWrite(offset, size, "the register is read-only"); break;
            case > PEEK and < IO: BadWrite(offset, size, "no register is there"); break;
            case > TXHOLD_LAST: BadWrite(offset, size, "no register is there"); break;
            case CNTL0: WriteControl(word); break;
            case CNTL1: _state.Cntl1 = word & (CSHIGH | TXEMPTY | IDLE | MSBF_IN | KEEP_IN); break;
            case <= IO_LAST: Push(new(word, Hold: false)); break;
            default: Push(new(word, Hold: true)); break;
        }
        StartWord(_alarm.Now);
        UpdateInterrupt();
    }

    private uint Status()
    {
        var left = _state.IsShifting ? (uint)(_state.Bits - BitsGone()) : 0;
        return (uint)_tx.Count << 28 | (uint)_rx.Count << 20 | (_tx.Count == FifoWords ? TX_FULL : 0) | (_tx.Count == 0 ? TX_EMPTY : 0)
            | (_rx.Count == FifoWords ? RX_FULL : 0) | (_rx.Count == 0 ? RX_EMPTY : 0) | (_state.IsShifting ? BUSY : 0) | left;
    }

    private int BitsGone() => (int)Math.Clamp((_alarm.Now - _state.Began) * _state.Bits / Math.Max(1, _state.Ends - _state.Began), 0, Math.Max(0, _state.Bits - 1));

    private void WriteControl(uint word)
    {
        if ((word & ENABLE) == 0 && _state.IsShifting)
        {
            Transfer(BitsGone());
            _state.IsShifting = false;
        }
        Cntl0 = word;
        var sampleRising = (word & IN_RISING) != 0;
        Bus.Mode = (word & CPOL) == 0 ? sampleRising ? 0 : 1 : sampleRising ? 3 : 2;
        if ((word & ENABLE) == 0) DriveSelects(7);
        if ((word & CLEARFIFO) == 0) return;
        _tx.Clear();
        _rx.Clear();
    }

    private void Push(Word word)
    {
        // CLEARFIFO holds the FIFOs in reset for as long as it is set.
        if (_tx.Count < FifoWords && (Cntl0 & CLEARFIFO) == 0) _tx.Enqueue(word);
    }

    private void StartWord(long at)
    {
        if (!IsOn || (Cntl0 & ENABLE) == 0 || _state.IsShifting || !_tx.TryDequeue(out var word)) return;
        var control = Cntl0;
        _state.Shift = word;
        _state.Bits = Math.Min(32, (int)((control & VAR_WIDTH) != 0 ? word.Value >> 24 & 0x1f : control & SHIFTLEN));
        _state.IsShifting = true;
        _state.Began = Math.Max(at, _state.Free);
        _state.Ends = _state.Began + _state.Bits * BitTime;
        DriveSelects((control & VAR_CS) != 0 ? word.Value >> 29 : (control & CS) >> 17);
    }

    private void DriveSelects(uint pattern)
    {
        for (var i = 0; i < Bus.ChipSelects; i++) Bus.Drive(i, (pattern >> i & 1) != 0);
    }

    /// <summary>The first bits of a word in the order they go out, the first the highest.</summary>
    private uint Out(uint word, int bits)
    {
        if (bits == 0) return 0;
        if ((Cntl0 & MSBF_OUT) != 0) return ((Cntl0 & VAR_WIDTH) != 0 ? word << 8 : word) >> 32 - bits;
        var turned = 0u;
        for (var i = 0; i < bits; i++) turned |= (word >> i & 1) << bits - 1 - i;
        return turned;
    }

    /// <summary>The first bits of the word go out, as the part gets them.</summary>
    private uint Transfer(int bits)
    {
        var first = (Cntl0 & OUT_RISING) != 0 == ((Cntl0 & CPOL) != 0) ? 0 : 1;
        var word = 0u;
        for (var i = 0; i < bits; i++) word = word << 1 | Out(_state.Shift.Value, Math.Min(i + first + 1, _state.Bits)) & 1;
        return Bus.Transfer(word, bits);
    }

    private void TakeIn(uint came, int bits)
    {
        var word = (_state.Cntl1 & KEEP_IN) != 0 ? _state.In : 0;
        for (var i = bits - 1; i >= 0; i--)
            word = (_state.Cntl1 & MSBF_IN) != 0 ? word << 1 | (came >> i & 1) : word >> 1 | (came >> i & 1) << 31;
        _state.In = word;
        if (_rx.Count < FifoWords && (Cntl0 & CLEARFIFO) == 0) _rx.Enqueue(word);
    }

    /// <summary>Works out what has gone over the wire since the last look.</summary>
    private void Settle()
    {
        var now = _alarm.Now;
        while (_state.IsShifting && _state.Ends <= now)
        {
            TakeIn(Transfer(_state.Bits), _state.Bits);
            _state.IsShifting = false;
            _state.Free = _state.Ends;
            if (!_state.Shift.Hold)
            {
                DriveSelects(7);
                _state.Free += (1 + (_state.Cntl1 >> 8 & 7)) * BitTime;
            }
            StartWord(_state.Ends);
        }
    }

    private void Advance()
    {
        Settle();
        StartWord(_alarm.Now);
        UpdateInterrupt();
    }

    /// <summary>Owns the line, and keeps the alarm at the end of the word on the wire.</summary>
    private void UpdateInterrupt()
    {
        _alarm.Set(_state.IsShifting ? _state.Ends : null);
        _interrupt.Set(IsOn && (((_state.Cntl1 & TXEMPTY) != 0 && _tx.Count == 0)
            || ((_state.Cntl1 & IDLE) != 0 && _tx.Count == 0 && !_state.IsShifting)));
    }
}
