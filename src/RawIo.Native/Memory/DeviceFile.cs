using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>Device memory behind a file: /dev/mem, /dev/gpiomem, a UIO device, a PCI BAR in sysfs.</summary>
public static class DeviceFile
{
    /// <summary>Maps bytes of a file. They need not be page-aligned: whole pages are mapped, the window has only what was asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">The first byte in the file; for /dev/mem the physical address.</param>
    /// <param name="length">How many bytes, at least 1.</param>
    /// <param name="physicalAddress">What <see cref="IMmio.PhysicalAddress"/> tells; for /dev/mem the offset once more.</param>
    /// <param name="writable">Whether the pages may be written.</param>
    /// <exception cref="RawIoException">The kernel refuses; the message names the remedy.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1, or the range leaves the 63 bits of a file offset.</exception>
    public static NativeMmio Map(string path, ulong offset, long length, ulong physicalAddress, bool writable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckRange(offset, length);
        return Open(path, writable, fd => Map(fd, path, offset, length, physicalAddress, writable));
    }

    /// <summary>Maps bytes of an open file, which stays open.</summary>
    internal static NativeMmio Map(int fd, string path, ulong offset, long length, ulong physicalAddress, bool writable)
    {
        CheckRange(offset, length);
        var inPage = (long)(offset & (ulong)(Kernel.PageSize - 1));
        return MapPages(fd, path, (long)offset - inPage, inPage + length, inPage, length, physicalAddress, writable);
    }

    /// <summary>Maps a file that can only be mapped as a whole, and gives a window onto part of it.</summary>
    internal static NativeMmio MapPart(string path, long whole, long offset, long length, ulong physicalAddress) =>
        Open(path, writable: true, fd => MapPages(fd, path, 0, whole, offset, length, physicalAddress, writable: true));

    private static NativeMmio Open(string path, bool writable, Func<int, NativeMmio> map)
    {
        // O_SYNC is what makes the kernel map /dev/mem uncached (drivers/char/mem.c, uncached_access).
        var flags = OpenFlags.O_SYNC | (writable ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY);
        var fd = Kernel.Open(path, flags, out var errno);
        if (fd < 0) throw FileRefusal.OfOpen(path, writable, errno);
        try
        {
            return map(fd);
        }
        finally
        {
            Kernel.Close(fd); // a mapping outlives its descriptor
        }
    }

    /// <summary>Maps whole pages from a file offset that is a page's; the window has the bytes asked for.</summary>
    private static unsafe NativeMmio MapPages(int fd, string path, long page, long needed, long inPages, long length, ulong physicalAddress, bool writable)
    {
        var span = (needed + Kernel.PageSize - 1) & ~(Kernel.PageSize - 1);
        var pages = Kernel.Map(fd, page, span, writable, out var errno);
        if (pages == -1 && errno == Errno.ENOMEM)
        {
            // Mappings given back keep their addresses until the collector has seen that nobody holds them.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            pages = Kernel.Map(fd, page, span, writable, out errno);
        }
        if (pages == -1) throw FileRefusal.OfMap(path, (ulong)(page + inPages), length, errno);
        var mapping = new MappingHandle(pages, span);
        return new(mapping, mapping.Pages + inPages, length, physicalAddress, writable, owner: true);
    }

    internal static void CheckRange(ulong offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        // The last page must end inside a signed 64-bit offset.
        const ulong Last = long.MaxValue - 0x20000;
        if (offset > Last) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"0x{offset:x} leaves the address space of a file, which ends at 0x{Last:x}.");
        if ((ulong)length > Last - offset)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"0x{length:x} bytes at 0x{offset:x} leave the address space of a file, which ends at 0x{Last:x}.");
    }
}
