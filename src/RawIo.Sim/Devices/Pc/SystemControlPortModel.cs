namespace RawIo.Sim;

/// <summary>
/// Port 0x61, system control port B (IBM PC AT Technical Reference; 82371SB PIIX3 datasheet, NMI Status and Control): the
/// speaker and the gate of timer 2, its output, the refresh toggle, and the two sources of NMI.
/// </summary>
/// <remarks>
/// Where QEMU 7.2 differs, the datasheets are followed: bits 2 and 3 read back (QEMU: 0), and the refresh bit toggles each
/// 18 pulses of the timer's clock, 15.086 us (QEMU: with each read). Nothing on this board asserts SERR# or IOCHK#: bits 7
/// and 6 are 0.
/// </remarks>
public sealed class SystemControlPortModel : Device
{
    private const byte TIM2_GATE = 0x01, SPKR_DATA = 0x02, WRITABLE = 0x0f, REF_TOGGLE = 0x10, TIM2_OUT = 0x20;

    private const int RefreshPulses = 18;

    private readonly I8254Model _timer;
    private readonly DeviceClock _clock;
    private byte _control;

    /// <summary>The port after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="timer">The timer whose counter 2 it gates.</param>
    public SystemControlPortModel(TimeProvider time, I8254Model timer)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(timer);
        (_timer, _clock) = (timer, new DeviceClock(time, I8254Model.Frequency));
        var output = timer.Output(2);
        output.Changed += _ => UpdateSpeaker();
        Speaker.WantChanged = () => output.Want(Speaker.IsWanted);
        Speaker.Settle = () => output.Sample();
        _timer.SetGate(2, false);
    }

    /// <inheritdoc/>
    public override string Name => "port 61";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <inheritdoc/>
    public override string LeavesOut => "SERR# and IOCHK#, which nothing asserts, and the NMI they raise";

    /// <summary>The speaker's level: counter 2's output while bit 1 is set.</summary>
    public SignalLine Speaker { get; } = new();

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) =>
        (ulong)(_control | ((_clock.Now / RefreshPulses & 1) != 0 ? REF_TOGGLE : 0) | (_timer.Output(2).Sample() ? TIM2_OUT : 0));

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        _control = (byte)(value & WRITABLE);
        Act();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _control = 0;
        Act();
    }

    /// <inheritdoc/>
    public override object Save() => _control;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _control = (byte)saved;
        UpdateSpeaker();
    }

    private void Act()
    {
        _timer.SetGate(2, (_control & TIM2_GATE) != 0);
        UpdateSpeaker();
    }

    private void UpdateSpeaker() => Speaker.Set((_control & SPKR_DATA) != 0 && _timer.Output(2).Level);
}
