namespace RawIo.Sim;

/// <summary>An interrupt of a simulated machine as the kernel would hand it on: at the controller's input, without a driver of the controller.</summary>
internal sealed class SimInterrupt : IInterrupt
{
    private readonly SimMachine _machine;
    private readonly InterruptInput _input;
    private readonly BiasedLock _gate;
    private readonly SemaphoreSlim _came = new(0, 1);
    private readonly CancellationTokenSource _closed = new();
    private bool _enabled, _edgeKept, _isClosed;
    private long _count;

    public SimInterrupt(SimMachine machine, BiasedLock gate, InterruptInput input, string name)
    {
        (_machine, _gate, _input, Name) = (machine, gate, input, name);
        using var held = new HeldLock(_gate);
        // Wanted first: an edge from before the opening is nobody's.
        _input.Line.Want(true);
        _input.Line.Sample();
        _input.Line.Changed += LineChanged;
        Enable();
    }

    public string Name { get; }

    public InterruptInput Input => _input;

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
        using var held = new HeldLock(_gate);
        ThrowIfClosed();
        if (_enabled) return;
        _enabled = true;
        if (_input.IsEdgeTriggered ? _edgeKept : _input.Line.Sample()) Come();
    }

    public void Disable()
    {
        using var held = new HeldLock(_gate);
        ThrowIfClosed();
        _enabled = false;
    }

    public void Dispose()
    {
        using (new HeldLock(_gate))
        {
            if (_isClosed) return;
            Volatile.Write(ref _isClosed, true);
            _enabled = false;
            _input.Line.Changed -= LineChanged;
            _input.Line.Want(false);
            _machine.Forget(this);
        }
        // Whoever waits goes on on a thread of the pool: this one may hold the machine's lock.
        _ = _closed.CancelAsync();
    }

    private void LineChanged(bool level)
    {
        if (!level || _machine.IsRestoring) return;
        if (_enabled) Come();
        else _edgeKept = true;
    }

    /// <summary>The machine went back: whatever edges the lines made on the way, what counts is the level.</summary>
    public void Restored()
    {
        if (_enabled && !_input.IsEdgeTriggered && _input.Line.Sample()) Come();
    }

    private void Come()
    {
        (_enabled, _edgeKept) = (false, false);
        Interlocked.Increment(ref _count);
        if (_came.CurrentCount == 0) _came.Release();
    }

    private void ThrowIfClosed()
    {
        if (Volatile.Read(ref _isClosed)) throw new ObjectDisposedException(Name, $"The interrupt {Name} was given back, or its machine disposed.");
    }
}
