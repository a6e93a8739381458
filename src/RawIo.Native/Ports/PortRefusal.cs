using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>Why ports cannot be had, each with its remedy.</summary>
internal static class PortRefusal
{
    /// <summary>The kernel refused ioperm or iopl.</summary>
    public static RawIoException Of(PortAccess way, int first, int count, Errno errno)
    {
        var call = way == PortAccess.IoPl ? "iopl(3)" : $"ioperm(0x{first:x}, {count}, 1)";
        var remedy = errno switch
        {
            Errno.EPERM => "run as root or with CAP_SYS_RAWIO, and not under kernel lockdown or a container's seccomp profile.",
            Errno.ENOSYS => "the kernel has no CONFIG_X86_IOPL_IOPERM; take /dev/port for bytes (PortAccess.DevPort), or another kernel.",
            Errno.EINVAL => "the kernel has ports 0 to 0xffff alone.",
            Errno.ENOMEM => "the kernel has no memory for this thread's bitmap of ports.",
            _ => "see ioperm(2).",
        };
        return new(errno, $"Cannot open ports 0x{first:x4} to 0x{first + count - 1:x4} by {call} ({errno}): {remedy}");
    }

    /// <summary>No way works: every reason, one a line.</summary>
    public static RawIoException OfAll(int first, int count, IReadOnlyList<RawIoException> reasons)
    {
        // What a user can mend comes first.
        var errno = reasons.FirstOrDefault(reason => reason.Errno is Errno.EPERM or Errno.EACCES)?.Errno ?? reasons[0].Errno;
        return new(errno, $"No way to ports 0x{first:x4} to 0x{first + count - 1:x4} works here:\n" +
            string.Join('\n', reasons.Select(reason => $"- {reason.Message}")));
    }

    /// <summary>The machine has no ports.</summary>
    public static RawIoException NoPorts(Architecture machine) => new(Errno.ENXIO,
        $"The host has no ports: it is {machine}, and port I/O is x86's. Its devices are memory-mapped (IoRemap).");
}
