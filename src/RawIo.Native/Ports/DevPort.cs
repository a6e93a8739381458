using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// Ports by /dev/port: a system call a byte, from any thread. Words are refused, because the file would make bytes of
/// them. <see cref="Pause"/> writes port 0x80 of the same file.
/// </summary>
internal sealed class DevPort : IPortGrant
{
    private readonly string _path;
    private readonly Descriptor _file;

    private DevPort(string path, Descriptor file, int first, int count) =>
        (_path, _file, FirstPort, Count) = (path, file, first, count);

    public int FirstPort { get; }

    public int Count { get; }

    /// <summary>Opens a range, which has been checked.</summary>
    /// <exception cref="RawIoException">The kernel says no.</exception>
    public static DevPort Open(string path, int first, int count)
    {
        var fd = Kernel.Open(path, OpenFlags.O_RDWR, out var errno);
        if (fd < 0) throw FileRefusal.OfOpen(path, writable: true, errno);
        return new(path, new(fd), first, count);
    }

    public byte In8(int port)
    {
        Check(port, 1);
        return Read(port);
    }

    public ushort In16(int port) => throw Word(port, 2);

    public uint In32(int port) => throw Word(port, 4);

    public void Out8(int port, byte value)
    {
        Check(port, 1);
        Write(port, value);
    }

    public void Out16(int port, ushort value) => throw Word(port, 2);

    public void Out32(int port, uint value) => throw Word(port, 4);

    public void InRep(int port, Span<byte> destination)
    {
        Check(port, 1);
        foreach (ref var value in destination) value = Read(port);
    }

    public void InRep(int port, Span<ushort> destination) => throw Word(port, 2);

    public void InRep(int port, Span<uint> destination) => throw Word(port, 4);

    public void OutRep(int port, ReadOnlySpan<byte> source)
    {
        Check(port, 1);
        foreach (var value in source) Write(port, value);
    }

    public void OutRep(int port, ReadOnlySpan<ushort> source) => throw Word(port, 2);

    public void OutRep(int port, ReadOnlySpan<uint> source) => throw Word(port, 4);

    public void Pause()
    {
        ThrowIfClosed();
        Write(PortRights.PausePort, 0);
    }

    public void Dispose() => _file.Dispose();

    private byte Read(int port)
    {
        byte value = 0;
        using var file = _file.Lease(this);
        var count = Kernel.ReadAt(file.Number, new(ref value), port, out var errno);
        return count == 1 ? value : throw Refused("read", port, errno);
    }

    private void Write(int port, byte value)
    {
        using var file = _file.Lease(this);
        var count = Kernel.WriteAt(file.Number, [value], port, out var errno);
        if (count != 1) throw Refused("write", port, errno);
    }

    private RawIoException Refused(string what, int port, Errno errno)
    {
        if (errno == Errno.None) errno = Errno.EIO;
        return new(errno, $"Cannot {what} port 0x{port:x4} through {_path} ({errno}).");
    }

    private RawIoException Word(int port, int size)
    {
        Check(port, size);
        return new(Errno.EINVAL,
            $"{_path} moves bytes alone: an access of {size} bytes at port 0x{port:x4} would become {size} of them. " +
            "Open the ports by ioperm or iopl (PortAccess.IoPerm, PortAccess.IoPl), which need librawio and CAP_SYS_RAWIO.");
    }

    private void Check(int port, int size)
    {
        ThrowIfClosed();
        AccessCheck.Port(port, size, FirstPort, Count);
    }

    private void ThrowIfClosed()
    {
        if (_file.IsClosed) throw new ObjectDisposedException(nameof(DevPort), "The ports were given back.");
    }
}
