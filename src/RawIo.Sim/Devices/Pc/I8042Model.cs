namespace RawIo.Sim;

/// <summary>
/// The PC's keyboard controller, with the PS/2 auxiliary port: an 8042 with the IBM PS/2 firmware and AMI's A20
/// commands. Sources: IBM PC AT Technical Reference (keyboard controller); IBM PS/2 Hardware Interface Technical
/// Reference (keyboard and auxiliary device controller).
/// </summary>
/// <remarks>
/// <para>Offset 0 is the data port (0x60), offset 4 status and command (0x64); 1 to 3 belong to others, port 0x61
/// among them: a board gives this model the ports 0x60 and 0x64 of a range of five.</para>
/// <para>Any thread may press keys and move the mouse. Handlers of the lines run inside the controller: they note the
/// change and return.</para>
/// <para>The output buffer shows where its byte comes from when it fills, and takes the byte when it is read: a new
/// command's reply therefore comes before a scan code that was shown and not read, as on QEMU. The controller's
/// own reply is one byte deep, the newest stays. After a byte of one port was read the other port is served first.</para>
/// <para>Where QEMU 7.2 differs from the references, the references are followed: status bit 3 shows whether the
/// last write was a command (QEMU: always 1); writing the command byte copies its SYS bit to the status (QEMU: no);
/// 0x21 to 0x3f, 0x61 to 0x7f and 0xe0 work (QEMU: ignored); IRQ1 does not depend on the keyboard being enabled
/// (QEMU: it does); XLATE acts on a byte as it enters the buffer (QEMU: as the keyboard makes it, which shows only if
/// XLATE changes meanwhile). Power-on state, the self test, which changes nothing but SYS, and the output
/// port's reset value are QEMU's.</para>
/// </remarks>
public sealed partial class I8042Model : Device
{
    private const int DATA = 0, STATUS = 4, COMMAND = 4;

    private const byte STAT_OBF = 0x01, STAT_SYS = 0x04, STAT_A2 = 0x08, STAT_INH = 0x10, STAT_AUX_OBF = 0x20;

    private const byte CMD_INT = 0x01, CMD_INT2 = 0x02, CMD_SYS = 0x04, CMD_DIS_KBD = 0x10, CMD_DIS_AUX = 0x20, CMD_XLATE = 0x40;

    private const string NotOurs = "not a port of the keyboard controller";

    // Input port P1: bit 7, the keylock is open.
    private const byte P1 = 0x80;

    private readonly I8042OutputPort _p2;
    private State _s = new();

    /// <summary>Makes the controller with a keyboard and a mouse plugged in.</summary>
    /// <param name="time">The clock of the keyboard's typematic repeat.</param>
    /// <param name="irq1">The keyboard's interrupt; a line of its own where null.</param>
    /// <param name="irq12">The auxiliary port's interrupt; a line of its own where null.</param>
    /// <param name="systemReset">The line that resets the CPU, pulsed; a line of its own where null.</param>
    /// <param name="a20">The A20 gate, asserted where address line 20 works; a line of its own where null.</param>
    public I8042Model(TimeProvider time, SignalLine? irq1 = null, SignalLine? irq12 = null,
        SignalLine? systemReset = null, SignalLine? a20 = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (Irq1, Irq12, SystemReset, A20) = (irq1 ?? new(), irq12 ?? new(), systemReset ?? new(), a20 ?? new());
        _p2 = new I8042OutputPort(SystemReset, A20);
        Keyboard = new Ps2Keyboard(time);
        Mouse = new Ps2Mouse();
        Keyboard.Ready += Fill;
        Mouse.Ready += Fill;
        Reset();
    }

    private enum Source { None, Controller, ControllerAsAux, Keyboard, Aux }

    private sealed record State
    {
        public byte Status = STAT_A2 | STAT_INH;
        public byte CommandByte = CMD_INT | CMD_INT2;
        public byte Data;
        public byte Awaiting;
        public byte Reply;
        public Source ReplyFrom;
        public Source Shown;
        public bool Translating;
        public bool BreakSeen;
        public byte[] Ram = new byte[32];
    }

