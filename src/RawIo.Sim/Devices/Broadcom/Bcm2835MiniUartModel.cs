namespace RawIo.Sim;

/// <summary>The mini UART of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, 2.2): laid out like a 16550, with less behind it.</summary>
/// <remarks>
/// <para>The datasheet's known misprints are mended: AUX_MU_IER bit 0 enables the receive and bit 1 the transmit
/// interrupt; AUX_MU_IIR bit 0 is 0 while one is pending; characters have eight bits where both low bits of AUX_MU_LCR
/// are set, else seven. Where both interrupts are pending AUX_MU_IIR shows the receive one, as a 16550 does.</para>
/// <para>Bits of a 16550 that it does not have read 0 (page 10). It knows no parity and no framing error. During a break
/// the transmit FIFO waits. QEMU 7.2 has only the data, interrupt and status registers.</para>
/// </remarks>
public sealed class Bcm2835MiniUartModel : Device, ISerialPort, IUartFifos
{
    private const int AUX_MU_IO = 0x00, AUX_MU_IER = 0x04, AUX_MU_IIR = 0x08, AUX_MU_LCR = 0x0c, AUX_MU_MCR = 0x10, AUX_MU_LSR = 0x14, AUX_MU_MSR = 0x18,
        AUX_MU_SCRATCH = 0x1c, AUX_MU_CNTL = 0x20, AUX_MU_STAT = 0x24, AUX_MU_BAUD = 0x28;
    private const int FifoDepth = 8;
    private const uint ReceiveEnable = 1, TransmitEnable = 2; // AUX_MU_IER
    private const uint EightBits = 3, Break = 1 << 6, DLAB = 1 << 7; // AUX_MU_LCR
    private const uint RTS = 1 << 1; // AUX_MU_MCR
    private const uint ReceiverOn = 1, TransmitterOn = 1 << 1, AutoRts = 1 << 2, AutoCts = 1 << 3, RtsInverted = 1 << 6, CtsInverted = 1 << 7, CntlReset = 3;

    private readonly long _frequency;
    private readonly Bcm2835AuxModel? _aux;
    private readonly UartShifter _shifter;
    private readonly SignalLine _interrupt = new();
    private State _state;

