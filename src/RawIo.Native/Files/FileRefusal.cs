namespace RawIo.Native;

/// <summary>Why the kernel does not open or map a file, each with its remedy. Of /dev/mem <see cref="DevMemRefusal"/> knows more; ports have <see cref="PortRefusal"/>.</summary>
internal static class FileRefusal
{
    public static RawIoException OfOpen(string path, bool writable, Errno errno)
    {
        var remedy = errno switch
        {
            Errno.ENOENT when path.EndsWith("/dev/mem", StringComparison.Ordinal) || path.EndsWith("/dev/port", StringComparison.Ordinal) =>
                $"this kernel is built without it (CONFIG_DEV{Path.GetFileName(path).ToUpperInvariant()}), or it is a container started without --device /dev/{Path.GetFileName(path)}.",
            Errno.ENOENT => "there is no such file here; in a container pass it in with --device, else load the driver that makes it.",
            Errno.EACCES or Errno.EPERM when path.EndsWith("/mem", StringComparison.Ordinal) || path.EndsWith("/port", StringComparison.Ordinal) =>
                "run as root, with CAP_SYS_RAWIO, and not under kernel lockdown.",
            Errno.EACCES or Errno.EPERM when path.Contains("gpiomem", StringComparison.Ordinal) =>
                "add the user to the group gpio (sudo usermod -aG gpio USER) and log in again, or run as root.",
            Errno.EACCES or Errno.EPERM => "run as root, or let a udev rule give the device to your group.",
            Errno.EBUSY => "somebody has it open and shares it with nobody; close that program first.",
            Errno.ENXIO or Errno.ENODEV => "its driver is not bound to a device.",
            _ => "see open(2).",
        };
        return new(errno, $"Cannot open {path} for {(writable ? "reading and writing" : "reading")} ({errno}): {remedy}");
    }

    public static RawIoException OfMap(string path, ulong offset, long length, Errno errno)
    {
        var remedy = errno switch
        {
            Errno.EPERM => "the kernel protects this range (CONFIG_STRICT_DEVMEM); boot with iomem=relaxed, or unbind the driver that holds it.",
            Errno.EINVAL => "the range is none that this file can map.",
            Errno.ENODEV => "the file cannot be mapped.",
            Errno.EAGAIN or Errno.ENOMEM => "there is no room for more mappings; give some back.",
            Errno.EACCES => "the file is not open for that kind of access.",
            _ => "see mmap(2).",
        };
        return new(errno, $"Cannot map 0x{length:x} bytes at 0x{offset:x} of {path} ({errno}): {remedy}");
    }
}
