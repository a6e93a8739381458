namespace RawIo.Sim;

/// <summary>
/// An enhanced (101/102-key) PS/2 keyboard: three scan code sets, typematic repeat, the whole command set. Source:
/// IBM PS/2 Hardware Interface Technical Reference, keyboards.
/// </summary>
/// <remarks>
/// A reply goes out before scan codes that wait, and a new command drops what is left of the last reply. The scan
/// code buffer has 16 bytes; the 17th is replaced by the overrun code (0x00, in set 1 0xff) and later ones are lost.
/// An option byte from 0xed up is a command and ends the command it was to complete. Where QEMU differs: it takes
/// any option byte, answers 0x00 with ACK, refuses F7 to F9, FB, FD and FE, gives FC one byte, keeps waiting scan
/// codes through F0 and F4, drops scan codes without an overrun code, sends Alt's codes around SysRq, and has no
/// typematic repeat of its own.
/// </remarks>
public sealed partial class Ps2Keyboard : Ps2Device
{
    private const byte SET_LEDS = 0xED, ECHO = 0xEE, SCAN_CODE_SET = 0xF0, READ_ID = 0xF2, SET_TYPEMATIC = 0xF3,
        ENABLE = 0xF4, DEFAULT_DISABLE = 0xF5, SET_DEFAULT = 0xF6,
        SET_ALL_TYPEMATIC = 0xF7, SET_ALL_MAKE_BREAK = 0xF8, SET_ALL_MAKE = 0xF9, SET_ALL_TYPEMATIC_MAKE_BREAK = 0xFA,
        SET_KEY_TYPEMATIC = 0xFB, SET_KEY_MAKE_BREAK = 0xFC, SET_KEY_MAKE = 0xFD, RESEND_LAST = 0xFE, RESET = 0xFF;

    private const int BufferSize = 16;

    private readonly ByteQueue _replies = new(8);
    private readonly ByteQueue _codes = new(BufferSize + 1);
    private readonly bool[] _held = new bool[Keys.Names.Count];
    private readonly DeviceAlarm _typematic, _typist;
    private State _s = new();

    internal Ps2Keyboard(TimeProvider time)
    {
        (_typematic, _typist) = (new(time, Repeat), new(time, MoveFinger));
        Keys.DefaultTypes(_s.Types);
    }

    private sealed record State
    {
        public bool Scanning = true;
        public byte Set = 2;
        public byte Leds;
        public byte Rate = 0x2B;
        public byte Awaiting;
        public byte LastSent;
        public KeyForm PrintForm;
        public KeyInfo? Repeating;

        /// <summary>When it repeats next, and in which intervals, in nanoseconds.</summary>
        public long NextRepeat, RepeatPeriod;

        public KeyType[] Types = new KeyType[256];
    }

    /// <summary>The lights: bit 0 Scroll Lock, bit 1 Num Lock, bit 2 Caps Lock.</summary>
    public byte Leds => _s.Leds;

    /// <summary>Whether it sends scan codes.</summary>
    public bool Scanning => _s.Scanning;

    /// <summary>The scan code set, 1 to 3; 2 after power-on.</summary>
    public int ScanCodeSet => _s.Set;

    /// <summary>How long a key is held before it repeats: 250 to 1000 ms, 500 after power-on.</summary>
    public TimeSpan TypematicDelay => TimeSpan.FromMilliseconds(250 * (((_s.Rate >> 5) & 3) + 1));

    /// <summary>The time between repeats: 33 to 500 ms, 92 (10.9 a second) after power-on.</summary>
    public TimeSpan TypematicPeriod => TimeSpan.FromTicks((8 + (_s.Rate & 7)) * (1L << ((_s.Rate >> 3) & 3)) * 1_000_000 / 24);

    /// <summary>Presses or releases a key. A key that is already there stays: nothing is sent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such key.</exception>
    public void Key(KeyCode code, bool down)
    {
        var key = Keys.Of(code);
        using var held = new HeldLock(Gate);
        if (_held[(int)code] == down) return;
        _held[(int)code] = down;
        if (code == KeyCode.Print && down) _s.PrintForm = Form();
        if (!down && _s.Repeating?.Code == code) StopRepeat();
        if (!_s.Scanning || _s.Awaiting != 0) return;
        var type = _s.Set == 3 ? _s.Types[key.Set3] : KeyType.TypematicMakeBreak;
        if (down || type is KeyType.MakeBreak or KeyType.TypematicMakeBreak) Send(key, down);
        if (!down) return;
        StopRepeat();
        if (type is not (KeyType.Typematic or KeyType.TypematicMakeBreak) || code == KeyCode.Pause) return;
        _s.Repeating = key;
        (_s.NextRepeat, _s.RepeatPeriod) = (_typematic.Now + TypematicDelay.Ticks * 100, TypematicPeriod.Ticks * 100);
        _typematic.Set(_s.NextRepeat);
    }

    /// <summary>Presses the keys in order, then releases them in reverse: <c>Press("ctrl", "c")</c>.</summary>
    /// <exception cref="ArgumentException">No key has one of the names; none was pressed.</exception>
    public void Press(params ReadOnlySpan<string> names)
    {
        var codes = new KeyCode[names.Length];
        for (var i = 0; i < names.Length; i++) codes[i] = Keys.Parse(names[i]);
        foreach (var code in codes) Key(code, true);
        for (var i = codes.Length - 1; i >= 0; i--) Key(codes[i], false);
    }

