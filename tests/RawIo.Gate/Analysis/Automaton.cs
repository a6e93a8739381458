namespace RawIo.Gate;

/// <summary>A set of sequences of accesses: an automaton over their names.</summary>
internal sealed class Automaton
{
    private readonly List<List<(string? Symbol, int To)>> _edges = [];

    public int Start { get; set; }

    /// <summary>The state in which a sequence is complete.</summary>
    public int End { get; set; }

    public int Add()
    {
        _edges.Add([]);
        return _edges.Count - 1;
    }

    /// <summary>An edge; without a symbol it is taken for nothing.</summary>
    public void Connect(int from, int to, string? symbol = null) => _edges[from].Add((symbol, to));

    /// <summary>The same sequences under other names for the accesses.</summary>
    public Automaton Renamed(Func<string, string> rename)
    {
        var renamed = new Automaton { Start = Start, End = End };
        foreach (var edges in _edges) renamed._edges.Add([.. edges.Select(e => (e.Symbol is null ? null : rename(e.Symbol), e.To))]);
        return renamed;
    }

    /// <summary>The shortest sequence of this automaton that the other does not have; null if it has them all.</summary>
    /// <param name="other">The other.</param>
    /// <param name="beginnings">Whether the beginning of a sequence must begin one there: code may also end in an exception, or never.</param>
    public string? ShortestNotIn(Automaton other, bool beginnings)
    {
        var seen = new HashSet<string>();
        var queue = new Queue<(SortedSet<int> Mine, SortedSet<int> Theirs, string Word)>();
        queue.Enqueue((Closure([Start]), other.Closure([other.Start]), ""));
        while (queue.TryDequeue(out var at))
        {
            if (!seen.Add($"{string.Join(',', at.Mine)}|{string.Join(',', at.Theirs)}")) continue;
            if (beginnings && at.Mine.Count > 0 && at.Theirs.Count == 0) return at.Word;
            if (at.Mine.Contains(End) && !at.Theirs.Contains(other.End)) return at.Word.Length == 0 ? "nothing" : at.Word;
            foreach (var symbol in Symbols(at.Mine))
                queue.Enqueue((Closure(After(at.Mine, symbol)), other.Closure(other.After(at.Theirs, symbol)), at.Word.Length == 0 ? symbol : $"{at.Word} {symbol}"));
        }
        return null;
    }

    private IEnumerable<string> Symbols(SortedSet<int> states) =>
        states.SelectMany(s => _edges[s]).Select(e => e.Symbol).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    private IEnumerable<int> After(SortedSet<int> states, string symbol) =>
        states.SelectMany(s => _edges[s]).Where(e => e.Symbol == symbol).Select(e => e.To);

    private SortedSet<int> Closure(IEnumerable<int> states)
    {
        var closed = new SortedSet<int>();
        var open = new Stack<int>(states);
        while (open.TryPop(out var state))
            if (closed.Add(state))
                foreach (var (symbol, to) in _edges[state])
                    if (symbol is null)
                        open.Push(to);
        return closed;
    }
}
