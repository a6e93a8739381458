namespace RawIo;

// Memory-mapped accesses: include/asm-generic/io.h, lib/iomap.c.
public static partial class LinuxKernel
{
    /// <summary>Reads 8 bits, then a read barrier.</summary>
    public static byte ioread8(IoMem addr) => addr.Window.Read8(addr.Offset);

    /// <summary>Reads 16 bits, then a read barrier.</summary>
    public static ushort ioread16(IoMem addr) => addr.Window.Read16(addr.Offset);

    /// <summary>Reads 32 bits, then a read barrier.</summary>
    public static uint ioread32(IoMem addr) => addr.Window.Read32(addr.Offset);

    /// <summary>Reads 64 bits, then a read barrier.</summary>
    public static ulong ioread64(IoMem addr) => addr.Window.Read64(addr.Offset);

    /// <summary>A write barrier, then writes 8 bits.</summary>
    public static void iowrite8(byte value, IoMem addr) => addr.Window.Write8(addr.Offset, value);

    /// <summary>A write barrier, then writes 16 bits.</summary>
    public static void iowrite16(ushort value, IoMem addr) => addr.Window.Write16(addr.Offset, value);

    /// <summary>A write barrier, then writes 32 bits.</summary>
    public static void iowrite32(uint value, IoMem addr) => addr.Window.Write32(addr.Offset, value);

    /// <summary>A write barrier, then writes 64 bits.</summary>
    public static void iowrite64(ulong value, IoMem addr) => addr.Window.Write64(addr.Offset, value);

    /// <summary>Reads a big-endian register of 16 bits.</summary>
    public static ushort ioread16be(IoMem addr) => addr.Window.ReadBigEndian16(addr.Offset);

    /// <summary>Reads a big-endian register of 32 bits.</summary>
    public static uint ioread32be(IoMem addr) => addr.Window.ReadBigEndian32(addr.Offset);

    /// <summary>Reads a big-endian register of 64 bits.</summary>
    public static ulong ioread64be(IoMem addr) => addr.Window.ReadBigEndian64(addr.Offset);

    /// <summary>Writes a big-endian register of 16 bits.</summary>
    public static void iowrite16be(ushort value, IoMem addr) => addr.Window.WriteBigEndian16(addr.Offset, value);

    /// <summary>Writes a big-endian register of 32 bits.</summary>
    public static void iowrite32be(uint value, IoMem addr) => addr.Window.WriteBigEndian32(addr.Offset, value);

    /// <summary>Writes a big-endian register of 64 bits.</summary>
    public static void iowrite64be(ulong value, IoMem addr) => addr.Window.WriteBigEndian64(addr.Offset, value);

    /// <summary>Reads one 8-bit register <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void ioread8_rep(IoMem addr, Span<byte> buffer, int count) => addr.Window.ReadRep(addr.Offset, buffer[..count]);

    /// <summary>Reads one 16-bit register <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void ioread16_rep(IoMem addr, Span<ushort> buffer, int count) => addr.Window.ReadRep(addr.Offset, buffer[..count]);

    /// <summary>Reads one 32-bit register <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void ioread32_rep(IoMem addr, Span<uint> buffer, int count) => addr.Window.ReadRep(addr.Offset, buffer[..count]);

