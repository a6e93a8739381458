namespace RawIo.QTest;

/// <summary>An interrupt of a machine behind a qtest server.</summary>
internal sealed class QTestInterrupt(QTestInterruptController controller, int pin, string name) : IInterrupt
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _came = new(0, 1);
    private readonly CancellationTokenSource _closed = new();
    private bool _enabled, _edgeKept;
    private volatile bool _isClosed;
    private long _count;

    public int Pin => pin;

    public string Name => name;

    public long Count => Interlocked.Read(ref _count);

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            await _came.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            ThrowIfClosed();
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        return Count;
    }

    public void Enable()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_enabled) return;
            _enabled = true;
        }
        controller.Unmask(this);
    }

    public void Disable()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (!_enabled) return;
            _enabled = false;
        }
        controller.Mask(this);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            _enabled = false;
        }
        controller.Forget(this);
        try
        {
            controller.Mask(this);
        }
        catch (Exception error) when (error is RawIoException or ObjectDisposedException)
        {
            // The server has gone, and the interrupt with it.
        }
        _closed.Cancel();
    }

    /// <summary>The input rose: it comes, or is kept until it is switched on.</summary>
    public void Rise()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _edgeKept = !_enabled;
            if (_enabled) ComeHere();
        }
    }

    /// <summary>Comes, where it is on.</summary>
    public void Come()
    {
        lock (_gate)
        {
            if (_enabled && !_isClosed) ComeHere();
        }
    }

    /// <summary>Whether an edge was kept; it is no longer.</summary>
    public bool TakeEdge()
    {
        lock (_gate)
        {
            var kept = _edgeKept;
            _edgeKept = false;
            return kept;
        }
    }

    private void ComeHere()
    {
        (_enabled, _edgeKept) = (false, false);
        Interlocked.Increment(ref _count);
        if (_came.CurrentCount == 0) _came.Release();
    }

    private void ThrowIfClosed()
    {
        if (_isClosed) throw new ObjectDisposedException(name, $"The interrupt {name} was given back, or its machine disposed.");
    }
}
