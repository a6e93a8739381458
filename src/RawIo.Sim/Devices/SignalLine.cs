namespace RawIo.Sim;

/// <summary>One wire out of a device: an interrupt request, a reset, a strobe.</summary>
public sealed class SignalLine
{
    /// <summary>Whether it is asserted.</summary>
    public bool Level { get; private set; }

    /// <summary>Called after each change, with the new level.</summary>
    public event Action<bool>? Changed;

    /// <summary>Drives the line; nothing happens where the level stays.</summary>
    public void Set(bool level)
    {
        if (Level == level) return;
        Level = level;
        Changed?.Invoke(level);
    }
}
