namespace RawIo.Sim;

// The divider chain, what it counts, and the RAM at the first power-on.
public sealed partial class Mc146818Model
{
    private const uint Crystal = 32_768;

    // tBUC and tUC of the datasheet's table of update cycle times, in cycles.
    private const long BeforeUpdate = 8, UpdateCycle = 65;

    private const int CENTURY = 0x32;

    /// <summary>DV 11x holds the divider chain.</summary>
    private bool IsHeld => (_s.Ram[REG_A] & 0x60) == 0x60;

    /// <summary>DV for the crystal and for the two faster ones the part could have: on those settings it is so many times slower.</summary>
    private int? Slowness => (_s.Ram[REG_A] & A_DV) switch { 0x00 => 7, 0x10 => 5, 0x20 => 0, _ => null };

    private bool Updates => Slowness is not null && (_s.Ram[REG_B] & B_SET) == 0;

    private Mc146818Calendar Calendar => new(_s.Ram, (_s.Ram[REG_B] & B_DM) != 0, (_s.Ram[REG_B] & B_24) != 0);

    private static State FirstState(DateTimeOffset start, long memory)
    {
        var time = start.UtcDateTime;
        var s = new State { Ram = new byte[128], Extended = new byte[128] };
        (s.Ram[REG_A], s.Ram[REG_B]) = (0x26, B_24);
        new Mc146818Calendar(s.Ram, isBinary: false, is24: true).Set(time);
        s.Ram[CENTURY] = (byte)(time.Year / 1000 << 4 | time.Year / 100 % 10);
        // The fraction of the second that has passed has passed in the chain.
        var passed = time.Ticks % TimeSpan.TicksPerSecond * Crystal / TimeSpan.TicksPerSecond;
        s.Start = -Crystal / 2 - passed;

        s.Ram[0x14] = 0x06; // equipment: a mouse, a coprocessor
        Word(0x15, 640); // KiB below 1 MiB
        Word(0x17, Math.Clamp((memory >> 10) - 1024, 0, 0xffff)); // KiB above 1 MiB
        Word(0x30, Math.Clamp((memory >> 10) - 1024, 0, 0xffff)); // the same, as the self test found it
        Word(0x34, Math.Clamp((memory >> 16) - 256, 0, 0xffff)); // 64 KiB blocks above 16 MiB
        (s.Ram[0x38], s.Ram[0x3d]) = (0x30, 0x12); // where to boot from: floppy, disk, CD
        return s;

        void Word(int at, long value) => (s.Ram[at], s.Ram[at + 1]) = ((byte)value, (byte)(value >> 8));
    }

    /// <summary>Works out what the chain did since the last look.</summary>
    private void Settle()
    {
        var now = (long)_clock.Now;
        var flags = _s.Ram[REG_C];
        if (Period() is { } period && Passed(now, 0, period) > 0) flags |= C_PF;
        if (Updates)
        {
            var (first, second) = Update();
            if (Passed(now, first, second) is var updates and > 0)
            {
                flags |= C_UF;
                if (Calendar.UntilAlarm() <= updates) flags |= C_AF;
                Calendar.Advance(updates);
            }
        }
        _s.Seen = now;
        if (flags == _s.Ram[REG_C]) return;
        _s.Ram[REG_C] = flags;
        UpdateInterrupt();
    }

    /// <summary>How often the moments first, first + period ... of the chain came after the last look and up to now.</summary>
    private long Passed(long now, long first, long period) => Index(now, first, period) - Index(_s.Seen, first, period);

    /// <summary>The number of the last such moment at a cycle, the first being 0.</summary>
    private long Index(long cycle, long first, long period)
    {
        var since = cycle - _s.Start - first;
        return since < 0 ? -1 : since / period;
    }

    /// <summary>The next such moment after the last look.</summary>
    private long After(long first, long period) => _s.Start + first + (Index(_s.Seen, first, period) + 1) * period;

    /// <summary>The ends of the updates: the first is half a second after the chain has started.</summary>
    private (long First, long Second) Update()
    {
        var second = (long)Crystal << Slowness.GetValueOrDefault();
        return (second / 2, second);
    }

    /// <summary>Cycles between periodic interrupts; null for none. The taps are those of the table of RS3 to RS0 for 32.768 kHz.</summary>
    private long? Period()
    {
        var rate = _s.Ram[REG_A] & A_RS;
        if (rate == 0 || Slowness is not { } slowness) return null;
        return 1L << (slowness == 0 && rate < 3 ? rate + 6 : rate - 1) << slowness;
    }

    private bool IsUpdating()
    {
        if (!Updates) return false;
        var (first, second) = Update();
        return After(first, second) - _s.Seen <= UpdateCycle + BeforeUpdate;
    }

    /// <summary>Sets the alarm for the first interrupt, where somebody waits for the line and it is not high already.</summary>
    private void Arm()
    {
        var next = Interrupt.IsWanted && !Interrupt.Level ? NextInterrupt() : long.MaxValue;
        if (next == long.MaxValue)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until((ulong)next));
    }

    private long NextInterrupt()
    {
        var enabled = _s.Ram[REG_B];
        var next = long.MaxValue;
        if ((enabled & B_PIE) != 0 && Period() is { } period) next = After(0, period);
        if (!Updates || (enabled & (B_UIE | B_AIE)) == 0) return next;
        var (first, second) = Update();
        var update = After(first, second);
        if ((enabled & B_UIE) != 0) return Math.Min(next, update);
        var updates = Calendar.UntilAlarm();
        return updates == long.MaxValue ? next : Math.Min(next, update + (updates - 1) * second);
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
