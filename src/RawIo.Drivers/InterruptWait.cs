namespace RawIo.Drivers;

/// <summary>Waiting for a block's interrupt, with an end by the machine's time.</summary>
internal readonly struct InterruptWait(IInterrupt? interrupt, TimeProvider time, TimeSpan timeout)
{
    private readonly IInterrupt _interrupt = interrupt
        ?? throw new InvalidOperationException("The driver was made without its block's interrupt: hand one to its constructor, or poll.");

    /// <summary>Waits for the next; it is off then.</summary>
    /// <param name="who">Who waits, for the message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RawIoException">None came in time (ETIMEDOUT).</exception>
    public async ValueTask ForNext(string who, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _interrupt.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RawIoException(Errno.ETIMEDOUT, $"{who} got no interrupt within {timeout.TotalSeconds} s.");
        }
    }

    /// <summary>Switches it on again. The block may share it: one that is another's comes again until that is quieted.</summary>
    public void Enable() => _interrupt.Enable();
}
