using System.Buffers.Binary;
using System.Diagnostics;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// The ports of an IO BAR, through its file <c>resourceN</c>: the kernel makes one <c>in</c> or <c>out</c> of each read
/// or write of 1, 2 or 4 bytes (drivers/pci/pci-sysfs.c, pci_resource_io). It needs no ioperm and works from any thread.
/// </summary>
/// <remarks>Each access is a system call. String forms are a loop of them.</remarks>
internal sealed class PciBarPorts : IPortGrant
{
    private static readonly long s_microsecond = Math.Max(1, (long)Math.Ceiling(Stopwatch.Frequency / 1e6));

    private readonly Descriptor _file;
    private readonly string _path;

    private PciBarPorts(Descriptor file, string path, int first, int count) => (_file, _path, FirstPort, Count) = (file, path, first, count);

    public static PciBarPorts Open(string path, int first, int count)
    {
        AccessCheck.PortRange(first, count);
        var fd = Kernel.Open(path, OpenFlags.O_RDWR, out var errno);
        return fd >= 0 ? new(new(fd), path, first, count) : throw FileRefusal.OfOpen(path, writable: true, errno);
    }

    public int FirstPort { get; }

    public int Count { get; }

    public byte In8(int port) => (byte)Load(port, 1);

    public ushort In16(int port) => (ushort)Load(port, 2);

    public uint In32(int port) => Load(port, 4);

    public void Out8(int port, byte value) => Store(port, 1, value);

    public void Out16(int port, ushort value) => Store(port, 2, value);

    public void Out32(int port, uint value) => Store(port, 4, value);

    public void InRep(int port, Span<byte> destination)
    {
        Check(port, 1);
        foreach (ref var value in destination) value = In8(port);
    }

    public void InRep(int port, Span<ushort> destination)
    {
        Check(port, 2);
        foreach (ref var value in destination) value = In16(port);
    }

    public void InRep(int port, Span<uint> destination)
    {
        Check(port, 4);
        foreach (ref var value in destination) value = In32(port);
    }

    public void OutRep(int port, ReadOnlySpan<byte> source)
    {
        Check(port, 1);
        foreach (var value in source) Out8(port, value);
    }

    public void OutRep(int port, ReadOnlySpan<ushort> source)
    {
        Check(port, 2);
        foreach (var value in source) Out16(port, value);
    }

    public void OutRep(int port, ReadOnlySpan<uint> source)
    {
        Check(port, 4);
        foreach (var value in source) Out32(port, value);
    }

    /// <summary>A microsecond without an access: port 0x80 is in no BAR.</summary>
    public void Pause()
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        var end = Stopwatch.GetTimestamp() + s_microsecond;
        while (Stopwatch.GetTimestamp() < end) Thread.SpinWait(1);
    }

    public void Dispose() => _file.Dispose();

    private void Check(int port, int size)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        AccessCheck.Port(port, size, FirstPort, Count);
    }

    private uint Load(int port, int size)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes.Clear();
        Read(port, bytes[..size]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private void Store(int port, int size, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(port, bytes[..size]);
    }

    private void Read(int port, Span<byte> bytes)
    {
        Check(port, bytes.Length);
        using var lease = _file.Lease(this);
        var count = Kernel.ReadAt(lease.Number, bytes, port - FirstPort, out var errno);
        if (count != bytes.Length) throw Refused("read", port, count, errno);
    }

    private void Write(int port, ReadOnlySpan<byte> bytes)
    {
        Check(port, bytes.Length);
        using var lease = _file.Lease(this);
        var count = Kernel.WriteAt(lease.Number, bytes, port - FirstPort, out var errno);
        if (count != bytes.Length) throw Refused("write", port, count, errno);
    }

    private RawIoException Refused(string what, int port, long count, Errno errno)
    {
        if (count >= 0) errno = Errno.EIO;
        var remedy = errno switch
        {
            Errno.EPERM or Errno.EACCES => "the kernel is locked down.",
            Errno.ENODEV or Errno.ENXIO => "the device has gone.",
            _ => "the BAR does not reach that far, or this kernel gives no access to ports.",
        };
        return new(errno, $"Cannot {what} port 0x{port:x4} through {_path} ({errno}): {remedy}");
    }
}
