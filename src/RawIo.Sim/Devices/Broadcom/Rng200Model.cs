namespace RawIo.Sim;

/// <summary>
/// The random number generator of BCM2711, the Pi 4. No datasheet describes it; registers and bits are those of Linux
/// drivers/char/hw_random/iproc-rng200.c, the total count those of Raspberry Pi's kernel for BCM2711.
/// </summary>
/// <remarks>
/// While RBGEN is on it makes a bit a microsecond. Words go into a FIFO of 16; what finds it full is lost, but counted.
/// TOTAL_BIT_COUNT counts since the generator was switched on or reset, and sets its bit in INT_STATUS when it comes to
/// TOTAL_BIT_COUNT_THRESHOLD (0: never). A soft reset holds the generator while its bit is set. The words come from a
/// seeded generator, in its order, whenever they are read. QEMU has no such device in 7.2.
/// </remarks>
public sealed class Rng200Model : Device
{
    private const int CTRL = 0x00, RNG_SOFT_RESET = 0x04, RBG_SOFT_RESET = 0x08, TOTAL_BIT_COUNT = 0x0c, TOTAL_BIT_COUNT_THRESHOLD = 0x10,
        INT_STATUS = 0x18, INT_ENABLE = 0x1c, FIFO_DATA = 0x20, FIFO_COUNT = 0x24;
    private const uint RBGEN = 0x1fff, TOTAL_BITS_COUNT_IRQ = 1, STARTUP_TRANSITIONS_MET_IRQ = 1 << 17, FifoWords = 16, BitsPerWord = 32, StartupBits = 16;

    private readonly SignalLine _interrupt = new();
    private DeviceClock _clock;
    private readonly DeviceTimer _timer;
    private RandomWords _random;
    private State _state;

    /// <summary>The generator after power-on: off.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="seed">Which words come; the same for a machine that does the same twice.</param>
    public Rng200Model(TimeProvider time, int seed)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_timer, _random, _clock) = (new(time, Alarm), new(seed), new(time, DeviceClock.Megahertz));
        (_interrupt.WantChanged, _interrupt.Settle) = (Alarm, Settle);
    }

    private struct State
    {
        public uint Ctrl, RngReset, RbgReset, BitThreshold, IntStatus, IntEnable, FifoThreshold;

        /// <summary>Words in the FIFO.</summary>
        public uint Words;

        /// <summary>Bits made since the start, and the microsecond up to which they are worked out.</summary>
        public ulong Bits, Seen;
    }

    private sealed record Saved(State State, DeviceClock Clock, RandomWords Random);

    /// <inheritdoc/>
    public override string Name => "RNG200";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2711-rng200", "brcm,iproc-rng200"];

    /// <inheritdoc/>
    public override string LeavesOut => "The health tests (NIST_FAIL, MASTER_FAIL_LOCKOUT) never fail. The bit rate is a round 1 Mbit/s, whatever the divider in CTRL. The FIFO's threshold is kept and raises no interrupt.";

    /// <summary>The interrupt line: high while a bit is set in both INT_STATUS and INT_ENABLE.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, _clock, _random);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, _clock, _random) = (Saved)saved;
        UpdateInterrupt();
        Arm();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        switch (offset)
        {
            case CTRL: return _state.Ctrl;
            case RNG_SOFT_RESET: return _state.RngReset;
            case RBG_SOFT_RESET: return _state.RbgReset;
            case TOTAL_BIT_COUNT: return Math.Min(_state.Bits, uint.MaxValue);
            case TOTAL_BIT_COUNT_THRESHOLD: return _state.BitThreshold;
            case INT_STATUS: return _state.IntStatus;
            case INT_ENABLE: return _state.IntEnable;
            case FIFO_DATA: return Pop();
            case FIFO_COUNT: return _state.Words | _state.FifoThreshold << 8;
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
            case CTRL:
                if (!IsRunning) _state.Bits = 0;
                _state.Ctrl = word;
                break;
            case RNG_SOFT_RESET:
                _state.RngReset = word & 1;
                if (_state.RngReset != 0) (_state.Words, _state.Bits) = (0, 0);
                break;
            case RBG_SOFT_RESET:
                _state.RbgReset = word & 1;
                if (_state.RbgReset != 0) _state.Bits = 0;
                break;
            case TOTAL_BIT_COUNT_THRESHOLD: _state.BitThreshold = word; break;
            case INT_STATUS: _state.IntStatus &= ~word; break;
            case INT_ENABLE: _state.IntEnable = word; break;
            case FIFO_COUNT: _state.FifoThreshold = word >> 8 & 0xff; break;
            case TOTAL_BIT_COUNT or FIFO_DATA: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        UpdateInterrupt();
        Arm();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _clock.Restart();
        UpdateInterrupt();
        Arm();
    }

    private bool IsRunning => (_state.Ctrl & RBGEN) != 0 && (_state.RngReset | _state.RbgReset) == 0;

    private uint Pop()
    {
        if (_state.Words == 0) return 0;
        _state.Words--;
        return _random.Next();
    }

    /// <summary>Works out the bits of the time since the last look.</summary>
    private void Settle()
    {
        var now = _clock.Now;
        var bits = now - _state.Seen;
        _state.Seen = now;
        if (!IsRunning || bits == 0) return;
        var before = _state.Bits;
        _state.Bits += bits;
        _state.Words = (uint)Math.Min(_state.Words + (_state.Bits / BitsPerWord - before / BitsPerWord), FifoWords);
        if (before < StartupBits && _state.Bits >= StartupBits) _state.IntStatus |= STARTUP_TRANSITIONS_MET_IRQ;
        if (before < _state.BitThreshold && _state.Bits >= _state.BitThreshold) _state.IntStatus |= TOTAL_BITS_COUNT_IRQ;
        UpdateInterrupt();
    }

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set((_state.IntStatus & _state.IntEnable) != 0);

    /// <summary>Sets the alarm for the next event that somebody waits for.</summary>
    private void Arm()
    {
        var next = ulong.MaxValue;
        if (IsRunning && _interrupt.IsWanted && !_interrupt.Level)
        {
            if ((_state.IntEnable & STARTUP_TRANSITIONS_MET_IRQ) != 0 && _state.Bits < StartupBits) next = StartupBits;
            if ((_state.IntEnable & TOTAL_BITS_COUNT_IRQ) != 0 && _state.Bits < _state.BitThreshold) next = Math.Min(next, _state.BitThreshold);
        }
        if (next == ulong.MaxValue)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(_state.Seen + next - _state.Bits));
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
