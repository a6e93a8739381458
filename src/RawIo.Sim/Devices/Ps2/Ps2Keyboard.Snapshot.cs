namespace RawIo.Sim;

// What the keyboard remembers.
public sealed partial class Ps2Keyboard
{
    private sealed record Saved(State State, byte[] Replies, byte[] Codes, bool[] Held);

    internal override object Save() => new Saved(Copy(_s), _replies.ToArray(), _codes.ToArray(), [.. _held]);

    internal override void Restore(object saved)
    {
        var (state, replies, codes, held) = (Saved)saved;
        _s = Copy(state);
        _replies.Set(replies);
        _codes.Set(codes);
        held.CopyTo(_held.AsSpan());
        if (_s.Repeating is null) _typematic.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        else _typematic.Change(_time.GetElapsedTime(Math.Min(_time.GetTimestamp(), _s.NextRepeat), _s.NextRepeat), _s.RepeatPeriod);
    }

    /// <summary>What no sequence of accesses may bring about, for the controller's check.</summary>
    internal string? BrokenInvariant() =>
        _s.Set is < 1 or > 3 ? $"the keyboard is in scan code set {_s.Set}"
        : _codes.Count > BufferSize + 1 ? $"the keyboard has {_codes.Count} codes"
        : _s.Repeating is { } key && !_held[(int)key.Code] ? $"{key.Name} repeats and is not held"
        : null;

    private static State Copy(State state) => state with { Types = [.. state.Types] };

    private long Timestamps(TimeSpan time) => (long)((Int128)time.Ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond);
}
