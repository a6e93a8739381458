using static RawIo.Sim.PropertyTag;

namespace RawIo.Sim;

/// <summary>
/// What a Raspberry Pi's firmware answers through the mailboxes: the property channel (8) and the older framebuffer channel
/// (1), as the wiki of raspberrypi/firmware describes them.
/// </summary>
/// <remarks>
/// A message is refused with 0x80000001, and no tag answered, where its size is below 12 or above 1 MiB, its code is not 0,
/// a tag leaves it, or the end tag is missing. An unknown tag keeps its code and makes the message's 0x80000001, as the
/// firmware has it (raspberrypi/linux issue 2543); the tags beside it are answered. A value longer than the tag's buffer
/// is cut, and the tag's code still has the whole length; what a request is too short for counts as 0. The tags of the
/// framebuffer work together whatever their order. There is one display, 0. Memory is cleared, and
/// cursors are taken, up to twice VideoCore's memory a message; what asks for more is refused. QEMU (hw/misc/bcm2835_property.c) never refuses, sets the response bit
/// of every tag, writes past short buffers and answers no serial number, no GPIO expander and no memory.
/// </remarks>
public sealed partial class VideoCoreFirmware
{
    internal const string LeavesOut =
        "Of the firmware: executing code, OTP, display layers and rotation, the cursor it has of its own; no monitor, so no EDID, and no touch screen or virtual GPIO, whose buffers are kept; power domains and clocks are kept and switch nothing.";

    private const uint PropertyChannel = 8, FramebufferChannel = 1, ChannelBits = 0xf;
    private const uint FirmwareRevision = 0x5f44_0c10; // 24 August 2020, a Unix time as the firmware's own
    private const uint FirmwareVariant = 1; // start.elf

    private readonly IBusMaster _bus;
    private FirmwareState _state;
    private ulong _work;

    /// <summary>The firmware after the board's start.</summary>
    /// <param name="bus">The way to RAM, by bus addresses.</param>
    /// <param name="board">What it knows of its board.</param>
    public VideoCoreFirmware(IBusMaster bus, BoardFacts board)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(board);
        (_bus, Board) = (new QuietBus(bus), board);
        _state = new(board);
    }

    /// <summary>What it knows of its board.</summary>
    public BoardFacts Board { get; }

    /// <summary>The chip's temperature in thousandths of a degree Celsius, for a test to set.</summary>
    public int Temperature { get; set; } = 45_000;

    /// <summary>The bits of "get throttled", for a test to set: 0 undervoltage, 1 frequency capped, 2 throttled, 3 soft limit; 16 to 19 the same since the start.</summary>
    public uint Throttled { get; set; }

    /// <summary>Takes a word out of mailbox 1.</summary>
    /// <param name="mail">The channel in bits 3:0, above it the bus address of a buffer.</param>
    /// <returns>The word for mailbox 0; null for a channel on which nobody answers.</returns>
    public uint? Take(uint mail)
    {
        _work = 0;
        switch (mail & ChannelBits)
        {
            case PropertyChannel:
                new PropertyMessage(_bus, mail & ~ChannelBits).Process(Answer);
                return mail;
            case FramebufferChannel:
                return SetUpFramebuffer(mail & ~ChannelBits) ? FramebufferChannel : FramebufferChannel | 1 << 4;
            default:
                return null;
        }
    }

    internal object Save() => _state.Clone();

    internal void Restore(object saved) => _state = ((FirmwareState)saved).Clone();

    internal void Reset() => _state = new(Board);

    private byte[]? Answer(uint tag, PropertyMessage.Request request) => tag switch
    {
        GET_FIRMWARE_REVISION => Words(FirmwareRevision),
        GET_FIRMWARE_VARIANT => Words(FirmwareVariant),
        GET_FIRMWARE_HASH => Words(0x5f44_0c10, 0x1c4d_2a7e, 0x93b0_6f58, 0x0de1_c7a4, 0x62f8_351b),
        GET_BOARD_MODEL => Words(0),
        GET_BOARD_REVISION => Words(Board.Revision),
        GET_BOARD_MAC_ADDRESS => [.. Board.MacAddress],
        GET_BOARD_SERIAL => Words((uint)Board.Serial, (uint)(Board.Serial >> 32)),
        GET_ARM_MEMORY => Words(0, Board.ArmMemory),
        GET_VC_MEMORY => Words(Board.ArmMemory, Board.VideoCoreMemory),
        GET_COMMAND_LINE => System.Text.Encoding.ASCII.GetBytes(Board.CommandLine),
        GET_DMA_CHANNELS => Words(Board.DmaChannels),
        GET_TEMPERATURE => request[0] == 0 ? Words(0, (uint)Temperature) : Words(request[0], 0),
        GET_MAX_TEMPERATURE => request[0] == 0 ? Words(0, 85_000) : Words(request[0], 0),
        GET_THROTTLED => Words(ReadThrottled(request[0])),
        NOTIFY_REBOOT or NOTIFY_XHCI_RESET => Words(),
        _ => AnswerClock(tag, request) ?? AnswerPower(tag, request) ?? AnswerMemory(tag, request) ?? AnswerGpio(tag, request)
            ?? AnswerDisplay(tag, request) ?? AnswerFramebuffer(tag, request),
    };

    /// <summary>Whether a message may have so many bytes more gone through: twice what there is, so that none takes for ever.</summary>
    private bool MayWork(uint bytes) => (_work += bytes) <= 2ul * Board.VisibleMemory;

    // The mask of the request clears bits of what has been since the start, which is in the upper half.
    private uint ReadThrottled(uint mask)
    {
        var bits = Throttled;
        Throttled &= ~(mask & 0xffff) << 16 | 0xffff;
        return bits;
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        var bytes = new byte[4 * words.Length];
        for (var i = 0; i < words.Length; i++) BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }
}
