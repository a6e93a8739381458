namespace RawIo.Sim;

/// <summary>
/// Output port P2 of the keyboard controller: the CPU's reset (bit 0, low resets), the A20 gate (bit 1), and copies
/// of the status bits OBF (bit 4) and AUX OBF (bit 5), as the AT reference has them.
/// </summary>
internal sealed class I8042OutputPort(SignalLine systemReset, SignalLine a20)
{
    private const byte P2_RESET = 0x01, P2_A20 = 0x02, P2_OBF = 0x10, P2_AUX_OBF = 0x20;

    public byte Value { get; private set; }

    /// <summary>Goes back to a value without what a driver's write would set off.</summary>
    public void Restore(byte value)
    {
        Value = value;
        a20.Set((value & P2_A20) != 0);
    }

    public void Reset()
    {
        Value = 0xCF;
        systemReset.Set(false);
        a20.Set(true);
    }

    // The reset comes last: the line's listener may reset this device too.
    public void Write(byte value)
    {
        Value = value;
        a20.Set((value & P2_A20) != 0);
        if ((value & P2_RESET) == 0) PulseReset();
    }

    public void SetA20(bool on)
    {
        Value = (byte)(on ? Value | P2_A20 : Value & ~P2_A20);
        a20.Set(on);
    }

    /// <summary>Bits 3:0 of commands 0xf0 to 0xff name the bits that stay: the others go low for some 6 microseconds.</summary>
    public void Pulse(byte command)
    {
        if ((command & P2_A20) == 0 && a20.Level)
        {
            a20.Set(false);
            a20.Set(true);
        }
        if ((command & P2_RESET) == 0) PulseReset();
    }

    public void ShowBuffer(bool full, bool aux) =>
        Value = (byte)((Value & ~(P2_OBF | P2_AUX_OBF)) | (full ? P2_OBF : 0) | (aux ? P2_AUX_OBF : 0));

    private void PulseReset()
    {
        systemReset.Set(true);
        systemReset.Set(false);
    }
}
