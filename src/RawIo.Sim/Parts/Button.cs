namespace RawIo.Sim;

/// <summary>
/// A push button: while it is pressed, its contact is joined to ground, or to the supply; released, it lets go, and
/// the level is the resistor's. Wire its <see cref="Pin"/> to a chip's.
/// </summary>
/// <remarks>All members may be called from any thread.</remarks>
public sealed class Button : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Queue<TimeSpan> _bounces = [];
    private readonly ITimer _timer;
    private bool _touches;

    /// <summary>A button that is not pressed.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="time">The machine's time, by which it bounces.</param>
    /// <param name="toSupply">Whether it joins to the supply; else to ground.</param>
    /// <param name="seed">The seed of how it bounces.</param>
    public Button(string name, TimeProvider time, bool toSupply = false, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _random, ToSupply) = (time, new(seed), toSupply);
        Pin = new(name);
        _timer = _time.CreateTimer(static button => ((Button)button!).BounceOnce(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its contact; the other one is at ground, or at the supply.</summary>
    public Pin Pin { get; }

    /// <summary>Whether it joins to the supply; else to ground.</summary>
    public bool ToSupply { get; }

    /// <summary>How long the contact bounces after each press and release; zero, and it is a perfect one. Real ones take 1 to 10 ms.</summary>
    public TimeSpan BounceTime { get; set; }

    /// <summary>Whether somebody presses it. While it bounces the contact may say otherwise.</summary>
    public bool IsPressed { get; private set; }

    /// <summary>Presses it; nothing happens where it is pressed.</summary>
    public void Press() => Set(true);

    /// <summary>Releases it; nothing happens where it is released.</summary>
    public void Release() => Set(false);

    /// <summary>Lets go for good.</summary>
    public void Dispose()
    {
        Release();
        lock (_lock)
        {
            _timer.Dispose();
            _bounces.Clear();
            Touch(false);
        }
    }

    private void Set(bool pressed)
    {
        lock (_lock)
        {
            if (IsPressed == pressed) return;
            IsPressed = pressed;
            PlanBounces();
            Touch(pressed);
            Arm();
        }
    }

    /// <summary>
    /// The contact touches at once (or leaves), then leaves and touches again some times: an even number of changes,
    /// at random moments within the bounce time.
    /// </summary>
    private void PlanBounces()
    {
        _bounces.Clear();
        if (BounceTime <= TimeSpan.Zero) return;
        var moments = new long[2 * _random.Next(1, 5)];
        for (var i = 0; i < moments.Length; i++) moments[i] = _random.NextInt64(1, Math.Max(2, BounceTime.Ticks));
        Array.Sort(moments);
        var before = 0L;
        foreach (var moment in moments)
        {
            _bounces.Enqueue(TimeSpan.FromTicks(moment - before));
            before = moment;
        }
    }

    private void BounceOnce()
    {
        lock (_lock)
        {
            if (!_bounces.TryDequeue(out _)) return;
            Touch(!_touches);
            Arm();
        }
    }

    private void Arm() => _timer.Change(_bounces.TryPeek(out var next) ? next : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Touch(bool touches)
    {
        _touches = touches;
        Pin.Drive(touches ? ToSupply : null);
    }
}
