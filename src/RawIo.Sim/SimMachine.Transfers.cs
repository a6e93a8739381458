namespace RawIo.Sim;

// What devices do by themselves, where it takes no time of the machine's.
public sealed partial class SimMachine
{
    // An age to a device; and what may happen in it, so that a chain of DMA blocks without an end gives way.
    private const long Age = 1_000_000_000;
    private const int MostEvents = 1024;

    private readonly MachineClock? _transferClock;

    /// <summary>
    /// Brings to its end what devices do by themselves, on a machine with <see cref="SimOptions.InstantTransfers"/>; on
    /// any other it does nothing. What has no end goes on at the next call.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public void FinishTransfers()
    {
        ThrowIfDisposed();
        if (_transferClock is not { } clock) return;
        var end = clock.Now + Age;
        for (var i = 0; i < MostEvents; i++)
        {
            if (clock.RunNext(end)) continue;
            clock.Step(Math.Max(end - clock.Now, 0));
            return;
        }
    }
}
