using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;

namespace RawIo.Native;

// Pseudo-terminals (pty(7)), which Mono.Posix does not have.
internal static partial class Kernel
{
    /// <summary>termios has 60 bytes in glibc and musl; it is never looked into here.</summary>
    private const int TermiosSize = 256;

    /// <summary>posix_openpt(3), grantpt(3), unlockpt(3), ptsname_r(3): makes a pseudo-terminal that is no controlling terminal.</summary>
    /// <param name="slave">The path of its other end.</param>
    /// <param name="errno">Why there is none.</param>
    /// <returns>The descriptor of its master, or -1.</returns>
    public static unsafe int OpenPseudoTerminal(out string slave, out Errno errno)
    {
        slave = "";
        var master = PosixOpenpt((int)(NativeConvert.FromOpenFlags(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK)));
        errno = master < 0 ? LastError : Errno.None;
        if (master < 0) return -1;
        var name = stackalloc byte[128];
        if (GrantPt(master) != 0 || UnlockPt(master) != 0) errno = LastError;
        else errno = (Errno)PtsName(master, name, 128);
        if (errno != Errno.None)
        {
            Close(master);
            return -1;
        }
        slave = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        return master;
    }

    /// <summary>Makes a terminal pass every byte as it is (cfmakeraw(3)).</summary>
    public static unsafe bool MakeRaw(int terminal, out Errno errno)
    {
        var termios = stackalloc byte[TermiosSize];
        errno = Errno.None;
        if (TcGetAttr(terminal, termios) == 0)
        {
            CfMakeRaw(termios);
            if (TcSetAttr(terminal, 0, termios) == 0) return true;
        }
        errno = LastError;
        return false;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int PosixOpenpt(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int GrantPt(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int UnlockPt(int master);

    // Answers the error itself.
    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static unsafe partial int PtsName(int master, byte* name, nuint length);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static unsafe partial int TcGetAttr(int terminal, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static unsafe partial int TcSetAttr(int terminal, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static unsafe partial void CfMakeRaw(byte* termios);
}
