using System.Net.Sockets;
using System.Text;

namespace RawIo.QTest;

/// <summary>
/// A client of QEMU's qtest protocol (system/qtest.c): a request a line, an answer a line. It starts QEMU, or any
/// program that speaks qtest on standard input and output, or talks over a stream that is there.
/// </summary>
/// <remarks>
/// <para>All members may be called from any thread; one exchange goes on at a time. Many accesses go out together and
/// their answers are read together: the server makes them in order, one by one.</para>
/// <para>What the server answers with <c>FAIL</c> is a <see cref="RawIoException"/> (EIO) with its reason. Where the
/// server goes away, or answers what is no answer, or nothing for <see cref="AnswerTimeout"/> (ETIMEDOUT), this and
/// every later call is one too, with what it said last; so is every wait for an interrupt. A call that waits for an
/// answer is cancelled by <see cref="Dispose"/> from another thread, and throws <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed partial class QTestConnection : IDisposable
{
    // As much as fits into a pipe with the answers: neither side ever waits for the other to read.
    private const int MostBytesInFlight = 16 << 10;
    private const int MostLinesInFlight = 512;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly QTestProcess? _process;
    private readonly RequestBuffer _request = new();
    private readonly AnswerReader _answers;
    private string? _failure;
    private bool _disposed;

    /// <summary>Talks over a stream, which is disposed with the connection.</summary>
    /// <param name="stream">Both ways: what is written reaches the server, what is read comes from it.</param>
    public QTestConnection(Stream stream) : this(stream, null)
    {
    }

    internal QTestConnection(Stream stream, QTestProcess? process, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _process) = (stream, process);
        _answers = new(stream, Told, Ended);
        _patience = (time ?? TimeProvider.System).CreateTimer(static connection => ((QTestConnection)connection!).GiveUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Connects to a server that listens on a unix socket, as <c>qemu-system-x86_64 -qtest unix:FILE,server=on,wait=off</c> does.</summary>
    /// <exception cref="RawIoException">Nobody listens there (ENOENT), or it refuses (EIO).</exception>
    public static QTestConnection Connect(string socket)
    {
        ArgumentException.ThrowIfNullOrEmpty(socket);
        var connected = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            connected.Connect(new UnixDomainSocketEndPoint(socket));
            return new(new NetworkStream(connected, ownsSocket: true));
        }
        catch (SocketException error)
        {
            connected.Dispose();
            throw new RawIoException(File.Exists(socket) ? Errno.EIO : Errno.ENOENT,
                $"No qtest server at {socket}: {error.Message}. Start one: qemu-system-x86_64 -M pc -S -display none -qtest unix:{socket},server=on,wait=off", error);
        }
    }

    /// <summary>Sends a line and waits for its answer.</summary>
    /// <returns>What follows <c>OK</c>.</returns>
    /// <exception cref="RawIoException">The answer is <c>FAIL</c>, or the server has gone.</exception>
    public string Command(string line)
    {
        CheckLine(line);
        lock (_gate)
        {
            ThrowIfGone();
            _request.Line(line);
            Send();
            var text = Answer(out var answer) ? Encoding.UTF8.GetString(answer) : "";
            ThrowFailure(line);
            return text;
        }
    }

    /// <summary>Sends many lines, hundreds at a time, and gives their answers; a <c>FAIL</c> is an answer here.</summary>
    /// <exception cref="RawIoException">The server has gone, or answers what is no answer.</exception>
    public QTestAnswer[] Exchange(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        foreach (var line in lines) CheckLine(line);
        var answers = new QTestAnswer[lines.Count];
        lock (_gate)
        {
            ThrowIfGone();
            for (var (sent, answered) = (0, 0); answered < answers.Length;)
            {
                while (sent < answers.Length && sent - answered < MostLinesInFlight && _request.Count < MostBytesInFlight) _request.Line(lines[sent++]);
                Send();
                for (; answered < sent; answered++)
                {
                    _changes = null;
                    var ok = Answer(out var text);
                    answers[answered] = new(ok, ok ? Encoding.UTF8.GetString(text) : _failure!, _changes ?? []);
                    _failure = null;
                }
            }
        }
        return answers;
    }

    /// <summary>Ends the connection, and the process that it started.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _patience.Dispose();
        // The process first: a thread may be waiting for its answer, and hold the lock.
        _process?.Dispose();
        _stream.Dispose();
        _answers.End(null);
    }

    private static void CheckLine(string line)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(line);
        if (line.AsSpan().ContainsAny('\n', '\r')) throw new ArgumentException("A request is one line.", nameof(line));
    }

    private void ThrowIfGone()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (_broken is { } broken) throw new RawIoException(broken.Errno, broken.Message, broken);
        _request.Clear();
        (_failure, _changes) = (null, null);
    }

    private void Send()
    {
        BeginWait();
        try
        {
            _stream.Write(_request.Lines);
            _stream.Flush();
            _request.Clear();
        }
        catch (Exception error) when (MeansGone(error))
        {
            Break(Gone, error);
        }
        finally
        {
            EndWait();
        }
    }

    /// <summary>Reads an answer: true for OK, with what follows it; else the reason is kept for <see cref="ThrowFailure(string)"/>.</summary>
    private bool Answer(out ReadOnlySpan<byte> text)
    {
        text = default;
        BeginWait();
        try
        {
            if (!_answers.Read(out text)) Break(Gone, null);
        }
        catch (InvalidDataException error)
        {
            Break(error.Message, error);
        }
        catch (Exception error) when (MeansGone(error))
        {
            Break(Gone, error);
        }
        finally
        {
            EndWait();
        }
        if (text.StartsWith("OK"u8) && (text.Length == 2 || text[2] == ' '))
        {
            text = text.Length == 2 ? default : text[3..];
            return true;
        }
        if (!text.StartsWith("FAIL"u8) && !text.StartsWith("ERR"u8))
            Break($"The qtest server answered \"{OneLine.Of(Encoding.UTF8.GetString(text[..Math.Min(80, text.Length)]))}\", which is no answer", null);
        var reason = text.IndexOf((byte)' ');
        _failure ??= reason < 0 ? "no reason given" : Encoding.UTF8.GetString(text[(reason + 1)..]);
        return false;
    }

    /// <summary>Reads an answer that is a number; 0 where it is a failure.</summary>
    private ulong Number()
    {
        if (!Answer(out var text)) return 0;
        if (!Words.TryNumber(new Words(text).Next(), out var value))
            Break($"The qtest server answered \"OK {Encoding.UTF8.GetString(text[..Math.Min(80, text.Length)])}\" where a number was asked for", null);
        return value;
    }

    private void ThrowFailure(string what)
    {
        if (_failure is null) return;
        var reason = _failure;
        _failure = null;
        throw new RawIoException(Errno.EIO, $"qtest refused {what}: {reason}");
    }
}
