using System.Buffers.Binary;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// The configuration space of a PCI device, through its file <c>config</c> (drivers/pci/pci-sysfs.c, pci_read_config).
/// One call is one configuration cycle of that width.
/// </summary>
/// <remarks>
/// Offsets count bytes and must be a multiple of the width. One outside the space throws
/// <see cref="ArgumentOutOfRangeException"/>, a misaligned one <see cref="DataMisalignedException"/>, and what the kernel
/// refuses <see cref="RawIoException"/>: beyond byte 63 it answers only a reader with CAP_SYS_ADMIN.
/// </remarks>
public sealed class PciConfigSpace
{
    /// <summary>Offset of the vendor's number, 16 bits.</summary>
    public const int VENDOR_ID = 0x00;
    /// <summary>Offset of the device's number, 16 bits.</summary>
    public const int DEVICE_ID = 0x02;
    /// <summary>Offset of the command register, 16 bits.</summary>
    public const int COMMAND = 0x04;
    /// <summary>Offset of the status register, 16 bits.</summary>
    public const int STATUS = 0x06;
    /// <summary>Offset of the revision, 8 bits.</summary>
    public const int REVISION_ID = 0x08;

    /// <summary>Command register: the device answers at its IO BARs.</summary>
    public const ushort COMMAND_IO = 1 << 0;
    /// <summary>Command register: the device answers at its memory BARs.</summary>
    public const ushort COMMAND_MEMORY = 1 << 1;
    /// <summary>Command register: the device may access memory itself (DMA).</summary>
    public const ushort COMMAND_MASTER = 1 << 2;
    /// <summary>Command register: the device may not use its interrupt pin (INTx).</summary>
    public const ushort COMMAND_INTX_DISABLE = 1 << 10;

    // The whole process changes command registers one at a time; the kernel has no such lock to offer.
    private static readonly Lock s_modify = new();
    private readonly string _path;

    internal PciConfigSpace(string path) => _path = path;

    /// <summary>Its length in bytes: 256, or 4096 for PCI Express.</summary>
    /// <exception cref="RawIoException">The device has gone (ENOENT).</exception>
    public long Length
    {
        get
        {
            var file = new FileInfo(_path);
            return file.Exists ? file.Length : throw new RawIoException(Errno.ENOENT, $"There is no {_path} (ENOENT): the device has gone.");
        }
    }

    /// <summary>Reads 8 bits.</summary>
    public byte Read8(long offset) => (byte)Load(offset, 1);

    /// <summary>Reads 16 bits.</summary>
    public ushort Read16(long offset) => (ushort)Load(offset, 2);

    /// <summary>Reads 32 bits.</summary>
    public uint Read32(long offset) => Load(offset, 4);

    /// <summary>Writes 8 bits.</summary>
    public void Write8(long offset, byte value) => Store(offset, 1, value);

    /// <summary>Writes 16 bits.</summary>
    public void Write16(long offset, ushort value) => Store(offset, 2, value);

    /// <summary>Writes 32 bits.</summary>
    public void Write32(long offset, uint value) => Store(offset, 4, value);

    /// <summary>The vendor's number, from the device itself: 0xffff where no device answers.</summary>
    public ushort ReadVendor() => Read16(VENDOR_ID);

    /// <summary>The device's number, from the device itself.</summary>
    public ushort ReadDevice() => Read16(DEVICE_ID);

    /// <summary>The command register.</summary>
    public ushort ReadCommand() => Read16(COMMAND);

    /// <summary>The status register.</summary>
    public ushort ReadStatus() => Read16(STATUS);

    /// <summary>Sets and clears bits of the command register: a read, and a write where something changes.</summary>
    /// <param name="set">Bits to set.</param>
    /// <param name="clear">Bits to clear.</param>
    public void ModifyCommand(ushort set, ushort clear)
    {
        lock (s_modify)
        {
            var old = ReadCommand();
            var value = (ushort)((old & ~clear) | set);
            if (value != old) Write16(COMMAND, value);
        }
    }

    private uint Load(long offset, int size)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes.Clear();
        Read(offset, bytes[..size]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private void Store(long offset, int size, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(offset, bytes[..size]);
    }

    private void Read(long offset, Span<byte> bytes)
    {
        var fd = Open(offset, bytes.Length, OpenFlags.O_RDONLY);
        var count = Kernel.ReadAt(fd, bytes, offset, out var errno);
        Kernel.Close(fd);
        if (count == bytes.Length) return;
        if (count >= 0) throw new RawIoException(Errno.EPERM, $"Cannot read offset 0x{offset:x} of {_path} (EPERM): beyond byte 63 it needs CAP_SYS_ADMIN; run as root.");
        throw Refused("read", offset, errno);
    }

    private void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var fd = Open(offset, bytes.Length, OpenFlags.O_WRONLY);
        var count = Kernel.WriteAt(fd, bytes, offset, out var errno);
        Kernel.Close(fd);
        if (count != bytes.Length) throw Refused("write", offset, count < 0 ? errno : Errno.EIO);
    }

    private int Open(long offset, int size, OpenFlags flags)
    {
        AccessCheck.Access(offset, size, Length);
        var fd = Kernel.Open(_path, flags, out var errno);
        return fd >= 0 ? fd : throw FileRefusal.OfOpen(_path, flags != OpenFlags.O_RDONLY, errno);
    }

    private RawIoException Refused(string what, long offset, Errno errno)
    {
        var remedy = errno is Errno.EPERM or Errno.EACCES ? "run as root, and not under kernel lockdown." : "the device does not answer.";
        return new(errno, $"Cannot {what} offset 0x{offset:x} of {_path} ({errno}): {remedy}");
    }
}
