namespace RawIo.Sim;

/// <summary>
/// Tells level changes to their handlers one after the other. What a handler changes waits its turn, so that wires and
/// handlers in a loop neither nest without limit nor tell a later change before an earlier one.
/// </summary>
internal static class Announcements
{
    /// <summary>So many changes set off by one can only be a loop that never rests.</summary>
    public const int Limit = 10_000;

    [ThreadStatic] private static Queue<(Pin[] Pins, bool Level)>? _waiting;
    [ThreadStatic] private static bool _telling;

    /// <exception cref="InvalidOperationException">The handlers keep changing the level they are told of.</exception>
    public static void Add(Pin[] pins, bool level)
    {
        if (_telling)
        {
            (_waiting ??= []).Enqueue((pins, level));
            return;
        }
        _telling = true;
        try
        {
            Tell(pins, level);
            for (var told = 1; _waiting is { Count: > 0 }; told++)
            {
                if (told == Limit)
                    throw new InvalidOperationException(
                        $"The wire of {_waiting.Peek().Pins[0].Name} oscillates: {Limit} level changes without a rest. Break the loop of LevelChanged handlers that drive each other.");
                var (next, nextLevel) = _waiting.Dequeue();
                Tell(next, nextLevel);
            }
        }
        finally
        {
            _waiting?.Clear();
            _telling = false;
        }
    }

    private static void Tell(Pin[] pins, bool level)
    {
        foreach (var pin in pins) pin.TellListeners(level);
    }
}
