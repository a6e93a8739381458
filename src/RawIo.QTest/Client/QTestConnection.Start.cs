using System.Diagnostics;
using System.Net.Sockets;

namespace RawIo.QTest;

// Servers that the connection starts, and ends when it is disposed.
public sealed partial class QTestConnection
{
    private static readonly string[] s_pcs = ["pc", "q35", "isapc", "microvm"];

    /// <summary>The process that it started: QEMU's guard, or the program; null where it started none.</summary>
    internal int? ProcessId => _process?.Id;

    /// <summary>Whether QEMU's machine of that name is a PC, with ports.</summary>
    internal static bool IsPc(string machine) =>
        s_pcs.Contains(machine) || machine.StartsWith("pc-", StringComparison.Ordinal) || machine.StartsWith("pc,", StringComparison.Ordinal) || machine.StartsWith("q35,", StringComparison.Ordinal);

    /// <summary>Starts QEMU with a machine: without display, serial lines or monitor, and stopped unless the options say otherwise. It ends with the connection.</summary>
    /// <param name="machine">QEMU's name of it: "pc", "q35", "raspi0", "raspi1ap", "raspi2b", "raspi3ap", "raspi3b".</param>
    /// <param name="options">How.</param>
    /// <exception cref="RawIoException">QEMU is not installed (ENOENT; the message names Debian's package), ended at once (EIO; the message has what it said), or did not begin in time (ETIMEDOUT). Nothing of it is left.</exception>
    public static QTestConnection Start(string machine, QTestOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(machine);
        options ??= new();
        CheckTimeout(options.AnswerTimeout, nameof(options));
        var emulator = options.Emulator ?? (IsPc(machine) ? "qemu-system-x86_64" : "qemu-system-aarch64");
        var folder = Directory.CreateTempSubdirectory("rawio-qtest-").FullName;
        try
        {
            var path = Path.Join(folder, "socket");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            string[] stop = options.Stopped ? ["-S"] : [];
            // "-serial none" takes the first line's place from one that the caller has.
            string[] serial = options.Arguments.Contains("-serial") ? [] : ["-serial", "none"];
            var process = QTestProcess.Start(emulator,
                ["-M", machine, .. stop, "-nodefaults", "-display", "none", .. serial, "-monitor", "none",
                    "-qtest", $"unix:{path}", "-qtest-log", "/dev/null", .. options.Arguments], talks: false);
            try
            {
                // It connects when the machine is made; where it cannot make it, it ends.
                var started = Stopwatch.GetTimestamp();
                while (!listener.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead))
                {
                    if (process.HasEnded) throw new RawIoException(Errno.EIO, $"{emulator} made no machine {machine}: {process.Farewell()}");
                    if (options.AnswerTimeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(started) > options.AnswerTimeout)
                        throw new RawIoException(Errno.ETIMEDOUT, $"{emulator} did not make the machine {machine} within {options.AnswerTimeout.TotalSeconds:0.###} s; AnswerTimeout says how long it may take.");
                }
                var connection = new QTestConnection(new NetworkStream(listener.Accept(), ownsSocket: true), process) { AnswerTimeout = options.AnswerTimeout };
                try
                {
                    // It may still end over a device that it cannot make.
                    connection.Command("endianness");
                    return connection;
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            }
            catch
            {
                process.Dispose();
                throw;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts a program that speaks qtest on its standard input and output: <c>rawio qtest --on sim:pi3</c>. It ends with the connection.</summary>
    /// <param name="fileName">The program, a name to be found in PATH or a path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="RawIoException">There is no such program (ENOENT).</exception>
    public static QTestConnection StartProgram(string fileName, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        var process = QTestProcess.Start(fileName, arguments, talks: true);
        return new(process.Talk, process);
    }
}
