namespace RawIo;

/// <summary>What an entry of a recording is. The numbers are those of the file, docs/recording.md; of those below 0x40 the file adds the width.</summary>
public enum RecordingKind
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>An ordered read of a register.</summary>
    Read = 0x10,
    /// <summary>An ordered write.</summary>
    Write = 0x14,
    /// <summary>A read without a barrier. To a replay it is the same as <see cref="Read"/>.</summary>
    ReadRelaxed = 0x18,
    /// <summary>A write without a barrier. To a replay it is the same as <see cref="Write"/>.</summary>
    WriteRelaxed = 0x1c,
    /// <summary>A guarded read that was answered.</summary>
    TryRead = 0x20,
    /// <summary>A guarded read that nobody answered.</summary>
    TryReadNothing = 0x24,
    /// <summary>A read of a port.</summary>
    In = 0x28,
    /// <summary>A write of a port.</summary>
    Out = 0x2c,
    /// <summary>Repeated reads of one register.</summary>
    ReadRep = 0x30,
    /// <summary>Repeated writes of one register.</summary>
    WriteRep = 0x34,
    /// <summary>Repeated reads of one port.</summary>
    InRep = 0x38,
    /// <summary>Repeated writes of one port.</summary>
    OutRep = 0x3c,
    /// <summary>A block filled with one value.</summary>
    Fill = 0x40,
    /// <summary>A block copied from the device.</summary>
    CopyFrom = 0x41,
    /// <summary>A block copied to the device.</summary>
    CopyTo = 0x42,
    /// <summary>The delay of the paused port forms.</summary>
    Pause = 0x43,
    /// <summary>Memory claimed.</summary>
    ClaimMemory = 0x48,
    /// <summary>A claim on memory given back.</summary>
    ReleaseMemory = 0x49,
    /// <summary>Registers mapped.</summary>
    Map = 0x4a,
    /// <summary>A mapping given back.</summary>
    Unmap = 0x4b,
    /// <summary>Ports claimed and opened.</summary>
    ClaimPorts = 0x4c,
    /// <summary>A claim on ports given back.</summary>
    ReleasePorts = 0x4d,
    /// <summary>Ports opened.</summary>
    OpenPorts = 0x4e,
    /// <summary>Ports given back.</summary>
    ClosePorts = 0x4f,
    /// <summary>An interrupt opened by its number.</summary>
    OpenInterrupt = 0x50,
    /// <summary>An interrupt opened by a node of the device tree.</summary>
    OpenNodeInterrupt = 0x51,
    /// <summary>An interrupt given back.</summary>
    CloseInterrupt = 0x52,
    /// <summary>An interrupt switched on.</summary>
    EnableInterrupt = 0x53,
    /// <summary>An interrupt switched off.</summary>
    DisableInterrupt = 0x54,
    /// <summary>How many came was asked.</summary>
    InterruptCount = 0x55,
    /// <summary>A wait for an interrupt began.</summary>
    WaitBegins = 0x56,
    /// <summary>A wait for an interrupt ended.</summary>
    WaitEnds = 0x57,
    /// <summary>The clock's timestamp was read.</summary>
    Timestamp = 0x60,
    /// <summary>The date was read.</summary>
    UtcNow = 0x61,
    /// <summary>A timer was made.</summary>
    CreateTimer = 0x62,
    /// <summary>A timer was set anew.</summary>
    ChangeTimer = 0x63,
    /// <summary>A timer was given back.</summary>
    DisposeTimer = 0x64,
    /// <summary>A timer's time came, and its callback was called.</summary>
    TimerFires = 0x65,
}

/// <summary>The numbers of the file that are no entry of their own, and the bits beside a kind.</summary>
internal static class RecordingCode
{
    /// <summary>The end of a whole recording.</summary>
    public const byte End = 0x01;

    /// <summary>From here on another thread.</summary>
    public const byte Thread = 0x02;

    /// <summary>Beside a kind: it was refused, and the refusal follows.</summary>
    public const byte Refused = 0x80;

    public const ushort Version = 1;

    /// <summary>A scalar access: address and value, of its own width.</summary>
    public static bool IsScalar(int code) => code is >= 0x10 and < 0x30;

    /// <summary>Whether the low two bits tell a width.</summary>
    public static bool HasSize(int code) => code is >= 0x10 and < 0x40;

    public static ReadOnlySpan<byte> Magic => "RAWIOREC"u8;

    public static byte Of(RecordingKind kind, int size) => (byte)((int)kind | System.Numerics.BitOperations.Log2((uint)size));
}
