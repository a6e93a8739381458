using System.CommandLine;
using RawIo.Native;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The options that choose the machine; they may stand before or after the command.</summary>
internal static class TargetOptions
{
    private static readonly Option<string?> s_on = Of<string?>("--on", "sim:pi1 to sim:pi5, sim:pc, qemu:MACHINE, or recording:FILE. [default: sim:pi3; for ports sim:pc]", "BOARD");
    private static readonly Option<string?> s_dtb = Of<string?>("--dtb", "Makes the board from a device tree.", "FILE");
    private static readonly Option<bool> s_host = Of<bool>("--host", "This computer's own registers; without it nothing real is touched.", null);
    private static readonly Option<string?> s_clock = Of<string?>("--clock", "Time follows the computer's, or only qtest's clock_step. [default: host]", "host|stepped");
    private static readonly Option<string?> s_faults = Of<string?>("--faults", "A forbidden access is an error, or told, or as on the hardware. [default: throw; for qtest hardware]", "throw|log|hardware");

    private static readonly Option<bool> s_undo = Of<bool>("--undo", "Restores what was written when the command ends, also by Ctrl-C.", null);
    private static readonly Option<string?> s_ports = Of<string?>("--port-access", "With --host: how ports are reached. [default: the first that works]", "ioperm|iopl|devport");

    private static readonly Option<string?> s_record = Of<string?>("--record", "Records what is done into a file: rawio recording shows it, --on recording:FILE replays it.", "FILE");

    private static readonly Option[] s_simulated = [s_on, s_dtb, s_clock, s_faults, .. WorldOptions.All];
    private static readonly Option[] s_choices = [.. s_simulated, s_host, s_undo, s_ports, s_record];

    /// <summary>Goes where it is dangerous.</summary>
    public static Option<bool> Force { get; } = Of<bool>("--force", "With --host: claims what a driver holds. explain: reads what reading changes.", null);

    /// <summary>Prints for a script.</summary>
    public static Option<bool> Json { get; } = Of<bool>("--json", "Prints JSON, numbers as hexadecimal strings.", null);

    public static void AddTo(Command root)
    {
        Option[] all = [.. s_choices, Force, Json];
        foreach (var option in all) root.Add(option);
    }

    /// <summary>Whether the command line names a board.</summary>
    public static bool NameBoard(ParseResult parse) => Given(parse, [s_on, s_dtb]) is not null;

    /// <summary>Refuses the options about the board where the command would not heed them.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="why">What the command does instead, for "… so --on has no place here".</param>
    public static void RefuseChoices(ParseResult parse, string why)
    {
        if (Given(parse, s_choices) is { } given) throw new UsageException($"{why}, so {given.Name} has no place there; leave it away.");
    }

    /// <summary>Refuses all of them but --host.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="why">What the command does instead, for "… so --on has no place here".</param>
    public static void RefuseBoards(ParseResult parse, string why)
    {
        if (Given(parse, [.. s_simulated, s_undo, s_ports, s_record, Force]) is { } given)
            throw new UsageException($"{why}, so {given.Name} has no place there; leave it away.");
    }

    /// <summary>Whether the command line asks to restore.</summary>
    public static bool WantsUndo(ParseResult parse) => parse.GetValue(s_undo);

    /// <summary>Refuses --host where there is nothing real to do.</summary>
    public static void RefuseHost(ParseResult parse, string why)
    {
        if (parse.GetValue(s_host)) throw new UsageException($"{why}; leave --host away.");
    }

    /// <summary>Refuses --json where the command has no such answer.</summary>
    public static void RefuseJson(ParseResult parse, string why)
    {
        if (parse.GetValue(Json)) throw new UsageException($"{why}; leave --json away.");
    }

