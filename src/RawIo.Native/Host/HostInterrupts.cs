namespace RawIo.Native;

/// <summary>Finds which UIO device has an interrupt: Linux gives interrupts to user space through UIO alone.</summary>
internal static class HostInterrupts
{
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
