using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The general purpose I/O block of BCM2835 to BCM2837 (BCM2835 ARM Peripherals, chapter 6): 54 pins, 41 words of
/// registers and a test register.
/// </summary>
/// <remarks>
/// <para>GPLEV and the detectors look at the pad, whatever the pin's function. Every bus access lasts many periods of
/// the system clock, so the synchronous detectors (GPREN, GPFEN: patterns 011 and 100) see every change but a
/// <see cref="Pin.Glitch"/>, and the asynchronous ones see that too.</para>
/// <para>Reserved words and the write-only GPSET and GPCLR answer 0x6770696f ("gpio") on real parts where the machine's
/// policy lets the read pass (measured on a Pi 4B through /dev/gpiomem; raspi-gpio and RPi.GPIO tell BCM2835
/// from BCM2711 by it at 0xf0).</para>
/// </remarks>
public partial class Bcm2835GpioModel : Device, IPinOwner, IPinBank
{
    /// <summary>How many bytes the registers take: what the device tree's <c>reg</c> says.</summary>
    public const int Length = 0xb4;

    private const int GPFSEL0 = 0x00, GPFSEL5 = 0x14, GPSET0 = 0x1c, GPSET1 = 0x20, GPCLR0 = 0x28, GPCLR1 = 0x2c,
        GPLEV0 = 0x34, GPLEV1 = 0x38, GPEDS0 = 0x40, GPEDS1 = 0x44, GPREN0 = 0x4c, GPREN1 = 0x50, GPFEN0 = 0x58,
        GPFEN1 = 0x5c, GPHEN0 = 0x64, GPHEN1 = 0x68, GPLEN0 = 0x70, GPLEN1 = 0x74, GPAREN0 = 0x7c, GPAREN1 = 0x80,
        GPAFEN0 = 0x88, GPAFEN1 = 0x8c, GPPUD = 0x94, GPPUDCLK0 = 0x98, GPPUDCLK1 = 0x9c, TEST = 0xb0;

    private const uint Tag = 0x6770696f;

    private readonly Pin[] _pins;
    private readonly SignalLine[] _interrupts = [new(), new(), new(), new()];
    private readonly ulong _existing;
    private State _state;

    // What the pads and GPFSEL say, kept beside so that an access need not walk 54 pins.
    private ulong _levels, _outputs;

    /// <summary>The block after power-on, its pins joined to nothing.</summary>
    public Bcm2835GpioModel() : this(54)
    {
    }

    private protected Bcm2835GpioModel(int pins)
    {
        _existing = (1UL << pins) - 1;
        _pins = [.. Enumerable.Range(0, pins).Select(i => new Pin($"GPIO{i}", this, i))];
        ResetPins();
    }

    [InlineArray(6)]
    private struct FunctionSelect
    {
        private uint _first;
    }

    private struct State
    {
        public FunctionSelect Fsel;
        public ulong Latch, Eds, Ren, Fen, Hen, Len, Aren, Afen, PudClk;
        public uint Pud, Test;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 GPIO";

    /// <inheritdoc/>
    public override int DecodedLength => Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-gpio"];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "The alternate functions drive no pin. The 150 cycles between the writes of the GPPUD sequence are not enforced. " +
        "The set-up time of the synchronous detectors is not timed.";

    /// <summary>The pads, by number: wire, pull, drive and watch them.</summary>
    public IReadOnlyList<Pin> Pins => _pins;

    /// <summary>
    /// The interrupt lines, in the device tree's order: pins 0 to 27, pins 28 to 45, pins 46 and up (the groups of
    /// drivers/pinctrl/bcm/pinctrl-bcm2835.c), and any pin. A line is high while a pin of its group has an event in GPEDS.
    /// </summary>
    public override IReadOnlyList<SignalLine> InterruptLines => _interrupts;

    /// <summary>The pull that the block gives a pin, which BCM2835 itself cannot tell.</summary>
    public PinPull PullOf(int pin) => _pins[pin].ChipPull;

