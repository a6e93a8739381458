using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>An 8254 on a bench whose time is counted in clock pulses.</summary>
internal sealed class I8254Rig
{
    private long _pulses;

    public I8254Rig() => Model = new I8254Model(Time);

    public ManualTime Time { get; } = new();

    public I8254Model Model { get; }

    public long Pulses => _pulses;

    public void Out(int port, int value) => Model.Write(port - 0x40, 1, (byte)value);

    public byte In(int port) => (byte)Model.Read(port - 0x40, 1);

    /// <summary>Lets clock pulses pass, to the nanosecond at which the last has ended.</summary>
    public void Clock(long pulses)
    {
        _pulses += pulses;
        var end = (long)(((Int128)_pulses * 1_000_000_000 + 1_193_181) / 1_193_182);
        Time.Advance(end - Time.Now);
    }

    /// <summary>The counter's status and count by the read-back command, for a counter of two bytes.</summary>
    public (byte Status, ushort Count) ReadBack(int counter)
    {
        Out(0x43, 0xc0 | 2 << counter);
        return (In(0x40 + counter), (ushort)(In(0x40 + counter) | In(0x40 + counter) << 8));
    }

    public ushort Count(int counter) => ReadBack(counter).Count;

    public bool Output(int counter) => Model.Output(counter).Sample();

    /// <summary>A control word for both bytes, and the count.</summary>
    public void Program(int counter, int mode, int count, bool bcd = false)
    {
        Out(0x43, counter << 6 | 0x30 | mode << 1 | (bcd ? 1 : 0));
        Load(counter, count);
    }

    public void Load(int counter, int count)
    {
        Out(0x40 + counter, count & 0xff);
        Out(0x40 + counter, count >> 8);
    }

    /// <summary>Count and OUT after each of some pulses: "4^ 3^ 2_".</summary>
    public string Trace(int counter, int pulses)
    {
        var trace = new List<string>();
        for (var i = 0; i < pulses; i++)
        {
            Clock(1);
            var (status, count) = ReadBack(counter);
            Assert.That(Output(counter), Is.EqualTo((status & 0x80) != 0), "line and status");
            trace.Add($"{count:x}{(Output(counter) ? '^' : '_')}");
        }
        return string.Join(' ', trace);
    }
}