    /// <summary>The keyboard.</summary>
    public Ps2Keyboard Keyboard { get; }

    /// <summary>The mouse.</summary>
    public Ps2Mouse Mouse { get; }

    /// <summary>The keyboard's interrupt request.</summary>
    public SignalLine Irq1 { get; }

    /// <summary>The auxiliary port's interrupt request.</summary>
    public SignalLine Irq12 { get; }

    /// <summary>The CPU's reset: asserted and let go again by command 0xfe and by output port bit 0.</summary>
    public SignalLine SystemReset { get; }

    /// <summary>The A20 gate: asserted where address line 20 works.</summary>
    public SignalLine A20 { get; }

    /// <inheritdoc/>
    public override string Name => "i8042";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible { get; } = ["intel,8042"];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <summary><see cref="Irq1"/> and <see cref="Irq12"/>.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [Irq1, Irq12];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "the time a byte takes on the wire (IBF is never seen set), timeouts and parity errors, ports with nothing plugged in, " +
        "the password commands 0xa4 to 0xa6, the diagnostic dump 0xac, the polls 0xc1 and 0xc2, AMI's extensions but for A20, the keylock, fake shifts around the grey keys, " +
        "the mouse's sampling interval";

    internal override BiasedLock? Gate
    {
        get => Keyboard.Gate;
        set => (Keyboard.Gate, Mouse.Gate) = (value, value);
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => offset switch
    {
        DATA => ReadData(),
        STATUS => _s.Status,
        _ => BadRead(offset, size, NotOurs, 0xFF),
    };

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (offset == DATA) WriteData((byte)value);
        else if (offset == COMMAND) WriteCommand((byte)value);
        else BadWrite(offset, size, NotOurs);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _s = new State();
        Keyboard.Reset();
        Mouse.Reset();
        UpdateInterrupts();
        _p2.Reset();
    }

    private byte ReadData()
    {
        if ((_s.Status & STAT_OBF) == 0) return _s.Data;
        var from = _s.Shown;
        MarkBuffer(full: false, aux: false);
        _s.Data = from switch
        {
            Source.Keyboard when Keyboard.Count > 0 => FromKeyboard(Keyboard.Take()),
            Source.Aux when Mouse.Count > 0 => Mouse.Take(),
            Source.Controller or Source.ControllerAsAux => _s.Reply,
            _ => _s.Data,
        };
        if (from is Source.Controller or Source.ControllerAsAux) _s.ReplyFrom = Source.None;
        // A fair turn: the other port, then the same one again.
        Fill(except: from);
        Fill();
        return _s.Data;
    }

    private byte FromKeyboard(byte code)
    {
        if (!_s.Translating) return code;
        var translated = (byte)(ScanCodes.Translate(code) | (_s.BreakSeen ? 0x80 : 0));
        _s.BreakSeen = false;
        return translated;
    }

    private void WriteData(byte value)
    {
        _s.Status &= unchecked((byte)~STAT_A2);
        var command = _s.Awaiting;
        _s.Awaiting = 0;
        switch (command)
        {
            case 0:
                Keyboard.Receive(value);
                _s.CommandByte &= unchecked((byte)~CMD_DIS_KBD);
                break;
            case 0x60: WriteCommandByte(value); break;
            case < 0x80: _s.Ram[command & 0x1F] = value; break;
            case 0xD1: _p2.Write(value); return;
            case 0xD2: Answer(value); break;
            case 0xD3: Answer(value, Source.ControllerAsAux); break;
            case 0xD4:
                Mouse.Receive(value);
                _s.CommandByte &= unchecked((byte)~CMD_DIS_AUX);
                break;
        }
        Fill();
    }

