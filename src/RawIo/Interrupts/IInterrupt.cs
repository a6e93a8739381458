namespace RawIo;

/// <summary>
/// One interrupt of a device, as a user-space driver gets it: UIO's way (drivers/uio), whatever the machine. An
/// interrupt that comes is counted and switched off until <see cref="Enable"/>, so that a level-triggered line which
/// the driver has not yet quieted at its device does not come again and again.
/// </summary>
/// <remarks>
/// The usual loop: <see cref="WaitAsync"/>, quiet the device, <see cref="Enable"/>. An edge that comes while it is off
/// comes when it is on again; of a level, what counts is whether it is there then. Disposing it switches it off and
/// ends every wait with <see cref="ObjectDisposedException"/>. All members may be called from any thread.
/// </remarks>
public interface IInterrupt : IDisposable
{
    /// <summary>Which it is, for people: "3f201000.serial:0", "IRQ 8".</summary>
    string Name { get; }

    /// <summary>How many came since it was opened.</summary>
    long Count { get; }

    /// <summary>Waits for an interrupt; returns at once where one came since the wait before.</summary>
    /// <remarks>Of several that wait, one is told of an interrupt. A cancelled wait loses none.</remarks>
    /// <returns><see cref="Count"/>.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="RawIoException">None can come any more: the device has gone (ENODEV), or the program that has the machine ended (EIO) or no longer answers (ETIMEDOUT). Those from before were told first.</exception>
    /// <exception cref="ObjectDisposedException">It was given back, before or during the wait, or its machine disposed.</exception>
    ValueTask<long> WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>Switches it on: at the start, and after each that came. A line that is still asserted comes at once. Already on, nothing happens.</summary>
    void Enable();

    /// <summary>Switches it off. Already off, nothing happens.</summary>
    void Disable();
}
