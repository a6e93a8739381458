using Microsoft.Win32.SafeHandles;

namespace RawIo.Tool;

/// <summary>The three streams the program talks over, and which of them are a person's terminal.</summary>
internal sealed record Streams(Stream Input, Stream Output, TextWriter Error, bool InputIsTerminal, bool OutputIsTerminal)
{
    public static Streams OfProcess() => new(
        Console.OpenStandardInput(), StandardOutput(), Console.Error, !Console.IsInputRedirected, !Console.IsOutputRedirected);

    // The console's own stream swallows EPIPE, so that `rawio dump … | head` would compute to the end for nobody. A
    // FileStream tells, but keeps a position of its own: only for what has none.
    private static Stream StandardOutput()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
