namespace RawIo.Native;

/// <summary>UIO devices, and the BARs of PCI devices in sysfs.</summary>
/// <remarks>Neither is opened: to open a UIO device can power it up, and to close it can end its DMA.</remarks>
internal static class DeviceWays
{
    public static IEnumerable<HostWay> Uio(HostProbe probe)
    {
        var devices = probe.Files.Names("sys/class/uio", "uio*");
        if (devices.Count == 0)
        {
            yield return new("UIO", false, "no device has a UIO driver", probe.Kernel.Container is not null
                ? "bind a device to one outside the container, then start it with --device /dev/uio0"
                : "bind a device to uio_pci_generic or uio_pdrv_genirq, as the driver-api/uio-howto of the kernel shows");
        }
        foreach (var device in devices)
        {
            var name = $"/dev/{device}";
            var maps = probe.Files.Names($"sys/class/uio/{device}/maps", "map*").Count;
            var what = $"{probe.Files.Line($"sys/class/uio/{device}/name") ?? "no name"}, {Count(maps, "map")}";
            var errno = probe.Calls.Access(probe.Files.Path($"dev/{device}"));
            yield return errno switch
            {
                Errno.None when maps == 0 => new(name, false, $"{what}: interrupts only", "map the registers by the device's PCI BARs"),
                Errno.None => new(name, true, what),
                Errno.ENOENT => new(name, false, $"{what}; ENOENT: there is no such file", probe.Kernel.Container is null ? "start udev, or mknod it as /sys/class/uio tells" : $"start the container with --device {name}"),
                _ => new(name, false, $"{what}; {errno}: the file is root's", "run as root (sudo), or let a udev rule give it to your group: SUBSYSTEM==\"uio\", GROUP=\"…\", MODE=\"0660\""),
            };
        }
    }

    public static HostWay? Pci(HostProbe probe)
    {
        const string Name = "PCI BARs", Folder = "sys/bus/pci/devices";
        var (devices, usable, refused) = (0, 0, Errno.None);
        var all = probe.Files.Names(Folder);
        foreach (var device in all)
        {
            // resource0 to resource5; resource0_wc is one of them once more, and resource lists them.
            var bars = probe.Files.Names($"{Folder}/{device}", "resource*").Where(n => n.Length == "resource".Length + 1).ToArray();
            if (bars.Length == 0) continue;
            devices++;
            var errno = probe.Calls.Access(probe.Files.Path($"{Folder}/{device}/{bars[0]}"));
            if (errno == Errno.None) usable++;
            else refused = errno;
        }
        if (all.Count == 0) return null;
        if (devices == 0) return new(Name, false, $"{Count(all.Count, "device")}, none with a BAR in a file (resource0 to resource5)", "use /dev/mem or a UIO driver");
        var what = $"{Count(devices, "device")} under /sys/bus/pci/devices";
        if (probe.Kernel.Lockdown is { } mode)
            return new(Name, false, $"{what}; the kernel is locked down ({mode})", "boot with Secure Boot off, or without lockdown= on the kernel's command line");
        if (usable == devices) return new(Name, true, what);
        var remedy = probe.Kernel.Container is null ? "run as root (sudo)"
            : refused == Errno.EROFS ? "start the container with --privileged: it has /sys read-only" : "be root in the container, started with --privileged";
        return new(Name, usable > 0, usable > 0 ? $"{usable} of {what}; {refused} for the others" : refused == Errno.EROFS ? $"{what}; EROFS: /sys is mounted read-only" : $"{what}; {refused}: the files are root's", remedy);
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
