namespace RawIo.Sim;

/// <summary>
/// One counter of an 8254 (Intel 8254 datasheet, order number 231164): the registers the CPU sees, and what the counting
/// element did in the clock pulses since the last look. Time is a number of clock pulses.
/// </summary>
internal struct I8254Channel
{
    private const int Low = 1, High = 2;

    private byte _control, _firstByte, _latchedStatus;
    private ushort _programmed, _latched, _stopped;
    private int _unread;
    private bool _secondByteNext, _secondReadNext, _statusLatched;
    private bool _armed, _loading, _counting, _fired, _nullCount, _isHighHalf;

    /// <summary>What the element counts: in mode 3 the pulses left of the half period, else the count.</summary>
    private int _left;

    /// <summary>The half period that mode 3 is in: its programmed count, 0 as the greatest.</summary>
    private int _period;

    /// <summary>Whether OUT rose since <see cref="TakeRise"/>, be it for one pulse.</summary>
    private bool _rose;

    /// <summary>The clock pulse up to which everything is worked out.</summary>
    public ulong Seen { get; private set; }

    /// <summary>OUT.</summary>
    public bool Output { get; private set; }

    /// <summary>GATE.</summary>
    public bool Gate { get; private set; }

    /// <summary>The state after power-on, which the datasheet leaves open: in mode 3 as QEMU's, OUT high, and nothing counted before a count is written.</summary>
    public I8254Channel(ulong now, bool gate)
    {
        this = default;
        (Seen, _control, Gate, Output) = (now, 3 << 1, gate, true);
    }

    public readonly string? BrokenInvariant() =>
        _left is < 0 or > 0x10000 || _period is < 0 or > 0x10000 ? $"{_left} of {_period} are left" : null;

    // Modes 2 and 3 are also 6 and 7.
    private readonly int Mode => (_control >> 1 & 7) is var mode and > 5 ? mode - 4 : _control >> 1 & 7;

    private readonly int Access => _control >> 4 & 3;

    private readonly bool IsBcd => (_control & 1) != 0;

    private readonly int Greatest => IsBcd ? 10_000 : 0x10000;

    /// <summary>The programmed count as a number: 0 is the greatest.</summary>
    private readonly int Programmed
    {
        get
        {
            int n = _programmed;
            if (IsBcd) n = (n >> 12) * 1000 + (n >> 8 & 15) * 100 + (n >> 4 & 15) * 10 + (n & 15);
            return n == 0 ? Greatest : n;
        }
    }

    /// <summary>Whether OUT rose since the last call.</summary>
    public bool TakeRise()
    {
        var rose = _rose;
        _rose = false;
        return rose;
    }

    /// <summary>A control word for this counter.</summary>
    public void Program(byte control)
    {
        Stop();
        _control = (byte)(control & 0x3f);
        (_programmed, _unread) = (0, 0);
        _secondByteNext = _secondReadNext = _statusLatched = false;
        _armed = _fired = false;
        _nullCount = true;
        Drive(Mode != 0);
    }

    /// <summary>The counter latch command: the count is kept until it is read.</summary>
    public void LatchCount()
    {
        if (_unread != 0) return;
        _latched = Count();
        _unread = Access is var access and not 0 ? access : Low;
    }

    /// <summary>The read-back command's status: OUT, NULL COUNT, and the control word as it was written.</summary>
    public void LatchStatus()
    {
        if (_statusLatched) return;
        _latchedStatus = (byte)((Output ? 0x80 : 0) | (_nullCount ? 0x40 : 0) | _control);
        _statusLatched = true;
    }

    public byte Read()
    {
        if (_statusLatched)
        {
            _statusLatched = false;
            return _latchedStatus;
        }
        if (_unread != 0)
        {
            var low = (_unread & Low) != 0;
            _unread &= low ? High : 0;
            return (byte)(low ? _latched : _latched >> 8);
        }
        var high = Access == High || _secondReadNext;
        _secondReadNext = Access == (Low | High) && !_secondReadNext;
        return (byte)(high ? Count() >> 8 : Count());
    }

    public void Write(byte value)
    {
        if (Access == (Low | High) && !_secondByteNext)
        {
            (_firstByte, _secondByteNext) = (value, true);
            // In mode 0 the first byte stops the counting and takes OUT low.
            if (Mode == 0)
            {
                Stop();
                Drive(false);
            }
            return;
        }
        _programmed = Access switch
        {
            Low | High => (ushort)(value << 8 | _firstByte),
            High => (ushort)(value << 8),
            _ => value,
        };
        _secondByteNext = false;
        (_armed, _nullCount) = (true, true);
        if (Mode == 0) Drive(false);
        // Modes 1 and 5 load at the trigger, 2 and 3 at the end of the period that runs.
        if (Mode is 0 or 4 || Mode is 2 or 3 && !_counting) _loading = true;
    }

