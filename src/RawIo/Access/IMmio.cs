namespace RawIo;

/// <summary>
/// A window onto memory-mapped registers. One call is one bus transaction of exactly the width in its name,
/// in program order; nothing is cached, merged, split or left out.
/// </summary>
/// <remarks>
/// <para>Offsets count bytes from the start of the window and must be a multiple of the access width. A negative
/// or too large offset throws <see cref="ArgumentOutOfRangeException"/>, a misaligned one
/// <see cref="DataMisalignedException"/>, a window whose mapping was given back
/// <see cref="ObjectDisposedException"/>; none of them has touched the device.</para>
/// <para><c>Read</c> and <c>Write</c> are ordered as the kernel's <c>readl</c> and <c>writel</c> are: a read has its
/// barrier after it, a write before it. The <c>Relaxed</c> forms and the <c>Rep</c> forms have no barrier.
/// Values are little-endian, as the devices are; <see cref="MmioExtensions"/> adds the big-endian forms.</para>
/// </remarks>
public interface IMmio
{
    /// <summary>The physical (bus) address of offset 0, as the CPU puts it on the bus.</summary>
    ulong PhysicalAddress { get; }

    /// <summary>The length of the window in bytes.</summary>
    long Length { get; }

    /// <summary>Reads 8 bits, then a read barrier (kernel: <c>readb</c>, <c>ioread8</c>).</summary>
    byte Read8(long offset);

    /// <summary>Reads 16 bits, then a read barrier (kernel: <c>readw</c>, <c>ioread16</c>).</summary>
    ushort Read16(long offset);

    /// <summary>Reads 32 bits, then a read barrier (kernel: <c>readl</c>, <c>ioread32</c>).</summary>
    uint Read32(long offset);

    /// <summary>Reads 64 bits, then a read barrier (kernel: <c>readq</c>, <c>ioread64</c>).</summary>
    ulong Read64(long offset);

    /// <summary>A write barrier, then writes 8 bits (kernel: <c>writeb</c>, <c>iowrite8</c>).</summary>
    void Write8(long offset, byte value);

    /// <summary>A write barrier, then writes 16 bits (kernel: <c>writew</c>, <c>iowrite16</c>).</summary>
    void Write16(long offset, ushort value);

    /// <summary>A write barrier, then writes 32 bits (kernel: <c>writel</c>, <c>iowrite32</c>).</summary>
    void Write32(long offset, uint value);

    /// <summary>A write barrier, then writes 64 bits (kernel: <c>writeq</c>, <c>iowrite64</c>).</summary>
    void Write64(long offset, ulong value);

    /// <summary>Exactly one read and one write of 8 bits: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    void Modify8(long offset, byte clear, byte set) => Write8(offset, (byte)((Read8(offset) & ~clear) | set));

    /// <summary>Exactly one read and one write of 16 bits: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    void Modify16(long offset, ushort clear, ushort set) => Write16(offset, (ushort)((Read16(offset) & ~clear) | set));

    /// <summary>Exactly one read and one write of 32 bits: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    void Modify32(long offset, uint clear, uint set) => Write32(offset, (Read32(offset) & ~clear) | set);

    /// <summary>Exactly one read and one write of 64 bits: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    void Modify64(long offset, ulong clear, ulong set) => Write64(offset, (Read64(offset) & ~clear) | set);

    /// <summary>Reads 8 bits without a barrier (kernel: <c>readb_relaxed</c>).</summary>
    byte ReadRelaxed8(long offset);

    /// <summary>Reads 16 bits without a barrier (kernel: <c>readw_relaxed</c>).</summary>
    ushort ReadRelaxed16(long offset);

    /// <summary>Reads 32 bits without a barrier (kernel: <c>readl_relaxed</c>).</summary>
    uint ReadRelaxed32(long offset);

    /// <summary>Reads 64 bits without a barrier (kernel: <c>readq_relaxed</c>).</summary>
    ulong ReadRelaxed64(long offset);

    /// <summary>Writes 8 bits without a barrier (kernel: <c>writeb_relaxed</c>).</summary>
    void WriteRelaxed8(long offset, byte value);

    /// <summary>Writes 16 bits without a barrier (kernel: <c>writew_relaxed</c>).</summary>
    void WriteRelaxed16(long offset, ushort value);

    /// <summary>Writes 32 bits without a barrier (kernel: <c>writel_relaxed</c>).</summary>
    void WriteRelaxed32(long offset, uint value);

    /// <summary>Writes 64 bits without a barrier (kernel: <c>writeq_relaxed</c>).</summary>
    void WriteRelaxed64(long offset, ulong value);

