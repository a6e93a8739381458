namespace RawIo;

/// <summary>
/// A range of x86 I/O ports. One call is one <c>in</c> or <c>out</c> of exactly the width in its name.
/// </summary>
/// <remarks>
/// Ports are absolute numbers, as on the bus (0x60 is the keyboard's, whatever range it was opened in). A port that
/// is not wholly inside the range throws <see cref="ArgumentOutOfRangeException"/>, a range that was given back
/// <see cref="ObjectDisposedException"/>; neither has touched the device. Misaligned words are legal on x86 and here.
/// </remarks>
public interface IPortIo
{
    /// <summary>The first port of the range, 0 to 65535.</summary>
    int FirstPort { get; }

    /// <summary>How many ports the range has, 1 to 65536.</summary>
    int Count { get; }

    /// <summary>Reads a byte (kernel: <c>inb</c>).</summary>
    byte In8(int port);

    /// <summary>Reads a word of 16 bits (kernel: <c>inw</c>).</summary>
    ushort In16(int port);

    /// <summary>Reads a long of 32 bits (kernel: <c>inl</c>).</summary>
    uint In32(int port);

    /// <summary>Writes a byte (kernel: <c>outb</c>, whose arguments are the other way round).</summary>
    void Out8(int port, byte value);

    /// <summary>Writes a word of 16 bits (kernel: <c>outw</c>, whose arguments are the other way round).</summary>
    void Out16(int port, ushort value);

    /// <summary>Writes a long of 32 bits (kernel: <c>outl</c>, whose arguments are the other way round).</summary>
    void Out32(int port, uint value);

    /// <summary>Reads the same port once per element (kernel: <c>insb</c>).</summary>
    void InRep(int port, Span<byte> destination);

    /// <summary>Reads the same port once per element (kernel: <c>insw</c>).</summary>
    void InRep(int port, Span<ushort> destination);

    /// <summary>Reads the same port once per element (kernel: <c>insl</c>).</summary>
    void InRep(int port, Span<uint> destination);

    /// <summary>Writes each element to the same port (kernel: <c>outsb</c>).</summary>
    void OutRep(int port, ReadOnlySpan<byte> source);

    /// <summary>Writes each element to the same port (kernel: <c>outsw</c>).</summary>
    void OutRep(int port, ReadOnlySpan<ushort> source);

    /// <summary>Writes each element to the same port (kernel: <c>outsl</c>).</summary>
    void OutRep(int port, ReadOnlySpan<uint> source);

    /// <summary>
    /// The delay of the paused forms (kernel: <c>io_delay</c>): one byte written to port 0x80, about a microsecond on
    /// an ISA bus. <see cref="PortIoExtensions"/> has the paused reads and writes.
    /// </summary>
    void Pause();
}

/// <summary>An opened range of ports. Disposing it gives the right to them back (kernel: <c>ioperm(first, count, 0)</c>).</summary>
public interface IPortGrant : IPortIo, IDisposable;
