using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>The system calls of the Linux backend. A refusal comes back as the kernel's errno; nothing here throws for it.</summary>
internal static partial class Kernel
{
    /// <summary>Page size in bytes, asked at run time: 4 KiB on most machines, 16 KiB on a Raspberry Pi 5.</summary>
    public static long PageSize { get; } = Syscall.sysconf(SysconfName._SC_PAGESIZE);

    /// <summary>open(2), close-on-exec.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int Open(string path, OpenFlags flags, out Errno errno)
    {
        int fd;
        do fd = Syscall.open(path, flags | OpenFlags.O_CLOEXEC);
        while (IsInterrupted(fd, out errno));
        return fd;
    }

    /// <summary>close(2). Its errors are nobody's to mend.</summary>
    public static void Close(int fd) => _ = Syscall.close(fd);

    /// <summary>mmap(2), shared.</summary>
    /// <returns>The address, or -1.</returns>
    public static nint Map(int fd, long offset, long length, bool writable, out Errno errno)
    {
        var protection = writable ? MmapProts.PROT_READ | MmapProts.PROT_WRITE : MmapProts.PROT_READ;
        var address = Syscall.mmap(0, (ulong)length, protection, MmapFlags.MAP_SHARED, fd, offset);
        errno = address == -1 ? LastError : Errno.None;
        return address;
    }

    /// <summary>
    /// Puts memory of nobody's in the place of a mapping, in one step: whoever is about to touch it touches that. Shared
    /// and unreserved it counts neither as data (RLIMIT_DATA) nor against what memory there is, so that it may be larger.
    /// Where memory is promised strictly (vm.overcommit_memory=2) there may be none; then nobody may touch the place.
    /// </summary>
    public static void MapInert(nint address, long length)
    {
        const MmapFlags InPlace = MmapFlags.MAP_ANONYMOUS | MmapFlags.MAP_FIXED;
        var pages = Syscall.mmap(address, (ulong)length, MmapProts.PROT_READ | MmapProts.PROT_WRITE, InPlace | MmapFlags.MAP_SHARED | MmapFlags.MAP_NORESERVE, -1, 0);
        if (pages != address) _ = Syscall.mmap(address, (ulong)length, MmapProts.PROT_NONE, InPlace | MmapFlags.MAP_PRIVATE, -1, 0);
    }

    /// <summary>munmap(2).</summary>
    public static bool Unmap(nint address, long length) => Syscall.munmap(address, (ulong)length) == 0;

    /// <summary>Whether a signal came instead of the answer: the call is to be made again. Asked at once, as <see cref="LastError"/> is.</summary>
    private static bool IsInterrupted(long answer, out Errno errno)
    {
        errno = answer < 0 ? LastError : Errno.None;
        return errno == Errno.EINTR;
    }

    /// <summary>The errno of the call before. It answers right only once, at once.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();
}
