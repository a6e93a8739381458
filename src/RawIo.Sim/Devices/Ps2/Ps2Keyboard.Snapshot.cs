namespace RawIo.Sim;

// What the keyboard remembers, and whoever types at it.
public sealed partial class Ps2Keyboard
{
    private sealed record Saved(State State, byte[] Replies, byte[] Codes, bool[] Held, Movement[] ToType, long NextMovement);

    internal override object Save() => new Saved(Copy(_s), _replies.ToArray(), _codes.ToArray(), [.. _held], [.. _toType], _nextMovement);

    internal override void Restore(object saved)
    {
        var (state, replies, codes, held, toType, nextMovement) = (Saved)saved;
        _s = Copy(state);
        _replies.Set(replies);
        _codes.Set(codes);
        held.CopyTo(_held.AsSpan());
        _toType.Clear();
        foreach (var movement in toType) _toType.Enqueue(movement);
        _nextMovement = nextMovement;
        _typematic.SetAnew(_s.Repeating is null ? null : _s.NextRepeat);
        _typist.SetAnew(_toType.Count == 0 ? null : _nextMovement);
    }

    /// <summary>What no sequence of accesses may bring about, for the controller's check.</summary>
    internal string? BrokenInvariant() =>
        _s.Set is < 1 or > 3 ? $"the keyboard is in scan code set {_s.Set}"
        : _codes.Count > BufferSize + 1 ? $"the keyboard has {_codes.Count} codes"
        : _s.Repeating is { } key && !_held[(int)key.Code] ? $"{key.Name} repeats and is not held"
        : null;

    private static State Copy(State state) => state with { Types = [.. state.Types] };
}
