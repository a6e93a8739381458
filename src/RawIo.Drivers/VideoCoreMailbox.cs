namespace RawIo.Drivers;

/// <summary>
/// Asks a Raspberry Pi's firmware through the mailboxes' property channel (the wiki of raspberrypi/firmware, "Mailbox property
/// interface"; Linux drivers/firmware/raspberrypi.c). One caller at a time: an answer that is not its own is dropped.
/// </summary>
public sealed class VideoCoreMailbox
{
    private const int PropertyChannel = 8;
    private const uint Done = 0x8000_0000;

    private readonly IMmio _registers, _memory;
    private readonly uint _mail;
    private readonly TimeProvider _time;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the mailboxes. It touches nothing yet.</summary>
    /// <param name="registers">A window of at least 0x40 bytes from MAIL0_RD.</param>
    /// <param name="memory">RAM for messages that both sides see, uncached: at least 64 bytes, and 24 more than the longest value asked for.</param>
    /// <param name="busAddress">What VideoCore calls the first byte of that RAM: a multiple of 16, in the view that goes past the caches (0xc0000000 and up; 0x40000000 on BCM2835).</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <exception cref="ArgumentException">A window is too short, or the address no multiple of 16.</exception>
    public VideoCoreMailbox(IMmio registers, IMmio memory, uint busAddress, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < 0x40) throw new ArgumentException($"The mailboxes take 0x40 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        if (memory.Length < 64) throw new ArgumentException($"Messages take 64 bytes of RAM at least; the window has {memory.Length}.", nameof(memory));
        if (busAddress % 16 != 0) throw new ArgumentException($"A message lies at a multiple of 16, for its address shares a word with the channel; 0x{busAddress:x} is none.", nameof(busAddress));
        (_registers, _memory, _mail, _time) = (registers, memory, busAddress | PropertyChannel, time);
    }

    /// <summary>How long an answer may take by the machine's time; 1 s unless told, as Linux has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>When the firmware was built, in seconds since 1970.</summary>
    public uint GetFirmwareRevision() => Property(0x0000_0001, 1)[0];

    /// <summary>The board's revision code, as in /proc/cpuinfo: 0xa02082 is a 3 Model B.</summary>
    public uint GetBoardRevision() => Property(0x0001_0002, 1)[0];

    /// <summary>The board's serial number.</summary>
    public ulong GetSerial() => Property(0x0001_0004, 2) is var words ? words[0] | (ulong)words[1] << 32 : 0;

    /// <summary>The Ethernet address, first byte first.</summary>
    public byte[] GetMacAddress()
    {
        var words = Property(0x0001_0003, 2);
        return [(byte)words[0], (byte)(words[0] >> 8), (byte)(words[0] >> 16), (byte)(words[0] >> 24), (byte)words[1], (byte)(words[1] >> 8)];
    }

    /// <summary>The RAM that is the ARM's: first address and length.</summary>
    public (uint Start, uint Length) GetArmMemory() => Property(0x0001_0005, 2) is var words ? (words[0], words[1]) : default;

    /// <summary>The RAM that is VideoCore's: first address and length.</summary>
    public (uint Start, uint Length) GetVideoCoreMemory() => Property(0x0001_0006, 2) is var words ? (words[0], words[1]) : default;

    /// <summary>A clock's rate in Hz; 0 where there is no such clock.</summary>
    /// <param name="clock">2 UART, 3 ARM, 4 core, 10 PWM: the table of the wiki.</param>
    public uint GetClockRate(uint clock) => Property(0x0003_0002, 2, clock)[1];

    /// <summary>Sets a clock's rate; returns what it is then, which may be another.</summary>
    public uint SetClockRate(uint clock, uint hertz) => Property(0x0003_8002, 3, clock, hertz, 0)[1];

    /// <summary>The chip's temperature in thousandths of a degree Celsius.</summary>
    public int GetTemperature() => (int)Property(0x0003_0006, 2, 0)[1];

    /// <summary>Sets up a framebuffer and allocates it: where it is on VideoCore's bus, its bytes, and its bytes a row.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits a pixel: 8, 16, 24 or 32.</param>
    /// <exception cref="RawIoException">The firmware cannot show that (EINVAL) or has no memory for it (ENOMEM).</exception>
    public (uint BusAddress, uint Size, uint Pitch) AllocateFramebuffer(uint width, uint height, uint depth)
    {
        if (Property(0x0004_8003, 2, width, height) is var size && (size[0], size[1]) != (width, height)
            || Property(0x0004_8004, 2, width, height) is var inner && (inner[0], inner[1]) != (width, height)
            || Property(0x0004_8005, 1, depth)[0] != depth)
            throw new RawIoException(Errno.EINVAL, $"The firmware shows no screen of {width} x {height} pixels of {depth} bits.");
        var buffer = Property(0x0004_0001, 2, 4096);
        if (buffer[0] == 0) throw new RawIoException(Errno.ENOMEM, $"The firmware has no memory for {width} x {height} pixels of {depth} bits: give VideoCore more (gpu_mem).");
        return (buffer[0], buffer[1], Property(0x0004_0008, 1)[0]);
    }

    /// <summary>Sends one tag and waits for its answer.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="words">How many words the value has, whichever of request and answer is longer.</param>
    /// <param name="request">The request's words.</param>
    /// <returns>The value's words.</returns>
    /// <exception cref="ArgumentException">The value does not fit into the message's RAM, or the request into the value.</exception>
    /// <exception cref="RawIoException">The firmware does not know the tag, or refuses the message (EINVAL), or does not answer in time (ETIMEDOUT).</exception>
    public uint[] Property(uint tag, int words, params ReadOnlySpan<uint> request)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(words);
        var size = 24 + 4L * words;
        if (size > _memory.Length) throw new ArgumentException($"A value of {words} words makes a message of {size} bytes; the RAM for it has {_memory.Length}.", nameof(words));
        if (request.Length > words) throw new ArgumentException($"A request of {request.Length} words does not fit into a value of {words}.", nameof(request));
        ReadOnlySpan<uint> head = [(uint)size, 0, tag, 4 * (uint)words, 0];
        for (var i = 0; i < head.Length; i++) _memory.Write32(4 * i, head[i]);
        for (var i = 0; i < words; i++) _memory.Write32(20 + 4 * i, i < request.Length ? request[i] : 0);
        _memory.Write32(20 + 4 * words, 0);
        Exchange();
        if (_memory.Read32(4) != Done || (_memory.Read32(16) & Done) == 0)
            throw new RawIoException(Errno.EINVAL, $"The firmware has no answer to tag 0x{tag:x8} (status 0x{_memory.Read32(4):x8}): a newer firmware may.");
        var value = new uint[words];
        for (var i = 0; i < words; i++) value[i] = _memory.Read32(20 + 4 * i);
        return value;
    }

    private void Exchange()
    {
        var deadline = new Deadline(_time, _timeout);
        while (MailboxRegisters.MAIL1_STA.Read(_registers, MailboxRegisters.FULL) != 0)
            if (deadline.HasPassed()) throw deadline.Exception("VideoCore takes no message: its mailbox stays full");
        MailboxRegisters.MAIL1_WRT.Write(_registers, _mail);
        while (true)
        {
            while (MailboxRegisters.MAIL0_STA.Read(_registers, MailboxRegisters.EMPTY) != 0)
                if (deadline.HasPassed()) throw deadline.Exception("VideoCore does not answer");
            if (MailboxRegisters.MAIL0_RD.Consume(_registers) == _mail) return;
        }
    }
}
