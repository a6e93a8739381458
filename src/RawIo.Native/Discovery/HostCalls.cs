using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>The kernel's own answers.</summary>
internal sealed partial class HostCalls : IHostCalls
{
    public Architecture Architecture => RuntimeInformation.ProcessArchitecture;

    public bool HasLibRawIo => LibRawIo.IsAvailable;

    public Errno Open(string path)
    {
        // Without O_NONBLOCK a FIFO of that name would hold the caller.
        var fd = Kernel.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY, out var errno);
        if (fd >= 0) Kernel.Close(fd);
        return errno;
    }

    public Errno Access(string path) =>
        Syscall.access(path, AccessModes.R_OK | AccessModes.W_OK) == 0 ? Errno.None : Kernel.LastError;

    public Errno TryIoPerm(int port) => OnOwnThread(() =>
    {
        var errno = Answer(IoPerm((nuint)port, 1, 1));
        if (errno == Errno.None) _ = IoPerm((nuint)port, 1, 0);
        return errno;
    });

    public Errno TryIoPl() => OnOwnThread(static () =>
    {
        var errno = Answer(IoPl(3));
        if (errno == Errno.None) _ = IoPl(0);
        return errno;
    });

    private static Errno Answer(int result) => result == 0 ? Errno.None : Kernel.LastError;

    /// <summary>The rights are a thread's: on one of its own, those that the caller has stay as they are.</summary>
    private static Errno OnOwnThread(Func<Errno> call)
    {
        var answer = Errno.EAGAIN;
        var thread = new Thread(() => answer = Call(call), 128 * 1024) { Name = "rawio port probe" };
        thread.Start();
        thread.Join();
        return answer;
    }

    private static Errno Call(Func<Errno> call)
    {
        try
        {
            return call();
        }
        catch (EntryPointNotFoundException)
        {
            return Errno.ENOSYS; // a C library without them, as for processors that have no ports
        }
    }

    // The C library's and not librawio's: a report is wanted most where librawio is missing.
    [LibraryImport("libc", EntryPoint = "ioperm", SetLastError = true)]
    private static partial int IoPerm(nuint from, nuint count, int turnOn);

    [LibraryImport("libc", EntryPoint = "iopl", SetLastError = true)]
    private static partial int IoPl(int level);
}
