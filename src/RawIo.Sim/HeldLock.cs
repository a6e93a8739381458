using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>Holds a machine's lock, if there is one, until it is disposed.</summary>
internal readonly ref struct HeldLock
{
    private readonly BiasedLock? _gate;
    private readonly int _token;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HeldLock(BiasedLock? gate)
    {
        _gate = gate;
        if (gate is not null) _token = gate.Enter();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => _gate?.Exit(_token);
}
