namespace RawIo.QTest;

/// <summary>An interrupt of a machine behind a qtest server.</summary>
/// <param name="controller">The controller that has its input.</param>
/// <param name="pin">Which input.</param>
/// <param name="name">Who opened it.</param>
/// <param name="isEdge">Whether the input's edges count, else its level.</param>
internal sealed class QTestInterrupt(QTestInterruptController controller, int pin, string name, bool isEdge) : IInterrupt
{
    private readonly Lock _gate = new();
    private readonly InterruptArrivals _arrivals = new(name);
    private bool _enabled, _edgeKept;

    public int Pin => pin;

    public bool IsEdge => isEdge;

    public string Name => name;

    public long Count => _arrivals.Count;

    public ValueTask<long> WaitAsync(CancellationToken cancellationToken = default) => _arrivals.WaitAsync(cancellationToken);

    public void Enable()
    {
        lock (_gate)
        {
            _arrivals.ThrowIfClosed();
            if (_enabled) return;
            _enabled = true;
        }
        controller.Unmask(this);
    }

    public void Disable()
    {
        lock (_gate)
        {
            _arrivals.ThrowIfClosed();
            if (!_enabled) return;
            _enabled = false;
        }
        controller.Mask(this);
    }

    public void Dispose()
    {
        if (!Close()) return;
        controller.Forget(this);
        try
        {
            controller.Mask(this);
        }
        catch (Exception error) when (error is RawIoException or ObjectDisposedException)
        {
            // The server has gone, and the interrupt with it.
        }
    }

    /// <summary>It is given back with its machine, whose registers stay as they are; false where it was before.</summary>
    public bool Close()
    {
        lock (_gate)
        {
            _enabled = false;
            return _arrivals.Close();
        }
    }

    /// <summary>The server has gone: nothing comes any more.</summary>
    public void Fail(RawIoException failure) => _arrivals.Fail(failure);

    /// <summary>The input rose: it comes, or is kept until it is switched on.</summary>
    public void Rise()
    {
        lock (_gate)
        {
            if (_arrivals.IsClosed) return;
            _edgeKept = !_enabled;
            if (_enabled) ComeHere();
        }
    }

    /// <summary>Comes, where it is on.</summary>
    public void Come()
    {
        lock (_gate)
        {
            if (_enabled && !_arrivals.IsClosed) ComeHere();
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
        _arrivals.Come();
    }
}
