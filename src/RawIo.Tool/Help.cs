using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace RawIo.Tool;

/// <summary>A command that shows how it is used.</summary>
internal sealed class ToolCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines, each with what it does behind a #.</summary>
    public IReadOnlyList<string> Examples => examples;

    /// <summary>What else there is to know; printed after the options.</summary>
    public string? Notes { get; init; }
}

/// <summary>The help, and after it notes, examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly string[] s_rootExamples =
    [
        "rawio demo                                 # a driver at work, narrated",
        "rawio read 0x3f200034                      # GPLEV0 of the simulated Pi 3",
        "rawio explain 0x3f200034 -n 2              # the way of that access, step by step, twice",
        "rawio in 0x64                              # the keyboard controller's status on the PC",
        "rawio iomem --on sim:pi4                   # /proc/iomem of another board",
        "rawio gpio --on qemu:raspi3b               # the same driver on the Pi that QEMU emulates",
        "rawio doctor                               # what of this computer can be reached, and how",
        "sudo rawio read --host 0xfe200034          # GPLEV0 of the Pi 4 it runs on",
        "printf 'gpio 16 out high\\ngpio\\n' | rawio shell   # several commands on one board",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is ToolCommand { Notes: { } notes }) output.WriteLine($"Notes:\n  {notes.ReplaceLineEndings("\n  ")}\n");
        output.WriteLine("Examples:");
        foreach (var line in command is ToolCommand tool ? tool.Examples : s_rootExamples) output.WriteLine($"  {line}");
        if (command is not ToolCommand)
        {
            output.WriteLine();
            output.WriteLine("Numbers are hexadecimal (0x3f20_0034), decimal (1_000) or binary (0b1010).");
            output.WriteLine("A simulated board is switched on for each command; shell keeps one for many.");
            output.WriteLine("--host means real registers: a wrong write can hang or damage this computer. It mostly needs root, and a");
            output.WriteLine("kernel that allows it: rawio doctor tells. What is written is claimed first, and --undo puts it back.");
            output.WriteLine("Exit codes: 0 done, 1 the hardware or the kernel said no, 2 usage, 130 Ctrl-C.");
        }
        return 0;
    }
}

/// <summary>"rawio 0.1.0".</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(Cli).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"rawio {version?.Split('+')[0]}");
        return 0;
    }
}
