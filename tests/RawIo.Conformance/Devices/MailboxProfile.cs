namespace RawIo.Conformance;

/// <summary>The mailboxes, and the firmware's answers. QEMU answers within the write; ours gets the time for it after each access.</summary>
internal sealed class MailboxProfile : DeviceProfile
{
    private const ulong Registers = 0x3f00_b880, Message = 0x10_0000;
    private const int Read0 = 0x00, Peek0 = 0x10, Sender0 = 0x14, Status0 = 0x18, Config0 = 0x1c, Write1 = 0x20, Status1 = 0x38;

    // Tags whose answers are the same, with the words of their values.
    private static readonly (uint Tag, int Words)[] s_alike =
    [
        (0x0001_0002, 1), (0x0002_8001, 2), (0x0003_0001, 2), (0x0004_0002, 1), (0x0004_0003, 2), (0x0004_0004, 2), (0x0004_0005, 1), (0x0004_0006, 1),
        (0x0004_0007, 1), (0x0004_0008, 1), (0x0004_0009, 2), (0x0004_000a, 4), (0x0004_4005, 1), (0x0004_4006, 1), (0x0004_4007, 1), (0x0004_8006, 1), (0x0004_8007, 1),
    ];

    // And those that tell of a board.
    private static readonly (uint Tag, int Words)[] s_board =
    [
        (0x0000_0001, 1), (0x0001_0003, 2), (0x0001_0004, 2), (0x0001_0005, 2), (0x0001_0006, 2), (0x0003_0002, 2), (0x0003_0004, 2), (0x0003_0006, 2),
        (0x0003_000a, 2), (0x0006_0001, 1),
    ];

