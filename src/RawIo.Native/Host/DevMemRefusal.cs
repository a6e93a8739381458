namespace RawIo.Native;

/// <summary>Why the kernel does not map a range of /dev/mem (drivers/char/mem.c, kernel/resource.c: iomem_is_exclusive), and what to do.</summary>
internal static class DevMemRefusal
{
    public static RawIoException Explain(HostFiles files, RawIoException refusal, IReadOnlyList<Resource> touching, ulong start, long length)
    {
        var what = $"Cannot map 0x{length:x} bytes at 0x{start:x} of {files.Path("/dev/mem")} (EPERM):";
        var lockdown = files.Text("/sys/kernel/security/lockdown");
        if (lockdown is not null && !lockdown.Contains("[none]", StringComparison.Ordinal))
            return new(Errno.EPERM, $"{what} the kernel is locked down ({lockdown.Trim()}); boot without lockdown, or with Secure Boot off.", refusal);
        // The kernel looks at whole pages.
        if (touching.LastOrDefault(static r => (r.Flags & ResourceFlags.Busy) != 0) is { } holder)
            return new(Errno.EPERM,
                $"{what} '{holder.Name}' holds 0x{holder.Start:x}-0x{holder.End:x} and the kernel lets nobody else map it (CONFIG_IO_STRICT_DEVMEM). Boot with iomem=relaxed, or let the driver go: {KernelHolder.Remedy(files, holder)}",
                refusal);
        return new(Errno.EPERM,
            $"{what} the kernel lets nobody map it (CONFIG_STRICT_DEVMEM). Boot with iomem=relaxed; /proc/iomem, read as root, tells who holds the page.", refusal);
    }
}
