namespace RawIo.Native;

/// <summary>A device's interrupt through its UIO file, which it holds open.</summary>
internal sealed class UioInterruptSource(UioDevice device, string name) : IInterrupt
{
    private readonly uint _before = device.EventCount;

    public string Name => name;

    public long Count => unchecked(device.EventCount - _before);

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default) =>
        unchecked((await device.WaitForInterruptAsync(cancellationToken).ConfigureAwait(false)).Count - _before);

    public void Enable() => device.EnableInterrupt();

    public void Disable() => device.DisableInterrupt();

    public void Dispose() => device.Dispose();
}
