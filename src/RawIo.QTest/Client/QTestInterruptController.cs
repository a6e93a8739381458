namespace RawIo.QTest;

/// <summary>The interrupts of a machine behind a qtest server, as a kernel's driver of the interrupt controller would hand them on.</summary>
internal abstract class QTestInterruptController
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, QTestInterrupt> _open = [];

    /// <summary>Opens an input, switched on.</summary>
    /// <param name="pin">Which.</param>
    /// <param name="what">What it is called.</param>
    /// <param name="name">Who opens it.</param>
    public QTestInterrupt Open(int pin, string what, string name)
    {
        QTestInterrupt interrupt;
        lock (_gate)
        {
            if (_open.TryGetValue(pin, out var other))
                throw new ResourceBusyException($"Cannot open {what} for '{name}': '{other.Name}' has it. Give it back first.", new(0, 0, other.Name, ResourceFlags.Irq));
            _open[pin] = interrupt = new(this, pin, name);
        }
        try
        {
            interrupt.Enable();
            return interrupt;
        }
        catch
        {
            Forget(interrupt);
            throw;
        }
    }

    /// <summary>Lets the input through; one that is asserted comes at once.</summary>
    public abstract void Unmask(QTestInterrupt interrupt);

    /// <summary>Keeps the input from coming.</summary>
    public abstract void Mask(QTestInterrupt interrupt);

    public void Forget(QTestInterrupt interrupt)
    {
        lock (_gate) _open.Remove(interrupt.Pin);
    }

    /// <summary>Ends every interrupt.</summary>
    public void End()
    {
        foreach (var interrupt in Opened()) interrupt.Dispose();
    }

    protected QTestInterrupt? Find(int pin)
    {
        lock (_gate) return _open.GetValueOrDefault(pin);
    }

    protected QTestInterrupt[] Opened()
    {
        lock (_gate) return [.. _open.Values];
    }
}

/// <summary>A controller whose inputs the server tells of themselves: QEMU's I/O APIC, or a simulated machine's controller.</summary>
internal sealed class PinController : QTestInterruptController
{
    private readonly QTestConnection _connection;
    private readonly HashSet<int> _edges = [];

    public PinController(QTestMachine machine, string path)
    {
        _connection = machine.Connection;
        _connection.InterruptTold += Told;
        _connection.InterceptIrqIn(path);
    }

    /// <summary>Says of a pin that nobody has open whether its edges count, or its level, which is so unless told.</summary>
    public void Trigger(int pin, bool edges)
    {
        lock (_edges)
        {
            if (edges) _edges.Add(pin);
            else _edges.Remove(pin);
        }
    }

    public override void Unmask(QTestInterrupt interrupt)
    {
        bool edges;
        lock (_edges) edges = _edges.Contains(interrupt.Pin);
        if (edges ? interrupt.TakeEdge() : _connection.InterruptLevel(interrupt.Pin)) interrupt.Come();
    }

    public override void Mask(QTestInterrupt interrupt)
    {
    }

    private void Told(int number, bool raised)
    {
        if (raised) Find(number)?.Rise();
    }
}
