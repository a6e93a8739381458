using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// A pseudo-terminal of this machine, in raw mode: a program that opens <see cref="SlavePath"/> as if it were a serial
/// port talks to whoever reads and writes <see cref="Stream"/>.
/// </summary>
public sealed class PseudoTerminal : IDisposable
{
    private readonly PseudoTerminalStream _stream;
    private readonly Descriptor _slave;

    private PseudoTerminal(string slavePath, PseudoTerminalStream stream, Descriptor slave) => (SlavePath, _stream, _slave) = (slavePath, stream, slave);

    /// <summary>The end for the other program: "/dev/pts/3". It passes every byte as it is, without echo.</summary>
    public string SlavePath { get; }

    /// <summary>This program's end. It lives until this object is disposed; disposing the stream ends it alone.</summary>
    /// <remarks>Reads and writes may go on at once, from different threads. Some 4 KiB wait for a program that does not read; then writes wait.</remarks>
    public Stream Stream => _stream;

    /// <summary>Makes one.</summary>
    /// <exception cref="RawIoException">The kernel refuses: none are left (ENOSPC), or /dev/pts is not mounted (ENOENT, EACCES).</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static PseudoTerminal Open()
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Pseudo-terminals need Linux.");
        var master = Kernel.OpenPseudoTerminal(out var path, out var errno);
        if (master < 0)
            throw new RawIoException(errno, $"Cannot make a pseudo-terminal ({errno}): see that /dev/ptmx and /dev/pts are there, and that fewer than /proc/sys/kernel/pty/max are open.");
        var slave = -1;
        try
        {
            // Held open: with no program at this end the kernel would answer reads of the other with EIO.
            slave = Kernel.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, out errno);
            if (slave < 0 || !Kernel.MakeRaw(slave, out errno))
                throw new RawIoException(errno, $"Cannot set up the pseudo-terminal {path} ({errno}): see that /dev/pts is mounted where this program runs.");
            return new(path, new(master, path), new(slave));
        }
        catch
        {
            if (slave >= 0) Kernel.Close(slave);
            Kernel.Close(master);
            throw;
        }
    }

    /// <summary>Closes both ends. Whoever waits in the stream gets <see cref="ObjectDisposedException"/>; a program at the other end reads its end.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _slave.Dispose();
    }
}
