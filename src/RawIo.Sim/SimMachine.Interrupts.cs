namespace RawIo.Sim;

// The lines between devices, and those that reach the driver.
public sealed partial class SimMachine
{
    private readonly List<SimInterrupt> _interrupts = [];

    /// <summary>The line that asks for the machine's reset: the watchdog's, the keyboard controller's, port 0x92's.</summary>
    internal SignalLine ResetRequest { get; } = new();

    /// <summary>Whether a device has asked for the machine's reset since power-on or <see cref="Reset"/>. The machine goes on until somebody resets it.</summary>
    public bool ResetRequested { get; private set; }

    /// <summary>Puts every device into the state it has after power-on. RAM and time stay as they are, and so does what is outside the chips.</summary>
    public void Reset()
    {
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        foreach (var attached in _devices) attached.Device.Reset();
        ResetRequested = false;
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(int irq, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        if (DeviceTree is not null)
            throw new RawIoException(Errno.ENXIO, $"{Name} names its interrupts by the device tree: open {irq} by the device's node and an index into its interrupts.");
        if (irq < 0 || Input(null, [(uint)irq]) is not { } input)
            throw new RawIoException(Errno.ENXIO, $"{Name} has no interrupt {irq}: a device may have 0 to 15 but 2.");
        return Open(input, name);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        if (index >= node.Interrupts.Count)
            throw new RawIoException(Errno.ENXIO, $"{node.Path} has {node.Interrupts.Count} interrupts; there is no index {index}.");
        var interrupt = node.Interrupts[index];
        return Input(interrupt.Controller, interrupt.Specifier) is { } input
            ? Open(input, name)
            : throw new RawIoException(Errno.ENXIO, $"{node.Path} interrupts {interrupt.Controller.Path}, which this board has no model of, or no such input.");
    }

    /// <summary>Tells each change of an input of the interrupt controller that devices are wired to, until the machine ends.</summary>
    /// <param name="changed">Who is told: the pin's number (<see cref="IInterruptController.Inputs"/>) and the level. It runs inside the machine: note the change and return.</param>
    /// <exception cref="NotSupportedException">The board has no controller with a model.</exception>
    public void WatchInterrupts(Action<int, bool> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        var controller = DevicesController ?? throw new NotSupportedException($"{Name} has no interrupt controller with a model.");
        for (var i = 0; i < controller.Inputs.Count; i++)
        {
            if (controller.Inputs[i] is not { } input) continue;
            var pin = i;
            input.Line.Changed += level => changed(pin, level);
            input.Line.Want(true);
        }
    }

    /// <summary>The interrupts of a device, each as the number of its pin, which <see cref="WatchInterrupts"/> tells, and the cells of the device tree: "IRQ 57 &lt;2 25&gt;". On a PC the interrupt request alone, "IRQ 4".</summary>
    public IReadOnlyList<string> InterruptsOf(AttachedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.Node is not { } node) return [.. device.Irqs.Select(irq => $"IRQ {irq}")];
        return [.. node.Interrupts.Select(interrupt =>
        {
            var cells = $"<{string.Join(' ', interrupt.Specifier)}>";
            return Input(interrupt.Controller, interrupt.Specifier) is { } input && Pin(input) is { } pin ? $"IRQ {pin} {cells}" : cells;
        })];
    }

    // Controllers may be chained: the one with the most pins is the devices'.
    private IInterruptController? DevicesController => _devices.Select(d => d.Device).OfType<IInterruptController>().MaxBy(c => c.Inputs.Count);

    private int? Pin(InterruptInput input)
    {
        var inputs = DevicesController!.Inputs;
        for (var i = 0; i < inputs.Count; i++)
            if (inputs[i] == input) return i;
        return null;
    }

    internal void Forget(SimInterrupt interrupt) => _interrupts.Remove(interrupt);

    private SimInterrupt Open(InterruptInput input, string name)
    {
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        foreach (var other in _interrupts)
            if (other.Input == input)
                throw new ResourceBusyException($"Cannot open {input.Name} for '{name}': '{other.Name}' has it. " + (input.IsShared
                    ? "Devices share it, and one at a time can wait for it, as with UIO: poll the other, or let one driver serve both."
                    : "Give it back first."), new(0, 0, other.Name, ResourceFlags.Irq));
        var interrupt = new SimInterrupt(this, _gate, input, name);
        _interrupts.Add(interrupt);
        return interrupt;
    }

    /// <summary>Wires each device's lines to the controllers' inputs, and the controllers' to each other, as the board says.</summary>
    private void WireInterrupts()
    {
        foreach (var attached in _devices)
        {
            var lines = attached.Device.InterruptLines;
            for (var i = 0; i < lines.Count; i++)
            {
                if (attached.Node is null)
                {
                    if (i < attached.Irqs.Count) Input(null, [(uint)attached.Irqs[i]])?.Connect(lines[i]);
                }
                else if (i < attached.Node.Interrupts.Count)
                {
                    var interrupt = attached.Node.Interrupts[i];
                    Input(interrupt.Controller, interrupt.Specifier)?.Connect(lines[i]);
                }
            }
        }
    }

    private InterruptInput? Input(DeviceTreeNode? controller, IReadOnlyList<uint> specifier)
    {
        foreach (var attached in _devices)
            if (attached.Node == controller && attached.Device is IInterruptController takes)
                return takes.Input(specifier);
        return null;
    }

    private void EndInterrupts()
    {
        while (_interrupts is [.., var last]) last.Dispose();
    }
}
