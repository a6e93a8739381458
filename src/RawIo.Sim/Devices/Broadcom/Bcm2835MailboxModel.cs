namespace RawIo.Sim;

/// <summary>
/// The two mailboxes between the ARM and VideoCore on BCM2835 to BCM2711, and VideoCore's firmware behind them
/// (<see cref="VideoCoreFirmware"/>). Registers: the wiki of raspberrypi/firmware, "Mailboxes", and Linux
/// drivers/mailbox/bcm2835-mailbox.c; bits of the status and configuration words: Broadcom's arm_control.h.
/// </summary>
/// <remarks>
/// <para>Mailbox 0 brings VideoCore's words to the ARM and mailbox 1 the ARM's to VideoCore, eight each. The firmware takes
/// a word out of mailbox 1 after 10 µs, one after the other, and puts its answer into mailbox 0; while that is full it
/// waits. Reading an empty mailbox answers 0x0000000f (as in QEMU) and sets ERRUNDRFLW; a word written to a full one is
/// lost and sets ERROVERFLW; any write to a configuration register clears the errors.</para>
/// <para>QEMU (hw/misc/bcm2835_mbox.c) answers within the write, shows no level in the status, no error bits, and no
/// configuration of mailbox 1.</para>
/// </remarks>
public sealed class Bcm2835MailboxModel : Device
{
    private const int MAIL0_RD = 0x00, MAIL0_POL = 0x10, MAIL0_SND = 0x14, MAIL0_STA = 0x18, MAIL0_CNF = 0x1c,
        MAIL1_WRT = 0x20, MAIL1_STA = 0x38, MAIL1_CNF = 0x3c;
    private const uint FULL = 1u << 31, EMPTY = 1 << 30;
    private const uint IHAVEDATAIRQEN = 1, MAIL_CLEAR = 1 << 3, IHAVEDATAIRQPEND = 1 << 4, ERROVERFLW = 1 << 9, ERRUNDRFLW = 1 << 10;
    private const uint Nothing = 0xf;
    private const int Depth = 8;

    private static readonly TimeSpan s_answerTime = TimeSpan.FromMicroseconds(10);

    private readonly TimeProvider _time;
    private readonly SignalLine _interrupt = new();
    private readonly Queue<uint> _toArm = new(Depth), _toVideoCore = new(Depth);
    private readonly DeviceTimer _timer;
    private State _state;

    /// <summary>The mailboxes after power-on: empty.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="firmware">Who answers.</param>
    public Bcm2835MailboxModel(TimeProvider time, VideoCoreFirmware firmware)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(firmware);
        (_time, _timer, Firmware) = (time, new(time, Answer), firmware);
    }

    private struct State
    {
        public uint Config0, Errors1;

        /// <summary>When the firmware takes the next word, as a time stamp; 0 while it has nothing to do.</summary>
        public long Due;
    }

    private sealed record Saved(State State, uint[] ToArm, uint[] ToVideoCore, object Firmware);

    /// <inheritdoc/>
    public override string Name => "BCM2835 mailboxes";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-mbox"];

    /// <inheritdoc/>
    public override string LeavesOut =>
        "The interrupts for room and for the opposite side's emptiness. The channels for power, virtual UART, VCHIQ, LEDs, buttons and touch screen get no answer. " + VideoCoreFirmware.LeavesOut;

    /// <summary>Who answers at the other end.</summary>
    public VideoCoreFirmware Firmware { get; }

    /// <summary>The interrupt line: high while mailbox 0 holds a word and its configuration has the interrupt on (bit 0).</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    internal override string? BrokenInvariant()
    {
        if (_toArm.Count > Depth || _toVideoCore.Count > Depth) return $"the mailboxes of {Depth} hold {_toArm.Count} and {_toVideoCore.Count}";
        return _interrupt.Level != (_toArm.Count > 0 && (_state.Config0 & IHAVEDATAIRQEN) != 0) ? $"the line is {_interrupt.Level} with {_toArm.Count} messages" : null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _toArm], [.. _toVideoCore], Firmware.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, var toArm, var toVideoCore, var firmware) = (Saved)saved;
        Fill(_toArm, toArm);
        Fill(_toVideoCore, toVideoCore);
        Firmware.Restore(firmware);
        UpdateInterrupt();
        if (_state.Due == 0) _timer.Stop();
        else _timer.Set(TimeSpan.FromTicks(Math.Max(1, (_state.Due - _time.GetTimestamp()) * TimeSpan.TicksPerSecond / _time.TimestampFrequency)));
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        switch (offset)
        {
            case >= MAIL0_RD and < MAIL0_POL: return Take();
            case MAIL0_POL: return _toArm.TryPeek(out var first) ? first : Nothing;
            case MAIL0_SND: return 0;
            case MAIL0_STA: return Status(_toArm);
            case MAIL0_CNF: return _state.Config0 | (_toArm.Count > 0 ? IHAVEDATAIRQPEND : 0);
            case MAIL1_STA: return Status(_toVideoCore);
            case MAIL1_CNF: return _state.Errors1;
            case >= MAIL1_WRT and < MAIL1_STA: return BadRead(offset, size, "mailbox 1 is for VideoCore to read");
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var word = (uint)value;
        switch (offset)
        {
            case >= MAIL1_WRT and < MAIL1_WRT + 0x10: Put(word); break;
            case MAIL0_CNF:
                if ((word & MAIL_CLEAR) != 0) _toArm.Clear();
                _state.Config0 = word & IHAVEDATAIRQEN;
                Work();
                break;
            case MAIL1_CNF: _state.Errors1 = 0; break;
            case MAIL0_SND: break;
            case < MAIL1_WRT: BadWrite(offset, size, "mailbox 0 is for VideoCore to write"); return;
            default: BadWrite(offset, size, offset < 0x40 ? "the register is read-only" : "no register is there"); return;
        }
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _toArm.Clear();
        _toVideoCore.Clear();
        Firmware.Reset();
        _timer.Stop();
        UpdateInterrupt();
    }

    private static uint Status(Queue<uint> mailbox) =>
        (uint)mailbox.Count | (mailbox.Count == 0 ? EMPTY : 0) | (mailbox.Count == Depth ? FULL : 0);

    private uint Take()
    {
        if (!_toArm.TryDequeue(out var word))
        {
            _state.Config0 |= ERRUNDRFLW;
            return Nothing;
        }
        Work();
        UpdateInterrupt();
        return word;
    }

    private void Put(uint word)
    {
        if (_toVideoCore.Count == Depth)
        {
            _state.Errors1 |= ERROVERFLW;
            return;
        }
        _toVideoCore.Enqueue(word);
        Work();
    }

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set(_toArm.Count > 0 && (_state.Config0 & IHAVEDATAIRQEN) != 0);

    /// <summary>Has the firmware begin with the next word, if it is idle and its answer has room.</summary>
    private void Work()
    {
        if (_state.Due != 0 || _toVideoCore.Count == 0 || _toArm.Count == Depth) return;
        _state.Due = Math.Max(1, _time.GetTimestamp() + s_answerTime.Ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond);
        _timer.Set(s_answerTime);
    }

    private void Answer()
    {
        if (_state.Due == 0) return;
        _state.Due = 0;
        if (_toVideoCore.TryDequeue(out var mail) && Firmware.Take(mail) is { } answer) _toArm.Enqueue(answer);
        Work();
        UpdateInterrupt();
    }

    private static void Fill(Queue<uint> queue, uint[] words)
    {
        queue.Clear();
        foreach (var word in words) queue.Enqueue(word);
    }
}
