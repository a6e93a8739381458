namespace RawIo.Sim;

// Somebody types.
public sealed partial class Ps2Keyboard
{
    // What a character takes at most: Shift, the key, both again with 0xf0.
    private const int LongestTyped = 6;

    private readonly Queue<Movement> _toType = [];

    /// <summary>When the finger moves next, in nanoseconds.</summary>
    private long _nextMovement;

    /// <summary>A finger's movement; the first of a character begins it.</summary>
    private readonly record struct Movement(KeyCode Key, bool Down, bool Begins);

    /// <summary>The time between two movements of a finger while <see cref="Type"/> types: 10 ms, some 40 capital letters a second at most.</summary>
    public TimeSpan TypingPace { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether there are keys of a <see cref="Type"/> to be pressed or released yet.</summary>
    public bool IsTyping
    {
        get
        {
            using var held = new HeldLock(Gate);
            return _toType.Count > 0;
        }
    }

    /// <summary>
    /// Types a text on the US layout, with Shift where it takes Shift. It begins at once and goes on as the machine's
    /// time does, a movement each <see cref="TypingPace"/>; it waits while the host is in the middle of a command, or has
    /// not taken enough of what was typed, so that the keyboard's buffer never overruns. A text while another is being
    /// typed comes after it.
    /// </summary>
    /// <param name="text">Printable ASCII, line feed or carriage return (Enter), tab, backspace, escape.</param>
    /// <exception cref="ArgumentException">A character that no key types; nothing of the text is typed.</exception>
    public void Type(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var movements = new List<Movement>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!UsLayout.TryFind(text[i], out var key))
                throw new ArgumentException($"No key of a US keyboard types U+{(int)text[i]:X4} (character {i}); it types ASCII from space to tilde, \\n, \\r, \\t, \\b and \\e.", nameof(text));
            if (key.Shift) movements.Add(new(KeyCode.Shift, true, true));
            movements.Add(new(key.Key, true, !key.Shift));
            movements.Add(new(key.Key, false, false));
            if (key.Shift) movements.Add(new(KeyCode.Shift, false, false));
        }
        using var held = new HeldLock(Gate);
        var wasTyping = _toType.Count > 0;
        foreach (var movement in movements) _toType.Enqueue(movement);
        if (wasTyping || movements.Count == 0) return;
        _nextMovement = _typist.Now;
        MoveFinger();
    }

    private void MoveFinger()
    {
        using var held = new HeldLock(Gate);
        // A character that has begun is finished: a key held on would repeat.
        if (_toType.TryPeek(out var next) && _s.Awaiting == 0 && (!next.Begins || _codes.Count + LongestTyped <= BufferSize))
        {
            _toType.Dequeue();
            Key(next.Key, next.Down);
        }
        _nextMovement += TypingPace.Ticks * 100;
        _typist.Set(_toType.Count == 0 ? null : _nextMovement);
    }
}
