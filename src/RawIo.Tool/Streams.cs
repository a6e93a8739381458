using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RawIo.Tool;

/// <summary>The three streams the program talks over, and which of them are a person's terminal.</summary>
internal sealed record Streams(Stream Input, Stream Output, TextWriter Error, bool InputIsTerminal, bool OutputIsTerminal)
{
    // What holds the place of a closed descriptor.
    private static readonly List<SafeFileHandle> s_plugs = [];

    /// <summary>Whether the terminal knows no escape sequences: TERM is "dumb", or nothing.</summary>
    public bool IsDumb { get; init; }

    public static Streams OfProcess()
    {
        var closed = PlugTheClosed();
        return new(
            new ProcessStream("Standard input", closed[0] ? null : Open(0, FileAccess.Read)),
            new ProcessStream("Standard output", closed[1] ? null : Open(1, FileAccess.Write)),
            new StreamWriter(new ProcessStream("Standard error", closed[2] ? null : Open(2, FileAccess.Write)), new UTF8Encoding(false)) { AutoFlush = true },
            !Console.IsInputRedirected, !Console.IsOutputRedirected)
        {
            IsDumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb",
        };
    }

    /// <summary>Writes a line to standard error. Where that is closed or full nobody can be told, and the exit code has to do.</summary>
    public void Tell(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    /// <summary>Tells which of the three descriptors are closed. A file opened later would become one of them, so each gets /dev/null to hold its place.</summary>
    private static bool[] PlugTheClosed()
    {
        var closed = new bool[3];
        while (true)
        {
            // Opening a file takes the lowest descriptor that is free.
            var plug = File.OpenHandle("/dev/null");
            var descriptor = plug.DangerousGetHandle();
            if (descriptor > 2)
            {
                plug.Dispose();
                return closed;
            }
            closed[descriptor] = true;
            s_plugs.Add(plug);
        }
    }

    // The console's own streams swallow EPIPE, so that `rawio dump … | head` would compute to the end for nobody, and
    // send a terminal escape sequences when it is read. A FileStream does neither, but keeps a position of its own: only
    // for what has none; and it takes no folder.
    private static Stream Open(int descriptor, FileAccess access)
    {
        try
        {
            var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
            if (!file.CanSeek) return file;
        }
        catch (UnauthorizedAccessException)
        {
            // The console's stream says what it is when it is used.
        }
        return descriptor switch { 0 => Console.OpenStandardInput(), 1 => Console.OpenStandardOutput(), _ => Console.OpenStandardError() };
    }
}
