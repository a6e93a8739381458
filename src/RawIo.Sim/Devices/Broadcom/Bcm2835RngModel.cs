namespace RawIo.Sim;

/// <summary>
/// The random number generator of BCM2835 to BCM2837. No datasheet describes it; registers and bits are those of
/// drivers/char/hw_random/bcm2835-rng.c, FreeBSD's bcm2835_rng.c and Broadcom's rnghw.h.
/// </summary>
/// <remarks>
/// <para>While RBGEN is on it makes a bit a microsecond, two with RBG2X. The first bits are bad: as many as the
/// warm-up count in STATUS says are thrown away, and the count runs down meanwhile (0x40000, what drivers write, takes
/// a quarter of a second). Then words go into a FIFO of four; a full FIFO stops the generator.</para>
/// <para>The words come from a seeded generator, in its order, whenever they are read.</para>
/// </remarks>
public sealed class Bcm2835RngModel : Device
{
    private const int CTRL = 0x00, STATUS = 0x04, DATA = 0x08, FF_THRESHOLD = 0x0c, INT_MASK = 0x10;
    private const uint RBGEN = 1, RBG2X = 2, WARM_CNT = 0xf_ffff, INT_OFF = 1;
    private const int FifoWords = 4, BitsPerWord = 32;

    private readonly SignalLine _interrupt = new();
    private DeviceClock _clock;
    private readonly DeviceTimer _timer;
    private RandomWords _random;
    private State _state;

    /// <summary>The generator after power-on: off.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="seed">Which words come; the same for a machine that does the same twice.</param>
    public Bcm2835RngModel(TimeProvider time, int seed)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_timer, _random, _clock) = (new(time, Alarm), new(seed), new(time, DeviceClock.Megahertz));
        (_interrupt.WantChanged, _interrupt.Settle) = (Alarm, Settle);
    }

    private sealed record Saved(State State, DeviceClock Clock, RandomWords Random);

    private struct State
    {
        public uint Ctrl, WarmUp, IntMask;

        /// <summary>The threshold's distance from its reset value of a full FIFO, so that the default is the reset state.</summary>
        public uint ThresholdXorFull;

        /// <summary>Whole words in the FIFO, and the bits towards the next.</summary>
        public int Words, Bits;

        /// <summary>The microsecond up to which the bits are worked out.</summary>
        public ulong Seen;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 RNG";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-rng"];

    /// <summary>0x14: the device trees say 0x10, which leaves INT_MASK out; Linux reaches it all the same, in the page it maps.</summary>
    public override int DecodedLength => INT_MASK + 4;

    /// <inheritdoc/>
    public override string LeavesOut => "The oscillator fields of CTRL are kept and do nothing. The bit rate is a round 1 Mbit/s.";

    /// <summary>The interrupt line: high while the FIFO holds at least FF_THRESHOLD words and INT_MASK bit 0 (interrupt off) is 0.</summary>
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
            case STATUS: return (uint)_state.Words << 24 | _state.WarmUp;
            case DATA: return Pop();
            case FF_THRESHOLD: return Threshold;
            case INT_MASK: return _state.IntMask;
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
            case CTRL: _state.Ctrl = word; break;
            case STATUS: _state.WarmUp = word & WARM_CNT; break;
            case FF_THRESHOLD: _state.ThresholdXorFull = word & 0x1f ^ FifoWords; break;
            case INT_MASK: _state.IntMask = word; break;
            case DATA: BadWrite(offset, size, "the register is read-only"); return;
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

    internal override string? BrokenInvariant() =>
        _state.Words is < 0 or > FifoWords || _state.Bits is < 0 or >= BitsPerWord || _state.Words == FifoWords && _state.Bits != 0 ? $"{_state.Words} words and {_state.Bits} bits in the FIFO"
        : _state.WarmUp > WARM_CNT || Threshold > 0x1f ? $"warm-up count 0x{_state.WarmUp:x}, threshold {Threshold}"
        : _state.Seen > _clock.Now ? "it has seen the future"
        : _interrupt.Level != (Ready && (_state.IntMask & INT_OFF) == 0) ? $"the interrupt line is {_interrupt.Level}"
        : null;

    private uint Threshold => _state.ThresholdXorFull ^ FifoWords;

    private ulong BitsPerMicrosecond => (_state.Ctrl & RBGEN) == 0 ? 0ul : (_state.Ctrl & RBG2X) == 0 ? 1ul : 2ul;

    private uint Pop()
    {
        // An empty FIFO answers 0: a driver that does not look at STATUS gets the worst of random numbers.
        if (_state.Words == 0) return 0;
        _state.Words--;
        UpdateInterrupt();
        Arm();
        return _random.Next();
    }

    /// <summary>Works out the bits of the time since the last look.</summary>
    private void Settle()
    {
        var now = _clock.Now;
        var bits = (now - _state.Seen) * BitsPerMicrosecond;
        _state.Seen = now;
        var discarded = Math.Min(bits, _state.WarmUp);
        _state.WarmUp -= (uint)discarded;
        bits -= discarded;
        if (bits == 0) return;

        var room = (ulong)((FifoWords - _state.Words) * BitsPerWord - _state.Bits);
        var total = _state.Words * BitsPerWord + _state.Bits + (int)Math.Min(bits, room);
        (_state.Words, _state.Bits) = (total / BitsPerWord, total % BitsPerWord);
        UpdateInterrupt();
    }

    private bool Ready => Threshold != 0 && _state.Words >= Threshold;

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set(Ready && (_state.IntMask & INT_OFF) == 0);

    /// <summary>Sets the alarm for the word that reaches the threshold, where somebody waits for it.</summary>
    private void Arm()
    {
        if (!_interrupt.IsWanted || Ready || Threshold is 0 or > FifoWords || BitsPerMicrosecond == 0 || (_state.IntMask & INT_OFF) != 0)
        {
            _timer.Stop();
            return;
        }
        var bits = _state.WarmUp + Threshold * BitsPerWord - (ulong)(_state.Words * BitsPerWord + _state.Bits);
        _timer.Set(_clock.Until(_state.Seen + (bits + BitsPerMicrosecond - 1) / BitsPerMicrosecond));
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