    public void SetGate(bool level)
    {
        if (Gate == level) return;
        Gate = level;
        if (Mode is 0 or 4) return;
        if (level) _loading |= _armed;
        else if (Mode is 2 or 3) Drive(true);
    }

    /// <summary>Works out the clock pulses up to now.</summary>
    public void Advance(ulong now)
    {
        var pulses = now - Seen;
        Seen = now;
        if (pulses > 0 && _loading)
        {
            Load();
            pulses--;
        }
        if (pulses == 0) return;
        // The strobe of modes 4 and 5 lasts one pulse.
        if (Mode is 4 or 5) Drive(true);
        if (!IsCounting) return;
        switch (Mode)
        {
            case 2: Divide(pulses); break;
            case 3: Square(pulses); break;
            default: CountDown(pulses); break;
        }
    }

    /// <summary>In how many pulses OUT may change next; null for never, as things are.</summary>
    public readonly ulong? NextChange()
    {
        if (_loading || Mode is 4 or 5 && !Output) return 1;
        if (!IsCounting) return null;
        return Mode switch
        {
            2 when _period == 1 && Programmed == 1 => null, // not allowed: OUT stays low
            2 => (ulong)(_left > 1 ? _left - 1 : 1),
            3 => (ulong)_left,
            _ => _fired ? null : (ulong)(_left == 0 ? Greatest : _left),
        };
    }

    private readonly bool IsCounting => _counting && (Gate || Mode is 1 or 5);

    /// <summary>The counting element as the CPU reads it.</summary>
    private readonly ushort Count()
    {
        if (!_counting) return _stopped;
        var n = Mode != 3 ? _left : 2 * (_left - (_isHighHalf && (_period & 1) != 0 ? 1 : 0));
        n %= Greatest;
        return IsBcd ? (ushort)(n / 1000 << 12 | n / 100 % 10 << 8 | n / 10 % 10 << 4 | n % 10) : (ushort)n;
    }

    private void Stop()
    {
        _stopped = Count();
        _counting = _loading = false;
    }

    private void Drive(bool level)
    {
        _rose |= level && !Output;
        Output = level;
    }

    private void Load()
    {
        (_loading, _counting, _fired) = (false, true, false);
        Reload();
        Drive(Mode is not (0 or 1));
        if (Mode == 3) StartHalf(high: true);
        else if (Mode == 2 && _left == 1) Drive(false);
    }

    private void Reload()
    {
        _nullCount = false;
        _left = _period = Programmed;
    }

    // An odd count is high for one pulse longer than low.
    private readonly int Half(bool high) => Math.Max((_period + (high ? 1 : 0)) / 2, 1);

    /// <summary>Modes 0, 1, 4 and 5: down to zero once, where OUT acts, then on through the greatest count.</summary>
    private void CountDown(ulong pulses)
    {
        var untilZero = (ulong)(_left == 0 ? Greatest : _left);
        if (!_fired && pulses >= untilZero)
        {
            _fired = true;
            if (Mode is 0 or 1) Drive(true);
            else Strobe(isOver: pulses > untilZero);
        }
        var rest = (int)((ulong)_left + (ulong)Greatest - pulses % (ulong)Greatest);
        _left = rest % Greatest;
    }

    private void Strobe(bool isOver)
    {
        Drive(false);
        if (isOver) Drive(true);
    }

    /// <summary>Mode 2: low for the last pulse of each period.</summary>
    private void Divide(ulong pulses)
    {
        if (pulses >= (ulong)_left)
        {
            pulses -= (ulong)_left;
            Reload();
            pulses %= (ulong)_period;
            _rose |= _period > 1;
        }
        _left -= (int)pulses;
        Output = _left != 1;
    }

    /// <summary>Mode 3: a new count takes effect at the end of a half period.</summary>
    private void Square(ulong pulses)
    {
        if (pulses >= (ulong)_left)
        {
            pulses -= (ulong)_left;
            Toggle();
            var both = (ulong)(Half(true) + Half(false));
            _rose |= pulses >= both;
            pulses %= both;
            if (pulses >= (ulong)_left)
            {
                pulses -= (ulong)_left;
                Toggle();
            }
        }
        _left -= (int)pulses;
    }

    private void Toggle()
    {
        Drive(!Output);
        Reload();
        StartHalf(Output);
    }

    private void StartHalf(bool high) => (_left, _isHighHalf) = (Half(high), high);
}