    public override string Name => "BCM2835 mailboxes";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("level", "MAIL0_STA, MAIL1_STA, bits 7:0", "always 0", "how many words wait (Broadcom's arm_control.h, ARM_MS_LEVEL)", "counts them",
            c => c.Reads(Registers + Status0) || c.Reads(Registers + Status1) ? 0xffu : 0),
        new("errors", "MAIL0_CNF, bits 10:8", "always 0", "errors, until the next write (arm_control.h, ARM_MC_ERRUNDRFLW and others)", "has them", c => c.Reads(Registers + Config0) ? 0x700u : 0),
        new("facts", "firmware revision, MAC address, serial number, memory, clock rates, temperatures, DMA channels", "its own: no serial number, 3 MHz at the UART, 700 MHz elsewhere, 25 and 99 degrees",
            "the board's (wiki of raspberrypi/firmware, \"Mailbox property interface\")", "a Pi 3's, with 76 MiB for VideoCore",
            c => c.Step.IsRead && c.Step.Address is >= Message + 20 and < Message + 28 && s_board.Any(b => b.Tag == c.LastWrite(Message + 8)) ? uint.MaxValue : 0),
        new("unknown", "an unknown tag", "gets the response bit, and the message is a success", "the response bit is not set (wiki); the message's code is 0x80000001 (raspberrypi/linux issue 2543)", "so"),
        new("refused", "a request code that is reserved, a message without end tag, a tag that leaves the message", "is processed all the same", "0x80000001, error parsing the request (wiki)", "is refused"),
        new("short", "a value that is longer than its buffer", "is written past its end", "is cut (wiki)", "is cut"),
        new("framebuffer", "allocate buffer", "a physical address", "an address on VideoCore's bus (wiki)", "in the view 0xc0000000"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("the board's revision", """
            writel 0x100000 28
            writel 0x100004 0
            writel 0x100008 0x00010002
            writel 0x10000c 4
            writel 0x100010 0
            writel 0x100014 0
            writel 0x100018 0
            readl 0x3f00b898 & 0xc0000000 -> 0x40000000
            writel 0x3f00b8a0 0x100008
            readl 0x3f00b898 & 0xc0000000 -> 0
            readl 0x3f00b890 -> 0x100008
            readl 0x3f00b880 -> 0x100008
            readl 0x3f00b898 & 0xc0000000 -> 0x40000000
            readl 0x100004 -> 0x80000000
            readl 0x100010 -> 0x80000004
            readl 0x100014 -> 0xa02082
            """),
        new("an unknown tag", """
            writel 0x100000 28
            writel 0x100004 0
            writel 0x100008 0x00037777
            writel 0x10000c 4
            writel 0x100010 0
            writel 0x100018 0
            writel 0x3f00b8a0 0x100008
            readl 0x100004 -> 0x80000001, qemu 0x80000000 : unknown
            readl 0x100010 -> 0, qemu 0x80000000 : unknown
            """),
        new("an answer that is sent again", """
            writel 0x100000 28
            writel 0x100004 0x80000000
            writel 0x100008 0x00010002
            writel 0x10000c 4
            writel 0x3f00b8a0 0x100008
            readl 0x100004 -> 0x80000001, qemu 0x80000000 : refused
            """),
        new("a short buffer", """
            writel 0x100000 28
            writel 0x100004 0
            writel 0x100008 0x00040003
            writel 0x10000c 4
            writel 0x100010 0
            writel 0x100014 0
            writel 0x100018 0
            writel 0x3f00b8a0 0x100008
            readl 0x100010 -> 0x80000008
            readl 0x100014 -> 640
            readl 0x100018 -> 0, qemu 480 : short
            """),
        new("a framebuffer", """
            writel 0x100000 32
            writel 0x100004 0
            writel 0x100008 0x00040001
            writel 0x10000c 8
            writel 0x100010 0
            writel 0x100014 16
            writel 0x10001c 0
            writel 0x3f00b8a0 0x100008
            readl 0x100014 -> 0xfb500000, qemu 0x3c100000 : framebuffer
            readl 0x100018 -> 614400
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(10))
        {
            case < 4: Send(random, steps, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => s_alike[random.Next(s_alike.Length)])]); break;
            case < 6: Send(random, steps, s_board[random.Next(s_board.Length)]); break;
            case < 7: Resize(random, steps); break;
            case < 8: steps.Write(Config0, (ulong)random.Next(2)); break;
            case < 9: steps.Read(Read0 + 4 * random.Next(4)); break;
            default: steps.Read(random.Next(5) switch { 0 => Peek0, 1 => Sender0, 2 => Status0, 3 => Config0, _ => Status1 }); break;
        }
    }

    private static void Send(Random random, Steps steps, params (uint Tag, int Words)[] tags)
    {
        var words = new List<uint> { 0, 0 };
        foreach (var (tag, count) in tags)
        {
            words.AddRange([tag, 4 * (uint)count, 0]);
            for (var i = 0; i < count; i++) words.Add(Value(random, tag, i));
        }
        Exchange(steps, words);
    }

    // Sizes that both screens can show, the display's and the virtual one together.
    private static void Resize(Random random, Steps steps)
    {
        var (width, height) = (32 * (uint)random.Next(1, 60), (uint)random.Next(1, 1080));
        Exchange(steps, [0, 0, 0x0004_8003, 8, 0, width, height, 0x0004_8004, 8, 0, width, height, 0x0004_8005, 4, 0, 8u << random.Next(2) << random.Next(2), 0x0004_0008, 4, 0, 0]);
    }

    private static void Exchange(Steps steps, List<uint> words)
    {
        words.Add(0);
        words[0] = 4 * (uint)words.Count;
        for (var i = 0; i < words.Count; i++) steps.Write((long)Message + 4 * i - (long)Registers, words[i]);
        steps.Read(Status1);
        steps.Write(Write1, 0xc000_0000 | Message | 8);
        steps.Read(Status0);
        steps.Read(Config0);
        steps.Read(Peek0);
        steps.Read(Read0);
        for (var i = 0; i < words.Count; i++) steps.Read((long)Message + 4 * i - (long)Registers);
    }

    private static uint Value(Random random, uint tag, int index) => tag switch
    {
        0x0002_8001 => (uint)(index == 0 ? random.Next(9) : random.Next(4)),
        0x0003_0001 => (uint)(index == 0 ? random.Next(1, 11) : random.Next()),
        0x0003_0002 or 0x0003_0004 => (uint)random.Next(1, 11),
        0x0003_0006 or 0x0003_000a => 0,
        0x0004_0002 or 0x0004_4006 or 0x0004_8006 => (uint)random.Next(2),
        0x0004_4007 or 0x0004_8007 => (uint)random.Next(3),
        0x0004_4005 => 8u << random.Next(3),
        _ => (uint)random.Next(),
    };
}
