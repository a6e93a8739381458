namespace RawIo.Native;

/// <summary>
/// Which kernel driver has a PCI device, and how to change that (drivers/base/bus.c, drivers/pci/pci-driver.c,
/// Documentation/ABI/testing/sysfs-bus-pci). Needs root.
/// </summary>
/// <remarks>Taking a device from a driver that is in use (the disk's, the network's) stops what depends on it.</remarks>
public sealed class PciDriverBinding
{
    private readonly string _bus;
    private readonly string _device;
    private readonly PciDevice _pci;

    internal PciDriverBinding(PciDevice pci, HostOptions options)
    {
        _pci = pci;
        _bus = Path.Join(options.Root, "sys/bus/pci");
        _device = $"{_bus}/devices/{pci.Address}";
    }

    /// <summary>The driver that has the device now; null where none has.</summary>
    public string? Driver => Sysfs.LinkName($"{_device}/driver");

    /// <summary>Takes the device from its driver; does nothing where none has it.</summary>
    /// <exception cref="RawIoException">The kernel refuses; the message has the remedy.</exception>
    public void Unbind()
    {
        if (Driver is not { } driver) return;
        Write($"{_bus}/drivers/{driver}/unbind", $"{_pci.Address}", $"unbind {_pci.Address} from {driver}");
    }

    /// <summary>Gives the device to a driver that knows its numbers (see <see cref="AddId"/>).</summary>
    /// <param name="driver">The driver: "uio_pci_generic".</param>
    /// <exception cref="RawIoException">The driver does not know the device (ENODEV), another has it (EBUSY), or there is no such driver (ENOENT).</exception>
    public void Bind(string driver)
    {
        CheckName(driver);
        if (Driver is { } other && other != driver)
            throw new RawIoException(Errno.EBUSY, $"Cannot bind {_pci.Address} to {driver} (EBUSY): {other} has it; Unbind() first.");
        Write($"{_bus}/drivers/{driver}/bind", $"{_pci.Address}", $"bind {_pci.Address} to {driver}");
    }

    /// <summary>
    /// Teaches a driver this device's vendor and device number (<c>new_id</c>). The kernel then binds it to every such
    /// device that no driver has, so <see cref="Bind"/> is not needed.
    /// </summary>
    /// <param name="driver">The driver: "uio_pci_generic".</param>
    /// <exception cref="RawIoException">The driver knows them already (EEXIST), or there is no such driver (ENOENT).</exception>
    public void AddId(string driver)
    {
        CheckName(driver);
        Write($"{_bus}/drivers/{driver}/new_id", $"{_pci.Vendor:x4} {_pci.Device:x4}", $"teach {driver} the device {_pci.Vendor:x4}:{_pci.Device:x4}");
    }

    /// <summary>Takes back what <see cref="AddId"/> taught (<c>remove_id</c>). A device that is bound stays so.</summary>
    /// <param name="driver">The driver.</param>
    /// <exception cref="RawIoException">The driver was not taught them (ENODEV), or there is no such driver (ENOENT).</exception>
    public void RemoveId(string driver)
    {
        CheckName(driver);
        Write($"{_bus}/drivers/{driver}/remove_id", $"{_pci.Vendor:x4} {_pci.Device:x4}", $"make {driver} forget the device {_pci.Vendor:x4}:{_pci.Device:x4}");
    }

    /// <summary>Lets only this driver have the device, whatever numbers it knows (<c>driver_override</c>); then <see cref="Unbind"/> and <see cref="Bind"/>.</summary>
    /// <param name="driver">The driver; null takes the wish back.</param>
    /// <exception cref="RawIoException">The kernel refuses; the message has the remedy.</exception>
    public void Override(string? driver)
    {
        if (driver is not null) CheckName(driver);
        Write($"{_device}/driver_override", $"{driver}\n", $"set the driver of {_pci.Address}");
    }

    private static void CheckName(string driver)
    {
        ArgumentException.ThrowIfNullOrEmpty(driver);
        if (driver is "." or ".." || driver.AsSpan().IndexOfAny("/\n\0") >= 0)
            throw new ArgumentException($"'{driver}' is no driver's name: say it as /sys/bus/pci/drivers has it.", nameof(driver));
    }

    private static void Write(string path, string text, string what)
    {
        var errno = Sysfs.Write(path, text);
        if (errno == Errno.None) return;
        var remedy = errno switch
        {
            Errno.ENOENT => "there is no such file: load the driver (modprobe), or the device has gone.",
            Errno.EACCES or Errno.EPERM => "run as root.",
            Errno.ENODEV => "the driver does not know this device; AddId or Override first.",
            Errno.EBUSY => "a driver has the device; Unbind() first.",
            Errno.EEXIST => "it knows it already; Bind() it.",
            _ => "the driver refused; see the kernel's log (dmesg).",
        };
        throw new RawIoException(errno, $"Cannot {what} ({errno}, {path}): {remedy}");
    }
}
