namespace RawIo.Native;

/// <summary>Finds which UIO device has an interrupt: Linux gives interrupts to user space through UIO alone.</summary>
internal static class HostInterrupts
{
    // The kernel lets any number open a UIO device, and tells each of every interrupt: that two do not switch it under
    // each other is this process's own rule. Who forgot to give one back does not hold it for ever.
    private static readonly Dictionary<(string Root, int Number), WeakReference<UioInterruptSource>> s_open = [];

    /// <summary>Opens a UIO device's interrupt, switched on.</summary>
    /// <exception cref="ResourceBusyException">Somebody in this process has it.</exception>
    public static UioInterruptSource Open(HostOptions options, UioInfo info, string name)
    {
        lock (s_open)
        {
            var key = (options.Root, info.Number);
            if (s_open.TryGetValue(key, out var reference) && reference.TryGetTarget(out var other) && !other.IsClosed)
                throw new ResourceBusyException($"Cannot open the interrupt of {info} for '{name}': '{other.Name}' has it. Give it back first.",
                    new(0, 0, other.Name, ResourceFlags.Irq));
            var device = UioDevice.Open(info.Number, options);
            try
            {
                var source = new UioInterruptSource(device, name, options);
                source.Enable();
                s_open[key] = new(source);
                return source;
            }
            catch
            {
                device.Dispose();
                throw;
            }
        }
    }

    /// <summary>The UIO device of a PCI interrupt (/sys/class/uio/uioN/device/irq).</summary>
    public static UioInfo Find(HostOptions options, int irq)
    {
        foreach (var info in UioInfo.All(options))
            if (info.Irq == irq) return info;
        throw new RawIoException(Errno.ENXIO,
            $"No UIO device has interrupt {irq}, and Linux gives interrupts to user space through UIO alone: bind the PCI device that has it (modprobe uio_pci_generic, then PciDriverBinding).");
    }

    /// <summary>The UIO device of a device tree node (/sys/class/uio/uioN/device/of_node).</summary>
    public static UioInfo Find(HostOptions options, DeviceTreeNode node, int index)
    {
        if (index >= node.Interrupts.Count)
            throw new RawIoException(Errno.ENXIO, $"{node.Path} has {node.Interrupts.Count} interrupts; there is no index {index}.");
        if (index > 0)
            throw new RawIoException(Errno.ENXIO, $"UIO gives a device's first interrupt alone, and index {index} of {node.Path} was asked for; give it a node of its own in an overlay.");
        foreach (var info in UioInfo.All(options))
            if (info.NodePath == node.Path) return info;
        throw new RawIoException(Errno.ENXIO,
            $"No UIO device is {node.Path}, and Linux gives interrupts to user space through UIO alone: bind its driver (modprobe uio_pdrv_genirq of_id={(node.Compatible.Count > 0 ? node.Compatible[0] : "COMPATIBLE")}), after unbinding the one that has it.");
    }
}
