using System.CommandLine;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The options that choose the board; they may stand before or after the command.</summary>
internal static class TargetOptions
{
    private static readonly Option<string?> s_on = Of<string?>("--on", "sim:pi1, sim:pi3, sim:pi4 or sim:pc. [default: sim:pi3; for ports sim:pc]", "BOARD");
    private static readonly Option<string?> s_dtb = Of<string?>("--dtb", "Makes the board from a device tree.", "FILE");
    private static readonly Option<bool> s_host = Of<bool>("--host", "This computer's own hardware (not in this version).", null);
    private static readonly Option<string?> s_clock = Of<string?>("--clock", "Time follows the computer's, or only qtest's clock_step. [default: host]", "host|stepped");
    private static readonly Option<string?> s_faults = Of<string?>("--faults", "A forbidden access is an error, or told, or as on the hardware. [default: throw; for qtest hardware]", "throw|log|hardware");

    private static readonly Option[] s_choices = [s_on, s_dtb, s_host, s_clock, s_faults];

    /// <summary>Prints for a script.</summary>
    public static Option<bool> Json { get; } = Of<bool>("--json", "Prints JSON, numbers as hexadecimal strings.", null);

    public static void AddTo(Command root)
    {
        Option[] all = [.. s_choices, Json];
        foreach (var option in all) root.Add(option);
    }

    /// <summary>Whether the command line names a board.</summary>
    public static bool NameBoard(ParseResult parse) => Given(parse, [s_on, s_dtb]) is not null;

    /// <summary>Refuses the options about the board where the command would not heed them.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="why">What the command does instead, for "… so --on has no place here".</param>
    public static void RefuseChoices(ParseResult parse, string why)
    {
        RefuseHost(parse);
        if (Given(parse, s_choices) is { } given) throw new UsageException($"{why}, so {given.Name} has no place there; leave it away.");
    }

    /// <summary>Refuses the options of the simulated boards; --host may be there.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="why">What the command does instead, for "… so --on has no place here".</param>
    public static void RefuseBoards(ParseResult parse, string why)
    {
        if (Given(parse, [s_on, s_dtb, s_clock, s_faults]) is { } given)
            throw new UsageException($"{why}, so {given.Name} has no place there; leave it away.");
    }

    /// <summary>Refuses --json where the command has no such answer.</summary>
    public static void RefuseJson(ParseResult parse, string why)
    {
        if (parse.GetValue(Json)) throw new UsageException($"{why}; leave --json away.");
    }

    /// <summary>The board a command works on: the shell's, or one made for it.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="session">The run.</param>
    /// <param name="board">The board where the command line names none.</param>
    /// <param name="faults">The policy where the command line names none.</param>
    public static Target Open(ParseResult parse, Session session, string board = "pi3", FaultPolicy faults = FaultPolicy.Throw)
    {
        if (session.Board is { } shared)
        {
            if (Given(parse, s_choices) is { } given)
                throw new UsageException($"{given.Name} has no place in the shell: its board is chosen where it starts, as in rawio shell {given.Name} ….");
            return new(shared, owned: false);
        }
        RefuseHost(parse);
        var policy = parse.GetValue(s_faults) switch
        {
            null => faults,
            "throw" => FaultPolicy.Throw,
            "log" => FaultPolicy.Log,
            "hardware" => FaultPolicy.Hardware,
            var other => throw new UsageException($"--faults '{other}' is not known; it is throw, log or hardware."),
        };
        var options = new SimOptions
        {
            SteppedClock = parse.GetValue(s_clock) switch
            {
                null or "host" => false,
                "stepped" => true,
                var other => throw new UsageException($"--clock '{other}' is not known; it is host or stepped."),
            },
            Faults = policy,
            Log = policy == FaultPolicy.Log ? line => session.Streams.Tell($"rawio: {line}") : null,
        };
        return new(Make(parse.GetValue(s_on), parse.GetValue(s_dtb), board, options), owned: true);
    }

    /// <summary>A board's bare name, from "sim:pi3" or "pi3".</summary>
    public static string BoardName(string text)
    {
        var name = text.StartsWith("sim:", StringComparison.Ordinal) ? text[4..] : text;
        if (SimMachine.Boards.Contains(name)) return name;
        throw new UsageException($"There is no board '{text}'; there are {string.Join(", ", SimMachine.Boards.Select(b => "sim:" + b))}.");
    }

    private static SimMachine Make(string? on, string? dtb, string board, SimOptions options)
    {
        if (on is not null) board = BoardName(on);
        if (dtb is null) return SimMachine.Create(board, options);
        if (on is not null && board == "pc") throw new UsageException("--dtb makes a board from a device tree, and a PC has none; leave --on sim:pc away.");
        if (dtb.Length == 0) throw new UsageException("--dtb needs the name of a file, as dtc makes one.");
        if (Directory.Exists(dtb)) throw new IOException($"--dtb {dtb}: a folder; of a /proc/device-tree, dtc -I fs -O dtb makes a file.");
        if (!File.Exists(dtb)) throw new FileNotFoundException($"--dtb {dtb}: no such file; Debian's linux-image packages have some under /usr/lib.");
        try
        {
            return SimMachine.FromDeviceTree(DeviceTree.Load(dtb), Path.GetFileNameWithoutExtension(dtb), options);
        }
        catch (MalformedInputException error)
        {
            throw new InvalidDataException($"--dtb {dtb}: {error.Message}", error);
        }
    }

    private static void RefuseHost(ParseResult parse)
    {
        if (parse.GetValue(s_host))
            throw new RawIoException(Errno.ENOSYS, "--host comes with the Linux backend, which this version does not have; use --on sim:pi3, or leave it away.");
    }

    private static Option? Given(ParseResult parse, Option[] options) =>
        options.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false });

    private static Option<T> Of<T>(string name, string description, string? helpName) =>
        new(name) { Description = description, HelpName = helpName, Recursive = true };
}
