namespace RawIo.Sim;

/// <summary>
/// Port 0x92, system control port A (IBM PS/2 Hardware Interface Technical Reference; 82371SB PIIX3 datasheet): the fast
/// A20 gate and the fast reset.
/// </summary>
/// <remarks>
/// Address line 20 works where this port or the keyboard controller says so, as the chipset joins the two (QEMU 7.2: as
/// whichever was written last says). Bits 2 to 7 are reserved and read 0 (QEMU: what was written).
/// </remarks>
public sealed class Port92Model : Device
{
    private const byte FAST_INIT = 0x01, FAST_A20 = 0x02;

    private readonly SignalLine _reset;
    private readonly SignalLine? _keyboardA20;
    private byte _control;

    /// <summary>The port after power-on.</summary>
    /// <param name="reset">The line that asks for the machine's reset, pulsed; a line of its own where null.</param>
    /// <param name="keyboardA20">The keyboard controller's A20 gate, if there is one.</param>
    public Port92Model(SignalLine? reset = null, SignalLine? keyboardA20 = null)
    {
        (_reset, _keyboardA20) = (reset ?? new(), keyboardA20);
        if (keyboardA20 is not null) keyboardA20.Changed += _ => UpdateA20();
        UpdateA20();
    }

    /// <inheritdoc/>
    public override string Name => "port 92";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <inheritdoc/>
    public override string LeavesOut => "the effect of A20 on addresses";

    /// <summary>A20 as the CPU gets it: asserted where the line works.</summary>
    public SignalLine A20 { get; } = new();

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => _control;

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var rises = (value & ~(ulong)_control & FAST_INIT) != 0;
        _control = (byte)(value & (FAST_A20 | FAST_INIT));
        UpdateA20();
        if (!rises) return;
        // The reset comes last: who hears it may reset this device too.
        _reset.Set(true);
        _reset.Set(false);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _control = 0;
        UpdateA20();
    }

    /// <inheritdoc/>
    public override object Save() => _control;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _control = (byte)saved;
        UpdateA20();
    }

    private void UpdateA20() => A20.Set((_control & FAST_A20) != 0 || (_keyboardA20?.Level ?? false));
}
