using Mono.Unix.Native;
using Errno = RawIo.Errno;

namespace RawIo.Native;

/// <summary>The master of a pseudo-terminal. A wait sleeps in poll(2), and ends when the stream is disposed or the wait cancelled.</summary>
internal sealed class PseudoTerminalStream(int master, string name) : Stream
{
    private readonly Descriptor _master = new(master);
    private readonly WakeEvent _stop = new();
    private int _ended;

    public override bool CanRead => !_master.IsClosed;

    public override bool CanWrite => !_master.IsClosed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A terminal has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A terminal has no position.");
        set => throw new NotSupportedException("A terminal has no position.");
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        while (!TryRead(buffer, out count)) Wait(PollEvents.POLLIN, CancellationToken.None);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count;
        while (!TryRead(buffer.Span, out count)) await WaitAsync(PollEvents.POLLIN, cancellationToken).ConfigureAwait(false);
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = TryWrite(buffer);
            if (count == 0) Wait(PollEvents.POLLOUT, CancellationToken.None);
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (buffer.Length > 0)
        {
            var count = TryWrite(buffer.Span);
            if (count == 0) await WaitAsync(PollEvents.POLLOUT, cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
        }
    }

    public override void Flush() => ObjectDisposedException.ThrowIf(_master.IsClosed, this);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A terminal has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("A terminal has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _master.Dispose();
            _stop.Signal();
            _stop.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Reads what is there; false where nothing is yet.</summary>
    private bool TryRead(Span<byte> buffer, out int count)
    {
        using var file = _master.Lease(this);
        count = (int)Kernel.Read(file.Number, buffer, out var errno);
        if (count >= 0) return true;
        if (errno == Errno.EAGAIN) return false;
        throw Refused("read", errno);
    }

    /// <summary>Writes what there is room for.</summary>
    private int TryWrite(ReadOnlySpan<byte> buffer)
    {
        using var file = _master.Lease(this);
        var count = (int)Kernel.Write(file.Number, buffer, out var errno);
        return count >= 0 ? count : errno == Errno.EAGAIN ? 0 : throw Refused("write", errno);
    }

    private RawIoException Refused(string what, Errno errno) => new(errno, $"Cannot {what} the pseudo-terminal {name} ({errno}).");

    // poll(2) would hold a thread of the pool.
    private Task WaitAsync(PollEvents events, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Wait(events, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private void Wait(PollEvents events, CancellationToken cancellationToken)
    {
        using var file = _master.Lease(this);
        using var stop = _stop.Lease(this);
        using var cancel = cancellationToken.CanBeCanceled ? new WakeEvent() : null;
        using var registration = cancellationToken.UnsafeRegister(static wake => ((WakeEvent)wake!).Signal(), cancel);
        using var cancelled = cancel is null ? default : cancel.Lease(this);
        Kernel.Poll(
        [
            new() { fd = file.Number, events = events },
            new() { fd = stop.Number, events = PollEvents.POLLIN },
            new() { fd = cancelled.Number, events = PollEvents.POLLIN },
        ], -1);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
