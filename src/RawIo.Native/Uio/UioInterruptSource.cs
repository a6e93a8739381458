namespace RawIo.Native;

/// <summary>A device's interrupt through its UIO file, which it holds open.</summary>
internal sealed class UioInterruptSource : IInterrupt
{
    // uio_pci_generic masks INTx in the device's configuration space when it came, and has no irqcontrol to unmask it
    // (drivers/uio/uio_pci_generic.c).
    private const string PciDriver = "uio_pci_generic";

    private readonly UioDevice _device;
    private readonly PciDevice? _pci;
    private readonly uint _before;
    private volatile bool _closed;

    /// <summary>Counts from now on; <see cref="Enable"/> switches it on.</summary>
    public UioInterruptSource(UioDevice device, string name, HostOptions options)
    {
        (_device, Name, _before) = (device, name, device.EventCount);
        if (device.Name == PciDriver && device.Info.PciAddress is { } address) _pci = PciDevice.Open(address, options);
    }

    public string Name { get; }

    public bool IsClosed => _closed;

    public long Count => unchecked(_device.EventCount - _before);

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default) =>
        unchecked((await _device.WaitForInterruptAsync(cancellationToken).ConfigureAwait(false)).Count - _before);

    public void Enable() => Switch(true);

    public void Disable() => Switch(false);

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        if (_pci is not null)
        {
            try
            {
                _pci.InterruptEnabled = false;
            }
            catch (RawIoException)
            {
                // The device has gone, and its interrupt with it.
            }
        }
        _device.Dispose();
    }

    private void Switch(bool on)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_pci is not null) _pci.InterruptEnabled = on;
        else if (on) _device.EnableInterrupt();
        else _device.DisableInterrupt();
    }
}
