namespace RawIo.Sim;

/// <summary>A mouse's buttons, in the wire's bit order.</summary>
[Flags]
public enum MouseButtons
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Left.</summary>
    Left = 1,
    /// <summary>Right.</summary>
    Right = 2,
    /// <summary>Middle, or the wheel pressed.</summary>
    Middle = 4,
    /// <summary>The fourth; sent by a five-button mouse only.</summary>
    Side = 8,
    /// <summary>The fifth; sent by a five-button mouse only.</summary>
    Extra = 16,
}

/// <summary>
/// A PS/2 mouse that becomes an IntelliMouse (id 3: a wheel) or a five-button one (id 4) when it is knocked for.
/// Sources: IBM PS/2 Hardware Interface Technical Reference, mouse; Microsoft's wheel extension.
/// </summary>
/// <remarks>
/// Movement goes out as soon as there is room for its packet; what does not fit in one packet is carried into the
/// next. Replies go out before packets that wait, and a command that clears the counters drops those. Where QEMU differs: it takes any sample rate and resolution and ignores unknown commands (here: FE, then
/// FC), has rate and resolution 0 until a reset, keeps wrap mode through a reset, does not scale 2:1, leaves the
/// buttons out of the status, splits movement at 127 instead of 255, loses replies behind 16 bytes of movement, and
/// has no resend.
/// </remarks>
public sealed partial class Ps2Mouse : Ps2Device
{
    private const byte SCALING_1_1 = 0xE6, SCALING_2_1 = 0xE7, SET_RESOLUTION = 0xE8, STATUS_REQUEST = 0xE9,
        SET_STREAM = 0xEA, READ_DATA = 0xEB, RESET_WRAP = 0xEC, SET_WRAP = 0xEE, SET_REMOTE = 0xF0, GET_ID = 0xF2,
        SET_SAMPLE_RATE = 0xF3, ENABLE = 0xF4, DISABLE = 0xF5, SET_DEFAULT = 0xF6, RESEND_LAST = 0xFE, RESET = 0xFF;

    private const byte ERROR = 0xFC;

    private readonly ByteQueue _replies = new(16);
    private readonly ByteQueue _packets = new(16);
    private State _s = new();

    internal Ps2Mouse()
    {
    }

    private sealed record State
    {
        public bool Remote;
        public bool Reporting;
        public bool Scaling21;
        public bool Wrap;
        public byte Resolution = 2;
        public byte SampleRate = 100;
        public byte Id;
        public byte Awaiting;
        public bool Failed;
        public int Knock;
        public int Dx, Dy, Dz;
        public bool ButtonsChanged;
        public byte[] LastPacket = [];
    }

    private sealed record Saved(State State, MouseButtons Buttons, byte[] Replies, byte[] Packets);

    /// <summary>The device id: 0, 3 (wheel) or 4 (wheel and five buttons).</summary>
    public int Id => _s.Id;

    /// <summary>Whether movement is reported in stream mode.</summary>
    public bool Reporting => _s.Reporting;

    /// <summary>Reports a second, as last set; 100 after power-on.</summary>
    public int SampleRate => _s.SampleRate;

    /// <summary>0 to 3: 1, 2, 4 or 8 counts a millimetre; 2 after power-on.</summary>
    public int Resolution => _s.Resolution;

    /// <summary>The buttons that are down.</summary>
    public MouseButtons Buttons { get; private set; }

    /// <summary>Moves the mouse, in counts. Nothing is noted in stream mode while reporting is off.</summary>
    /// <param name="dx">To the right.</param>
    /// <param name="dy">Away from the user: up on the screen, as on the wire.</param>
    /// <param name="dz">The wheel, towards the user; lost where the host did not knock for a wheel.</param>
    public void Move(int dx, int dy, int dz = 0)
    {
        using var held = new HeldLock(Gate);
        if (!_s.Reporting && !_s.Remote) return;
        _s.Dx = Sum(_s.Dx, dx);
        _s.Dy = Sum(_s.Dy, dy);
        if (_s.Id != 0) _s.Dz = Sum(_s.Dz, dz);
        Stream();
    }

    /// <summary>Presses or releases buttons.</summary>
    public void Button(MouseButtons buttons, bool down)
    {
        using var held = new HeldLock(Gate);
        var now = down ? Buttons | buttons : Buttons & ~buttons;
        if (now == Buttons) return;
        Buttons = now;
        _s.ButtonsChanged = _s.Reporting || _s.Remote;
        Stream();
    }

