namespace RawIo.Sim;

/// <summary>One wire out of a device: an interrupt request, a DMA request, a reset, a strobe.</summary>
public sealed class SignalLine
{
    private int _wanted;
    private Action<bool>[] _listeners = [];

    // Who is told of the last change, and how many have been.
    private Action<bool>[] _telling = [];
    private int _told;

    /// <summary>Whether it is asserted, as far as its device has worked it out; <see cref="Sample"/> is up to date.</summary>
    public bool Level { get; private set; }

    /// <summary>Called after each change, with the new level. Where a handler drives the line itself, those after it hear of the change under way first, and of that one then.</summary>
    public event Action<bool>? Changed
    {
        add
        {
            if (value is null) return;
            var before = _listeners;
            while (Interlocked.CompareExchange(ref _listeners, [.. before, value], before) is var now && now != before) before = now;
        }
        remove
        {
            var before = _listeners;
            while (Array.LastIndexOf(before, value) is var last and >= 0
                && Interlocked.CompareExchange(ref _listeners, [.. before[..last], .. before[(last + 1)..]], before) is var now && now != before) before = now;
        }
    }

    /// <summary>Whether anybody waits for it. A device whose line rises on time sets an alarm only then.</summary>
    public bool IsWanted => _wanted > 0;

    /// <summary>What the device does when <see cref="IsWanted"/> changes: sets its alarm, or clears it.</summary>
    internal Action? WantChanged { get; set; }

    /// <summary>How the device brings the line up to date where it depends on time.</summary>
    internal Action? Settle { get; set; }

    /// <summary>Drives the line; nothing happens where the level stays.</summary>
    public void Set(bool level)
    {
        if (Level == level) return;
        Tell();
        if (Level == level) return;
        Level = level;
        (_telling, _told) = (_listeners, 0);
        Tell();
    }

    /// <summary>Tells the change to those who have not heard of it. Inside a handler that leaves nobody for whoever called the handler.</summary>
    private void Tell()
    {
        while (_told < _telling.Length) _telling[_told++](Level);
    }

    /// <summary>The level now, also where only time has changed it.</summary>
    public bool Sample()
    {
        Settle?.Invoke();
        return Level;
    }

    /// <summary>Says that somebody waits for the line, or no longer; the calls are counted.</summary>
    /// <param name="on">True once for each that begins to wait, false once for each that ends.</param>
    /// <exception cref="InvalidOperationException">More have ended than begun.</exception>
    public void Want(bool on)
    {
        if (!on && _wanted == 0) throw new InvalidOperationException("Nobody waits for this line; Want(false) ends a Want(true).");
        var was = IsWanted;
        _wanted += on ? 1 : -1;
        if (IsWanted != was) WantChanged?.Invoke();
    }
}
