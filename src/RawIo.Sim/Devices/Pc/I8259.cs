namespace RawIo.Sim;

/// <summary>
/// One 8259A (Intel 8259A datasheet, order number 231468): the eight inputs, the three registers, the resolver of
/// priorities, and the command words.
/// </summary>
internal sealed class I8259
{
    private const byte ICW1 = 0x10, LTIM = 0x08, SNGL = 0x02, IC4 = 0x01;
    private const byte SFNM = 0x10, AEOI = 0x02;
    private const byte OCW3 = 0x08, ESMM = 0x40, SMM = 0x20, POLL = 0x04, RR = 0x02, RIS = 0x01;
    private const byte ROTATE = 0x80, SPECIFIC = 0x40, EOI = 0x20;
    private const int None = 8;

    private readonly InterruptInput[] _inputs;
    private readonly byte? _elcrMask;
    private readonly bool _isMaster;
    private State _s;
    private byte _wanted;

    /// <param name="inputs">IR0 to IR7.</param>
    /// <param name="elcrMask">Which inputs have an edge/level bit (PIIX3's ELCR); null on a part without, whose ICW1 decides by LTIM.</param>
    /// <param name="isMaster">Whether SP tells it that it is the master: only its ICW3 names inputs.</param>
    public I8259(InterruptInput[] inputs, byte? elcrMask, bool isMaster)
    {
        (_inputs, _elcrMask, _isMaster) = (inputs, elcrMask, isMaster);
        for (var i = 0; i < 8; i++)
        {
            var bit = (byte)(1 << i);
            _inputs[i].Line.Changed += level => LineChanged(bit, level);
        }
        ShowTriggers();
    }

    /// <summary>Everything the chip remembers; the default is its state after power-on.</summary>
    internal record struct State
    {
        /// <summary>Rising edges not acknowledged yet whose line is still high.</summary>
        public byte Edges;
        public byte ISR;
        public byte IMR;
        public byte Elcr;
        public byte Icw1;
        public byte Vector;
        public byte Icw3;
        public byte Icw4;

        /// <summary>The level of the highest priority.</summary>
        public byte First;

        /// <summary>Which ICW comes next, 2 to 4; 0 for none.</summary>
        public byte Awaits;
        public bool Initialized;
        public bool SpecialMask;
        public bool ReadsIsr;
        public bool Polls;
        public bool RotatesOnAeoi;
    }

    /// <summary>INT.</summary>
    public SignalLine Output { get; } = new();

    public State Saved => _s;

    /// <summary>Whether the chip takes part in a cascade (ICW1: SNGL clear).</summary>
    public bool IsCascaded => _s.Initialized && (_s.Icw1 & SNGL) == 0;

    /// <summary>ICW3: a master's inputs with slaves; a slave's number.</summary>
    public byte Icw3 => _s.Icw3;

    /// <summary>The vector of a level.</summary>
    public byte VectorOf(int level) => (byte)(_s.Vector | level);

    private byte LevelTriggered => _elcrMask is not null ? _s.Elcr : (byte)((_s.Icw1 & LTIM) != 0 ? 0xff : 0);

    /// <summary>The edge/level register: a set bit is level-triggered.</summary>
    public byte Elcr
    {
        get => _s.Elcr;
        set
        {
            _s.Elcr = (byte)(value & _elcrMask.GetValueOrDefault());
            ShowTriggers();
            UpdateInterrupt();
        }
    }

    public string? BrokenInvariant()
    {
        if (_s.First > 7 || _s.Awaits is 1 or > 4) return $"level {_s.First} comes first, ICW{_s.Awaits} next";
        if ((_s.Elcr & ~_elcrMask.GetValueOrDefault()) != 0) return $"ELCR is 0x{_s.Elcr:x}";
        for (var i = 0; i < 8; i++)
            if ((_s.Edges >> i & 1) != 0 && !_inputs[i].Line.Level) return $"IR{i} is low and has an edge";
        return Output.Level != (_s.Initialized && MostUrgent() >= 0) ? $"INT is {Output.Level} with IMR 0x{_s.IMR:x}, ISR 0x{_s.ISR:x}" : null;
    }

    /// <summary>Everything as after power-on.</summary>
    public void Reset() => Restore(default);

    public void Restore(State saved)
    {
        _s = saved;
        ShowTriggers();
        UpdateWants();
        UpdateInterrupt();
    }

    /// <summary>Reads: a poll, or IRR, ISR (A0 low), IMR (A0 high).</summary>
    public byte Read(bool a0)
    {
        if (_s.Polls)
        {
            // The read stands for the acknowledge cycle.
            _s.Polls = false;
            SampleInputs();
            var level = Accept();
            EndAcknowledge();
            return (byte)(level < 0 ? 0 : 0x80 | level);
        }
        if (a0) return _s.IMR;
        if (_s.ReadsIsr) return _s.ISR;
        SampleInputs();
        return Requests();
    }

    public void Write(bool a0, byte value)
    {
        if (a0) WriteData(value);
        else if ((value & ICW1) != 0) Begin(value);
        else if ((value & OCW3) != 0) WriteOcw3(value);
        else WriteOcw2(value);
        UpdateWants();
        UpdateInterrupt();
    }

