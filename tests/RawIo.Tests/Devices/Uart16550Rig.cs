using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A serial port on a bench, with time by hand: 8N1 at 115200, a character takes 86805 ns and a bit.</summary>
internal sealed class Uart16550Rig
{
    public const long Character = 86_805, Bit = 8_680;

    public Uart16550Rig(bool instant = false)
    {
        Model = new(Time);
        Line.IsInstant = instant;
        W(3, 0x80);
        W(0, 1);
        W(1, 0);
        W(3, 0x03);
    }

    public ManualTime Time { get; } = new();

    public Uart16550Model Model { get; }

    public SerialLine Line => Model.Line;

    public bool Irq => Model.InterruptLines[0].Level;

    public byte Iir => R(2);

    public byte Lsr => R(5);

    public byte Msr => R(6);

    public byte R(int register) => (byte)Model.Read(register, 1);

    public void W(int register, int value) => Model.Write(register, 1, (ulong)value);

    /// <summary>Some characters' time, and a timer's tick of 100 ns more.</summary>
    public void Pass(double characters) => Time.Advance((long)(characters * Character) + 110);
}
