using Mono.Unix.Native;

namespace RawIo.Native;

// Advisory locks on ranges of a file (fcntl(2)). They belong to the process and end with it, however it ends.
internal static partial class Kernel
{
    /// <summary>Locks a range for this process alone, or says who has it.</summary>
    /// <param name="fd">A file open for writing. Closing any descriptor of that file gives all its locks back.</param>
    /// <param name="start">The first byte; the file need not have it.</param>
    /// <param name="length">How many.</param>
    /// <param name="holder">The process that has part of it; 0 where it went away in between or is in another namespace.</param>
    /// <param name="errno">EAGAIN or EACCES where another process has part of it.</param>
    public static bool TryLock(int fd, long start, long length, out int holder, out Errno errno)
    {
        holder = 0;
        var range = Range(LockType.F_WRLCK, start, length);
        if (Syscall.fcntl(fd, FcntlCommand.F_SETLK, ref range) == 0)
        {
            errno = Errno.None;
            return true;
        }
        errno = LastError;
        if (Syscall.fcntl(fd, FcntlCommand.F_GETLK, ref range) == 0 && range.l_type != LockType.F_UNLCK) holder = range.l_pid;
        return false;
    }

    /// <summary>Gives a range back.</summary>
    public static void Unlock(int fd, long start, long length)
    {
        var range = Range(LockType.F_UNLCK, start, length);
        _ = Syscall.fcntl(fd, FcntlCommand.F_SETLK, ref range);
    }

    /// <summary>Opens a file that all users share, and makes it if there is none.</summary>
    public static int OpenShared(string path, out Errno errno)
    {
        const FilePermissions Everybody = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IRGRP |
            FilePermissions.S_IWGRP | FilePermissions.S_IROTH | FilePermissions.S_IWOTH;
        // Without O_CREAT first: in a sticky folder the kernel refuses it on a file of another user (fs.protected_regular).
        const OpenFlags Flags = OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC | OpenFlags.O_NOFOLLOW;
        for (var tries = 0; ; tries++)
        {
            var fd = Syscall.open(path, Flags);
            errno = fd >= 0 ? Errno.None : LastError;
            if (errno != Errno.ENOENT) return fd;
            // O_EXCL: what somebody put there meanwhile, such as a link to a file of ours, must not be opened to all.
            fd = Syscall.open(path, Flags | OpenFlags.O_CREAT | OpenFlags.O_EXCL, Everybody);
            errno = fd >= 0 ? Errno.None : LastError;
            if (fd >= 0) _ = Syscall.fchmod(fd, Everybody); // whatever the umask
            if (errno != Errno.EEXIST || tries == 10) return fd;
        }
    }

    private static Flock Range(LockType type, long start, long length) =>
        new() { l_type = type, l_whence = SeekFlags.SEEK_SET, l_start = start, l_len = length };
}
