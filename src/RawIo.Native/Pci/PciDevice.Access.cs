namespace RawIo.Native;

// The ways to the device: its BARs, and what has to be switched on for them.
public sealed partial class PciDevice
{
    /// <summary>Whether the kernel has the device enabled (the file <c>enable</c>).</summary>
    /// <exception cref="RawIoException">The device has gone.</exception>
    public bool IsEnabled => Sysfs.Decimal($"{_folder}/enable") != 0;

    /// <summary>Whether the device may access memory itself (DMA): bit 2 of the command register.</summary>
    /// <exception cref="RawIoException">The kernel refuses; setting it needs root.</exception>
    public bool BusMaster
    {
        get => (Config.ReadCommand() & PciConfigSpace.COMMAND_MASTER) != 0;
        set => Config.ModifyCommand(value ? PciConfigSpace.COMMAND_MASTER : (ushort)0, value ? (ushort)0 : PciConfigSpace.COMMAND_MASTER);
    }

    /// <summary>
    /// Whether the device may use its interrupt pin: not bit 10 of the command register. The driver uio_pci_generic
    /// clears it at each interrupt (drivers/uio/uio_pci_generic.c); set it before the next wait.
    /// </summary>
    /// <exception cref="RawIoException">The kernel refuses; setting it needs root.</exception>
    public bool InterruptEnabled
    {
        get => (Config.ReadCommand() & PciConfigSpace.COMMAND_INTX_DISABLE) == 0;
        set => Config.ModifyCommand(value ? (ushort)0 : PciConfigSpace.COMMAND_INTX_DISABLE, value ? PciConfigSpace.COMMAND_INTX_DISABLE : (ushort)0);
    }

    /// <summary>Wakes the device and lets it answer at its BARs (kernel: <c>pci_enable_device</c>). The kernel counts: disable it as often.</summary>
    /// <exception cref="RawIoException">The kernel refuses; it needs root.</exception>
    public void Enable() => Switch("1", "enable");

    /// <summary>Takes one <see cref="Enable"/> back (kernel: <c>pci_disable_device</c>). Disabling what a driver uses can hang the machine.</summary>
    /// <exception cref="RawIoException">The device is not enabled (EIO), or the kernel refuses; it needs root.</exception>
    public void Disable() => Switch("0", "disable");

    /// <summary>Maps a memory BAR (the file <c>resourceN</c>). The window lives until it is disposed.</summary>
    /// <param name="index">The BAR, 0 to 5.</param>
    /// <param name="writeCombining">
    /// Lets the CPU gather writes into bursts (the file <c>resourceN_wc</c>): for frame buffers. Widths and order of
    /// accesses are then not those you write.
    /// </param>
    /// <param name="writable">Whether it may be written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The device has no such BAR; the message lists those it has.</exception>
    /// <exception cref="ArgumentException">The BAR has ports, or it is the ROM.</exception>
    /// <exception cref="RawIoException">
    /// A kernel driver has the device (EBUSY; <see cref="HostOptions.Force"/> maps it all the same), it is switched off
    /// (ENXIO), cannot be mapped write-combining (ENOENT), or the kernel refuses. The message has the remedy.
    /// </exception>
    public NativeMmio MapBar(int index, bool writeCombining = false, bool writable = true)
    {
        var bar = Bar(index);
        if (bar.IsRom) throw new ArgumentException($"The ROM of {this} cannot be mapped; the file {_folder}/rom has its bytes.", nameof(index));
        if (bar.IsIo) throw new ArgumentException($"{bar} of {this} has ports, not memory; use OpenBarPorts({index}).", nameof(index));
        CheckUsable(bar, PciConfigSpace.COMMAND_MEMORY);
        var path = $"{_folder}/resource{index}{(writeCombining ? "_wc" : "")}";
        var file = new FileInfo(path);
        if (!file.Exists && writeCombining)
        {
            var why = bar.IsPrefetchable ? "this kernel cannot do it here" : "the BAR is not prefetchable";
            throw new RawIoException(Errno.ENOENT, $"Cannot map {bar} of {this} write-combining (ENOENT, {path}): {why}; map it without.");
        }
        if (file.Exists && file.Length < bar.Size)
            throw new RawIoException(Errno.EINVAL, $"Cannot map {bar} of {this} (EINVAL): {path} has 0x{file.Length:x} bytes, the BAR 0x{bar.Size:x}; the device was changed, open it again.");
        // The kernel maps whole pages; a BAR smaller than a page begins somewhere in its page.
        var inPage = bar.Start & (ulong)(Kernel.PageSize - 1);
        try
        {
            return DeviceFile.Map(path, inPage, bar.Size, bar.Start, writable);
        }
        catch (RawIoException error) when (error.Errno == Errno.EINVAL)
        {
            throw new RawIoException(Errno.EINVAL,
                $"Cannot map {bar} of {this} ({path}, EINVAL): a kernel driver holds it for itself (/proc/iomem names it); unbind that driver, or boot with iomem=relaxed.", error);
        }
    }