    BiasedLock? IPinOwner.Gate => Gate;

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        switch (offset)
        {
            case <= GPFSEL5: return _state.Fsel[offset >> 2];
            case GPLEV0: return (uint)_levels;
            case GPLEV1: return _levels >> 32;
            case GPEDS0: return (uint)_state.Eds;
            case GPEDS1: return _state.Eds >> 32;
            case GPREN0: return (uint)_state.Ren;
            case GPREN1: return _state.Ren >> 32;
            case GPFEN0: return (uint)_state.Fen;
            case GPFEN1: return _state.Fen >> 32;
            case GPHEN0: return (uint)_state.Hen;
            case GPHEN1: return _state.Hen >> 32;
            case GPLEN0: return (uint)_state.Len;
            case GPLEN1: return _state.Len >> 32;
            case GPAREN0: return (uint)_state.Aren;
            case GPAREN1: return _state.Aren >> 32;
            case GPAFEN0: return (uint)_state.Afen;
            case GPAFEN1: return _state.Afen >> 32;
            case GPPUD: return _state.Pud;
            case GPPUDCLK0: return (uint)_state.PudClk;
            case GPPUDCLK1: return _state.PudClk >> 32;
            case GPSET0 or GPSET1 or GPCLR0 or GPCLR1: return BadRead(offset, size, "the register is write-only", Tag);
            default: return ReadOther(offset, size);
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var word = (uint)value;
        switch (offset)
        {
            case <= GPFSEL5: SelectFunctions(offset >> 2, word); return;
            case GPSET0: Latch(_state.Latch | word); return;
            case GPSET1: Latch(_state.Latch | (ulong)word << 32); return;
            case GPCLR0: Latch(_state.Latch & ~(ulong)word); return;
            case GPCLR1: Latch(_state.Latch & ~((ulong)word << 32)); return;
            case GPEDS0: _state.Eds &= ~(ulong)word; break;
            case GPEDS1: _state.Eds &= ~((ulong)word << 32); break;
            case GPREN0 or GPREN1: SetHalf(ref _state.Ren, offset == GPREN1, word); break;
            case GPFEN0 or GPFEN1: SetHalf(ref _state.Fen, offset == GPFEN1, word); break;
            case GPHEN0 or GPHEN1: SetHalf(ref _state.Hen, offset == GPHEN1, word); break;
            case GPLEN0 or GPLEN1: SetHalf(ref _state.Len, offset == GPLEN1, word); break;
            case GPAREN0 or GPAREN1: SetHalf(ref _state.Aren, offset == GPAREN1, word); break;
            case GPAFEN0 or GPAFEN1: SetHalf(ref _state.Afen, offset == GPAFEN1, word); break;
            case GPPUD: WriteGppud(offset, size, word); return;
            case GPPUDCLK0 or GPPUDCLK1:
                SetHalf(ref _state.PudClk, offset == GPPUDCLK1, word);
                ClockPulls(offset == GPPUDCLK1 ? _state.PudClk >> 32 << 32 : (uint)_state.PudClk);
                return;
            case GPLEV0 or GPLEV1: BadWrite(offset, size, "the register is read-only"); return;
            default: WriteOther(offset, size, word); return;
        }
        DetectLevels();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _outputs = 0;
        ResetPins();
        UpdateInterrupts();
    }

    /// <summary>The pull a pin has at power-on (table 6-31; "-" is none).</summary>
    private protected virtual PinPull PullAtReset(int pin) => pin switch
    {
        <= 8 or (>= 34 and <= 36) or >= 46 => PinPull.Up,
        28 or 29 or 44 or 45 => PinPull.None,
        _ => PinPull.Down,
    };

    /// <summary>Reads the words in which the family's members differ.</summary>
    private protected virtual ulong ReadOther(int offset, int size) =>
        offset == TEST ? _state.Test : ReadReserved(offset, size);

