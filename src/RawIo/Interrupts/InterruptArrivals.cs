namespace RawIo;

/// <summary>How often an interrupt of an emulated machine came, who waits for it, and how its life ends.</summary>
/// <param name="name">The interrupt's name, for messages.</param>
internal sealed class InterruptArrivals(string name) : IDisposable
{
    private readonly SemaphoreSlim _came = new(0, 1);
    private readonly CancellationTokenSource _ended = new();
    private volatile RawIoException? _failure;
    private volatile bool _isClosed;
    private long _count;

    /// <summary>How many came.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Whether it was given back.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>One more came. Callers take turns.</summary>
    public void Come()
    {
        Interlocked.Increment(ref _count);
        if (_came.CurrentCount == 0) _came.Release();
    }

    /// <summary>Waits as <see cref="IInterrupt.WaitAsync"/> says. One that came before the machine went is still told.</summary>
    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        if (_came.Wait(0, CancellationToken.None)) return Count;
        ThrowIfFailed();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            await _came.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            ThrowIfClosed();
            ThrowIfFailed();
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        return Count;
    }

    /// <summary>It is given back: every wait ends with <see cref="ObjectDisposedException"/>. Callers take turns.</summary>
    /// <returns>False where it had been given back before.</returns>
    public bool Close()
    {
        if (_isClosed) return false;
        _isClosed = true;
        // Whoever waits goes on on a thread of the pool: this one may hold the machine's lock.
        _ = _ended.CancelAsync();
        return true;
    }

    void IDisposable.Dispose() => Close();

    /// <summary>It will never come again: every wait ends with a <see cref="RawIoException"/> that says why.</summary>
    public void Fail(RawIoException failure)
    {
        _failure = failure;
        _ = _ended.CancelAsync();
    }

    /// <summary>Throws where it was given back.</summary>
    public void ThrowIfClosed()
    {
        if (_isClosed) throw new ObjectDisposedException(name, $"The interrupt {name} was given back, or its machine disposed.");
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw new RawIoException(failure.Errno, $"The interrupt {name} will not come any more. {failure.Message}", failure);
    }
}
