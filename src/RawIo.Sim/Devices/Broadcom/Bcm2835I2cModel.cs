namespace RawIo.Sim;

/// <summary>
/// The Broadcom Serial Controller of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 3): an I2C master with one
/// FIFO of 16 bytes for both directions.
/// </summary>
/// <remarks>
/// <para>Bytes take their time on the wire by DIV: 10 clocks for the start and the address, 9 a byte, 1 for the stop.
/// A write with an empty FIFO and a read with a full one hold the clock until they are served.</para>
/// <para>A start (ST) written while a transfer is under way waits for its end, which then is a repeated start with
/// the A, DLEN and READ of that moment (sections 3.3.1 and 3.3.2; Linux's i2c-bcm2835.c); DONE comes after the last.</para>
/// <para>ERR tells of any missing acknowledge, also of a data byte: the text has the address only (page 33). Whatever
/// ends a transfer sets DONE. Clearing I2CEN breaks it off with a stop and without DONE, and so does CLEAR in a read.</para>
/// <para>A write to a full FIFO is lost, and an empty one reads 0. QEMU 7.2's Raspberry Pi boards have no BSC.</para>
/// </remarks>
public sealed partial class Bcm2835I2cModel : Device, II2cMaster
{
    private const int C = 0x00, S = 0x04, DLEN = 0x08, A = 0x0c, FIFO = 0x10, DIV = 0x14, DEL = 0x18, CLKT = 0x1c;

    private const uint I2CEN = 1 << 15, INTR = 1 << 10, INTT = 1 << 9, INTD = 1 << 8, ST = 1 << 7, CLEAR = 3 << 4, READ = 1;

    private const uint S_CLKT = 1 << 9, ERR = 1 << 8, RXF = 1 << 7, TXE = 1 << 6, RXD = 1 << 5, TXD = 1 << 4, RXR = 1 << 3,
        TXW = 1 << 2, DONE = 1 << 1, TA = 1;

    private const uint DivReset = 0x5dc, DelReset = 0x0030_0030, ClktReset = 0x40;
    private const int FifoBytes = 16, FifoFilling = 12, FifoRunningOut = 4;

    private readonly SignalLine _interrupt = new();
    private readonly DeviceAlarm _alarm;
    private readonly long _core;
    private readonly Queue<byte> _fifo = new(FifoBytes);
    private State _state;

