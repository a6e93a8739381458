namespace RawIo.Sim;

/// <summary>Everything the firmware remembers.</summary>
internal sealed class FirmwareState
{
    public const int ClockCount = 15, PowerCount = 9, DomainCount = 24, VoltageCount = 5, ExpanderPins = 8;

    /// <summary>A pin of the GPIO expander as it was configured last.</summary>
    public record struct ExpanderPin(uint Direction, uint Polarity, uint PullEnable, uint PullUp, uint State);

    /// <summary>After the board's start: every clock at its rate and on, SD card and first UART powered.</summary>
    public FirmwareState(BoardFacts board)
    {
        for (var i = 0; i < ClockCount; i++) (ClockRate[i], ClockOn[i]) = (VideoCoreFirmware.ClockOf(board, (uint)i).Rate, true);
        Powered[0] = Powered[1] = true;
        for (var i = 0; i < Palette.Length; i++) Palette[i] = 0xff00_0000 | (uint)i * 0x01_0101;
    }

    private FirmwareState(FirmwareState other)
    {
        (ClockRate, ClockOn, Powered) = ([.. other.ClockRate], [.. other.ClockOn], [.. other.Powered]);
        (Domains, Voltage, Expander) = ([.. other.Domains], [.. other.Voltage], [.. other.Expander]);
        (Palette, Allocations, LastHandle) = ([.. other.Palette], [.. other.Allocations], other.LastHandle);
        (Screen, Turbo, Cursor) = (other.Screen, other.Turbo, other.Cursor);
        (TouchBuffer, GpioBuffer) = (other.TouchBuffer, other.GpioBuffer);
    }

    public uint[] ClockRate { get; } = new uint[ClockCount];

    public bool[] ClockOn { get; } = new bool[ClockCount];

    public bool[] Powered { get; } = new bool[PowerCount];

    public uint[] Domains { get; } = new uint[DomainCount];

    public uint[] Voltage { get; } = new uint[VoltageCount];

    public ExpanderPin[] Expander { get; } = new ExpanderPin[ExpanderPins];

    public uint[] Palette { get; } = new uint[256];

    public List<Allocation> Allocations { get; } = [];

    public uint LastHandle { get; set; }

    public uint Turbo { get; set; }

    /// <summary>Where a touch screen's points, and virtual GPIO's levels, would be written to.</summary>
    public uint TouchBuffer { get; set; }

    public uint GpioBuffer { get; set; }

    public CursorState Cursor { get; set; } = CursorState.Default;

    public ScreenState Screen { get; set; } = ScreenState.Default;

    public FirmwareState Clone() => new(this);

    /// <summary>A piece of VideoCore's memory.</summary>
    /// <param name="Handle">What it is called by; 0 for the framebuffer.</param>
    /// <param name="Offset">Where it starts, from the start of VideoCore's memory.</param>
    /// <param name="Size">How long it is.</param>
    /// <param name="Alias">The view of RAM its address is of.</param>
    public readonly record struct Allocation(uint Handle, uint Offset, uint Size, uint Alias);
}

/// <summary>How the screen is set up.</summary>
internal readonly record struct ScreenState(uint Width, uint Height, uint VirtualWidth, uint VirtualHeight, uint Depth, uint PixelOrder,
    uint AlphaMode, uint XOffset, uint YOffset, uint Top, uint Bottom, uint Left, uint Right, bool IsBlank, uint Base, uint Size)
{
    public static ScreenState Default => new() { Width = 640, Height = 480, VirtualWidth = 640, VirtualHeight = 480, Depth = 16, PixelOrder = 1, AlphaMode = 2 };

    /// <summary>Bytes a row: a multiple of 32, as the firmware has it.</summary>
    public uint Pitch => (VirtualWidth * Depth / 8 + 31) & ~31u;
}
