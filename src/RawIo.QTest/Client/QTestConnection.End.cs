using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace RawIo.QTest;

// Servers that go away, that answer nonsense, or nothing at all.
public sealed partial class QTestConnection
{
    private const string Gone = "The qtest server has gone";

    internal static readonly TimeSpan DefaultAnswerTimeout = TimeSpan.FromMinutes(1);

    private readonly Lock _end = new();
    private readonly ITimer _patience;
    private volatile RawIoException? _broken;

    /// <summary>
    /// How long the server may take for an answer, or to take a request; a minute unless set, and
    /// <see cref="Timeout.InfiniteTimeSpan"/> for ever. Then the connection is closed, the process that it started ended, and whoever waits
    /// gets a <see cref="RawIoException"/> (ETIMEDOUT). On a stream of the caller's own, disposing the stream has to end its reads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero, negative, or longer than 49 days.</exception>
    public TimeSpan AnswerTimeout
    {
        get;
        set
        {
            CheckTimeout(value, nameof(value));
            field = value;
        }
    } = DefaultAnswerTimeout;

    /// <summary>Nothing can be asked any more: told once, on any thread. It must make no access.</summary>
    internal event Action<RawIoException>? Broke;

    private bool IsDisposed => Volatile.Read(ref _disposed);

    /// <summary>Whether an error of a stream means that the other side went away.</summary>
    internal static bool MeansGone(Exception error) => error is IOException and not RawIoException or ObjectDisposedException or SocketException;

    private static void CheckTimeout(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan && (value <= TimeSpan.Zero || value.TotalMilliseconds > uint.MaxValue - 1))
            throw new ArgumentOutOfRangeException(name, value, "A time for an answer is more than zero and at most 49 days, or Timeout.InfiniteTimeSpan.");
    }

    private void BeginWait() => _patience.Change(AnswerTimeout, Timeout.InfiniteTimeSpan);

    private void EndWait() => _patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>The server hangs: who waits for it is let go.</summary>
    private void GiveUp()
    {
        if (IsDisposed) return;
        lock (_end)
        {
            if (_broken is not null) return;
            _broken = new(Errno.ETIMEDOUT, $"The qtest server gave no answer for {AnswerTimeout.TotalSeconds:0.###} s; the connection is closed. AnswerTimeout says how long it may take.");
        }
        _process?.Dispose();
        _stream.Dispose();
        _answers.End(null);
        Broke?.Invoke(_broken);
    }

    /// <summary>The reading thread came to the end.</summary>
    private void Ended(Exception? error)
    {
        if (IsDisposed) Broke?.Invoke(new(Errno.EIO, "The connection to the qtest server was disposed."));
        else Fail(error is InvalidDataException ? error.Message : Gone, error);
    }

    /// <summary>Nothing can be asked any more: who answers what is not known from here on.</summary>
    [DoesNotReturn]
    private void Break(string what, Exception? inner)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var broken = Fail(what, inner);
        throw new RawIoException(broken.Errno, broken.Message, broken);
    }

    /// <summary>Notes why nothing can be asked any more, the first time, and tells it.</summary>
    private RawIoException Fail(string what, Exception? inner)
    {
        lock (_end)
        {
            if (_broken is { } known) return known;
            var end = _process?.Farewell();
            var message = $"{what}{(end is null ? "." : $": {end}")}";
            _broken = inner is null ? new(Errno.EIO, message) : new(Errno.EIO, message, inner);
        }
        Broke?.Invoke(_broken);
        return _broken;
    }
}