    /// <summary>The acknowledge cycle: takes the most urgent request into service. Negative where there is none (any more).</summary>
    public int Accept()
    {
        var level = MostUrgent();
        if (level < 0) return level;
        var bit = (byte)(1 << level);
        _s.Edges &= (byte)~bit;
        if ((_s.Icw4 & AEOI) == 0) _s.ISR |= bit;
        else if (_s.RotatesOnAeoi) _s.First = (byte)(level + 1 & 7);
        return level;
    }

    /// <summary>The end of the acknowledge cycle: INT goes low, and comes again for what else is urgent enough.</summary>
    public void EndAcknowledge()
    {
        Output.Set(false);
        UpdateInterrupt();
    }

    private void Begin(byte value)
    {
        // What ICW1 does is listed under Initialization Command Words 1 and 2. LTIM and A7 to A5 are for parts without ELCR and for the MCS-80.
        _s = new() { Icw1 = value, Elcr = _s.Elcr, Awaits = 2, Icw3 = _s.Icw3 };
        ShowTriggers();
    }

    private void WriteData(byte value)
    {
        switch (_s.Awaits)
        {
            case 2:
                _s.Vector = (byte)(value & 0xf8);
                Next((_s.Icw1 & SNGL) == 0 ? 3 : 4);
                break;
            case 3:
                _s.Icw3 = value;
                Next(4);
                break;
            case 4:
                _s.Icw4 = value;
                Next(0);
                break;
            default:
                _s.IMR = value;
                break;
        }
    }

    private void Next(int word)
    {
        _s.Awaits = (byte)(word == 4 && (_s.Icw1 & IC4) == 0 ? 0 : word);
        _s.Initialized = _s.Awaits == 0;
    }

    private void WriteOcw2(byte value)
    {
        var level = (byte)(value & 7);
        switch (value & (ROTATE | SPECIFIC | EOI))
        {
            case 0 or ROTATE: _s.RotatesOnAeoi = (value & ROTATE) != 0; break;
            case SPECIFIC: break; // no operation
            case ROTATE | SPECIFIC: _s.First = (byte)(level + 1 & 7); break;
            case EOI or (ROTATE | EOI):
                // In special mask mode a masked level keeps its ISR bit (End of Interrupt).
                var rank = Rank(_s.SpecialMask ? _s.ISR & ~_s.IMR : _s.ISR);
                if (rank == None) return;
                EndOfInterrupt((byte)(rank + _s.First & 7), rotate: (value & ROTATE) != 0);
                break;
            default: EndOfInterrupt(level, rotate: (value & ROTATE) != 0); break;
        }
    }

    private void EndOfInterrupt(byte level, bool rotate)
    {
        _s.ISR &= (byte)~(1 << level);
        if (rotate) _s.First = (byte)(level + 1 & 7);
    }

    private void WriteOcw3(byte value)
    {
        if ((value & POLL) != 0) _s.Polls = true;
        if ((value & RR) != 0) _s.ReadsIsr = (value & RIS) != 0;
        if ((value & ESMM) != 0) _s.SpecialMask = (value & SMM) != 0;
    }

    private void LineChanged(byte bit, bool level)
    {
        // A request has to stay until it is acknowledged (Edge and Level Triggered Modes): the line's fall takes it back.
        if (level) _s.Edges |= bit;
        else _s.Edges &= (byte)~bit;
        UpdateInterrupt();
    }

    private byte Requests()
    {
        var levels = 0;
        for (var i = 0; i < 8; i++)
            if (_inputs[i].Line.Level) levels |= 1 << i;
        return (byte)(_s.Edges & ~LevelTriggered | levels & LevelTriggered);
    }

    private int MostUrgent()
    {
        var rank = Rank(Requests() & ~_s.IMR);
        var served = Rank(_s.SpecialMask ? _s.ISR & ~_s.IMR : _s.ISR);
        var level = rank + _s.First & 7;
        // Special fully nested: a slave may interrupt its own service with something more urgent; what is less urgent than the slave waits.
        var isNested = _isMaster && (_s.Icw4 & SFNM) != 0 && (_s.Icw1 & SNGL) == 0 && rank == served && rank != None && (_s.Icw3 >> level & 1) != 0;
        return rank < served || isNested ? level : -1;
    }

    /// <summary>The place of the highest bit in the order of priorities: 0 to 7, or <see cref="None"/>.</summary>
    private int Rank(int bits)
    {
        for (var rank = 0; rank < 8; rank++)
            if ((bits >> (rank + _s.First & 7) & 1) != 0) return rank;
        return None;
    }

    private void SampleInputs()
    {
        foreach (var input in _inputs) input.Line.Sample();
    }

    private void ShowTriggers()
    {
        for (var i = 0; i < 8; i++) _inputs[i].IsEdgeTriggered = (LevelTriggered >> i & 1) == 0;
    }

    /// <summary>Inputs that may interrupt are waited for; those of a chip that nobody has initialized are not.</summary>
    private void UpdateWants()
    {
        var wanted = (byte)(_s.Initialized ? ~_s.IMR : 0);
        var changed = wanted ^ _wanted;
        _wanted = wanted;
        for (var i = 0; i < 8; i++)
            if ((changed >> i & 1) != 0) _inputs[i].Line.Want((wanted >> i & 1) != 0);
    }

    /// <summary>Owns INT.</summary>
    private void UpdateInterrupt() => Output.Set(_s.Initialized && MostUrgent() >= 0);
}