    /// <summary>The controller after power-on, nothing on its bus.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="coreHertz">The core clock that DIV divides: nominally 150 MHz (page 34), on a Pi 1 to 3 250 MHz.</param>
    /// <param name="name">What its bus is called.</param>
    public Bcm2835I2cModel(TimeProvider time, long coreHertz = 150_000_000, string name = "i2c1")
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(coreHertz, 1);
        (_core, _alarm, Bus) = (coreHertz, new(time, Advance), new(name, time));
    }

    private sealed record Saved(State State, byte[] Fifo, object Bus);

    /// <summary>What the bus is at.</summary>
    private enum Phase : byte
    {
        Idle,
        Address,
        Byte,
        Stop,
        TimedOut,
    }

    private struct Start
    {
        public bool IsRead;
        public byte Address;
        public int Length;
    }

    private struct State
    {
        public uint C, A, Dlen, DivXorReset, DelXorReset, ClktXorReset;

        /// <summary>CLKT, ERR and DONE of S.</summary>
        public uint Events;

        public Start Transfer, Next;
        public bool HasNext;

        /// <summary>Bytes that have not gone over the wire.</summary>
        public int Left;

        public Phase Phase;

        /// <summary>A byte waits for the FIFO.</summary>
        public bool IsWaiting;
        public byte Shift;

        /// <summary>When the phase ends.</summary>
        public long Ends;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 I2C";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-i2c", "brcm,bcm2711-i2c"];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "The delays of DEL are kept and do nothing. BCM2835's fault with clocks that are stretched in the middle of a bit is not there. " +
        "SDA and SCL reach the parts on the bus, not the GPIO pins.";

    /// <summary>The bus.</summary>
    public I2cBus Bus { get; }

    /// <summary>The interrupt line: high while DONE and INTD, RXR and INTR, or TXW and INTT. On a Pi all controllers share one input.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    internal override BiasedLock? Gate
    {
        get => base.Gate;
        set => base.Gate = Bus.Gate = value;
    }

    private bool IsActive => _state.Phase != Phase.Idle;

    private bool IsReading => IsActive && _state.Transfer.IsRead;

    private bool NeedsReading => IsReading && _fifo.Count >= FifoFilling;

    private bool NeedsWriting => _state.Phase is Phase.Address or Phase.Byte && !_state.Transfer.IsRead && _fifo.Count < FifoRunningOut
        && _fifo.Count + (_state.Phase == Phase.Byte && !_state.IsWaiting ? 1 : 0) < _state.Left;

    /// <summary>The period of SCL in nanoseconds.</summary>
    private long Period
    {
        get
        {
            var divisor = (long)((_state.DivXorReset ^ DivReset) & 0xfffe);
            return Math.Max(1, (divisor == 0 ? 32768 : divisor) * 1_000_000_000 / _core);
        }
    }

    internal override string? BrokenInvariant()
    {
        if (_fifo.Count > FifoBytes || _state.Left < 0) return $"the FIFO holds {_fifo.Count}, {_state.Left} bytes are left";
        if (!Enum.IsDefined(_state.Phase)) return $"the phase is {_state.Phase}";
        return _interrupt.Level != IsInterrupting ? $"the line is {_interrupt.Level} with C 0x{_state.C:x}, S 0x{Status():x}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _fifo], Bus.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_state, var fifo, var bus) = (Saved)saved;
        _fifo.Clear();
        foreach (var value in fifo) _fifo.Enqueue(value);
        Bus.Restore(bus);
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        if (IsActive) Abort();
        _state = default;
        _fifo.Clear();
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        ulong value;
        switch (offset)
        {
            case C: value = _state.C; break;
            case S: value = Status(); break;
            case DLEN: value = IsActive || (_state.Events & DONE) != 0 ? (uint)_state.Left : _state.Dlen; break;
            case A: value = _state.A; break;
            case FIFO: value = Pop(); break;
            case DIV: value = _state.DivXorReset ^ DivReset; break;
            case DEL: value = _state.DelXorReset ^ DelReset; break;
            case CLKT: value = _state.ClktXorReset ^ ClktReset; break;
            default: value = BadRead(offset, size, "no register is there"); break;
        }
        UpdateInterrupt();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case C: WriteControl(word); break;
            case S: _state.Events &= ~word; break;
            case DLEN: _state.Dlen = word & 0xffff; break;
            case A: _state.A = word & 0x7f; break;
            case FIFO: Push((byte)word); break;
            case DIV: _state.DivXorReset = word & 0xffff ^ DivReset; break;
            case DEL: _state.DelXorReset = word ^ DelReset; break;
            case CLKT: _state.ClktXorReset = word & 0xffff ^ ClktReset; break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
        UpdateInterrupt();
    }

    private uint Status() => _state.Events | (_fifo.Count == FifoBytes ? RXF : TXD) | (_fifo.Count == 0 ? TXE : RXD)
        | (NeedsReading ? RXR : 0) | (NeedsWriting ? TXW : 0) | (IsActive ? TA : 0);

    private void WriteControl(uint word)
    {
        _state.C = word & (I2CEN | INTR | INTT | INTD | READ);
        if ((word & CLEAR) != 0) _fifo.Clear();
        if (IsActive && ((word & I2CEN) == 0 || ((word & CLEAR) != 0 && IsReading))) Abort();
        if ((word & (I2CEN | ST)) != (I2CEN | ST)) return;
        _state.Next = new() { Address = (byte)_state.A, Length = (int)_state.Dlen, IsRead = (word & READ) != 0 };
        _state.HasNext = true;
        if (!IsActive) TakeNext(_alarm.Now);
    }

    private void Abort()
    {
        (_state.Phase, _state.IsWaiting, _state.HasNext) = (Phase.Idle, false, false);
        Bus.Stop();
        Bus.TakeStretch();
    }

    private void Push(byte value)
    {
        // In a read the FIFO is the receiver's.
        if (_fifo.Count == FifoBytes || IsReading) return;
        _fifo.Enqueue(value);
        Resume(_alarm.Now);
    }

    private uint Pop()
    {
        if (!_fifo.TryDequeue(out var value)) return 0;
        Resume(_alarm.Now);
        return value;
    }

    private void Advance()
    {
        Settle();
        UpdateInterrupt();
    }

    /// <summary>Owns the line, and keeps the alarm at the end of what the bus is at.</summary>
    private void UpdateInterrupt()
    {
        _alarm.Set(IsActive && !_state.IsWaiting && _state.Ends != long.MaxValue ? _state.Ends : null);
        _interrupt.Set(IsInterrupting);
    }

    private bool IsInterrupting => ((_state.C & INTD) != 0 && (_state.Events & DONE) != 0) || ((_state.C & INTR) != 0 && NeedsReading)
        || ((_state.C & INTT) != 0 && NeedsWriting);
}
