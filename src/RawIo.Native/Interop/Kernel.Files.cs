using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace RawIo.Native;

// Bytes of files, and waiting for them.
internal static partial class Kernel
{
    private const int EFD_CLOEXEC = 0x80000;
    private const int EFD_NONBLOCK = 0x800;

    /// <summary>read(2): one call, one transfer.</summary>
    /// <returns>How many bytes, or -1.</returns>
    public static unsafe long Read(int fd, Span<byte> buffer, out Errno errno)
    {
        fixed (byte* start = buffer)
        {
            long count;
            do count = Syscall.read(fd, start, (ulong)buffer.Length);
            while (IsInterrupted(count, out errno));
            return count;
        }
    }

    /// <summary>write(2): one call, one transfer.</summary>
    /// <returns>How many bytes, or -1.</returns>
    public static unsafe long Write(int fd, ReadOnlySpan<byte> buffer, out Errno errno)
    {
        fixed (byte* start = buffer)
        {
            long count;
            do count = Syscall.write(fd, start, (ulong)buffer.Length);
            while (IsInterrupted(count, out errno));
            return count;
        }
    }

    /// <summary>pread(2): one call, one transfer.</summary>
    /// <returns>How many bytes, or -1.</returns>
    public static unsafe long ReadAt(int fd, Span<byte> buffer, long offset, out Errno errno)
    {
        fixed (byte* start = buffer)
        {
            long count;
            do count = Syscall.pread(fd, start, (ulong)buffer.Length, offset);
            while (IsInterrupted(count, out errno));
            return count;
        }
    }

    /// <summary>pwrite(2): one call, one transfer.</summary>
    /// <returns>How many bytes, or -1.</returns>
    public static unsafe long WriteAt(int fd, ReadOnlySpan<byte> buffer, long offset, out Errno errno)
    {
        fixed (byte* start = buffer)
        {
            long count;
            do count = Syscall.pwrite(fd, start, (ulong)buffer.Length, offset);
            while (IsInterrupted(count, out errno));
            return count;
        }
    }

    /// <summary>
    /// poll(2). It may come back early: a signal (EINTR) or the kernel's want of memory ends it like an event, so the
    /// caller looks at what it waits for and polls again.
    /// </summary>
    /// <param name="descriptors">What to wait for; a negative descriptor is passed over.</param>
    /// <param name="milliseconds">How long, or -1 for as long as it takes.</param>
    public static void Poll(Pollfd[] descriptors, int milliseconds) =>
        _ = Syscall.poll(descriptors, (uint)descriptors.Length, milliseconds);

    /// <summary>eventfd(2), close-on-exec, never blocking.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int EventFd(out Errno errno)
    {
        var fd = EventFd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        errno = fd < 0 ? LastError : Errno.None;
        return fd;
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint count, int flags);
}
