using System.CommandLine;
using System.Globalization;

namespace RawIo.Tool;

/// <summary>How long a command holds what it wrote before <c>--undo</c> restores it.</summary>
internal static class UndoWait
{
    /// <summary>--for; a command that waits adds it.</summary>
    public static Option<TimeSpan?> Option() => new("--for")
    {
        Description = "With --undo: how long it holds. [default: until Ctrl-C, Enter or the end of input]",
        HelpName = "500ms|2s|1m",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Parse(text) is { } time) return time;
            result.AddError($"--for '{text}' is no time up to a day; write it as 500ms, 2s or 1m.");
            return null;
        },
    };

    /// <summary>Refuses --for where nothing waits.</summary>
    public static void Check(ParseResult parse, Session session, Option<TimeSpan?> option)
    {
        if (parse.GetValue(option) is null) return;
        if (session.Board is { Undo: not null }) throw new UsageException("--for has no place in a shell with --undo, which restores at its end; leave it away.");
        if (!TargetOptions.WantsUndo(parse)) throw new UsageException("--for says how long --undo waits; add --undo, or leave it away.");
    }

    /// <summary>Holds. Ctrl-C restores and ends the program meanwhile.</summary>
    public static void Hold(Session session, TimeSpan? time)
    {
        session.Flush();
        if (time is { } known)
        {
            session.Streams.Tell($"rawio: holds for {known.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s, or until Ctrl-C");
            Thread.Sleep(known);
            return;
        }
        var person = session.Streams.InputIsTerminal;
        session.Streams.Tell($"rawio: holds until {(person ? "Enter" : "the end of input")} or Ctrl-C");
        int next;
        do next = session.Streams.Input.ReadByte();
        while (next >= 0 && !(person && next == '\n'));
    }

    private static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (!uint.TryParse(text.AsSpan(0, digits), out var count)) return null;
        TimeSpan? time = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            _ => null,
        };
        return time <= TimeSpan.FromDays(1) ? time : null;
    }
}