    /// <summary>The mini UART after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="aux">What switches it on, and shares its interrupt; null for one that is always on.</param>
    /// <param name="frequency">The system clock in Hz: the bit rate is an eighth of it, divided by AUX_MU_BAUD + 1.</param>
    public Bcm2835MiniUartModel(TimeProvider time, Bcm2835AuxModel? aux = null, long frequency = 250_000_000)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        (_aux, _frequency) = (aux, frequency);
        _shifter = new(time, this, Line, UpdateLines);
        _interrupt.Settle = Settle;
        Line.Cts.Changed += _ => CtsChanged();
        if (aux is null) return;
        aux.EnablesChanged += Settle;
        aux.Connect(0, _interrupt);
    }

    private sealed record Saved(State State, object Shifter);

    private struct State
    {
        public uint Ier, Lcr, Mcr, Scratch, Baud;

        /// <summary>Its distance from the reset value, so that the default is the reset state.</summary>
        public uint CntlXorReset;
        public bool IsOverrun, IsBreaking;
        public UartFifo Transmit, Receive;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 mini UART";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-aux-uart"];

    /// <summary>8, 16 or 32 bits, at a register's first byte: Linux reads bytes.</summary>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Two | AccessSizes.Four;

    /// <inheritdoc/>
    public override string LeavesOut => "The system clock never changes, though the real one follows the core's.";

    /// <inheritdoc/>
    public SerialLine Line { get; } = new();

    /// <summary>Its part of the shared interrupt: low while AUX_ENABLES has it off.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    internal override BiasedLock? Gate
    {
        get => Line.Gate;
        set => Line.Gate = value;
    }

    internal override string? BrokenInvariant()
    {
        if (_state.Receive.Count > FifoDepth || _state.Transmit.Count > FifoDepth) return $"the FIFOs hold {_state.Receive.Count} received and {_state.Transmit.Count} to send";
        return _interrupt.Level != (IsOn && (IsReceivePending || IsTransmitPending)) ? $"the line is {_interrupt.Level} with AUX_MU_IER 0x{_state.Ier:x}" : null;
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
        UpdateLines();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (!IsOn) return BadRead(offset, size, "AUX_ENABLES has the mini UART off");
        Settle();
        switch (offset)
        {
            case AUX_MU_IO: return IsDivisorShown ? _state.Baud & 0xff : ReadData();
            case AUX_MU_IER: return IsDivisorShown ? _state.Baud >> 8 : _state.Ier;
            case AUX_MU_IIR: return 0xc0 | (IsReceivePending ? 4u : IsTransmitPending ? 2u : 1u);
            case AUX_MU_LCR: return _state.Lcr;
            case AUX_MU_MCR: return _state.Mcr;
            case AUX_MU_LSR: return ReadLineStatus();
            case AUX_MU_MSR: return Line.Cts.Level ? 1u << 5 : 0;
            case AUX_MU_SCRATCH: return _state.Scratch;
            case AUX_MU_CNTL: return Cntl;
            case AUX_MU_STAT: return Stat & (size == 1 ? 0xff : size == 2 ? 0xffff : uint.MaxValue);
            case AUX_MU_BAUD: return _state.Baud & (size == 1 ? 0xffu : 0xffff);
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (!IsOn)
        {
            BadWrite(offset, size, "AUX_ENABLES has the mini UART off");
            return;
        }
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case AUX_MU_IO when IsDivisorShown: _state.Baud = _state.Baud & 0xff00 | word & 0xff; break;
            case AUX_MU_IO:
                if (_state.Transmit.Count == FifoDepth) BadWrite(offset, size, "the transmit FIFO is full, and the character is lost");
                else _state.Transmit.Push(word & 0xff, FifoDepth);
                break;
            case AUX_MU_IER when IsDivisorShown: _state.Baud = _state.Baud & 0xff | (word & 0xff) << 8; break;
            case AUX_MU_IER: _state.Ier = word & (ReceiveEnable | TransmitEnable); break;
            case AUX_MU_IIR:
                if ((word & 2) != 0) Empty(ref _state.Receive);
                if ((word & 4) != 0) Empty(ref _state.Transmit);
                break;
            case AUX_MU_LCR: _state.Lcr = word & (EightBits | Break | DLAB); break;
            case AUX_MU_MCR: _state.Mcr = word & RTS; break;
            case AUX_MU_SCRATCH: _state.Scratch = word & 0xff; break;
            case AUX_MU_CNTL: _state.CntlXorReset = word & 0xff ^ CntlReset; break;
            case AUX_MU_BAUD: _state.Baud = word & 0xffff; break;
            case AUX_MU_LSR or AUX_MU_MSR or AUX_MU_STAT: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        Settle();
    }

    private bool IsOn => _aux?.Enabled(0) ?? true;

    private bool IsDivisorShown => (_state.Lcr & DLAB) != 0;

    private uint Cntl => _state.CntlXorReset ^ CntlReset;

    private bool IsReceivePending => (_state.Ier & ReceiveEnable) != 0 && _state.Receive.Count > 0;

    private bool IsTransmitPending => (_state.Ier & TransmitEnable) != 0 && _state.Transmit.Count == 0;

    private bool IsEightBits => (_state.Lcr & EightBits) == EightBits;

    private byte WordMask => Line.IsInstant || IsEightBits ? (byte)0xff : (byte)0x7f;

    /// <summary>AUX_MU_CNTL bits 5:4: how much room is left when request to send goes away.</summary>
    private int RtsRoom => (Cntl >> 4 & 3) switch { 0 => 3, 1 => 2, 2 => 1, _ => 4 };

    private bool Rts => (Cntl & AutoRts) != 0
        ? FifoDepth - _state.Receive.Count > RtsRoom != ((Cntl & RtsInverted) != 0)
        : (_state.Mcr & RTS) != 0;

    private uint Stat
    {
        get
        {
            var (received, waiting) = ((uint)_state.Receive.Count, (uint)_state.Transmit.Count);
            return (received > 0 ? 1u : 0) | (waiting < FifoDepth ? 1u << 1 : 0) | (_shifter.IsReceiving ? 0 : 1u << 2) | (_shifter.IsSending ? 0 : 1u << 3)
                | (_state.IsOverrun ? 1u << 4 : 0) | (waiting == FifoDepth ? 1u << 5 : 0) | (Line.Rts.Level ? 1u << 6 : 0) | (Line.Cts.Level ? 1u << 7 : 0)
                | (waiting == 0 ? 1u << 8 : 0) | (waiting == 0 && !_shifter.IsSending ? 1u << 9 : 0) | received << 16 | waiting << 24;
        }
    }

    long IUartFifos.CharacterTime => !IsOn ? 0 : (long)((Int128)(IsEightBits ? 10 : 9) * 8 * (_state.Baud + 1) * 1_000_000_000 / _frequency);

    long IUartFifos.IdleTime => 0;

    bool IUartFifos.Listens => IsOn && (Cntl & ReceiverOn) != 0;

    bool IUartFifos.HasRoom => _state.Receive.Count < FifoDepth;

    bool IUartFifos.IsLoopback => false;

    bool IUartFifos.TryNext(out byte character)
    {
        character = 0;
        var isHeld = (Cntl & AutoCts) != 0 && Line.Cts.Level == ((Cntl & CtsInverted) != 0);
        if (!IsOn || (Cntl & TransmitterOn) == 0 || isHeld || (_state.Lcr & Break) != 0 || _state.Transmit.Count == 0) return false;
        character = (byte)(_state.Transmit.Pop(FifoDepth) & WordMask);
        return true;
    }

    void IUartFifos.Receive(SerialCharacter character)
    {
        if (_state.Receive.Count == FifoDepth) _state.IsOverrun = true;
        else _state.Receive.Push((uint)(character.Value & WordMask), FifoDepth);
    }

    void IUartFifos.ReceiveIdle()
    {
    }

    private uint ReadData()
    {
        var character = _state.Receive.Pop(FifoDepth);
        Settle();
        return character;
    }

    private static void Empty(ref UartFifo fifo)
    {
        while (fifo.Count > 0) fifo.Pop(FifoDepth);
    }

    /// <summary>Reading clears the overrun.</summary>
    private uint ReadLineStatus()
    {
        var status = (_state.Receive.Count > 0 ? 1u : 0) | (_state.IsOverrun ? 1u << 1 : 0) | (_state.Transmit.Count < FifoDepth ? 1u << 5 : 0)
            | (_state.Transmit.Count == 0 && !_shifter.IsSending ? 1u << 6 : 0);
        _state.IsOverrun = false;
        return status;
    }

    private void CtsChanged()
    {
        using var held = new HeldLock(Gate);
        Settle();
    }

    private void Settle()
    {
        _shifter.Run();
        UpdateLines();
    }

    /// <summary>Owns every line out of the UART.</summary>
    private void UpdateLines()
    {
        var isBreaking = IsOn && (_state.Lcr & Break) != 0;
        if (isBreaking != _state.IsBreaking)
        {
            _state.IsBreaking = isBreaking;
            Line.TransmitBreak(isBreaking);
        }
        Line.Rts.Set(Rts);
        _interrupt.Set(IsOn && (IsReceivePending || IsTransmitPending));
    }
}
