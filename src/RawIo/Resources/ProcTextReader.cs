namespace RawIo;

/// <summary>Reads the text of /proc/iomem and /proc/ioports strictly: only what kernel/resource.c could have printed passes.</summary>
internal static class ProcTextReader
{
    /// <summary>One line of the text.</summary>
    internal readonly record struct Line(int Level, int Digits, ulong Start, ulong End, string? Name);

    /// <summary>Splits the text into lines and reads each by itself.</summary>
    internal static List<Line> ReadLines(string text, ResourceFlags type)
    {
        var lines = new List<Line>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOf('\n');
            var number = lines.Count + 1;
            // The first line shows the width of all: ioports has 4 digits on x86, 8 where there are more ports.
            var digits = lines.Count > 0 ? lines[0].Digits : 0;
            lines.Add(ReadLine(length < 0 ? rest : rest[..length], number, digits, type));
            rest = length < 0 ? default : rest[(length + 1)..];
        }

        return lines;
    }

    /// <summary>Builds the tree and returns its root.</summary>
    internal static Resource Build(List<Line> lines, ResourceFlags type, bool hidden)
    {
        var io = (type & ResourceFlags.Io) != 0;
        var limit = !io ? ulong.MaxValue : lines.Count == 0 || lines[0].Digits == 4 ? 0xffffUL : 0xff_ffffUL;
        if (io && limit > 0xffff)
        {
            foreach (var line in lines) limit = Math.Max(limit, line.End);
        }

        var root = new Resource(0, limit, io ? "PCI IO" : "PCI mem", io ? ResourceFlags.Io : ResourceFlags.Mem);
        // What is open, outermost first, each with the last child it was given.
        var open = new List<(Resource Parent, Resource? Last)> { (root, null) };
        var level = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Level > level + 1)
                throw Malformed(i + 1, $"the indentation jumps from level {level} to level {line.Level}");
            level = line.Level;
            Close(open, line, hidden);
            var (parent, last) = open[^1];
            if (line.Start < parent.Start || line.End > parent.End)
                throw Malformed(i + 1, $"the range leaves its parent 0x{parent.Start:x}-0x{parent.End:x}");
            if (!hidden && last is not null && line.Start <= last.End)
                throw Malformed(i + 1, $"the range is not above the one before it, 0x{last.Start:x}-0x{last.End:x}");
            var resource = new Resource(line.Start, line.End, line.Name, type) { Parent = parent };
            if (last is null) parent.Child = resource;
            else last.Sibling = resource;
            open[^1] = (parent, resource);
            open.Add((resource, null));
        }

        return root;
    }

    private static void Close(List<(Resource Parent, Resource? Last)> open, in Line line, bool hidden)
    {
        // The root and the ancestors stay. At the last level the kernel prints, an open range may be the parent too.
        var keep = line.Level + 1;
        if (line.Level < ResourceTree.MaxPrintedLevel || hidden)
        {
            open.RemoveRange(keep, open.Count - keep);
            return;
        }

        while (open.Count > keep && (line.Start < open[^1].Parent.Start || line.End > open[^1].Parent.End))
            open.RemoveAt(open.Count - 1);
    }

    private static Line ReadLine(ReadOnlySpan<char> line, int number, int digits, ResourceFlags type)
    {
        var indent = line.IndexOfAnyExcept(' ');
        if (indent < 0) throw Malformed(number, "the line is empty");
        if (indent % 2 != 0) throw Malformed(number, $"the indentation of {indent} is not a multiple of 2");
        if (indent > 2 * ResourceTree.MaxPrintedLevel)
            throw Malformed(number, $"the indentation of {indent} is more than the {2 * ResourceTree.MaxPrintedLevel} the kernel prints at most");
        var rest = line[indent..];
        var start = ReadNumber(ref rest, number, out var startDigits);
        if (rest.IsEmpty || rest[0] != '-') throw Malformed(number, "there is no '-' after the start");
        rest = rest[1..];
        var end = ReadNumber(ref rest, number, out var endDigits);
        if (!rest.StartsWith(" : ", StringComparison.Ordinal)) throw Malformed(number, "there is no ' : ' after the range");
        if (digits == 0) digits = (type & ResourceFlags.Io) != 0 && startDigits == 4 ? 4 : 8;
        CheckWidth(start, startDigits, digits, number);
        CheckWidth(end, endDigits, digits, number);
        if (end < start) throw Malformed(number, $"the end 0x{end:x} is before the start 0x{start:x}");
        var name = rest[3..];
        return new Line(indent / 2, digits, start, end, name is "<BAD>" ? null : name.ToString());
    }

    private static ulong ReadNumber(ref ReadOnlySpan<char> rest, int number, out int digits)
    {
        var value = 0UL;
        for (digits = 0; digits < rest.Length && HexDigit(rest[digits]) is >= 0 and var digit; digits++)
        {
            if (digits == 16) throw Malformed(number, "the number has more than 16 digits");
            value = (value << 4) | (uint)digit;
        }

        if (digits == 0) throw Malformed(number, "there is no hexadecimal number (0-9, a-f)");
        rest = rest[digits..];
        return value;
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };

    private static void CheckWidth(ulong value, int found, int minimum, int number)
    {
        var needed = minimum;
        while (needed < 16 && value >> (4 * needed) != 0) needed++;
        // A root that ends below 0x10000 has no fifth digit.
        if (found != needed || (minimum == 4 && needed > 4))
            throw Malformed(number, $"0x{value:x} is written with {found} digits; the kernel writes {minimum}{(minimum == 8 ? " at least" : "")}");
    }

    private static MalformedInputException Malformed(int line, string what) => new(what, line, "line");
}
