using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using RawIo.Native;
using RawIo.Tool.Commands;

namespace RawIo.Tool;

/// <summary>The command line: builds the commands, runs one line, turns what went wrong into one line and an exit code.</summary>
internal static class Cli
{
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="streams">What it talks over.</param>
    /// <param name="openHost">What --host opens; null: the computer it runs on.</param>
    public static int Run(IReadOnlyList<string> arguments, Streams streams, Func<HostOptions, IHardware>? openHost = null)
    {
        var session = openHost is null ? new Session(streams) : new Session(streams) { OpenHost = openHost };
        return Run(Build(session), arguments, session, "rawio: ");
    }

    /// <summary>All commands, bound to a session.</summary>
    public static Command Build(Session session)
    {
        // A RootCommand would call itself after the file it was started from.
        var root = new Command("rawio", "Reads, writes and explains hardware registers: of simulated boards and, with --host, of this computer.")
        {
            new HelpOption { Action = new HelpWithExamples(new HelpAction()) },
            new VersionOption { Action = new VersionAction() },
        };
        TargetOptions.AddTo(root);
        Command[] commands =
        [
            DemoCommand.Create(session), DoctorCommand.Create(session), BoardsCommand.Create(session),
            ResourcesCommand.Iomem(session), ResourcesCommand.Ioports(session),
            ReadCommand.Create(session), WriteCommand.Create(session), DumpCommand.Create(session),
            PortCommands.In(session), PortCommands.Out(session),
            GpioCommand.Create(session), I8042Command.Create(session), ExplainCommand.Create(session),
            ShellCommand.Create(session), QTestCommand.Create(session), RecordingCommand.Create(session),
        ];
        foreach (var command in commands) root.Add(command);
        return root;
    }

    /// <summary>Runs one line; its errors go to standard error behind the prefix.</summary>
    public static int Run(Command root, IReadOnlyList<string> arguments, Session session, string prefix)
    {
        int code;
        try
        {
            code = Invoke(root.Parse(arguments, s_parser), session);
            // A command that made no step, as iomem, has only looked.
            if (code == Failures.Done && session.Replay is { Position: > 0 } replay) replay.Verify();
            session.Flush();
            // A line of the shell: should Ctrl-C end it, the recording has this one.
            (session.Board?.Hardware as Recorder)?.Flush();
        }
        catch (Exception error) when (Failures.ExitCode(error) is { } exit)
        {
            code = exit;
            if (error is ClosedOutputException)
            {
                session.OutputHasGone = true;
            }
            else
            {
                TryFlush(session);
                session.Streams.Tell(prefix + Failures.Line(error));
            }
        }
        return code;
    }

    private static int Invoke(ParseResult parse, Session session)
    {
        if (parse.Errors.Count > 0 && parse.Action is not (HelpWithExamples or VersionAction))
            throw new UsageException(Explain(parse));
        return parse.Invoke(new InvocationConfiguration
        {
            Output = session.Text,
            Error = session.Streams.Error,
            EnableDefaultExceptionHandler = false,
            // Ctrl-C ends the process, 130 to the shell; what --undo holds is restored before by its own handler.
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>What is wrong with the line, and the remedy. Our own parsers' messages name theirs.</summary>
    private static string Explain(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var call = command is ToolCommand ? $"rawio {command.Name} --help" : "rawio --help";
        if (command is not ToolCommand)
        {
            var unknown = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null;
            return unknown is null ? $"A command is missing; {call} lists them." : $"There is no {(unknown.StartsWith('-') ? "option" : "command")} '{unknown}'; {call} lists them.";
        }
        if (parse.UnmatchedTokens.Count > 0) return $"{command.Name} does not take '{parse.UnmatchedTokens[0]}'; see {call}.";
        var error = parse.Errors[0];
        if (error.SymbolResult is ArgumentResult { Tokens.Count: 0 } missing && missing.Parent is CommandResult)
            return $"{command.Name} needs {missing.Argument.Name}; see {call}.";
        return error.SymbolResult is OptionResult { Tokens.Count: 0 } option
            ? $"{option.IdentifierToken?.Value ?? option.Option.Name} needs a value; see {call}."
            : error.SymbolResult is OptionResult { IdentifierTokenCount: > 1 } twice
            ? $"{twice.IdentifierToken?.Value ?? twice.Option.Name} is given twice; give it once."
            : error.Message;
    }

    private static void TryFlush(Session session)
    {
        try
        {
            session.Flush();
        }
        catch (IOException)
        {
            // The error on its way to standard error is the one to tell.
        }
    }
}
