namespace RawIo.Drivers;

/// <summary>
/// Copies memory by a DMA channel of a Raspberry Pi 1 to 4 (BCM2835 ARM Peripherals, chapter 4). The channel must be one that the
/// kernel has not taken: those left are in the firmware's mask (tag 0x00060001).
/// </summary>
public sealed class Bcm2835Dma
{
    /// <summary>The longest copy: a lite channel has 16 bits of length, and every channel has these.</summary>
    public const int LongestCopy = 0xffff;

    private const int CS = 0x00, CONBLK_AD = 0x04, DEBUG = 0x20;
    private const uint ACTIVE = 1 << 0, END = 1 << 1, INT = 1 << 2, ERROR = 1 << 8, RESET = 1u << 31;
    private const uint WAIT_RESP = 1 << 3, DEST_INC = 1 << 4, SRC_INC = 1 << 8, DebugErrors = 7;

    private readonly IMmio _registers, _block;
    private readonly uint _blockAddress;
    private readonly TimeProvider _time;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over one channel. It touches nothing yet.</summary>
    /// <param name="registers">The channel's window, at least 0x24 bytes from CS: 0x100 bytes from one channel to the next.</param>
    /// <param name="controlBlock">Uncached RAM for a control block: at least 32 bytes.</param>
    /// <param name="controlBlockBusAddress">What the DMA controller calls its first byte: a multiple of 32, in the view that goes past the caches.</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <exception cref="ArgumentException">A window is too short, or the address no multiple of 32.</exception>
    public Bcm2835Dma(IMmio registers, IMmio controlBlock, uint controlBlockBusAddress, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(controlBlock);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < DEBUG + 4) throw new ArgumentException($"A channel takes 0x24 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        if (controlBlock.Length < 32) throw new ArgumentException($"A control block takes 32 bytes; the window has {controlBlock.Length}.", nameof(controlBlock));
        if (controlBlockBusAddress % 32 != 0)
            throw new ArgumentException($"A control block lies at a multiple of 32; 0x{controlBlockBusAddress:x} is none.", nameof(controlBlockBusAddress));
        (_registers, _block, _blockAddress, _time) = (registers, controlBlock, controlBlockBusAddress, time);
    }

    /// <summary>How long a copy may take by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>Copies memory and waits for the end.</summary>
    /// <param name="destination">The bus address to copy to.</param>
    /// <param name="source">The bus address to copy from.</param>
    /// <param name="length">Bytes, 1 to <see cref="LongestCopy"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is none of these.</exception>
    /// <exception cref="RawIoException">Somebody has the channel at work (EBUSY), the bus answered an error (EIO), or the end did not come (ETIMEDOUT); the channel was reset.</exception>
    public void Copy(uint destination, uint source, int length)
    {
        if (length is < 1 or > LongestCopy) throw new ArgumentOutOfRangeException(nameof(length), length, $"A copy has 1 to {LongestCopy} bytes.");
        // ACTIVE alone says nothing: Linux leaves it set on a channel that has no block.
        if ((_registers.Read32(CS) & ACTIVE) != 0 && _registers.Read32(CONBLK_AD) != 0)
            throw new RawIoException(Errno.EBUSY, "The DMA channel is at work for somebody else: take one that the kernel has left.");
        ReadOnlySpan<uint> block = [WAIT_RESP | DEST_INC | SRC_INC, source, destination, (uint)length, 0, 0, 0, 0];
        for (var i = 0; i < block.Length; i++) _block.Write32(4 * i, block[i]);
        _registers.Write32(CS, RESET);
        _registers.Write32(DEBUG, DebugErrors);
        _registers.Write32(CONBLK_AD, _blockAddress);
        _registers.Write32(CS, ACTIVE);
        Wait();
        var status = _registers.Read32(CS);
        if ((status & ERROR) != 0)
        {
            var errors = _registers.Read32(DEBUG) & DebugErrors;
            _registers.Write32(CS, RESET);
            throw new RawIoException(Errno.EIO, $"The bus answered the DMA channel with an error (DEBUG {errors}): are 0x{source:x} and 0x{destination:x} bus addresses of memory?");
        }
        _registers.Write32(CS, END | INT);
    }

    private void Wait()
    {
        var deadline = new Deadline(_time, _timeout);
        while ((_registers.Read32(CS) & ACTIVE) != 0)
        {
            if (!deadline.HasPassed()) continue;
            _registers.Write32(CS, RESET);
            throw deadline.Exception("The DMA channel did not come to the end of its copy");
        }
    }
}