    /// <summary>Writes the words in which the family's members differ.</summary>
    private protected virtual void WriteOther(int offset, int size, uint value)
    {
        if (offset == TEST) _state.Test = value & 0xf;
        else WriteReserved(offset, size);
    }

    private protected ulong ReadReserved(int offset, int size) => BadRead(offset, size, "no register is there", Tag);

    private protected void WriteReserved(int offset, int size) => BadWrite(offset, size, "no register is there");

    /// <summary>GPPUDCLK's rising clocks: the pins take over what GPPUD says.</summary>
    private protected virtual void ClockPulls(ulong pins)
    {
        var pull = _state.Pud switch { 1 => PinPull.Down, 2 => PinPull.Up, _ => PinPull.None };
        for (; pins != 0; pins &= pins - 1) SetPull(BitOperations.TrailingZeroCount(pins), pull);
    }

    private protected void SetPull(int pin, PinPull pull) => _pins[pin].PullByChip(pull);

    void IPinOwner.PinChanged(int index, bool level)
    {
        var pin = 1UL << index;
        _levels = level ? _levels | pin : _levels & ~pin;
        _state.Eds |= pin & (level ? _state.Ren | _state.Aren : _state.Fen | _state.Afen);
        DetectLevels();
    }

    // There and back: one of the two edges is rising and the other falling.
    void IPinOwner.PinGlitched(int index)
    {
        _state.Eds |= 1UL << index & (_state.Aren | _state.Afen);
        UpdateInterrupts();
    }

    private void SelectFunctions(int register, uint value)
    {
        var first = register * 10;
        var fields = Math.Min(10, _pins.Length - first);
        value &= (1u << 3 * fields) - 1;
        var changed = _state.Fsel[register] ^ value;
        _state.Fsel[register] = value;
        for (var i = 0; i < fields; i++)
        {
            if ((changed >> 3 * i & 7) == 0) continue;
            var pin = 1UL << first + i;
            var output = (value >> 3 * i & 7) == 1;
            _outputs = output ? _outputs | pin : _outputs & ~pin;
            _pins[first + i].DriveByChip(output ? (_state.Latch & pin) != 0 : null);
        }
    }

    /// <summary>Takes over the output latch. Pins of other functions keep it for the day they become outputs.</summary>
    private void Latch(ulong latch)
    {
        latch &= _existing;
        var changed = (latch ^ _state.Latch) & _outputs;
        _state.Latch = latch;
        for (; changed != 0; changed &= changed - 1)
        {
            var pin = BitOperations.TrailingZeroCount(changed);
            _pins[pin].DriveByChip((latch >> pin & 1) != 0);
        }
    }

    private void SetHalf(ref ulong both, bool high, uint value) =>
        both = (high ? (uint)both | (ulong)value << 32 : both >> 32 << 32 | value) & _existing;

    private void WriteGppud(int offset, int size, uint value)
    {
        if ((value & 3) == 3) BadWrite(offset, size, "PUD 11 is reserved");
        else _state.Pud = value & 3;
    }

    /// <summary>A level that holds sets its status again at once: clearing it does not stick.</summary>
    private void DetectLevels()
    {
        _state.Eds |= (_state.Hen & _levels) | (_state.Len & ~_levels);
        UpdateInterrupts();
    }

    /// <summary>Owns the four lines.</summary>
    private void UpdateInterrupts()
    {
        const ulong group0 = (1UL << 28) - 1, group1 = ((1UL << 46) - 1) & ~group0;
        var events = _state.Eds;
        _interrupts[0].Set((events & group0) != 0);
        _interrupts[1].Set((events & group1) != 0);
        _interrupts[2].Set((events & ~(group0 | group1)) != 0);
        _interrupts[3].Set(events != 0);
    }

    private void ResetPins()
    {
        for (var i = 0; i < _pins.Length; i++)
        {
            _pins[i].DriveByChip(null);
            _pins[i].PullByChip(PullAtReset(i));
        }
    }
}
