namespace RawIo.Sim;

/// <summary>A change of a <see cref="Led"/>.</summary>
/// <param name="Time">When, by the clock's timestamps: on a machine's clock since power-on.</param>
/// <param name="IsOn">Whether it went on.</param>
public readonly record struct LedChange(TimeSpan Time, bool IsOn);

/// <summary>
/// A light-emitting diode with its resistor, which remembers when it was on. The other end is at ground; active-low, at
/// the supply. Wire its <see cref="Pin"/> to a chip's. A wire that nobody drives leaves it off.
/// </summary>
/// <remarks>All members may be called from any thread. It is a thing of levels: a chip's own weak pull can light it.</remarks>
public sealed class Led
{
    /// <summary>So many changes are kept for <see cref="History"/>, if nothing else was asked for.</summary>
    public const int DefaultCapacity = 1000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly Queue<LedChange> _history = [];
    private TimeSpan _onBefore, _since;
    private bool _isOn;
    private long _blinks;

    /// <summary>A lamp that is off.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="time">The machine's time.</param>
    /// <param name="activeLow">Whether it is on while its pin is low.</param>
    /// <param name="capacity">How many changes are kept; of more the oldest are forgotten.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public Led(string name, TimeProvider time, bool activeLow = false, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        (_time, _capacity, IsActiveLow) = (time, capacity, activeLow);
        Pin = new(name);
        Pin.Pull(activeLow ? PinPull.Up : PinPull.Down);
        Pin.LevelChanged += level => Light(level != IsActiveLow);
    }

    /// <summary>Its anode; active-low, its cathode.</summary>
    public Pin Pin { get; }

    /// <summary>Whether it is on while its pin is low.</summary>
    public bool IsActiveLow { get; }

    /// <summary>Whether it is on.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock) return _isOn;
        }
    }

    /// <summary>How many times it went on.</summary>
    public long Blinks
    {
        get
        {
            lock (_lock) return _blinks;
        }
    }

    /// <summary>How long it was on, all in all, up to now.</summary>
    public TimeSpan OnTime
    {
        get
        {
            lock (_lock) return _onBefore + (_isOn ? Now - _since : TimeSpan.Zero);
        }
    }

    /// <summary>The last changes, the oldest first.</summary>
    public IReadOnlyList<LedChange> History
    {
        get
        {
            lock (_lock) return [.. _history];
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    private void Light(bool on)
    {
        lock (_lock)
        {
            if (_isOn == on) return;
            var now = Now;
            if (on) _blinks++;
            else _onBefore += now - _since;
            (_isOn, _since) = (on, now);
            if (_capacity == 0) return;
            if (_history.Count == _capacity) _history.Dequeue();
            _history.Enqueue(new(now, on));
        }
    }
}
