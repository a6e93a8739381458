namespace RawIo.Native;

/// <summary>/dev/mem, and the /dev/gpiomem files of a Raspberry Pi.</summary>
internal static class MemoryWays
{
    public static HostWay DevMem(HostProbe probe)
    {
        const string Name = "/dev/mem";
        var kernel = probe.Kernel;
        var errno = probe.Calls.Open(probe.Files.Path("dev/mem"));
        switch (errno)
        {
            case Errno.None:
                return Opened(kernel);
            case Errno.ENOENT when kernel.IsBuiltWith("CONFIG_DEVMEM") == false:
            case Errno.ENXIO:
                return new(Name, false, $"{errno}: this kernel is built without it (CONFIG_DEVMEM)", "use a UIO driver or a PCI device's BARs, or boot a kernel with CONFIG_DEVMEM");
            case Errno.ENOENT:
                return new(Name, false, "ENOENT: there is no such file", kernel.Container is null ? "sudo mknod -m 640 /dev/mem c 1 1" : probe.AsRoot(Name));
            default:
                return probe.NotOpened(Name, errno);
        }

        static HostWay Opened(HostKernel kernel)
        {
            const string Relax = "for registers that a driver holds: boot with iomem=relaxed, or unbind the driver";
            var strict = kernel.IsBuiltWith("CONFIG_IO_STRICT_DEVMEM");
            // Without CONFIG_STRICT_DEVMEM, which the other one needs, everything may be mapped.
            if (kernel.IsRelaxed || kernel.IsBuiltWith("CONFIG_STRICT_DEVMEM") == false)
                return new(Name, true, kernel.IsRelaxed ? "opens; all registers (iomem=relaxed)" : "opens; all registers (no CONFIG_STRICT_DEVMEM)");
            return strict switch
            {
                true => new(Name, true, "opens; not the registers a driver holds (CONFIG_IO_STRICT_DEVMEM)", Relax),
                false => new(Name, true, "opens; all registers, no RAM (CONFIG_STRICT_DEVMEM)"),
                null => new(Name, true, "opens; whether a driver's registers may be mapped is not known (no kernel configuration to read)", Relax),
            };
        }
    }

    public static IEnumerable<HostWay> GpioMemFiles(HostProbe probe)
    {
        var files = probe.Files.Names("dev", "gpiomem*");
        if (files.Count == 0 && probe.Board.IsRaspberryPi) yield return Missing(probe);
        var ranges = GpioMem.Find(probe.Tree, probe.Root, Kernel.PageSize);
        foreach (var file in files)
        {
            var name = $"/dev/{file}";
            var what = string.Join(", ", ranges.Where(r => r.Path == probe.Files.Path($"dev/{file}")).Select(r => $"0x{r.Start:x}-0x{r.Start + (ulong)r.Length - 1:x}"));
            var errno = probe.Calls.Open(probe.Files.Path($"dev/{file}"));
            yield return errno switch
            {
                Errno.None when what.Length == 0 => new(name, true, "opens; the device tree does not tell which registers it maps"),
                Errno.None => new(name, true, $"opens; registers {what}"),
                Errno.EACCES => new(name, false, "EACCES: the file is the group gpio's", probe.JoinGroup("gpio")),
                Errno.EPERM => new(name, false, $"EPERM: {probe.NotPermitted(name).Why}", probe.NotPermitted(name).Remedy),
                _ => new(name, false, $"{errno}: its driver is not there", "sudo modprobe raspberrypi-gpiomem"),
            };
        }
    }

    private static HostWay Missing(HostProbe probe)
    {
        var name = probe.Board.Soc?.StartsWith("BCM2712", StringComparison.Ordinal) == true ? "/dev/gpiomem0" : "/dev/gpiomem";
        return new(name, false, "ENOENT: there is no such file", probe.Kernel.Container is not null
            ? $"start the container with --device {name}"
            : "sudo modprobe raspberrypi-gpiomem, which only Raspberry Pi's own kernels have; on others use /dev/mem");
    }
}
