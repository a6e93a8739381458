using System.Buffers.Binary;

namespace RawIo;

/// <summary>An interrupt of a recording: it comes when its entry is next.</summary>
internal sealed class ReplayInterrupt(ReplayCursor cursor, ulong id, string name) : IInterrupt
{
    private readonly RecordedLife _life = new(null);
    private readonly CancellationTokenSource _closed = new();
    private long _count;

    public string Name => name;

    public long Count
    {
        get
        {
            if (!_life.HasEnded) Volatile.Write(ref _count, (long)ReplayStep.Take(cursor, new(0, RecordingKind.InterruptCount, 0, id, 0)).Value);
            return Volatile.Read(ref _count);
        }
    }

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfGone();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        var step = new RecordingEntry(0, RecordingKind.WaitBegins, 0, id, 0);
        var wait = cursor.BeginWait(step, cancellationToken);
        using var look = either.Token.Register(cursor.Look);
        for (long position; !wait.Task.IsCompleted;)
        {
            position = cursor.Position;
            try
            {
                // The end is the recording's. Where nothing comes nearer to it, the driver waits where it once did something.
                await wait.Task.WaitAsync(cursor.Patience, _closed.Token).ConfigureAwait(false);
            }
            catch (TimeoutException) when (position != cursor.Position)
            {
                continue;
            }
            catch (TimeoutException) when (!wait.Task.IsCompleted)
            {
                throw cursor.Stuck(step);
            }
            catch (OperationCanceledException) when (_closed.IsCancellationRequested && !wait.Task.IsCompleted)
            {
                ThrowIfGone();
            }
        }
        var ends = await wait.Task.ConfigureAwait(false);
        if (ends.Refusal is OperationCanceledException) throw new OperationCanceledException(cancellationToken);
        if (ends.Refusal is { } refusal) throw refusal;
        var count = BinaryPrimitives.ReadInt64LittleEndian(ends.Data.Span);
        Volatile.Write(ref _count, count);
        return count;
    }

    public void Enable()
    {
        ThrowIfGone();
        ReplayStep.Take(cursor, new(0, RecordingKind.EnableInterrupt, 0, id, 0));
    }

    public void Disable()
    {
        ThrowIfGone();
        ReplayStep.Take(cursor, new(0, RecordingKind.DisableInterrupt, 0, id, 0));
    }

    public void Dispose()
    {
        if (!_life.End()) return;
        cursor.GiveBack(new(0, RecordingKind.CloseInterrupt, 0, id, 0));
        _ = _closed.CancelAsync();
    }

    private void ThrowIfGone()
    {
        if (_life.HasEnded) throw new ObjectDisposedException(name, $"The interrupt {name} was given back, or its machine disposed.");
    }
}

/// <summary>A wait that is under way, until its entry is next.</summary>
internal sealed class ReplayWait(CancellationToken cancellation)
{
    private readonly TaskCompletionSource<RecordingEntry> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<RecordingEntry> Task => _end.Task;

    /// <summary>Ends it; false where that waits for the driver to cancel it.</summary>
    public bool TryEnd(RecordingEntry ends)
    {
        if (ends.Refusal is OperationCanceledException && !cancellation.IsCancellationRequested) return false;
        _end.TrySetResult(ends);
        return true;
    }

    public void Refuse(Exception refusal) => _end.TrySetException(refusal);
}
