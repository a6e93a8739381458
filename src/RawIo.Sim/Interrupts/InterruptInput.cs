namespace RawIo.Sim;

/// <summary>An input of an interrupt controller: any number of devices may share it, and it is asserted while one of them asserts.</summary>
public sealed class InterruptInput
{
    private readonly List<SignalLine> _sources = [];
    private int _high;

    /// <summary>An input that nothing is wired to.</summary>
    /// <param name="name">What it is called: "IRQ 8", "GPU 57".</param>
    public InterruptInput(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Line.WantChanged = () =>
        {
            foreach (var source in _sources) source.Want(Line.IsWanted);
        };
        Line.Settle = () =>
        {
            foreach (var source in _sources) source.Sample();
        };
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The level at the input. Who has the input unmasked says so by <see cref="SignalLine.Want"/>.</summary>
    public SignalLine Line { get; } = new();

    /// <summary>Whether the controller takes the rising edge; else the level.</summary>
    public bool IsEdgeTriggered { get; internal set; }

    /// <summary>Whether more than one line is wired to it.</summary>
    internal bool IsShared => _sources.Count > 1;

    /// <summary>Wires a device's line to it.</summary>
    public void Connect(SignalLine source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources.Add(source);
        source.Changed += level => Count(level ? 1 : -1);
        if (source.Level) Count(1);
        if (Line.IsWanted) source.Want(true);
    }

    private void Count(int change)
    {
        _high += change;
        Line.Set(_high > 0);
    }
}