    /// <summary>Opens the ports of an IO BAR. Ports are absolute numbers, from the BAR's <see cref="PciBar.Start"/>.</summary>
    /// <remarks>
    /// Each access is one read or write of <c>resourceN</c>, and that one <c>in</c> or <c>out</c> of the same width, made
    /// by the kernel: no ioperm is needed. <see cref="IPortIo.Pause"/> waits a microsecond and touches no port.
    /// </remarks>
    /// <param name="index">The BAR, 0 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The device has no such BAR; the message lists those it has.</exception>
    /// <exception cref="ArgumentException">The BAR has memory.</exception>
    /// <exception cref="RawIoException">
    /// A kernel driver has the device (EBUSY; <see cref="HostOptions.Force"/> opens it all the same), it is switched off
    /// (ENXIO), its ports are beyond 0xffff (ERANGE), or the kernel refuses. The message has the remedy.
    /// </exception>
    public IPortGrant OpenBarPorts(int index)
    {
        var bar = Bar(index);
        if (!bar.IsIo) throw new ArgumentException($"{bar} of {this} has memory, not ports{(bar.IsRom ? "" : $"; use MapBar({index})")}.", nameof(index));
        if (bar.Start > 0xffff || bar.Size > 0x1_0000 - (long)bar.Start)
            throw new RawIoException(Errno.ERANGE, $"Cannot open {bar} of {this} (ERANGE): ports are 0 to 0xffff here.");
        CheckUsable(bar, PciConfigSpace.COMMAND_IO);
        return PciBarPorts.Open($"{_folder}/resource{index}", (int)bar.Start, (int)bar.Size);
    }

    private PciBar Bar(int index)
    {
        foreach (var bar in Bars)
            if (bar.Index == index) return bar;
        throw new ArgumentOutOfRangeException(nameof(index), index, $"{this} has no BAR {index}: it has {(Bars.Count == 0 ? "none" : string.Join(", ", Bars))}.");
    }

    private void CheckUsable(PciBar bar, ushort decodes)
    {
        if (!bar.IsAssigned)
            throw new RawIoException(Errno.ENXIO, $"{bar} of {this} has no address (ENXIO): the kernel found no room for it; see its log, or boot with pci=realloc.");
        if (Driver is { } driver && !LeavesAlone(driver))
        {
            Force(Errno.EBUSY, $"{this} is the kernel driver {driver}'s (EBUSY); two drivers on one device can hang the machine. " +
                $"Take it from that driver first: echo {Address} > /sys/bus/pci/drivers/{driver}/unbind, or Binding.Unbind().");
        }
        if ((Config.ReadCommand() & decodes) == 0)
            Force(Errno.ENXIO, $"{this} is switched off and does not answer at {bar} (ENXIO); call Enable() first.");
    }

    private void Force(Errno errno, string why)
    {
        if (!_options.Force) throw new RawIoException(errno, $"{why} HostOptions.Force does it all the same.");
        _options.Tell($"Forced: {why}");
    }

    /// <summary>Drivers that have a device so that user space can use it, and do not touch its registers themselves.</summary>
    private static bool LeavesAlone(string driver) =>
        driver is "pci-stub" or "igb_uio" || driver.StartsWith("uio_", StringComparison.Ordinal) || driver.StartsWith("vfio-", StringComparison.Ordinal);

    private void Switch(string to, string what)
    {
        var errno = Sysfs.Write($"{_folder}/enable", to);
        if (errno == Errno.None) return;
        var remedy = errno switch
        {
            Errno.EACCES or Errno.EPERM => "run as root.",
            Errno.EIO when to == "0" => "it is not enabled.",
            Errno.ENOENT => "the device has gone.",
            _ => "see the kernel's log (dmesg).",
        };
        throw new RawIoException(errno, $"Cannot {what} {this} ({errno}): {remedy}");
    }
}
