using RawIo.Native;
using RawIo.Tool;

namespace RawIo.Tests;

/// <summary>What tests run as a process of its own, to see how it ends.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["journal", var how, var file] => JournalVictim.Run(how, file),
        // The tool on a machine whose files are in a folder.
        ["tool", var root, .. var line] => Cli.Run(line, Streams.OfProcess(), options => HostMachine.Open(options with { Root = root })),
        _ => throw new ArgumentException($"No such part: {string.Join(' ', arguments)}"),
    };
}
