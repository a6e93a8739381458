using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>The other end of a serial cable.</summary>
internal sealed class SerialStimulus(SerialLine line) : IStimulus
{
    private const int MostWaiting = 4096;

    private readonly SignalLine[] _modem = [line.Cts, line.Dsr, line.Ri, line.Dcd];

    public string Describe(ulong value) => Action(value) switch
    {
        < 8 => $"serial: send 0x{(byte)value:x2}",
        < 10 => $"serial: send 0x{(byte)value:x2} {Math.Max(1, value >> 8 & 31)} times",
        10 => $"serial: send 0x{(byte)value:x2} with {Fault(value)}",
        < 14 => "serial: look at what was sent",
        _ => $"serial: modem line {value & 3} is {(value & 4) != 0}",
    };

    public ulong Do(ulong value)
    {
        switch (Action(value))
        {
            case < 11 when line.Waiting > MostWaiting: return 0;
            case < 8: line.Send((byte)value); return 0;
            case < 10:
                for (var i = 0ul; i < Math.Max(1, value >> 8 & 31); i++) line.Send((byte)value);
                return 0;
            case 10: line.SendFaulty((byte)value, Fault(value)); return 0;
            case < 14:
                var seen = 1469598103934665603ul;
                foreach (var character in line.Receive()) seen = (seen ^ character) * 1099511628211;
                return seen;
            default: _modem[value & 3].Set((value & 4) != 0); return 0;
        }
    }

    public object Save() => Array.ConvertAll(_modem, l => l.Level);

    public void Restore(object? saved)
    {
        var levels = (bool[])saved!;
        for (var i = 0; i < levels.Length; i++) _modem[i].Set(levels[i]);
    }

    private static ulong Action(ulong value) => value >> 24 & 15;

    private static SerialFault Fault(ulong value) => (SerialFault)(1 << (int)((value >> 8) % 3));
}

/// <summary>Somebody at the keyboard and the mouse.</summary>
internal sealed class Ps2Stimulus(I8042Model controller) : IStimulus
{
    public string Describe(ulong value) => Action(value) switch
    {
        < 4 => $"key {Key(value)} {(IsDown(value) ? "down" : "up")}",
        < 6 => $"mouse moves {Dx(value)}, {Dy(value)}, {Dz(value)}",
        _ => $"mouse buttons {(MouseButtons)(value & 31)} {(IsDown(value) ? "down" : "up")}",
    };

    public ulong Do(ulong value)
    {
        switch (Action(value))
        {
            case < 4: controller.Keyboard.Key(Key(value), IsDown(value)); break;
            case < 6: controller.Mouse.Move(Dx(value), Dy(value), Dz(value)); break;
            default: controller.Mouse.Button((MouseButtons)(value & 31), IsDown(value)); break;
        }
        return 0;
    }

    public object? Save() => null;

    public void Restore(object? saved)
    {
    }

    private static ulong Action(ulong value) => value >> 28 & 7;

    private static bool IsDown(ulong value) => (value >> 27 & 1) != 0;

    private static KeyCode Key(ulong value) => (KeyCode)(value % (ulong)Keys.Names.Count);

    private static int Dx(ulong value) => (int)(value & 0x3ff) - 512;

    private static int Dy(ulong value) => (int)(value >> 10 & 0x3ff) - 512;

    private static int Dz(ulong value) => (int)(value >> 20 & 15) - 8;
}

/// <summary>Other devices' lines at the inputs of an interrupt controller.</summary>
internal sealed class RequestStimulus : IStimulus
{
    private readonly List<(string Name, SignalLine Line)> _lines = [];

    private RequestStimulus()
    {
    }

    /// <summary>A line at every input; null where there is none.</summary>
    public static RequestStimulus? For(IInterruptController controller)
    {
        var requests = new RequestStimulus();
        foreach (var input in controller.Inputs)
        {
            if (input is null) continue;
            var line = new SignalLine();
            input.Connect(line);
            requests._lines.Add((input.Name, line));
        }
        return requests._lines.Count == 0 ? null : requests;
    }

    public string Describe(ulong value) => $"{_lines[Index(value)].Name} is {Level(value)}";

    public ulong Do(ulong value)
    {
        _lines[Index(value)].Line.Set(Level(value));
        return 0;
    }

    public object Save() => _lines.Select(l => l.Line.Level).ToArray();

    public void Restore(object? saved)
    {
        var levels = (bool[])saved!;
        for (var i = 0; i < levels.Length; i++) _lines[i].Line.Set(levels[i]);
    }

    private int Index(ulong value) => (int)((value & 0xffff) % (ulong)_lines.Count);

    private static bool Level(ulong value) => (value >> 16 & 1) != 0;
}

/// <summary>Accesses to what is behind a PCI function's base address registers.</summary>
internal sealed class BarStimulus : IStimulus
{
    private readonly SimMachine _machine;
    private readonly PciFunction _function;

    /// <summary>Gives the function addresses, as firmware does.</summary>
    public BarStimulus(SimMachine machine, PciFunction function)
    {
        (_machine, _function) = (machine, function);
        foreach (var bar in function.Bars)
            function.Write(0x10 + 4 * bar.Index, 4, bar.Kind == PciBarKind.Io ? 0xd000ul + (uint)bar.Index * 0x100 : 0xd000_0000ul + (ulong)(uint)bar.Index * 0x400_0000);
        function.Write(4, 2, 7);
    }

    public string Describe(ulong value) => $"BAR {Bar(value).Index}: {(IsWrite(value) ? "write" : "read")}{8 * Size(value)} 0x{Offset(value):x}{(IsWrite(value) ? $" 0x{Data(value):x}" : "")}";

    public ulong Do(ulong value)
    {
        var (bar, size) = (Bar(value), Size(value));
        if (bar.Mapped is not { } mapped) return 0xdead;
        var address = mapped.Start + (ulong)Offset(value);
        if (mapped.IsPort)
        {
            if (!IsWrite(value)) return _machine.PortBus!.Read((int)address, Math.Min(size, 4));
            _machine.PortBus!.Write((int)address, Math.Min(size, 4), (uint)Data(value));
            return 0;
        }
        if (!IsWrite(value)) return _machine.Bus.Read(address, size);
        _machine.Bus.Write(address, size, Data(value));
        return 0;
    }

    public object? Save() => null;

    public void Restore(object? saved)
    {
    }

    private PciBar Bar(ulong value) => _function.Bars[(int)((value >> 29 & 7) % (ulong)_function.Bars.Count)];

    private static int Size(ulong value) => 1 << (int)(value >> 12 & 3);

    // Registers are at the beginning of most.
    private int Offset(ulong value) =>
        (int)(((value & 0x800) == 0 ? value & 0xff : value & 0x3_ffff & ~0x3000ul) % (ulong)Bar(value).Size) & -Size(value);

    private static bool IsWrite(ulong value) => (value >> 14 & 1) != 0;

    private static ulong Data(ulong value) => (value >> 18 & 3) switch
    {
        0 => value >> 32,
        1 => value >> 32 & 0xff,
        2 => 0x1000 + (value >> 32 & 0xff) * 8,
        _ => 1ul << (int)(value >> 32 & 31),
    };
}
