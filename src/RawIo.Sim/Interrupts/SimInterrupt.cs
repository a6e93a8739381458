namespace RawIo.Sim;

/// <summary>An interrupt of a simulated machine as the kernel would hand it on: at the controller's input, without a driver of the controller.</summary>
internal sealed class SimInterrupt : IInterrupt
{
    private readonly SimMachine _machine;
    private readonly InterruptInput _input;
    private readonly BiasedLock _gate;
    private readonly InterruptArrivals _arrivals;
    private bool _enabled, _edgeKept;

    public SimInterrupt(SimMachine machine, BiasedLock gate, InterruptInput input, string name)
    {
        (_machine, _gate, _input, Name, _arrivals) = (machine, gate, input, name, new(name));
        using var held = new HeldLock(_gate);
        // Wanted first: an edge from before the opening is nobody's.
        _input.Line.Want(true);
        _input.Line.Sample();
        _input.Line.Changed += LineChanged;
        Enable();
    }

    public string Name { get; }

    public InterruptInput Input => _input;

    public long Count => _arrivals.Count;

    public ValueTask<long> WaitAsync(CancellationToken cancellationToken = default) => _arrivals.WaitAsync(cancellationToken);

    public void Enable()
    {
        using var held = new HeldLock(_gate);
        _arrivals.ThrowIfClosed();
        if (_enabled) return;
        _enabled = true;
        if (_input.IsEdgeTriggered ? _edgeKept : _input.Line.Sample()) Come();
    }

    public void Disable()
    {
        using var held = new HeldLock(_gate);
        _arrivals.ThrowIfClosed();
        _enabled = false;
    }

    public void Dispose()
    {
        using var held = new HeldLock(_gate);
        if (!_arrivals.Close()) return;
        _enabled = false;
        _input.Line.Changed -= LineChanged;
        _input.Line.Want(false);
        _machine.Forget(this);
    }

    private void LineChanged(bool level)
    {
        if (!level || _machine.IsRestoring) return;
        if (_enabled) Come();
        else _edgeKept = true;
    }

    /// <summary>The machine went back: whatever edges the lines made on the way, what counts is the level.</summary>
    public void Restored()
    {
        if (_enabled && !_input.IsEdgeTriggered && _input.Line.Sample()) Come();
    }

    private void Come()
    {
        (_enabled, _edgeKept) = (false, false);
        _arrivals.Come();
    }
}
