using System.Numerics;

namespace RawIo.Sim;

/// <summary>What a channel of <see cref="Bcm2835PwmModel"/> sends: a word each RNG cycles of the clock.</summary>
internal struct PwmChannel
{
    public const uint PWEN = 1 << 0, MODE = 1 << 1, RPTL = 1 << 2, SBIT = 1 << 3, POLA = 1 << 4, USEF = 1 << 5, MSEN = 1 << 7;

    /// <summary>Its eight bits of CTL; and DAT.</summary>
    public uint Control, Data;

    /// <summary>RNG's distance from its reset value of 0x20, so that the default is the reset state.</summary>
    public uint RangeXor32;

    /// <summary>The word that is sent, if there is one, and the cycle its first bit was sent at.</summary>
    public uint Word;
    public bool HasWord;
    public ulong Start;

    public uint Range
    {
        readonly get => RangeXor32 ^ 0x20;
        set => RangeXor32 = value ^ 0x20;
    }

    public readonly bool IsOn => (Control & PWEN) != 0 && Range != 0;

    public readonly bool UsesFifo => (Control & USEF) != 0;

    /// <summary>Whether it is between two words, with nothing to send.</summary>
    public readonly bool IsSending => IsOn && HasWord;

    /// <summary>The level at the output in a cycle of the clock.</summary>
    public readonly bool Level(ulong cycle) => LevelOf(cycle) != ((Control & POLA) != 0);

    /// <summary>The part of the time the output is high while this word is sent.</summary>
    public readonly double Duty()
    {
        double duty;
        if (!IsSending) duty = (Control & SBIT) != 0 ? 1 : 0;
        else if ((Control & MODE) == 0) duty = Math.Min(1, (double)Word / Range);
        else duty = Math.Min(1, (BitOperations.PopCount(Word & ~(uint)(Range < 32 ? uint.MaxValue >> (int)Range : 0)) + (Range > 32 && (Control & SBIT) != 0 ? Range - 32.0 : 0)) / Range);
        return (Control & POLA) != 0 ? 1 - duty : duty;
    }

    private readonly bool LevelOf(ulong cycle)
    {
        var silence = (Control & SBIT) != 0;
        if (!IsSending) return silence;
        var at = (cycle - Start) % Range;
        if ((Control & MODE) != 0) return at < 32 ? (Word >> (int)(31 - at) & 1) != 0 : silence;
        if ((Control & MSEN) != 0) return at < Word;
        // Balanced: of the first k cycles, floor(k * Word / Range) are high (9.4's accumulator, in closed form).
        return Word >= Range || (at + 1) * Word / Range != at * Word / Range;
    }
}