    internal override int Count => _replies.Count + _codes.Count;

    internal override byte Peek() => _replies.Count > 0 ? _replies.Peek() : _codes.Peek();

    internal override byte Take() => _s.LastSent = _replies.Count > 0 ? _replies.Dequeue() : _codes.Dequeue();

    internal override void Reset()
    {
        StopRepeat();
        _replies.Clear();
        _codes.Clear();
        Array.Clear(_held);
        _s = new State();
        Keys.DefaultTypes(_s.Types);
    }

    internal override void Receive(byte value)
    {
        if (value == RESEND_LAST)
        {
            var rest = new byte[_replies.Count];
            for (var i = 0; i < rest.Length; i++) rest[i] = _replies.Dequeue();
            _replies.Enqueue(_s.LastSent);
            _replies.Enqueue(rest.AsSpan(0, Math.Min(rest.Length, _replies.Free)));
        }
        else
        {
            _replies.Clear();
            if (_s.Awaiting != 0 && value < SET_LEDS) TakeOption(value);
            else TakeCommand(value);
        }
        OnReady();
    }

    private void TakeCommand(byte value)
    {
        _s.Awaiting = 0;
        switch (value)
        {
            case ECHO: Reply(ECHO); return;
            case READ_ID: Reply(ACK, 0xAB, 0x83); return;
            case SET_LEDS or SET_TYPEMATIC: _s.Awaiting = value; break;
            case SCAN_CODE_SET or SET_KEY_TYPEMATIC or SET_KEY_MAKE_BREAK or SET_KEY_MAKE:
                DropCodes();
                _s.Awaiting = value;
                break;
            case ENABLE:
                DropCodes();
                _s.Scanning = true;
                break;
            case DEFAULT_DISABLE: Defaults(scanning: false); break;
            case SET_DEFAULT: Defaults(scanning: true); break;
            case SET_ALL_TYPEMATIC: SetAll(KeyType.Typematic); break;
            case SET_ALL_MAKE_BREAK: SetAll(KeyType.MakeBreak); break;
            case SET_ALL_MAKE: SetAll(KeyType.Make); break;
            case SET_ALL_TYPEMATIC_MAKE_BREAK: SetAll(KeyType.TypematicMakeBreak); break;
            case RESET:
                Defaults(scanning: true);
                Reply(ACK, BAT_OK);
                return;
            default: Reply(RESEND); return;
        }
        Reply(ACK);
    }

    private void TakeOption(byte value)
    {
        var command = _s.Awaiting;
        var understood = true;
        _s.Awaiting = 0;
        switch (command)
        {
            case SET_LEDS: _s.Leds = value; break;
            case SET_TYPEMATIC: _s.Rate = (byte)(value & 0x7F); break;
            case SCAN_CODE_SET when value == 0: Reply(ACK, _s.Set); return;
            case SCAN_CODE_SET:
                understood = value <= 3;
                if (understood) _s.Set = value;
                break;
            default:
                // The list of keys goes on until a byte that is no make code of set 3.
                understood = Keys.IsSet3Code(value);
                if (!understood) break;
                _s.Awaiting = command;
                _s.Types[value] = command switch
                {
                    SET_KEY_TYPEMATIC => KeyType.Typematic,
                    SET_KEY_MAKE_BREAK => KeyType.MakeBreak,
                    _ => KeyType.Make,
                };
                break;
        }
        Reply(understood ? ACK : RESEND);
    }

    private void Defaults(bool scanning)
    {
        DropCodes();
        _s = new State { Scanning = scanning, LastSent = _s.LastSent };
        Keys.DefaultTypes(_s.Types);
    }

    private void SetAll(KeyType type)
    {
        DropCodes();
        _s.Types.AsSpan().Fill(type);
    }

    private void DropCodes()
    {
        _codes.Clear();
        StopRepeat();
    }

    private void Reply(params ReadOnlySpan<byte> bytes) => _replies.Enqueue(bytes);

    private KeyForm Form()
    {
        var form = KeyForm.Plain;
        if (_held[(int)KeyCode.Shift] || _held[(int)KeyCode.ShiftRight]) form |= KeyForm.Shift;
        if (_held[(int)KeyCode.Ctrl] || _held[(int)KeyCode.CtrlRight]) form |= KeyForm.Ctrl;
        if (_held[(int)KeyCode.Alt] || _held[(int)KeyCode.AltRight]) form |= KeyForm.Alt;
        return form;
    }

    private void Send(KeyInfo key, bool down)
    {
        Span<byte> sequence = stackalloc byte[ScanCodes.Longest];
        var form = key.Code == KeyCode.Print ? _s.PrintForm : Form();
        var count = ScanCodes.Sequence(_s.Set, key, down, form, sequence);
        foreach (var code in sequence[..count])
        {
            if (_codes.Count < BufferSize) _codes.Enqueue(code);
            else _codes.Enqueue(_s.Set == 1 ? (byte)0xFF : (byte)0x00);
        }
        if (count > 0) OnReady();
    }

    private void Repeat()
    {
        using var held = new HeldLock(Gate);
        if (_s.Repeating is not { } key) return;
        _s.NextRepeat += _s.RepeatPeriod;
        _typematic.Set(_s.NextRepeat);
        if (_s.Scanning && _s.Awaiting == 0) Send(key, down: true);
    }

    private void StopRepeat()
    {
        _s.Repeating = null;
        _typematic.Set(null);
    }
}