    /// <summary>The machine a command works on: the shell's, or one opened for it.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="session">The run.</param>
    /// <param name="board">The board where the command line names none.</param>
    /// <param name="faults">The policy where the command line names none.</param>
    /// <param name="noUndo">Why there is nothing to restore; null where there is.</param>
    /// <param name="ownForce">Whether --force has a meaning of its own to the command.</param>
    /// <param name="instant">Whether what a simulated machine's devices do by themselves takes no time.</param>
    public static Target Open(ParseResult parse, Session session, string board = "pi3", FaultPolicy faults = FaultPolicy.Throw,
        string? noUndo = "it writes nothing", bool ownForce = false, bool instant = false)
    {
        Option[] chosen = ownForce ? s_choices : [.. s_choices, Force];
        if (session.Board is { } shared)
        {
            if (Given(parse, chosen) is { } given)
                throw new UsageException($"{given.Name} has no place in the shell: its machine is chosen where it starts, as in rawio shell {given.Name} ….");
            return shared.Share();
        }
        var name = parse.CommandResult.Command.Name;
        var undo = parse.GetValue(s_undo);
        if (undo && noUndo is not null) throw new UsageException($"{name} has no use for --undo: {noUndo}; leave it away.");
        if (!parse.GetValue(s_host) && RecordedMachine.IsNamed(parse.GetValue(s_on)))
        {
            RefuseMeaningless(parse, "a recording", ownForce, s_dtb);
            return new(Recorded(parse, RecordedMachine.Open(parse.GetValue(s_on)!, session)), undo ? session : null);
        }
        if (!parse.GetValue(s_host) && parse.GetValue(s_on) is { } on && EmulatedMachine.IsNamed(on))
        {
            RefuseMeaningless(parse, "a machine of QEMU's", ownForce);
            return new(Recorded(parse, EmulatedMachine.Open(on, parse.GetValue(s_dtb) is { } file ? FromTree(file, tree => tree) : null)), undo ? session : null);
        }
        if (!parse.GetValue(s_host))
        {
            if (Given(parse, ownForce ? [s_ports] : [s_ports, Force]) is { } real)
                throw new UsageException($"{real.Name} is about this computer's registers; add --host, or leave it away.");
            return Simulate(parse, session, board, faults, undo, instant);
        }
        if (Given(parse, s_simulated) is { } simulated)
            throw new UsageException($"--host is this computer, and {simulated.Name} chooses a simulated one; leave one of them away.");
        return new(Recorded(parse, session.OpenHost(new()
        {
            Force = parse.GetValue(Force),
            PortAccess = parse.GetValue(s_ports) switch
            {
                null => PortAccess.Auto,
                "ioperm" => PortAccess.IoPerm,
                "iopl" => PortAccess.IoPl,
                "devport" => PortAccess.DevPort,
                var other => throw new UsageException($"--port-access '{other}' is not known; it is ioperm, iopl or devport."),
            },
            Warn = warning => session.Streams.Tell($"rawio: {warning}"),
        })), undo ? session : null);
    }

    private static Target Simulate(ParseResult parse, Session session, string board, FaultPolicy faults, bool undo, bool instant)
    {
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
            Rtc = WorldOptions.Date(parse),
            InstantTransfers = instant,
        };
        var machine = Make(parse.GetValue(s_on), parse.GetValue(s_dtb), board, options);
        try
        {
            var cables = WorldOptions.Apply(parse, session, machine);
            return new(Recorded(parse, machine), undo ? session : null) { Cables = cables };
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>Of what only a simulated machine, or this computer, understands.</summary>
    private static void RefuseMeaningless(ParseResult parse, string machine, bool ownForce, params Option[] more)
    {
        Option[] meaningless = [.. more, s_clock, s_faults, .. WorldOptions.All, s_ports];
        if (Given(parse, ownForce ? meaningless : [.. meaningless, Force]) is { } other)
            throw new UsageException($"{other.Name} has no meaning for {machine}; leave it away.");
    }

    private static IHardware Recorded(ParseResult parse, IHardware machine) =>
        parse.GetValue(s_record) is { } file ? RecordedMachine.Record(machine, file) : machine;

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
        return FromTree(dtb, tree => SimMachine.FromDeviceTree(tree, Path.GetFileNameWithoutExtension(dtb), options));
    }

    private static T FromTree<T>(string dtb, Func<DeviceTree, T> make)
    {
        if (dtb.Length == 0) throw new UsageException("--dtb needs the name of a file, as dtc makes one.");
        if (Directory.Exists(dtb)) throw new IOException($"--dtb {dtb}: a folder; of a /proc/device-tree, dtc -I fs -O dtb makes a file.");
        if (!File.Exists(dtb)) throw new FileNotFoundException($"--dtb {dtb}: no such file; Debian's linux-image packages have some under /usr/lib.");
        try
        {
            return make(DeviceTree.Load(dtb));
        }
        catch (MalformedInputException error)
        {
            throw new InvalidDataException($"--dtb {dtb}: {error.Message}", error);
        }
    }

    private static Option? Given(ParseResult parse, Option[] options) =>
        options.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false });

    private static Option<T> Of<T>(string name, string description, string? helpName) =>
        new(name) { Description = description, HelpName = helpName, Recursive = true };
}
