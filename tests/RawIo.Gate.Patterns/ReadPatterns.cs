using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Gate;

/// <summary>Reads. <c>A</c> is the register at 0x10, the next one of the same width follows it.</summary>
public static class ReadPatterns<TDevice, T>
    where TDevice : struct, IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const long A = 0x10;

    private static int Size => Unsafe.SizeOf<T>();

    [Pattern("read, used", "R@0x10")]
    public static T Used(TDevice d) => d.Read(A);

    [Pattern("read, discarded", "R@0x10")]
    public static void Discarded(TDevice d) => _ = d.Read(A);

    [Pattern("read, discarded twice", "R@0x10 R@0x10")]
    public static void DiscardedTwice(TDevice d)
    {
        _ = d.Read(A);
        _ = d.Read(A);
    }

    [Pattern("read, used, then discarded", "R@0x10 R@0x10")]
    public static T UsedThenDiscarded(TDevice d)
    {
        var value = d.Read(A);
        _ = d.Read(A);
        return value;
    }

    [Pattern("read discarded, then used", "R@0x10 R@0x10")]
    public static T DiscardedThenUsed(TDevice d)
    {
        _ = d.Read(A);
        return d.Read(A);
    }

    [Pattern("read twice, compared", "R@0x10 R@0x10")]
    public static bool TwiceCompared(TDevice d) => d.Read(A) == d.Read(A);

    [Pattern("read twice, summed", "R@0x10 R@0x10")]
    public static T TwiceSummed(TDevice d) => d.Read(A) + d.Read(A);

    [Pattern("read twice, the difference", "R@0x10 R@0x10")]
    public static T TwiceSubtracted(TDevice d) => d.Read(A) - d.Read(A);

    [Pattern("read, multiplied by 0", "R@0x10")]
    public static T TimesZero(TDevice d) => d.Read(A) * T.Zero;

    [Pattern("bit 0 tested", "R@0x10")]
    public static bool Bit0(TDevice d) => (d.Read(A) & T.One) != T.Zero;

    [Pattern("bit 7 tested", "R@0x10")]
    public static bool Bit7(TDevice d) => (d.Read(A) & Bits.Of<T>(0x80)) != T.Zero;

    [Pattern("highest bit tested", "R@0x10")]
    public static bool HighestBit(TDevice d) => (d.Read(A) & (T.One << (Size * 8 - 1))) != T.Zero;

    [Pattern("masked field", "R@0x10")]
    public static T Field(TDevice d) => (d.Read(A) >> 2) & Bits.Of<T>(7);

    [Pattern("low byte masked", "R@0x10")]
    public static T LowByte(TDevice d) => d.Read(A) & Bits.Of<T>(0xff);

    [Pattern("low half masked", "R@0x10")]
    public static T LowHalf(TDevice d) => d.Read(A) & ((T.One << (Size * 4)) - T.One);

    [Pattern("high half", "R@0x10")]
    public static T HighHalf(TDevice d) => d.Read(A) >> (Size * 4);

    [Pattern("second byte by shift and cast", "R@0x10")]
    public static byte SecondByte(TDevice d) => Bits.To8(d.Read(A) >> (Size == 1 ? 4 : 8));

    [Pattern("cast to 8 bits", "R@0x10")]
    public static byte To8(TDevice d) => Bits.To8(d.Read(A));

    [Pattern("cast to 16 bits", "R@0x10")]
    public static ushort To16(TDevice d) => Bits.To16(d.Read(A));

    [Pattern("cast to 32 bits", "R@0x10")]
    public static uint To32(TDevice d) => Bits.To32(d.Read(A));

    [Pattern("cast to 64 bits", "R@0x10")]
    public static ulong To64(TDevice d) => Bits.To64(d.Read(A));

    [Pattern("sign-extended", "R@0x10")]
    public static long SignExtended(TDevice d) => Bits.Signed(d.Read(A));

    [Pattern("low byte sign-extended", "R@0x10")]
    public static int LowByteSigned(TDevice d) => (sbyte)Bits.To8(d.Read(A));

    [Pattern("bytes reversed", "R@0x10")]
    public static T Reversed(TDevice d) => Bits.Reversed(d.Read(A));

    [Pattern("compared with a constant", "R@0x10")]
    public static bool IsConstant(TDevice d) => d.Read(A) == Bits.Of<T>(0x5a);

    [Pattern("compared with 0", "R@0x10")]
    public static bool IsZero(TDevice d) => d.Read(A) == T.Zero;

    [Pattern("compared with a variable", "R@0x10")]
    public static bool IsVariable(TDevice d, T other) => d.Read(A) == other;

    [Pattern("one of three constants", "R@0x10")]
    public static bool OneOfThree(TDevice d) => d.Read(A) is var v && (v == Bits.Of<T>(1) || v == Bits.Of<T>(4) || v == Bits.Of<T>(0x7f));

    [Pattern("two adjacent", "R@0x10 R@N1")]
    public static T TwoAdjacent(TDevice d) => d.Read(A) ^ d.Read(A + Size);

    [Pattern("two adjacent, the higher first", "R@N1 R@0x10")]
    public static T TwoDescending(TDevice d) => d.Read(A + Size) - d.Read(A);

    [Pattern("four adjacent, joined", "R@0x10 R@N1 R@N2 R@N3")]
    public static ulong FourAdjacent(TDevice d)
    {
        ulong a = Bits.To64(d.Read(A)), b = Bits.To64(d.Read(A + Size)), c = Bits.To64(d.Read(A + 2 * Size)), e = Bits.To64(d.Read(A + 3 * Size));
        return a | b << (8 * Size) | c << (16 * Size) | e << (24 * Size);
    }

    [Pattern("offset beyond a page", "R@0x1008")]
    public static T Far(TDevice d) => d.Read(0x1008);

    [Pattern("offset beyond a page, discarded", "R@0x1008")]
    public static void FarDiscarded(TDevice d) => _ = d.Read(0x1008);

    [Pattern("variable index", "R")]
    public static T Indexed(TDevice d, int index) => d.Read((long)index * Size);

    [Pattern("variable index, discarded", "R")]
    public static void IndexedDiscarded(TDevice d, int index) => _ = d.Read(0x40 + (long)index * Size);

    [Pattern("in a condition, then another", "R@0x10 R@N1?")]
    public static T EarlyReturn(TDevice d)
    {
        if ((d.Read(A) & T.One) == T.Zero) return T.Zero;
        return d.Read(A + Size);
    }

    [Pattern("short-circuited", "R@0x10?")]
    public static bool ShortCircuit(TDevice d, bool known) => known || (d.Read(A) & T.One) != T.Zero;

    [Pattern("one of two", "R@0x10 | R@N1")]
    public static T OneOfTwo(TDevice d, bool first) => first ? d.Read(A) : d.Read(A + Size);

    [Pattern("passed to a call", "R@0x10")]
    public static void PassedOn(TDevice d) => Sink.Take(Bits.To64(d.Read(A)));

    [Pattern("before and after a call", "R@0x10 R@0x10")]
    public static T AroundCall(TDevice d)
    {
        var before = d.Read(A);
        Sink.Take(1);
        return before ^ d.Read(A);
    }

    [Pattern("stored to memory", "R@0x10")]
    public static void Stored(TDevice d, ref T place) => place = d.Read(A);

    [Pattern("added to memory", "R@0x10")]
    public static void Added(TDevice d, ref T place) => place += d.Read(A);
}
