using Spectre.Console;

namespace RawIo.Tool;

/// <summary>Rows for people: drawn with colour on a terminal, plain aligned text elsewhere.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Columns that align to the right.</summary>
    public int[] Right { get; init; } = [];

    /// <summary>Colours a cell, by row and column; null leaves it as it is. Only a terminal sees it.</summary>
    public Func<int, int, string?>? Colour { get; init; }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(Session session)
    {
        if (session.Streams.OutputIsTerminal) Draw(session);
        else Align(session.Text);
    }

    private void Align(TextWriter text)
    {
        var widths = heads.Select((h, c) => _rows.Select(r => r[c].Length).Append(h.Length).Max()).ToArray();
        Row(heads);
        foreach (var row in _rows) Row(row);

        void Row(string[] cells)
        {
            var line = string.Join("  ", cells.Select((cell, c) => Right.Contains(c) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])));
            text.WriteLine(line.TrimEnd());
        }
    }

    private void Draw(Session session)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded };
        for (var c = 0; c < heads.Length; c++)
            table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(heads[c])}[/]")) { Alignment = Right.Contains(c) ? Justify.Right : Justify.Left });
        for (var r = 0; r < _rows.Count; r++)
        {
            var row = r;
            table.AddRow(_rows[r].Select((cell, c) => new Markup(Paint(cell, row, c))));
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(session.Text),
            Ansi = session.Streams.IsDumb ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
        });
        console.Profile.Width = Console.WindowWidth is > 0 and var width ? width : 80;
        console.Write(table);
    }

    private string Paint(string cell, int row, int column)
    {
        var text = Markup.Escape(cell);
        return Colour?.Invoke(row, column) is { } colour ? $"[{colour}]{text}[/]" : text;
    }
}
