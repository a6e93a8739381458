using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>An interrupt of a machine on a stepped clock: waiting for it lets time go on from timer to timer, on this thread.</summary>
internal sealed class SteppingInterrupt(IInterrupt inner, MachineClock clock) : IInterrupt
{
    private long _seen;

    public string Name => inner.Name;

    public long Count => inner.Count;

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default)
    {
        while (inner.Count == _seen && !cancellationToken.IsCancellationRequested)
            if (!clock.StepToNextTimer())
                throw new InvalidOperationException("No timer runs: nothing will come.");
        _seen = inner.Count;
        return await inner.WaitAsync(cancellationToken);
    }

    public void Enable() => inner.Enable();

    public void Disable() => inner.Disable();

    public void Dispose() => inner.Dispose();
}
