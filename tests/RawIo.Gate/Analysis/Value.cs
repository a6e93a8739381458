namespace RawIo.Gate;

/// <summary>What is known of a register's content.</summary>
internal abstract record Value
{
    public static Value Any { get; } = new Nothing();

    public static Value Inert { get; } = new Memory(null);

    /// <summary>Not an address that is known to be one.</summary>
    public sealed record Nothing : Value;

    public sealed record Number(long Is) : Value;

    /// <summary>Into device memory, so far from where the pointer was; null where that varies.</summary>
    public sealed record Device(long? Offset) : Value;

    /// <summary>Into a window object.</summary>
    public sealed record Window(long Offset) : Value;

    /// <summary>Into a window's mapping object.</summary>
    public sealed record Mapping(long Offset) : Value;

    /// <summary>Into the stack frame, from where it was at entry.</summary>
    public sealed record Stack(long Offset) : Value;

    /// <summary>Into ordinary memory, which is no device: spans, objects, the program itself.</summary>
    public sealed record Memory(string? Symbol) : Value;

    public static Value Join(Value a, Value b) => (a, b) switch
    {
        _ when a == b => a,
        (Device, Device) => new Device(null),
        (Memory or Number, Memory or Number) when a is Memory || b is Memory => Inert, // null or an address
        _ => Any,
    };

    public static Value Sum(Value a, Value b) => (a, b) switch
    {
        (Number x, Number y) => new Number(x.Is + y.Is),
        (Number, _) => Sum(b, a),
        (Device d, Number n) => new Device(d.Offset + n.Is),
        (Window w, Number n) => new Window(w.Offset + n.Is),
        (Mapping m, Number n) => new Mapping(m.Offset + n.Is),
        (Stack s, Number n) => new Stack(s.Offset + n.Is),
        (Memory m, Number n) => n.Is == 0 ? m : Inert,
        (Device, Nothing) or (Nothing, Device) => new Device(null),
        (Memory, Nothing) or (Nothing, Memory) => Inert,
        _ => Any,
    };

    public static Value Difference(Value a, Value b) => (a, b) switch
    {
        (_, Number n) => Sum(a, new Number(-n.Is)),
        (Device, Nothing) => new Device(null),
        (Memory, Nothing) => Inert,
        _ => Any,
    };

    public static Value Product(Value a, long by) => a is Number n ? new Number(n.Is * by) : by == 1 ? a : Any;
}

/// <summary>What is known at one point of a function.</summary>
internal sealed class State
{
    private readonly Dictionary<string, Value> _registers = [];
    private readonly Dictionary<long, Value> _frame = [];

    public Value this[string register]
    {
        get => _registers.GetValueOrDefault(register, Value.Any);
        set
        {
            if (value is Value.Nothing) _registers.Remove(register);
            else _registers[register] = value;
        }
    }

    public State Copy()
    {
        var copy = new State();
        foreach (var (name, value) in _registers) copy._registers.Add(name, value);
        foreach (var (place, value) in _frame) copy._frame.Add(place, value);
        return copy;
    }

    public Value Slot(long place) => _frame.GetValueOrDefault(place, Value.Any);

    public void SetSlot(long place, int size, Value value)
    {
        foreach (var other in _frame.Keys.Where(o => o < place + size && place < o + 8).ToList()) _frame.Remove(other);
        if (size == 8 && value is not Value.Nothing) _frame[place] = value;
    }

    public void Forget(Func<string, bool> kept)
    {
        foreach (var register in _registers.Keys.Where(r => !kept(r)).ToList()) _registers.Remove(register);
    }

    public void ForgetFrame() => _frame.Clear();

    /// <summary>Takes in what is known on another way here; says whether anything became less known.</summary>
    public bool JoinWith(State other) => Join(_registers, other._registers) | Join(_frame, other._frame);

    private static bool Join<K>(Dictionary<K, Value> mine, Dictionary<K, Value> theirs) where K : notnull
    {
        var changed = false;
        foreach (var (key, value) in mine.ToList())
        {
            var joined = theirs.TryGetValue(key, out var other) ? Value.Join(value, other) : Value.Any;
            if (joined == value) continue;
            changed = true;
            if (joined is Value.Nothing) mine.Remove(key);
            else mine[key] = joined;
        }
        return changed;
    }
}
