namespace RawIo.Sim;

/// <summary>Registers and bits of a channel (BCM2835 ARM Peripherals, 4.2.1.2 and 4.2.1.3).</summary>
internal static class DmaRegisters
{
    public const int CS = 0x00, CONBLK_AD = 0x04, TI = 0x08, SOURCE_AD = 0x0c, DEST_AD = 0x10, TXFR_LEN = 0x14,
        STRIDE = 0x18, NEXTCONBK = 0x1c, DEBUG = 0x20, INT_STATUS = 0xfe0, ENABLE = 0xff0;

    // CS.
    public const uint ACTIVE = 1 << 0, END = 1 << 1, INT = 1 << 2, DREQ = 1 << 3, PAUSED = 1 << 4, DREQ_STOPS_DMA = 1 << 5,
        ERROR = 1 << 8, ABORT = 1 << 30, RESET = 1u << 31;

    /// <summary>PRIORITY, PANIC_PRIORITY, WAIT_FOR_OUTSTANDING_WRITES, DISDEBUG, ACTIVE.</summary>
    public const uint CsWritable = 0x30ff_0001;

    // TI.
    public const uint INTEN = 1 << 0, TDMODE = 1 << 1, DEST_INC = 1 << 4, DEST_WIDTH = 1 << 5, DEST_DREQ = 1 << 6, DEST_IGNORE = 1 << 7,
        SRC_INC = 1 << 8, SRC_WIDTH = 1 << 9, SRC_DREQ = 1 << 10, SRC_IGNORE = 1 << 11;

    /// <summary>The bits of TI that exist: 2 and 27 to 31 are reserved.</summary>
    public const uint TiBits = 0x07ff_fffb;

    /// <summary>A lite channel has no 2D mode and ignores neither side (4.5).</summary>
    public const uint TiLiteBits = TiBits & ~(TDMODE | DEST_IGNORE | SRC_IGNORE);

    public static int PERMAP(uint ti) => (int)(ti >> 16 & 0x1f);

    public static uint WAITS(uint ti) => ti >> 21 & 0x1f;

    // DEBUG.
    public const uint READ_ERROR = 1 << 2, FIFO_ERROR = 1 << 1, READ_LAST_NOT_SET_ERROR = 1 << 0, LITE = 1 << 28, VERSION2 = 2 << 25;

    public const uint DebugErrors = READ_ERROR | FIFO_ERROR | READ_LAST_NOT_SET_ERROR;
}
