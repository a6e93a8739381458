using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>Something outside a device that a tape may do to it.</summary>
internal interface IStimulus
{
    /// <summary>What <see cref="Do"/> does with the value.</summary>
    string Describe(ulong value);

    /// <summary>Does it.</summary>
    /// <returns>What the outside sees, to be compared with another run.</returns>
    ulong Do(ulong value);

    /// <summary>What the outside remembers of it, which no machine's snapshot has.</summary>
    object? Save();

    /// <summary>Goes back to that.</summary>
    void Restore(object? saved);
}

/// <summary>Which stimuli a device has, by what it implements.</summary>
internal static class Outside
{
    public static IReadOnlyList<IStimulus> Of(SimMachine machine, AttachedDevice attached)
    {
        var stimuli = new List<IStimulus>();
        var lines = LinesOf(attached.Device);
        if (lines.Length > 0) stimuli.Add(new Listeners(lines));
        if (attached.Device is IPinBank bank) stimuli.Add(new PinStimulus(bank.Pins));
        if (attached.Device is ISerialPort serial) stimuli.Add(new SerialStimulus(serial.Line));
        if (attached.Device is I8042Model i8042) stimuli.Add(new Ps2Stimulus(i8042));
        if (attached.Device is PciFunction { Bars.Count: > 0 } function) stimuli.Add(new BarStimulus(machine, function));
        if (attached.Device is IInterruptController controller && RequestStimulus.For(controller) is { } requests) stimuli.Add(requests);
        if (attached.Device is II2cMaster i2c) stimuli.Add(PartStimulus.On(i2c.Bus));
        if (attached.Device is ISpiMaster spi) stimuli.Add(PartStimulus.On(spi.Bus));
        if (attached.Device is Bcm2835AuxSpiModel or Bcm2835MiniUartModel && machine.Devices.Select(d => d.Device).OfType<Bcm2835AuxModel>().FirstOrDefault() is { } aux)
            stimuli.Add(new AuxStimulus(aux));
        return stimuli;
    }

    /// <summary>The device's lines out.</summary>
    public static SignalLine[] LinesOf(Device device) => [.. device.InterruptLines, .. device.DmaRequests.Select(r => r.Line)];
}

/// <summary>Somebody begins to wait for one of the device's lines, or stops.</summary>
internal sealed class Listeners(SignalLine[] lines) : IStimulus
{
    private readonly bool[] _waits = new bool[lines.Length];

    public string Describe(ulong value) => $"line {value % (ulong)lines.Length}: somebody waits for it, or no longer";

    public ulong Do(ulong value)
    {
        var line = (int)(value % (ulong)lines.Length);
        Set(line, !_waits[line]);
        return lines[line].Sample() ? 1ul : 0;
    }

    public object Save() => _waits.ToArray();

    public void Restore(object? saved)
    {
        var waits = (bool[])saved!;
        for (var i = 0; i < waits.Length; i++) Set(i, waits[i]);
    }

    private void Set(int line, bool on)
    {
        if (_waits[line] == on) return;
        _waits[line] = on;
        lines[line].Want(on);
    }
}

/// <summary>The world drives, pulls and glitches pins.</summary>
internal sealed class PinStimulus(IReadOnlyList<Pin> pins) : IStimulus
{
    private readonly bool?[] _drives = new bool?[pins.Count];
    private readonly PinPull[] _pulls = new PinPull[pins.Count];

    public string Describe(ulong value) => $"{pins[Index(value)].Name}: {Action(value) switch
    {
        0 => "driven low", 1 => "driven high", 2 or 3 => "let go", 4 => "resistor off", 5 => "resistor up", 6 => "resistor down", _ => "glitch",
    }}";

    public ulong Do(ulong value)
    {
        var i = Index(value);
        switch (Action(value))
        {
            case 0: pins[i].Drive(_drives[i] = false); break;
            case 1: pins[i].Drive(_drives[i] = true); break;
            case 2 or 3: pins[i].Drive(_drives[i] = null); break;
            case 4: pins[i].Pull(_pulls[i] = PinPull.None); break;
            case 5: pins[i].Pull(_pulls[i] = PinPull.Up); break;
            case 6: pins[i].Pull(_pulls[i] = PinPull.Down); break;
            default: pins[i].Glitch(!pins[i].Level); break;
        }
        return pins[i].Level ? 1ul : 0;
    }

    public object Save() => (_drives.ToArray(), _pulls.ToArray());

    public void Restore(object? saved)
    {
        var (drives, pulls) = ((bool?[], PinPull[]))saved!;
        for (var i = 0; i < drives.Length; i++)
        {
            if (_drives[i] != drives[i]) pins[i].Drive(_drives[i] = drives[i]);
            if (_pulls[i] != pulls[i]) pins[i].Pull(_pulls[i] = pulls[i]);
        }
    }

    private int Index(ulong value) => (int)(value % (ulong)pins.Count);

    private static ulong Action(ulong value) => value >> 16 & 7;
}
