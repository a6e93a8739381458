using System.Diagnostics;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace RawIo.Native;

// Waiting for the interrupt: a read of four bytes answers the count of events (uio_read).
public sealed partial class UioDevice
{
    private readonly Lock _countLock = new();
    private readonly WakeEvent _stop;
    private uint _lastCount;

    /// <summary>Waits for an interrupt; returns at once where one came since the wait before.</summary>
    /// <remarks>Of several threads that wait, one is told of an interrupt. A cancelled wait loses none.</remarks>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="RawIoException">The device has no interrupt (EIO), or has gone (ENODEV).</exception>
    /// <exception cref="ObjectDisposedException">The device was closed, before or during the wait.</exception>
    public UioInterrupt WaitForInterrupt(CancellationToken cancellationToken = default) =>
        Wait(Timeout.InfiniteTimeSpan, cancellationToken)!.Value;

    /// <summary>Waits for an interrupt, but not for ever.</summary>
    /// <param name="timeout">How long at most; zero only looks, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The interrupt; null where none came in that time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="RawIoException">The device has no interrupt (EIO), or has gone (ENODEV).</exception>
    /// <exception cref="ObjectDisposedException">The device was closed, before or during the wait.</exception>
    public UioInterrupt? WaitForInterrupt(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time to wait is zero or more, or Timeout.InfiniteTimeSpan.");
        return Wait(timeout, cancellationToken);
    }

    /// <summary>Waits for an interrupt without holding the caller's thread. While it waits it has a thread of its own, which ends with it.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="RawIoException">The device has no interrupt (EIO), or has gone (ENODEV).</exception>
    /// <exception cref="ObjectDisposedException">The device was closed, before or during the wait.</exception>
    public Task<UioInterrupt> WaitForInterruptAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<UioInterrupt>(cancellationToken);
        if (Wait(TimeSpan.Zero, CancellationToken.None) is { } pending) return Task.FromResult(pending);
        // The wait sleeps in poll(2), which would hold a thread of the pool.
        return Task.Factory.StartNew(() => WaitForInterrupt(cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private UioInterrupt? Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var file = _file.Lease(this);
        if (TryTake(file.Number, out var interrupt)) return interrupt;
        if (timeout == TimeSpan.Zero) return null;

        using var stop = _stop.Lease(this);
        using var cancel = cancellationToken.CanBeCanceled ? new WakeEvent() : null;
        using var registration = cancellationToken.UnsafeRegister(static wake => ((WakeEvent)wake!).Signal(), cancel);
        using var cancelled = cancel is null ? default : cancel.Lease(this);
        Pollfd[] descriptors =
        [
            new() { fd = file.Number, events = PollEvents.POLLIN },
            new() { fd = stop.Number, events = PollEvents.POLLIN },
            new() { fd = cancelled.Number, events = PollEvents.POLLIN },
        ];
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = Milliseconds(timeout, started);
            Kernel.Poll(descriptors, left);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(file.Number, out interrupt)) return interrupt;
            if (left == 0) return null;
        }
    }

    /// <summary>What is left of the time, rounded up: a wait is never shorter than asked for.</summary>
    private static int Milliseconds(TimeSpan timeout, long started)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return -1;
        var left = Math.Ceiling((timeout - Stopwatch.GetElapsedTime(started)).TotalMilliseconds);
        return (int)Math.Clamp(left, 0, int.MaxValue);
    }

    /// <summary>Takes an event that came; does not wait.</summary>
    private bool TryTake(int descriptor, out UioInterrupt interrupt)
    {
        var count = 0u;
        lock (_countLock)
        {
            // Closed meanwhile: the event is somebody else's.
            ObjectDisposedException.ThrowIf(_file.IsClosed, this);
            var length = Kernel.Read(descriptor, MemoryMarshal.AsBytes(new Span<uint>(ref count)), out var errno);
            if (length == sizeof(uint))
            {
                var came = unchecked((int)(count - _lastCount));
                _lastCount = count;
                interrupt = new(count, came > 1 ? (uint)(came - 1) : 0);
                return true;
            }
            interrupt = default;
            if (errno == Errno.EAGAIN) return false;
            if (length == 0) errno = Errno.ENODEV; // end of file: nothing will ever come
            throw NoInterrupt("wait for the interrupt", length > 0 ? Errno.EIO : errno);
        }
    }
}
