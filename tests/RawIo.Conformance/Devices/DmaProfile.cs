namespace RawIo.Conformance;

/// <summary>BCM2835's DMA controller: the full channels, memory to memory. QEMU moves everything within the write of ACTIVE; ours gets the time for it after each access.</summary>
internal sealed class DmaProfile : DeviceProfile
{
    private const ulong Registers = 0x3f00_7000;
    private const int CS = 0x00, CONBLK_AD = 0x04, DEBUG = 0x20, INT_STATUS = 0xfe0, ENABLE = 0xff0;
    private const ulong Blocks = 0x10_0000, Data = 0x11_0000;
    private const uint ACTIVE = 1, END = 2, INT = 4, TDMODE = 2;

    public override string Name => "BCM2835 DMA";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("dreq", "CS, bit 3, DREQ", "always 0", "the selected request, 1 where PERMAP is 0 (BCM2835 ARM Peripherals, page 49)", "follows the request",
            c => IsRegister(c, CS) ? 8u : 0),
        new("paused", "CS, bit 4, PAUSED", "set after each transfer", "paused and not transferring, as when ACTIVE was cleared (page 49)", "set while a block is stopped half way",
            c => IsRegister(c, CS) ? 0x10u : 0),
        new("debug", "DEBUG", "keeps what is written", "errors, channel number, version 2 and LITE; only the errors are written, with 1 to clear (page 55)", "has them",
            c => IsRegister(c, DEBUG) ? uint.MaxValue : 0),
        new("channel-15", "ENABLE, bit 15", "keeps it", "reserved (page 57)", "reads 0", c => c.Reads(Registers + ENABLE) ? 0x8000u : 0),
        new("rows", "TXFR_LEN, YLENGTH", "is left at 1 by a block in 2D mode", "counts down to what is left (page 53)", "is 0 at the end",
            c => IsRegister(c, 0x14) ? 0x3fff_0000u : 0),
        new("odd", "TXFR_LEN, no multiple of 4", "never ends", "bytes (page 53)", "moves the bytes"),
        new("lite", "channels 7 to 14", "are full ones", "16 bits of length, no 2D mode, no IGNORE (page 61)", "are lite"),
        new("wide", "TI, SRC_WIDTH without SRC_INC", "reads 32 bits", "reads 128 bits (page 52)", "reads four words in turn"),
        new("reset", "CS, bit 31, RESET", "keeps INT_STATUS and the block's registers", "resets the channel (page 47)", "all are 0"),
        new("next", "NEXTCONBK", "cannot be written", "can be, while the channel is paused (page 54)", "can be written"),
        new("idle", "CS, ACTIVE with CONBLK_AD 0", "clears ACTIVE", "begins when CONBLK_AD is not 0 (page 51)", "waits for a block",
            c => IsRegister(c, CS) && c.LastWrite(c.Step.Address + CONBLK_AD) is null or 0 ? ACTIVE : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("a block is copied and its end is told", """
            writel 0x110000 0x12345678
            writel 0x110004 0x9abcdef0
            writel 0x100000 0x111      # TI: INTEN, DEST_INC, SRC_INC
            writel 0x100004 0xc0110000
            writel 0x100008 0xc0110100
            writel 0x10000c 8
            writel 0x100014 0
            writel 0x3f007504 0xc0100000
            writel 0x3f007500 1
            readl 0x3f007500 & 0x7 -> 0x6
            readl 0x110100 -> 0x12345678
            readl 0x110104 -> 0x9abcdef0
            readl 0x3f00750c -> 0xc0110008
            readl 0x3f007510 -> 0xc0110108
            readl 0x3f007514 -> 0
            readl 0x3f007504 -> 0
            readl 0x3f007fe0 & 0x7fff -> 0x20
            writel 0x3f007500 0x6
            readl 0x3f007500 & 0x7 -> 0
            readl 0x3f007fe0 & 0x7fff -> 0
            """),
        new("two dimensions", """
            writel 0x110000 1
            writel 0x110010 2
            writel 0x100000 0x112
            writel 0x100004 0x110000
            writel 0x100008 0x110100
            writel 0x10000c 0x10004
            writel 0x100010 0x0000000c
            writel 0x3f007004 0x100000
            writel 0x3f007000 1
            readl 0x110100 -> 1
            readl 0x110104 -> 2
            """),
        new("five bytes; QEMU does not come back from that and is not asked", """
            writel 0x110000 0x12345678
            writel 0x110004 0x9abcdef0
            writel 0x100000 0x110
            writel 0x100004 0x110000
            writel 0x100008 0x110100
            writel 0x10000c 5
            writel 0x3f007504 0x100000
            sim: writel 0x3f007500 1
            readl 0x3f007500 & 0x7 -> 0x2, qemu 0 : odd
            readl 0x110100 -> 0x12345678, qemu 0 : odd
            readl 0x110104 -> 0xf0, qemu 0 : odd
            """),
        new("a lite channel has 16 bits of length", """
            writel 0x100000 0x111
            writel 0x100004 0x110000
            writel 0x100008 0x110100
            writel 0x10000c 0x10004
            writel 0x3f007704 0x100000
            writel 0x110104 0x55
            writel 0x3f007700 1
            readl 0x3f007700 & 0x7 -> 0x6
            readl 0x110104 -> 0x55, qemu 0 : lite
            """),
        new("a source of 128 bits is four words", """
            writel 0x110000 1
            writel 0x110004 2
            writel 0x100000 0x210
            writel 0x100004 0x110000
            writel 0x100008 0x110100
            writel 0x10000c 8
            writel 0x3f007004 0x100000
            writel 0x3f007000 1
            readl 0x110100 -> 1
            readl 0x110104 -> 2, qemu 1 : wide
            """),
        new("a reset forgets all", """
            writel 0x100000 0x111
            writel 0x100004 0x110000
            writel 0x100008 0x110100
            writel 0x10000c 4
            writel 0x3f007004 0x100000
            writel 0x3f007000 1
            writel 0x3f007000 0x80000000
            readl 0x3f007000 -> 0
            readl 0x3f007fe0 & 0x7fff -> 0, qemu 1 : reset
            readl 0x3f007008 -> 0, qemu 0x111 : reset
            """),
        new("the next block's address can be written, and a channel waits for its first", """
            writel 0x3f00701c 0x120000
            readl 0x3f00701c -> 0x120000, qemu 0 : next
            writel 0x3f007000 1
            readl 0x3f007000 & 0x1 -> 1, qemu 0 : idle
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        var channel = random.Next(7) << 8;
        switch (random.Next(12))
        {
            case < 5: Transfer(random, steps, channel); break;
            case < 7: steps.Read(channel + 4 * random.Next(9)); break;
            case < 8: steps.Write(channel + CS, (uint)random.Next() & 0x30ff_0000 | (uint)random.Next(8) & (END | INT)); break;
            case < 9: steps.Read(INT_STATUS); break;
            case < 10:
                steps.Write(ENABLE, 0x7fff | (ulong)random.Next(2) << 15);
                steps.Read(ENABLE);
                break;
            case < 11: steps.Write(channel + DEBUG, (ulong)random.NextInt64(1L << 32)); break;
            default: steps.Write(channel + 8 + 4 * random.Next(5), (ulong)random.NextInt64(1L << 32)); break; // read-only
        }
    }

    private static void Transfer(Random random, Steps steps, int channel)
    {
        var blocks = random.Next(1, 4);
        for (var i = 0; i < blocks; i++)
        {
            // WAIT_RESP, bursts, waits, and both increments, ignores and the interrupt; 128 bits where they are stepped through.
            var ti = (uint)random.Next() & 0x0620_f999;
            if ((ti & 0x110) == 0x110) ti |= (uint)random.Next() & 0x220;
            var is2D = random.Next(3) == 0;
            var length = 4 * (uint)random.Next(is2D ? 1 : 0, 9) | (is2D ? (uint)random.Next(4) << 16 : 0);
            uint[] words = [ti | (is2D ? TDMODE : 0), View(random, Data, 0x100), View(random, Data + 0x200, 0x100), length, Stride(random) << 16 | Stride(random),
                i + 1 < blocks ? (uint)Blocks + 0x20 * (uint)(i + 1) : 0];
            for (var w = 0; w < words.Length; w++) Memory(steps, Blocks + 0x20 * (ulong)i + 4 * (ulong)w, words[w]);
        }
        for (var i = 0; i < 3; i++) Memory(steps, Data + 4 * (ulong)random.Next(0x40), (uint)random.Next());
        steps.Write(channel + CONBLK_AD, Blocks);
        steps.Write(channel + CS, (uint)random.Next() & 0x30ff_0000 | ACTIVE);
        steps.Read(channel + CS);
        for (var register = 4; register < DEBUG; register += 4) steps.Read(channel + register);
        for (var i = 0; i < 6; i++) steps.Read((long)(Data + 0x200 + 4 * (ulong)random.Next(0x48)) - (long)Registers);
    }

    private static uint View(Random random, ulong start, int length) => (uint)random.Next(4) << 30 | (uint)(start + (ulong)random.Next(length) / 4 * 4);

    private static uint Stride(Random random) => (uint)(4 * random.Next(-16, 17)) & 0xffff;

    private static void Memory(Steps steps, ulong address, uint value) => steps.Write((long)address - (long)Registers, value);

    private static bool IsRegister(Compared c, int register) =>
        c.Step.IsRead && c.Step.Address - Registers is var offset and < 0xf00 && (int)offset % 0x100 == register;
}