    internal override int Count => _replies.Count + _packets.Count;

    internal override byte Peek() => _replies.Count > 0 ? _replies.Peek() : _packets.Peek();

    internal override byte Take()
    {
        var value = _replies.Count > 0 ? _replies.Dequeue() : _packets.Dequeue();
        Refill();
        return value;
    }

    internal override void Reset()
    {
        _replies.Clear();
        _packets.Clear();
        _s = new State();
        Buttons = MouseButtons.None;
    }

    internal override object Save() => new Saved(_s with { }, Buttons, _replies.ToArray(), _packets.ToArray());

    internal override void Restore(object saved)
    {
        var (state, buttons, replies, packets) = (Saved)saved;
        // LastPacket is replaced as a whole, never written into.
        (_s, Buttons) = (state with { }, buttons);
        _replies.Set(replies);
        _packets.Set(packets);
    }

    internal override void Receive(byte value)
    {
        if (_s.Awaiting != 0) TakeOption(value);
        else if (_s.Wrap && value is not (RESET_WRAP or RESET)) Reply(value);
        else TakeCommand(value);
        Stream();
    }

    private void TakeCommand(byte value)
    {
        switch (value)
        {
            case SCALING_1_1: _s.Scaling21 = false; break;
            case SCALING_2_1: _s.Scaling21 = true; break;
            case SET_RESOLUTION or SET_SAMPLE_RATE: _s.Awaiting = value; break;
            case STATUS_REQUEST:
                Reply(ACK, Status(), _s.Resolution, _s.SampleRate);
                return;
            case SET_STREAM:
                ClearCounters();
                _s.Remote = false;
                break;
            case READ_DATA:
                Reply(ACK);
                SendPacket(_replies, clip: true);
                return;
            case RESET_WRAP: _s.Wrap = false; break;
            case SET_WRAP: _s.Wrap = true; break;
            case SET_REMOTE:
                ClearCounters();
                _s.Remote = true;
                break;
            case GET_ID: Reply(ACK, _s.Id); return;
            case ENABLE:
                ClearCounters();
                _s.Reporting = true;
                break;
            case DISABLE:
                ClearCounters();
                _s.Reporting = false;
                break;
            case SET_DEFAULT:
                ClearCounters();
                _s = new State { Id = _s.Id, Knock = _s.Knock };
                break;
            case RESEND_LAST: _replies.Enqueue(_s.LastPacket); return;
            case RESET:
                _replies.Clear();
                ClearCounters();
                _s = new State();
                Reply(ACK, BAT_OK, _s.Id);
                return;
            default: Refuse(); return;
        }
        Reply(ACK);
    }

    private void TakeOption(byte value)
    {
        var command = _s.Awaiting;
        _s.Awaiting = 0;
        if (command == SET_RESOLUTION && value <= 3) _s.Resolution = value;
        else if (command == SET_SAMPLE_RATE && value is 10 or 20 or 40 or 60 or 80 or 100 or 200) SetSampleRate(value);
        else
        {
            Refuse();
            return;
        }
        Reply(ACK);
    }

    private void SetSampleRate(byte value)
    {
        _s.SampleRate = value;
        (_s.Knock, _s.Id) = (_s.Knock, value) switch
        {
            (0, 200) => (1, _s.Id),
            (1, 100) => (2, _s.Id),
            (1, 200) => (3, _s.Id),
            (2, 80) => (0, (byte)3),
            (3, 80) => (0, (byte)4),
            _ => (0, _s.Id),
        };
    }

    private byte Status() => (byte)((_s.Remote ? 0x40 : 0) | (_s.Reporting ? 0x20 : 0) | (_s.Scaling21 ? 0x10 : 0)
        | (Buttons.HasFlag(MouseButtons.Left) ? 4 : 0) | (Buttons.HasFlag(MouseButtons.Middle) ? 2 : 0)
        | (Buttons.HasFlag(MouseButtons.Right) ? 1 : 0));

    // The first bad byte is asked for again, a second in a row is an error.
    private void Refuse()
    {
        _replies.Enqueue(_s.Failed ? ERROR : RESEND);
        _s.Failed = !_s.Failed;
    }

    private void Reply(params ReadOnlySpan<byte> bytes)
    {
        _s.Failed = false;
        Emit(_replies, bytes);
    }

    private void Emit(ByteQueue queue, ReadOnlySpan<byte> bytes)
    {
        if (queue.Enqueue(bytes)) _s.LastPacket = bytes.ToArray();
    }
}
