namespace RawIo.Sim;

/// <summary>A wire between two pins. Disposing it cuts it.</summary>
public sealed class Wire : IDisposable
{
    private readonly Pin _a, _b;
    private bool _cut;

    private Wire(Pin a, Pin b) => (_a, _b) = (a, b);

    /// <summary>Joins two pins. Two that are joined already may be joined again: then both wires hold them together.</summary>
    /// <returns>The wire; dispose it to cut it.</returns>
    /// <exception cref="ArgumentException">A pin is joined to itself.</exception>
    public static Wire Connect(Pin a, Pin b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a == b) throw new ArgumentException($"{a.Name} cannot be joined to itself: a wire has two different ends.", nameof(b));
        using var held = new HeldLock(a.Net.Gate ?? b.Net.Gate);
        var wire = new Wire(a, b);
        (a.Wires ??= []).Add(wire);
        (b.Wires ??= []).Add(wire);
        Net.Join(a.Net, b.Net);
        return wire;
    }

    internal Pin OtherEnd(Pin end) => end == _a ? _b : _a;

    /// <summary>Cuts the wire. A second call does nothing.</summary>
    public void Dispose()
    {
        using var held = new HeldLock(_a.Net.Gate);
        if (_cut) return;
        _cut = true;
        _a.Wires!.Remove(this);
        _b.Wires!.Remove(this);
        Net.Split(_a.Net);
    }
}
