namespace RawIo.Sim;

/// <summary>Holds a machine's lock, if there is one, for a change from outside.</summary>
internal readonly ref struct OutsideChange
{
    private readonly BiasedLock? _gate;
    private readonly int _token;

    public OutsideChange(BiasedLock? gate)
    {
        _gate = gate;
        if (gate is not null) _token = gate.Enter();
    }

    public void Dispose() => _gate?.Exit(_token);
}
