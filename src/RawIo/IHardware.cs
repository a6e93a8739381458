namespace RawIo;

/// <summary>
/// A machine, as a driver sees it: what there is, who holds it, and the ways in. The same driver runs on every
/// implementation: real registers, a simulated machine, QEMU, a recording. Disposing it ends every mapping and grant
/// made through it; they throw <see cref="ObjectDisposedException"/> from then on.
/// </summary>
public interface IHardware : IDisposable
{
    /// <summary>Which machine this is, for people: "sim:pi3".</summary>
    string Name { get; }

    /// <summary>The device tree the firmware handed over; null on a machine that has none.</summary>
    DeviceTree? DeviceTree { get; }

    /// <summary>Who holds which memory (the kernel's <c>iomem_resource</c>, shown as /proc/iomem).</summary>
    ResourceTree Memory { get; }

    /// <summary>Who holds which ports (the kernel's <c>ioport_resource</c>, shown as /proc/ioports).</summary>
    ResourceTree Ports { get; }

    /// <summary>The machine's time: drivers wait and time out by it, so that a simulated second need not last one.</summary>
    TimeProvider Time { get; }

    /// <summary>Claims memory-mapped registers (kernel: <c>request_mem_region</c>).</summary>
    /// <param name="start">The first physical address.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <param name="name">Who claims: shown in /proc/iomem and to whoever is refused.</param>
    /// <exception cref="ResourceBusyException">Somebody holds part of it; the message names the holder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1 or the range leaves the address space.</exception>
    MemRegion RequestMemRegion(ulong start, long length, string name);

    /// <summary>Claims a range of ports (kernel: <c>request_region</c>).</summary>
    /// <param name="first">The first port, 0 to 0xffff.</param>
    /// <param name="count">How many, 1 to 65536.</param>
    /// <param name="name">Who claims: shown in /proc/ioports and to whoever is refused.</param>
    /// <exception cref="ResourceBusyException">Somebody holds part of it; the message names the holder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves 0 to 0xffff.</exception>
    PortRegion RequestRegion(int first, int count, string name);

    /// <summary>Maps registers without claiming them (kernel: <c>ioremap</c>). Claim first; this is for looking.</summary>
    /// <param name="physicalAddress">The first physical address; it need not be page-aligned.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <exception cref="RawIoException">The machine refuses: RAM (EINVAL), or no address space left (ENOMEM).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1 or the range leaves the address space.</exception>
    IMmioMapping IoRemap(ulong physicalAddress, long length);

    /// <summary>Opens ports without claiming them (<c>ioperm</c>). Claim first; this is for looking.</summary>
    /// <param name="first">The first port, 0 to 0xffff.</param>
    /// <param name="count">How many, 1 to 65536.</param>
    /// <exception cref="RawIoException">The machine has no ports (ENXIO), or refuses them (EPERM).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves 0 to 0xffff.</exception>
    IPortGrant OpenPorts(int first, int count);

    /// <summary>Opens an interrupt by its number at the interrupt controller, switched on (kernel: <c>request_irq</c>).</summary>
    /// <param name="irq">On a PC the ISA interrupt, 0 to 15, or the number a PCI device has in its interrupt line register.</param>
    /// <param name="name">Who opens it.</param>
    /// <exception cref="ResourceBusyException">Somebody has it; the message names him.</exception>
    /// <exception cref="RawIoException">The machine has no such interrupt (ENXIO); the message says which it has, or how they are named there.</exception>
    IInterrupt OpenInterrupt(int irq, string name);

    /// <summary>Opens an interrupt of a device of the device tree, switched on (kernel: <c>platform_get_irq</c>, then <c>request_irq</c>).</summary>
    /// <param name="node">The device.</param>
    /// <param name="index">Which entry of its <see cref="DeviceTreeNode.Interrupts"/>, from 0.</param>
    /// <param name="name">Who opens it.</param>
    /// <exception cref="ResourceBusyException">Somebody has it, for this device or for another that shares it; the message names him.</exception>
    /// <exception cref="RawIoException">The device has no such interrupt (ENXIO), or nothing gives it to user space; the message has the remedy.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is below 0.</exception>
    IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name);
}
