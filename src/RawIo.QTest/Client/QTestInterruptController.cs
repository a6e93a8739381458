namespace RawIo.QTest;

/// <summary>The interrupts of a machine behind a qtest server, as a kernel's driver of the interrupt controller would hand them on.</summary>
internal abstract class QTestInterruptController
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, QTestInterrupt> _open = [];
    private RawIoException? _failure;

    /// <summary>A controller that the server of this connection has.</summary>
    protected QTestInterruptController(QTestConnection connection)
    {
        Connection = connection;
        connection.Broke += Fail;
    }

    /// <summary>The way to the controller.</summary>
    protected QTestConnection Connection { get; }

    /// <summary>Opens an input, switched on.</summary>
    /// <param name="pin">Which.</param>
    /// <param name="what">What it is called.</param>
    /// <param name="name">Who opens it.</param>
    /// <param name="isEdge">Whether the input's edges count, else its level.</param>
    public QTestInterrupt Open(int pin, string what, string name, bool isEdge = false)
    {
        QTestInterrupt interrupt;
        lock (_gate)
        {
            if (_failure is not null) throw new RawIoException(_failure.Errno, _failure.Message, _failure);
            if (_open.TryGetValue(pin, out var other))
                throw new ResourceBusyException($"Cannot open {what} for '{name}': '{other.Name}' has it. Give it back first.", new(0, 0, other.Name, ResourceFlags.Irq));
            _open[pin] = interrupt = new(this, pin, name, isEdge);
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

    /// <summary>Ends every interrupt. Nothing is asked of the server, which may hang.</summary>
    public void End()
    {
        foreach (var interrupt in Opened())
        {
            interrupt.Close();
            Forget(interrupt);
        }
    }

    /// <summary>The server has gone: whoever waits is told.</summary>
    private void Fail(RawIoException failure)
    {
        lock (_gate) _failure = failure;
        foreach (var interrupt in Opened()) interrupt.Fail(failure);
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
