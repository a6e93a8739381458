namespace RawIo.Sim;

/// <summary>One pin's registers of <see cref="Rp1GpioModel"/>, and what comes of them.</summary>
internal struct Rp1Pin
{
    public const uint CtrlAtReset = 0x9f, CtrlBits = 0xcff3_ffff, IRQRESET = 1 << 28;
    public const uint PadBits = 0xff, PadPullUp = 0x9a, PadPullDown = 0x96;

    private const uint PDE = 1 << 2, PUE = 1 << 3, IE = 1 << 6, OD = 1 << 7;
    private const uint SYS_RIO = 5;

    // The edges of STATUS 27:20 that stay until IRQRESET: falling and rising, and both filtered.
    private const uint EdgeLow = 1 << 20, EdgeHigh = 1 << 21, FilteredEdgeLow = 1 << 24, FilteredEdgeHigh = 1 << 25;
    private const uint LevelLow = 1 << 22 | 1 << 26, LevelHigh = 1 << 23 | 1 << 27;

    /// <summary>CTRL without IRQRESET, the pad's word, and the edges seen.</summary>
    public uint Ctrl, Pad, Edges;

    /// <summary>What SYS_RIO says, and the level at the pad.</summary>
    public bool Out, OutputEnable, Level;

    private readonly bool IsRio => (Ctrl & 0x1f) == SYS_RIO;

    private readonly bool OutFromPeripheral => IsRio && Out;

    private readonly bool EnableFromPeripheral => IsRio && OutputEnable;

    private readonly bool OutToPad => Override(Ctrl >> 12, OutFromPeripheral);

    // 2 disables, 3 enables.
    private readonly bool EnableToPad => Override(Ctrl >> 14, EnableFromPeripheral);

    private readonly bool InFromPad => (Pad & IE) != 0 && Level;

    /// <summary>What the pin's peripheral, and SYS_RIO, get of the pad.</summary>
    public readonly bool Input => Override(Ctrl >> 16, InFromPad);

    /// <summary>What the chip drives the pad with; null where it does not.</summary>
    public readonly bool? Driven => EnableToPad && (Pad & OD) == 0 ? OutToPad : null;

    /// <summary>The pad's resistor; with both it keeps the last level, as a floating pin does here.</summary>
    public readonly PinPull Pull => (Pad & (PUE | PDE)) switch { PUE => PinPull.Up, PDE => PinPull.Down, _ => PinPull.None };

    public readonly bool Interrupt => Override(Ctrl >> 30, (Events & Ctrl & 0x0ff0_0000) != 0);

    private readonly uint Events => Edges | (Input ? LevelHigh : LevelLow);

    public readonly uint Status =>
        Bit(8, OutFromPeripheral) | Bit(9, OutToPad) | Bit(12, EnableFromPeripheral) | Bit(13, EnableToPad)
        | Bit(16, InFromPad) | Bit(17, InFromPad) | Bit(18, InFromPad) | Bit(19, Input)
        | Events | Bit(28, (Events & Ctrl & 0x0ff0_0000) != 0) | Bit(29, Interrupt);

    /// <summary>Notes an edge of the input.</summary>
    /// <param name="was">The input before.</param>
    public void Detect(bool was)
    {
        if (was != Input) Edges |= Input ? EdgeHigh | FilteredEdgeHigh : EdgeLow | FilteredEdgeLow;
    }

    /// <summary>Notes a pulse too short for the filter.</summary>
    public void Glitch()
    {
        if ((Pad & IE) != 0 && (Ctrl >> 16 & 2) == 0) Edges |= EdgeHigh | EdgeLow;
    }

    private static bool Override(uint field, bool value) => (field & 3) switch { 0 => value, 1 => !value, 2 => false, _ => true };

    private static uint Bit(int bit, bool value) => value ? 1u << bit : 0;
}
