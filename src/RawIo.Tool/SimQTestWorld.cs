using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>A simulated machine's lines and what is outside its chips, for qtest.</summary>
internal sealed class SimQTestWorld(SimMachine machine) : IQTestWorld
{
    public void Finish() => machine.FinishTransfers();

    public bool ResetRequested => machine.ResetRequested;

    public void WatchInterrupts(Action<int, bool> changed) => machine.WatchInterrupts(changed);

    public void WatchOutputs(string device, Action<int, bool> changed)
    {
        if (device != "gpio" && !device.EndsWith("/gpio", StringComparison.Ordinal))
            throw new ArgumentException($"No device '{device}' has outputs that are told of; gpio has");
        var bank = machine.Devices.Select(d => d.Device).OfType<IPinBank>().FirstOrDefault()
            ?? throw new NotSupportedException($"{machine.Name} has no GPIO");
        for (var i = 0; i < bank.Pins.Count; i++)
        {
            var (number, pin) = (i, bank.Pins[i]);
            // The line is what the chip makes of it, as QEMU's: pulls, wires and pins that are inputs change nothing.
            var was = pin.Output == true;
            pin.OutputChanged += output =>
            {
                var high = output == true;
                if (high == was) return;
                was = high;
                changed(number, high);
            };
        }
    }

    public void Key(string code, bool down) => Controller("keyboard").Keyboard.Key(Keys.Parse(code), down);

    public void Button(string name, bool down) => Controller("mouse").Mouse.Button(name switch
    {
        "left" => MouseButtons.Left,
        "middle" => MouseButtons.Middle,
        "right" => MouseButtons.Right,
        _ => throw new ArgumentException($"There is no mouse button '{name}'; there are left, middle and right"),
    }, down);

    // On the wire up is positive.
    public void Move(int dx, int dy) => Controller("mouse").Mouse.Move(dx, -Math.Max(dy, -int.MaxValue));

    public void Send(string line, ReadOnlySpan<byte> characters) => Line(line).Send(characters);

    public byte[] Receive(string line) => Line(line).Receive();

    private I8042Model Controller(string part) => machine.Devices.Select(d => d.Device).OfType<I8042Model>().FirstOrDefault()
        ?? throw new NotSupportedException($"{machine.Name} has no {part}; sim:pc has");

    /// <summary>The machine's serial line of that name; null where it has none.</summary>
    public static SerialLine? LineOf(SimMachine machine, string id) => Ports(machine).FirstOrDefault(d => d.Id == id)?.Device is ISerialPort port ? port.Line : null;

    /// <summary>Which serial lines the machine has, as a sentence.</summary>
    public static string Lines(SimMachine machine) => Ports(machine).Select(p => p.Id).ToArray() is { Length: > 0 } ids
        ? $"{machine.Name} has the serial lines {string.Join(", ", ids)}"
        : $"{machine.Name} has no serial lines";

    private SerialLine Line(string id) => LineOf(machine, id) ?? throw new ArgumentException($"No serial line '{id}': {Lines(machine)}");

    private static IEnumerable<AttachedDevice> Ports(SimMachine machine) =>
        machine.Devices.Where(d => d.Device is ISerialPort && d.Id.Length > 0).OrderBy(d => d.Id, StringComparer.Ordinal);
}
