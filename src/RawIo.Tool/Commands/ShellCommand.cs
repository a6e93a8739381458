using System.CommandLine;
using System.Text;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio shell [SCRIPT]</c>: commands line by line, on one board.</summary>
internal static class ShellCommand
{
    private const int LongestLine = 4096;

    public static Command Create(Session session)
    {
        var script = new Argument<string?>("SCRIPT") { Description = "A file of commands; standard input without it.", Arity = ArgumentArity.ZeroOrOne };
        var keepGoing = new Option<bool>("--keep-going", "-k") { Description = "Goes on after a line that fails; exits with the first one's code." };
        var command = new ToolCommand("shell", "Runs commands line by line on one machine, which keeps its state.",
            "rawio shell --on sim:pc",
            "printf 'out 0x64 0xaa\\nin 0x60\\n' | rawio shell --on sim:pc",
            "rawio shell blink.rawio --clock stepped",
            "rawio shell --host --undo     # a session whose writes are all restored at its end")
        {
            Notes = "A line is a command without the rawio in front. # starts a comment, quotes keep blanks, exit ends.\n"
                + "At a terminal a line that fails is told and the shell goes on; from a script or a pipe it ends the\n"
                + "shell with that line's exit code, unless --keep-going. With --undo everything written is restored when\n"
                + "the shell ends, also by Ctrl-C.",
        };
        command.Add(script);
        command.Add(keepGoing);
        command.SetAction(parse =>
        {
            if (session.Board is not null) throw new UsageException("The shell runs no shell; give its commands here.");
            TargetOptions.RefuseJson(parse, "In a shell each line says for itself, as in read 0x3f200034 --json");
            var file = parse.GetValue(script);
            using var target = TargetOptions.Open(parse, session, noUndo: null);
            using var lines = file is null ? new StreamReader(session.Streams.Input, Encoding.UTF8, leaveOpen: true) : OpenScript(file);
            var person = file is null && session.Streams.InputIsTerminal;
            session.Flush();
            return Run(new Session(session.Streams, target), lines, person, parse.GetValue(keepGoing));
        });
        return command;
    }

    private static StreamReader OpenScript(string file) => File.Exists(file)
        ? new StreamReader(file, Encoding.UTF8)
        : throw new FileNotFoundException($"{file}: no such script.");

    private static int Run(Session session, StreamReader lines, bool person, bool keepGoing)
    {
        var root = Cli.Build(session);
        var (number, first) = (0, Failures.Done);
        while (true)
        {
            if (person)
            {
                session.Text.Write("rawio> ");
                session.Flush();
            }
            if (ReadLine(lines, number + 1) is not { } line)
            {
                if (person) session.Text.WriteLine();
                break;
            }
            number++;
            var code = RunLine(root, session, line, person ? "rawio: " : $"rawio: line {number}: ");
            if (session.OutputHasGone) return Failures.Done;
            if (code is null) break;
            if (first == Failures.Done) first = code.Value;
            if (code != Failures.Done && !person && !keepGoing) return code.Value;
        }
        session.Flush();
        return person ? Failures.Done : first;
    }

    /// <summary>Reads a line, of a length that no command has at most: a stream without line ends does not fill the memory.</summary>
    private static string? ReadLine(StreamReader lines, int number)
    {
        var line = new StringBuilder();
        int next;
        while ((next = lines.Read()) >= 0 && next != '\n')
        {
            if (line.Length == LongestLine)
                throw new InvalidDataException($"line {number}: it is longer than {LongestLine} characters; give the shell text, a command a line.");
            line.Append((char)next);
        }
        if (next < 0 && line.Length == 0) return null;
        if (line.Length > 0 && line[^1] == '\r') line.Length--;
        return line.ToString();
    }

    /// <summary>Runs a line; null for exit.</summary>
    private static int? RunLine(Command root, Session session, string line, string prefix)
    {
        if (!ShellLine.TrySplit(line, out var words))
        {
            session.Streams.Tell($"{prefix}A quote is opened and not closed.");
            return Failures.Usage;
        }
        if (words.Count > 0 && words[0] == "rawio") words.RemoveAt(0);
        if (words.Count == 0) return Failures.Done;
        if (words is ["exit" or "quit"]) return null;
        if (words is ["help"]) words = ["--help"];
        return Cli.Run(root, words, session, prefix);
    }
}
