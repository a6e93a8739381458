using System.Globalization;

namespace RawIo.Gate;

/// <summary>A pattern's accesses, read from its expression: <c>R@0x10 (W | R4)*</c>.</summary>
internal sealed class Expectation
{
    private readonly string _text;
    private readonly int _width;
    private readonly Automaton _automaton = new();
    private int _at;

    private Expectation(string text, int width)
    {
        (_text, _width) = (text, width);
        (_automaton.Start, _automaton.End) = Choice();
        if (_at < text.Length) throw new FormatException($"'{text}' ends at {_at}.");
    }

    /// <summary>The sequences. <paramref name="width"/> is what R and W without a digit have.</summary>
    public static Automaton Of(string text, int width) => new Expectation(text, width)._automaton;

    /// <summary>Whether the expression says offsets.</summary>
    public static bool SaysOffsets(string text) => text.Contains('@');

    private (int Start, int End) Choice()
    {
        int start = _automaton.Add(), end = _automaton.Add();
        do
        {
            var (from, to) = Sequence();
            _automaton.Connect(start, from);
            _automaton.Connect(to, end);
        }
        while (Skip('|'));
        return (start, end);
    }

    private (int Start, int End) Sequence()
    {
        var start = _automaton.Add();
        var end = start;
        while (Peek() is 'R' or 'W' or '(')
        {
            var (from, to) = Repeated();
            _automaton.Connect(end, from);
            end = to;
        }
        return (start, end);
    }

    private (int Start, int End) Repeated()
    {
        var (from, to) = Skip('(') ? Grouped() : Access();
        int start = _automaton.Add(), end = _automaton.Add();
        _automaton.Connect(start, from);
        _automaton.Connect(to, end);
        var (none, again) = Skip('*') ? (true, true) : Skip('+') ? (false, true) : (Skip('?'), false);
        if (none) _automaton.Connect(start, end);
        if (again) _automaton.Connect(to, from);
        return (start, end);
    }

    private (int Start, int End) Grouped()
    {
        var inner = Choice();
        if (!Skip(')')) throw new FormatException($"'{_text}' lacks a ) at {_at}.");
        return inner;
    }

    private (int Start, int End) Access()
    {
        var symbol = $"{_text[_at++]}{(Digits() is { Length: > 0 } digits ? digits : _width.ToString(CultureInfo.InvariantCulture))}";
        if (Skip('@')) symbol += $"@0x{Offset():x}";
        int start = _automaton.Add(), end = _automaton.Add();
        _automaton.Connect(start, end, symbol);
        return (start, end);
    }

    // N2 is the second of this width after 0x10.
    private long Offset()
    {
        if (Skip('N')) return 0x10 + _width * long.Parse(Digits(), CultureInfo.InvariantCulture);
        _at += 2;
        var start = _at;
        while (_at < _text.Length && char.IsAsciiHexDigit(_text[_at])) _at++;
        return long.Parse(_text.AsSpan(start, _at - start), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private string Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return _text[start.._at];
    }

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Skip(char c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }
}