    /// <summary>Reads the 8-bit register at <paramref name="offset"/> once per element (kernel: <c>ioread8_rep</c>).</summary>
    void ReadRep(long offset, Span<byte> destination);

    /// <summary>Reads the 16-bit register at <paramref name="offset"/> once per element (kernel: <c>ioread16_rep</c>). Never swaps bytes.</summary>
    void ReadRep(long offset, Span<ushort> destination);

    /// <summary>Reads the 32-bit register at <paramref name="offset"/> once per element (kernel: <c>ioread32_rep</c>). Never swaps bytes.</summary>
    void ReadRep(long offset, Span<uint> destination);

    /// <summary>Reads the 64-bit register at <paramref name="offset"/> once per element (kernel: <c>ioread64_rep</c>). Never swaps bytes.</summary>
    void ReadRep(long offset, Span<ulong> destination);

    /// <summary>Writes each element to the 8-bit register at <paramref name="offset"/> (kernel: <c>iowrite8_rep</c>).</summary>
    void WriteRep(long offset, ReadOnlySpan<byte> source);

    /// <summary>Writes each element to the 16-bit register at <paramref name="offset"/> (kernel: <c>iowrite16_rep</c>). Never swaps bytes.</summary>
    void WriteRep(long offset, ReadOnlySpan<ushort> source);

    /// <summary>Writes each element to the 32-bit register at <paramref name="offset"/> (kernel: <c>iowrite32_rep</c>). Never swaps bytes.</summary>
    void WriteRep(long offset, ReadOnlySpan<uint> source);

    /// <summary>Writes each element to the 64-bit register at <paramref name="offset"/> (kernel: <c>iowrite64_rep</c>). Never swaps bytes.</summary>
    void WriteRep(long offset, ReadOnlySpan<ulong> source);

    /// <summary>
    /// Fills <paramref name="length"/> bytes with <paramref name="value"/> (kernel: <c>memset_io</c>): bytes until the
    /// device address is aligned, then the widest aligned words, then a byte tail. Every byte is written once.
    /// </summary>
    void Fill(long offset, byte value, long length);

    /// <summary>
    /// Copies from the device (kernel: <c>memcpy_fromio</c>): bytes until the device address is aligned, then the
    /// widest aligned words, then a byte tail. Every byte is read once. For a block that takes only one width use
    /// the typed forms of <see cref="MmioExtensions"/>.
    /// </summary>
    void CopyFrom(long offset, Span<byte> destination);

    /// <summary>
    /// Copies to the device (kernel: <c>memcpy_toio</c>): bytes until the device address is aligned, then the widest
    /// aligned words, then a byte tail. Every byte is written once. For a block that takes only one width use the
    /// typed forms of <see cref="MmioExtensions"/>.
    /// </summary>
    void CopyTo(long offset, ReadOnlySpan<byte> source);

    /// <summary>
    /// Fills memory, never registers (kernel: <c>memset</c> of what <c>memremap</c> mapped): a frame buffer, shared RAM.
    /// A byte may be written with others in an access of any width, in any order, and more than once.
    /// </summary>
    /// <param name="offset">The first byte, from the start of the window.</param>
    /// <param name="value">What every byte becomes.</param>
    /// <param name="length">How many bytes; 0 does nothing.</param>
    void FillMemory(long offset, byte value, long length) => Fill(offset, value, length);

    /// <summary>
    /// Copies from memory, never from registers (kernel: <c>memcpy</c> from what <c>memremap</c> mapped): a frame buffer,
    /// shared RAM. A byte may be read with others in an access of any width, in any order, and more than once: as fast as
    /// the machine copies.
    /// </summary>
    void CopyFromMemory(long offset, Span<byte> destination) => CopyFrom(offset, destination);

    /// <summary>
    /// Copies to memory, never to registers (kernel: <c>memcpy</c> to what <c>memremap</c> mapped): a frame buffer, shared
    /// RAM. A byte may be written with others in an access of any width, in any order, and more than once: as fast as the
    /// machine copies.
    /// </summary>
    void CopyToMemory(long offset, ReadOnlySpan<byte> source) => CopyTo(offset, source);

    /// <summary>A window onto part of this window. It shares the mapping and ends with it.</summary>
    /// <param name="offset">Where the new window starts, in bytes from the start of this one.</param>
    /// <param name="length">Its length in bytes; at least 1, and inside this window.</param>
    IMmio Window(long offset, long length);
}

/// <summary>A mapping: the owner of a window. Disposing it unmaps (kernel: <c>iounmap</c>), and every window on it then throws <see cref="ObjectDisposedException"/>.</summary>
public interface IMmioMapping : IMmio, IDisposable;
