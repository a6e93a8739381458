using System.Numerics;

namespace RawIo.Drivers;

/// <summary>The interrupts of the clock chip, as registers B (enabled) and C (come) have them.</summary>
[Flags]
public enum CmosRtcInterrupts : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>An update has ended: once a second.</summary>
    Update = 0x10,
    /// <summary>The alarm.</summary>
    Alarm = 0x20,
    /// <summary>The periodic interrupt.</summary>
    Periodic = 0x40,
}

/// <summary>The PC's clock chip with its CMOS RAM, ports 0x70 and 0x71 (Motorola MC146818A datasheet; interrupt request 8).</summary>
/// <remarks>One thread at a time: an access is an index and a datum.</remarks>
public sealed partial class CmosRtc
{
    /// <summary>The index port's number; the data port is the next.</summary>
    public const int IndexPort = 0x70;

    /// <summary>Where PCs keep the century: beside the chip's own registers, in its RAM.</summary>
    public const int CenturyIndex = 0x32;

    private const int DataPort = 0x71;
    private const int RegisterA = 10, RegisterB = 11, RegisterC = 12, RegisterD = 13;
    private const byte UpdateInProgress = 0x80, HoldDivider = 0x70, RateMask = 0x0f;
    private const byte SetMode = 0x80, BinaryMode = 0x04, Hours24 = 0x02;
    private const CmosRtcInterrupts AllInterrupts = CmosRtcInterrupts.Update | CmosRtcInterrupts.Alarm | CmosRtcInterrupts.Periodic;

    // An update takes 2 ms and comes once a second; a second without an end of it is no clock.
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromSeconds(1);

    private readonly IPortIo _ports;
    private readonly TimeProvider _time;

    /// <summary>A driver over the clock's ports.</summary>
    /// <param name="ports">A range that holds 0x70 and 0x71.</param>
    /// <param name="time">The machine's time, for timeouts.</param>
    /// <exception cref="ArgumentException">The range lacks a port.</exception>
    public CmosRtc(IPortIo ports, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(time);
        if (ports.FirstPort > IndexPort || ports.FirstPort + ports.Count <= DataPort)
            throw new ArgumentException($"The clock has the ports 0x70 and 0x71; the range has {ports.Count} from 0x{ports.FirstPort:x}.", nameof(ports));
        (_ports, _time) = (ports, time);
    }

    /// <summary>Whether the battery has kept time and RAM (register D, VRT).</summary>
    public bool IsValid => (ReadByte(RegisterD) & 0x80) != 0;

    /// <summary>A byte of the chip: registers 0 to 13, RAM from 14 on. Reading register 12 clears it.</summary>
    /// <param name="index">0 to 127.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such byte.</exception>
    public byte ReadByte(int index)
    {
        _ports.Out8(IndexPort, Check(index));
        return _ports.In8(DataPort);
    }

    /// <summary>Writes a byte of the chip.</summary>
    /// <param name="index">0 to 127.</param>
    /// <param name="value">The byte.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such byte.</exception>
    public void WriteByte(int index, byte value)
    {
        _ports.Out8(IndexPort, Check(index));
        _ports.Out8(DataPort, value);
    }

    /// <summary>The interrupts that are enabled.</summary>
    public CmosRtcInterrupts EnabledInterrupts
    {
        get => (CmosRtcInterrupts)ReadByte(RegisterB) & AllInterrupts;
        set => WriteByte(RegisterB, (byte)(ReadByte(RegisterB) & ~(byte)AllInterrupts | (byte)(value & AllInterrupts)));
    }

    /// <summary>The interrupts that came since the last call, enabled or not: reading register C quiets the chip.</summary>
    public CmosRtcInterrupts Acknowledge() => (CmosRtcInterrupts)ReadByte(RegisterC) & AllInterrupts;

    /// <summary>Sets the rate of the periodic interrupt; <see cref="EnabledInterrupts"/> lets it come.</summary>
    /// <param name="frequency">In hertz: a power of two from 2 to 8192.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such rate.</exception>
    public void SetPeriodicRate(int frequency)
    {
        if (frequency is < 2 or > 8192 || !BitOperations.IsPow2(frequency))
            throw new ArgumentOutOfRangeException(nameof(frequency), frequency, "The rates are the powers of two from 2 to 8192 Hz.");
        var rate = 16 - BitOperations.Log2((uint)frequency);
        WriteByte(RegisterA, (byte)(ReadByte(RegisterA) & ~(UpdateInProgress | RateMask) | rate));
    }

    private static byte Check(int index) => index is >= 0 and <= 127
        ? (byte)index
        : throw new ArgumentOutOfRangeException(nameof(index), index, "The bytes are 0 to 127.");
}
