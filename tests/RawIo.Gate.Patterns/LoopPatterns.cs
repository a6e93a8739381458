using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Gate;

/// <summary>Loops. The register at 0x80 is one whose bit 0 falls at last.</summary>
public static class LoopPatterns<TDevice, T>
    where TDevice : struct, IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const long A = 0x10, Empty = 0x80;

    private static int Size => Unsafe.SizeOf<T>();

    [Pattern("poll until bit 0 is set", "R@0x10+")]
    public static void Poll(TDevice d)
    {
        while ((d.Read(A) & T.One) == T.Zero)
        {
        }
    }

    [Pattern("poll until bit 7 is set", "R@0x10+")]
    public static void PollBit7(TDevice d)
    {
        while ((d.Read(A) & Bits.Of<T>(0x80)) == T.Zero)
        {
        }
    }

    [Pattern("poll until not 0", "R@0x10+")]
    public static T PollValue(TDevice d)
    {
        T value;
        while ((value = d.Read(A)) == T.Zero)
        {
        }
        return value;
    }

    [Pattern("poll with a bound", "R@0x10*")]
    public static bool PollBounded(TDevice d, int times)
    {
        for (var i = 0; i < times; i++)
            if ((d.Read(A) & T.One) != T.Zero)
                return true;
        return false;
    }

    [Pattern("poll, then read the data", "R@0x10+ R@N1")]
    public static T PollThenData(TDevice d)
    {
        while ((d.Read(A) & T.One) == T.Zero)
        {
        }
        return d.Read(A + Size);
    }

    [Pattern("poll, then write the data", "R@0x10+ W@N1")]
    public static void PollThenWrite(TDevice d, T value)
    {
        while ((d.Read(A) & T.One) == T.Zero)
        {
        }
        d.Write(A + Size, value);
    }

    [Pattern("read until two are equal", "(R@0x10 R@0x10)+")]
    public static T Stable(TDevice d)
    {
        T value;
        do value = d.Read(A);
        while (value != d.Read(A));
        return value;
    }

    [Pattern("drain a FIFO while it has data", "R@0x80 (R@0x10 R@0x80)*")]
    public static T Drain(TDevice d)
    {
        var sum = T.Zero;
        while ((d.Read(Empty) & T.One) != T.Zero) sum += d.Read(A);
        return sum;
    }

    [Pattern("discarded reads in a loop", "R@0x10*")]
    public static void Discard(TDevice d, int times)
    {
        for (var i = 0; i < times; i++) _ = d.Read(A);
    }

    [Pattern("sum of one register in a loop", "R@0x10*")]
    public static T Sum(TDevice d, int times)
    {
        var sum = T.Zero;
        for (var i = 0; i < times; i++) sum += d.Read(A);
        return sum;
    }

    [Pattern("sum of adjacent registers in a loop", "R*")]
    public static T SumAdjacent(TDevice d, int count)
    {
        var sum = T.Zero;
        for (var i = 0; i < count; i++) sum += d.Read((long)i * Size);
        return sum;
    }

    [Pattern("one register into a span", "R@0x10*")]
    public static void IntoSpan(TDevice d, Span<T> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = d.Read(A);
    }

    [Pattern("adjacent registers into a span", "R*")]
    public static void AdjacentIntoSpan(TDevice d, Span<T> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = d.Read((long)i * Size);
    }

    [Pattern("the same value written in a loop", "W@0x10*")]
    public static void Repeat(TDevice d, int times, T value)
    {
        for (var i = 0; i < times; i++) d.Write(A, value);
    }

    [Pattern("adjacent zeros written in a loop", "W*")]
    public static void Clear(TDevice d, int count)
    {
        for (var i = 0; i < count; i++) d.Write((long)i * Size, T.Zero);
    }

    [Pattern("a span into one register", "W@0x10*")]
    public static void FromSpan(TDevice d, ReadOnlySpan<T> source)
    {
        foreach (var value in source) d.Write(A, value);
    }

    [Pattern("a span into adjacent registers", "W*")]
    public static void AdjacentFromSpan(TDevice d, ReadOnlySpan<T> source)
    {
        for (var i = 0; i < source.Length; i++) d.Write((long)i * Size, source[i]);
    }

    [Pattern("modify in a loop", "(R@0x10 W@0x10)*")]
    public static void Toggle(TDevice d, int times)
    {
        for (var i = 0; i < times; i++) d.Write(A, d.Read(A) ^ T.One);
    }
}