    /// <summary>Reads one 64-bit register <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void ioread64_rep(IoMem addr, Span<ulong> buffer, int count) => addr.Window.ReadRep(addr.Offset, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one 8-bit register.</summary>
    public static void iowrite8_rep(IoMem addr, ReadOnlySpan<byte> buffer, int count) => addr.Window.WriteRep(addr.Offset, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one 16-bit register.</summary>
    public static void iowrite16_rep(IoMem addr, ReadOnlySpan<ushort> buffer, int count) => addr.Window.WriteRep(addr.Offset, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one 32-bit register.</summary>
    public static void iowrite32_rep(IoMem addr, ReadOnlySpan<uint> buffer, int count) => addr.Window.WriteRep(addr.Offset, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one 64-bit register.</summary>
    public static void iowrite64_rep(IoMem addr, ReadOnlySpan<ulong> buffer, int count) => addr.Window.WriteRep(addr.Offset, buffer[..count]);

    /// <summary>Reads 8 bits, then a read barrier: the older name of <see cref="ioread8"/>.</summary>
    public static byte readb(IoMem addr) => ioread8(addr);

    /// <summary>Reads 16 bits, then a read barrier: the older name of <see cref="ioread16"/>.</summary>
    public static ushort readw(IoMem addr) => ioread16(addr);

    /// <summary>Reads 32 bits, then a read barrier: the older name of <see cref="ioread32"/>.</summary>
    public static uint readl(IoMem addr) => ioread32(addr);

    /// <summary>Reads 64 bits, then a read barrier: the older name of <see cref="ioread64"/>.</summary>
    public static ulong readq(IoMem addr) => ioread64(addr);

    /// <summary>A write barrier, then writes 8 bits: the older name of <see cref="iowrite8"/>.</summary>
    public static void writeb(byte value, IoMem addr) => iowrite8(value, addr);

    /// <summary>A write barrier, then writes 16 bits: the older name of <see cref="iowrite16"/>.</summary>
    public static void writew(ushort value, IoMem addr) => iowrite16(value, addr);

    /// <summary>A write barrier, then writes 32 bits: the older name of <see cref="iowrite32"/>.</summary>
    public static void writel(uint value, IoMem addr) => iowrite32(value, addr);

    /// <summary>A write barrier, then writes 64 bits: the older name of <see cref="iowrite64"/>.</summary>
    public static void writeq(ulong value, IoMem addr) => iowrite64(value, addr);

    /// <summary>Reads 8 bits without a barrier.</summary>
    public static byte readb_relaxed(IoMem addr) => addr.Window.ReadRelaxed8(addr.Offset);

    /// <summary>Reads 16 bits without a barrier.</summary>
    public static ushort readw_relaxed(IoMem addr) => addr.Window.ReadRelaxed16(addr.Offset);

    /// <summary>Reads 32 bits without a barrier.</summary>
    public static uint readl_relaxed(IoMem addr) => addr.Window.ReadRelaxed32(addr.Offset);

    /// <summary>Reads 64 bits without a barrier.</summary>
    public static ulong readq_relaxed(IoMem addr) => addr.Window.ReadRelaxed64(addr.Offset);

    /// <summary>Writes 8 bits without a barrier.</summary>
    public static void writeb_relaxed(byte value, IoMem addr) => addr.Window.WriteRelaxed8(addr.Offset, value);

    /// <summary>Writes 16 bits without a barrier.</summary>
    public static void writew_relaxed(ushort value, IoMem addr) => addr.Window.WriteRelaxed16(addr.Offset, value);

    /// <summary>Writes 32 bits without a barrier.</summary>
    public static void writel_relaxed(uint value, IoMem addr) => addr.Window.WriteRelaxed32(addr.Offset, value);

    /// <summary>Writes 64 bits without a barrier.</summary>
    public static void writeq_relaxed(ulong value, IoMem addr) => addr.Window.WriteRelaxed64(addr.Offset, value);

    /// <summary>Fills <paramref name="size"/> bytes with the low byte of <paramref name="value"/>.</summary>
    public static void memset_io(IoMem addr, int value, long size) => addr.Window.Fill(addr.Offset, unchecked((byte)value), size);

    /// <summary>Copies <paramref name="size"/> bytes from the device.</summary>
    public static void memcpy_fromio(Span<byte> buffer, IoMem addr, int size) => addr.Window.CopyFrom(addr.Offset, buffer[..size]);

    /// <summary>Copies <paramref name="size"/> bytes to the device.</summary>
    public static void memcpy_toio(IoMem addr, ReadOnlySpan<byte> buffer, int size) => addr.Window.CopyTo(addr.Offset, buffer[..size]);
}
