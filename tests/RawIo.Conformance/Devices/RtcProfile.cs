using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>The PC's clock chip, on a date that stands still.</summary>
internal sealed class RtcProfile : DeviceProfile
{
    private const int Index = 0x70, Data = 0x71, ExtendedIndex = 0x72, ExtendedData = 0x73;
    private const int RegisterA = 10, RegisterB = 11;

    // To QEMU both are the century.
    private const int Century = 0x32, CenturyOfPs2 = 0x37;

    public override string Name => "MC146818A";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override IReadOnlyList<string> Arguments => ["-m", "512", "-rtc", "base=2021-12-31T23:58:57,clock=vm"];

    public override SimOptions SimOptions => base.SimOptions with { Rtc = new(2021, 12, 31, 23, 58, 57, TimeSpan.Zero) };

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("normalizes", "time and calendar bytes", "reads the date that the bytes come to", "the ten bytes read as they were written until an update (MC146818A, Time, Calendar, and Alarm Locations)", "as written"),
        new("weekday", "day of week", "works it out from the date", "a byte that is written and counts (MC146818A, Time, Calendar, and Alarm Locations)", "as written"),
        new("converts", "register B, DM and 24/12", "time bytes change their format with the bit", "neither bit may be changed without initializing the ten bytes again (MC146818A, Register B)", "bytes stay"),
        new("uie", "register B, UIE", "cleared by each write with SET", "cleared by SET going high (MC146818A, Register B)", "cleared as SET goes high"),
        new("century-37", "RAM, 0x37", "the same byte as 0x32", "RAM (82371SB PIIX3, Real Time Clock Registers)", "RAM"),
        new("extended", "ports 0x72, 0x73", "nobody answers", "128 bytes more (82371SB PIIX3, Real Time Clock Registers)", "has them",
            c => c.Reads(ExtendedData) ? 0xffu : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("the date is read in BCD and 24 hours", """
            outb 0x70 0x00
            inb 0x71 -> 0x57
            outb 0x70 0x02
            inb 0x71 -> 0x58
            outb 0x70 0x04
            inb 0x71 -> 0x23
            outb 0x70 0x06
            inb 0x71 -> 0x06
            outb 0x70 0x07
            inb 0x71 -> 0x31
            outb 0x70 0x08
            inb 0x71 -> 0x12
            outb 0x70 0x09
            inb 0x71 -> 0x21
            outb 0x70 0x32
            inb 0x71 -> 0x20
            """),
        new("the registers after power-on", """
            outb 0x70 0x0a
            inb 0x71 -> 0x26
            outb 0x70 0x0b
            inb 0x71 -> 0x02
            outb 0x70 0x0c
            inb 0x71 -> 0x00
            outb 0x70 0x0d
            inb 0x71 -> 0x80
            """),
        new("the whole RAM is as the firmware leaves it", string.Concat(
            Enumerable.Range(14, 114).Where(i => i != CenturyOfPs2).Select(i => $"outb 0x70 0x{i:x}\ninb 0x71\n"))),
        new("bit 7 of the index is NMI's, and the index is not read", """
            outb 0x70 0x8d
            inb 0x71 -> 0x80
            inb 0x70 -> 0xff
            """),
        new("registers C and D are read-only", """
            outb 0x70 0x0c
            outb 0x71 0xff
            inb 0x71 -> 0
            outb 0x70 0x0d
            outb 0x71 0
            inb 0x71 -> 0x80
            """),
        new("UIP is read-only", """
            outb 0x70 0x0a
            outb 0x71 0xa6
            inb 0x71 -> 0x26
            """),
        new("SET going high clears UIE", """
            outb 0x70 0x0b
            outb 0x71 0x12
            inb 0x71 -> 0x12
            outb 0x71 0x92
            inb 0x71 -> 0x82
            outb 0x71 0x92
            inb 0x71 -> 0x92, qemu 0x82 : uie
            """),
        new("a byte of the calendar reads as it was written", """
            outb 0x70 0x08
            outb 0x71 0x13
            inb 0x71 -> 0x13, qemu 0x01 : normalizes
            """),
        new("the day of the week is a byte of its own", """
            outb 0x70 0x06
            outb 0x71 0x03
            inb 0x71 -> 0x03, qemu 0x06 : weekday
            """),
        new("DM does not convert", """
            outb 0x70 0x0b
            outb 0x71 0x06
            outb 0x70 0x00
            inb 0x71 -> 0x57, qemu 0x39 : converts
            """),
        new("0x37 is RAM", """
            outb 0x70 0x37
            outb 0x71 0x19
            inb 0x71 -> 0x19
            outb 0x70 0x32
            inb 0x71 -> 0x20, qemu 0x19 : century-37
            """),
        new("the extended bank is another", """
            outb 0x72 0x10
            outb 0x73 0x5a
            inb 0x73 -> 0x5a, qemu 0xff : extended
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(20))
        {
            case < 8:
                steps.Out(Index, (ulong)(random.Next(14) | random.Next(2) << 7));
                steps.In(Data);
                break;
            case < 11:
                steps.Out(Index, (ulong)Ram(random));
                steps.In(Data);
                break;
            case < 14:
                steps.Out(Index, (ulong)Ram(random));
                steps.Out(Data, (ulong)random.Next(256));
                break;
            case < 15:
                steps.Out(Index, (ulong)(1 + 2 * random.Next(3)));
                steps.Out(Data, (ulong)random.Next(256));
                break;
            case < 16:
                steps.Out(Index, RegisterA);
                steps.Out(Data, (ulong)random.Next(256));
                break;
            case < 17:
                steps.Out(Index, (ulong)(12 + random.Next(2)));
                steps.Out(Data, (ulong)random.Next(256));
                break;
            case < 18: SetTime(random, steps); break;
            case < 19: steps.In(Index); break;
            default:
                steps.Out(ExtendedIndex, (ulong)random.Next(256));
                if (random.Next(2) == 0) steps.Out(ExtendedData, (ulong)random.Next(256));
                steps.In(random.Next(2) == 0 ? ExtendedIndex : ExtendedData);
                break;
        }
    }

    private static int Ram(Random random)
    {
        var index = random.Next(14, 128);
        return index is Century or CenturyOfPs2 ? 0x40 : index;
    }

    /// <summary>Sets a date in a format chosen anew, all under SET, and the interrupts and DSE with it.</summary>
    private static void SetTime(Random random, Steps steps)
    {
        var format = random.Next(4) << 1;
        var (isBinary, is24) = ((format & 4) != 0, (format & 2) != 0);
        var date = new DateTime(1970, 1, 1).AddSeconds(random.NextInt64(129L * 365 * 86_400));
        // QEMU counts on where the divider runs; only then does it keep what is set.
        Write(RegisterA, 0x26);
        Write(RegisterB, 0x80 | format);
        Write(0, Encode(date.Second));
        Write(2, Encode(date.Minute));
        Write(4, is24 ? Encode(date.Hour) : Encode((date.Hour + 11) % 12 + 1) | (date.Hour >= 12 ? 0x80 : 0));
        Write(6, Encode((int)date.DayOfWeek + 1));
        Write(7, Encode(date.Day));
        Write(8, Encode(date.Month));
        Write(9, Encode(date.Year % 100));
        Write(Century, Encode(date.Year / 100));
        Write(RegisterB, format | random.Next(8) << 4 | random.Next(2) << 3 | random.Next(2));

        int Encode(int value) => isBinary ? value : value / 10 << 4 | value % 10;

        void Write(int index, int value)
        {
            steps.Out(Index, (ulong)index);
            steps.Out(Data, (ulong)value);
        }
    }
}