    private void WriteCommand(byte value)
    {
        _s.Status |= STAT_A2;
        switch (value)
        {
            case 0x20: Answer(_s.CommandByte); break;
            case > 0x20 and <= 0x3F: Answer(_s.Ram[value & 0x1F]); break;
            // The data byte is waited for over any number of other commands.
            case (>= 0x60 and <= 0x7F) or (>= 0xD1 and <= 0xD4): _s.Awaiting = value; break;
            case 0xA7: _s.CommandByte |= CMD_DIS_AUX; break;
            case 0xA8: _s.CommandByte &= unchecked((byte)~CMD_DIS_AUX); break;
            case 0xA9 or 0xAB: Answer(0x00); break;
            case 0xAA:
                _s.Status |= STAT_SYS;
                Answer(0x55);
                break;
            case 0xAD: _s.CommandByte |= CMD_DIS_KBD; break;
            case 0xAE: _s.CommandByte &= unchecked((byte)~CMD_DIS_KBD); break;
            case 0xC0: Answer(P1); break;
            case 0xD0: Answer(_p2.Value); break;
            case 0xDD or 0xDF: _p2.SetA20(value == 0xDF); break;
            case 0xE0: Answer(TestInputs()); break;
            case >= 0xF0: _p2.Pulse(value); return;
        }
        Fill();
    }

    private void WriteCommandByte(byte value)
    {
        _s.CommandByte = value;
        _s.Status = (byte)((_s.Status & ~STAT_SYS) | ((value & CMD_SYS) != 0 ? STAT_SYS : 0));
        UpdateInterrupts();
    }

    // T0 is the keyboard's clock line, T1 the auxiliary device's; a disabled port's is held low.
    private byte TestInputs() =>
        (byte)(((_s.CommandByte & CMD_DIS_KBD) == 0 ? 1 : 0) | ((_s.CommandByte & CMD_DIS_AUX) == 0 ? 2 : 0));

    private void Answer(byte value, Source from = Source.Controller) => (_s.Reply, _s.ReplyFrom) = (value, from);

    private void Fill() => Fill(except: Source.None);

    private void Fill(Source except)
    {
        if ((_s.Status & STAT_OBF) == 0) Show(Next(except));
    }

    private Source Next(Source except)
    {
        if (_s.ReplyFrom != Source.None) return _s.ReplyFrom;
        if (except != Source.Keyboard && KeyboardHasByte()) return Source.Keyboard;
        if (except != Source.Aux && (_s.CommandByte & CMD_DIS_AUX) == 0 && Mouse.Count > 0) return Source.Aux;
        return Source.None;
    }

    private bool KeyboardHasByte()
    {
        if ((_s.CommandByte & CMD_DIS_KBD) != 0) return false;
        while ((_s.CommandByte & CMD_XLATE) != 0 && Keyboard.Count > 0 && Keyboard.Peek() == ScanCodes.BREAK)
        {
            Keyboard.Take();
            _s.BreakSeen = true;
        }
        return Keyboard.Count > 0;
    }

    private void Show(Source from)
    {
        if (from == Source.None) return;
        _s.Shown = from;
        _s.Translating = (_s.CommandByte & CMD_XLATE) != 0;
        MarkBuffer(full: true, aux: from is Source.Aux or Source.ControllerAsAux);
    }

    private void MarkBuffer(bool full, bool aux)
    {
        _s.Status = (byte)((_s.Status & ~(STAT_OBF | STAT_AUX_OBF)) | (full ? STAT_OBF : 0) | (aux ? STAT_AUX_OBF : 0));
        _p2.ShowBuffer(full, aux);
        UpdateInterrupts();
    }

    private void UpdateInterrupts()
    {
        var full = (_s.Status & STAT_OBF) != 0;
        var aux = (_s.Status & STAT_AUX_OBF) != 0;
        Irq1.Set(full && !aux && (_s.CommandByte & CMD_INT) != 0);
        Irq12.Set(full && aux && (_s.CommandByte & CMD_INT2) != 0);
    }
}
