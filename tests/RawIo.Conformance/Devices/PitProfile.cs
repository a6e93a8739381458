namespace RawIo.Conformance;

/// <summary>
/// The PC's 8254. QEMU's clock stands still and it loads a count at once; ours gets the one clock pulse that loads it.
/// A round programs all three counters, lets the pulse pass, then reads and latches them.
/// </summary>
internal sealed class PitProfile : DeviceProfile
{
    private const int Control = 0x43, Port61 = 0x61;
    private const ulong OUT = 0x80;
    private const string Pulse = "sim: clock_step 839";

    public override string Name => "8254";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("out", "status, bit 7, OUT in modes 1, 2, 4, 5", "OUT is upside down: high for the pulse of modes 1, 2, 4 and 5",
            "low for the pulse (8254, Mode Definitions)", "low for the pulse", c => IsStatus(c) && Mode(c) is 1 or 2 or 4 or 5 ? OUT : 0),
        new("modes-6-7", "status, bit 7, OUT in modes 6 and 7", "OUT as in mode 0", "modes 2 and 3: bit M2 does not count there (8254, Control Word Format)", "as in modes 2 and 3",
            c => IsStatus(c) && Mode(c) is 6 or 7 ? OUT : 0),
        new("null-count", "status, bit 6", "always 0", "NULL COUNT: set until the count is loaded (8254, Read-Back Command)", "set until the clock pulse, or trigger, that loads"),
        new("load", "count", "loads a count at once", "with the next clock pulse, in modes 1 and 5 with the trigger (8254, Mode Definitions)", "with the pulse"),
        new("odd", "count, mode 3", "an odd count is loaded as it is", "less one (8254, Mode 3)", "less one"),
        new("stale-latch", "count and status latches", "a control word leaves what was latched to be read", "the latch is held until it is read or the counter is reprogrammed (8254, Counter Latch Command)", "taken back"),
        new("no-read", "port 0x43", "reads 0", "no operation: nobody drives the bus (8254, Read/Write Logic)", "0xff",
            c => c.Reads(Control) ? 0xffu : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("a count is read as it was written, low byte first", $"""
            outb 0x43 0x30
            outb 0x40 0x34
            outb 0x40 0x12
            {Pulse}
            inb 0x40 -> 0x34
            inb 0x40 -> 0x12
            outb 0x43 0x00
            inb 0x40 -> 0x34
            inb 0x40 -> 0x12
            """),
        new("status comes before the count", $"""
            outb 0x43 0x76
            outb 0x41 0x00
            outb 0x41 0x80
            {Pulse}
            outb 0x43 0xc4
            inb 0x41 -> 0xb6
            inb 0x41 -> 0x00
            inb 0x41 -> 0x80
            """),
        new("one-byte counts leave the other byte zero", $"""
            outb 0x43 0x60
            outb 0x41 0x12
            outb 0x43 0x10
            outb 0x40 0x34
            {Pulse}
            inb 0x41 -> 0x12
            inb 0x40 -> 0x34
            inb 0x40 -> 0x34
            """),
        new("mode 0 is low from its control word on", $"""
            outb 0x43 0x30
            outb 0x40 0x10
            outb 0x40 0x00
            {Pulse}
            outb 0x43 0xe2
            inb 0x40 -> 0x30
            """),
        new("NULL COUNT stands until the pulse", $"""
            outb 0x43 0x30
            outb 0x40 0x10
            outb 0x40 0x00
            outb 0x43 0xe2
            inb 0x40 -> 0x70, qemu 0x30 : null-count
            {Pulse}
            outb 0x43 0xe2
            inb 0x40 -> 0x30
            """),
        new("a count shows with the pulse", $"""
            outb 0x43 0x30
            outb 0x40 0x10
            outb 0x40 0x00
            {Pulse}
            outb 0x40 0x20
            outb 0x40 0x00
            inb 0x40 -> 0x10, qemu 0x20 : load
            """),
        new("an odd count of mode 3 is loaded less one", $"""
            outb 0x43 0x16
            outb 0x40 0x15
            {Pulse}
            inb 0x40 -> 0x14, qemu 0x15 : odd
            """),
        new("a control word takes a latch back", $"""
            outb 0x43 0x30
            outb 0x40 0x34
            outb 0x40 0x12
            {Pulse}
            outb 0x43 0x00
            outb 0x43 0x10
            outb 0x40 0x56
            {Pulse}
            inb 0x40 -> 0x56, qemu 0x34 : stale-latch
            """),
        new("counter 2 counts while port 0x61 opens its gate", $"""
            outb 0x61 0x00
            outb 0x43 0xb0
            outb 0x42 0x10
            outb 0x42 0x00
            inb 0x61 & 0x20 -> 0x00
            outb 0x61 0x01
            {Pulse}
            inb 0x42 -> 0x10
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        for (var counter = 0; counter < 3; counter++)
        {
            // What is latched has to be read before the control word: status, and a count of two bytes.
            for (var i = 0; i < 3; i++) steps.In(0x40 + counter);
            Program(random, steps, counter);
        }
        steps.Sim("clock_step 839");
        for (var i = random.Next(20, 60); i > 0; i--) Look(random, steps);
    }

    private static void Program(Random random, Steps steps, int counter)
    {
        // Modes 1 and 5 count from a trigger, which only counter 2 can have.
        var mode = counter == 2 ? random.Next(8) : ((int[])[0, 2, 3, 4, 6, 7])[random.Next(6)];
        var (access, isBcd) = (random.Next(1, 4), random.Next(3) == 0);
        if (counter == 2) steps.Out(Port61, 0);
        steps.Out(Control, (ulong)(counter << 6 | access << 4 | mode << 1 | (isBcd ? 1 : 0)));
        var low = random.Next(0x100) & (mode is 3 or 7 ? 0xfe : 0xff);
        var high = random.Next(0x100);
        if (isBcd) (low, high) = (low & 0x77, high & 0x77);
        if (access != 2) steps.Out(0x40 + counter, (ulong)low);
        if (access != 1) steps.Out(0x40 + counter, (ulong)high);
        if (counter == 2) steps.Out(Port61, 1);
    }

    private static void Look(Random random, Steps steps)
    {
        switch (random.Next(10))
        {
            case < 5: steps.In(0x40 + random.Next(3)); break;
            case < 7: steps.Out(Control, (ulong)(random.Next(3) << 6 | random.Next(16))); break;
            case < 9: steps.Out(Control, (ulong)(0xc0 | random.Next(64))); break;
            default: steps.In(Control); break;
        }
    }

    /// <summary>The mode that the counter read here was last programmed for.</summary>
    private static int Mode(Compared c)
    {
        for (var i = c.Index - 1; i >= 0; i--)
        {
            var step = c.Run[i];
            if (step.IsWrite && step.Address == Control && step.Value >> 6 == c.Step.Address - 0x40 && (step.Value & 0x30) != 0) return (int)(step.Value >> 1 & 7);
        }
        return 3;
    }

    /// <summary>Whether this read is of a latched status: the first of its counter since a read-back command asked for it.</summary>
    private static bool IsStatus(Compared c)
    {
        if (!c.Step.IsRead || c.Step.Address is < 0x40 or > 0x42) return false;
        var counter = (int)c.Step.Address - 0x40;
        for (var i = c.Index - 1; i >= 0; i--)
        {
            var step = c.Run[i];
            if (step.IsRead && step.Address == c.Step.Address) return false;
            if (step.IsWrite && step.Address == Control && (step.Value & 0xd0) == 0xc0 && (step.Value >> counter & 2) != 0) return true;
        }
        return false;
    }
}
