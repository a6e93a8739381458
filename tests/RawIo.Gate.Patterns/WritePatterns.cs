using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Gate;

/// <summary>Writes, and reads with writes.</summary>
public static class WritePatterns<TDevice, T>
    where TDevice : struct, IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const long A = 0x10;

    private static int Size => Unsafe.SizeOf<T>();

    [Pattern("write", "W@0x10")]
    public static void Variable(TDevice d, T value) => d.Write(A, value);

    [Pattern("write 0", "W@0x10")]
    public static void Zero(TDevice d) => d.Write(A, T.Zero);

    [Pattern("write all ones", "W@0x10")]
    public static void Ones(TDevice d) => d.Write(A, Bits.Of<T>(ulong.MaxValue));

    [Pattern("write a value narrowed by a cast", "W@0x10")]
    public static void Narrowed(TDevice d, ulong value) => d.Write(A, Bits.Of<T>(value));

    [Pattern("write a value from memory", "W@0x10")]
    public static void FromMemory(TDevice d, ref T place) => d.Write(A, place);

    [Pattern("write, bytes reversed", "W@0x10")]
    public static void Reversed(TDevice d, T value) => d.Write(A, Bits.Reversed(value));

    [Pattern("write the same value twice", "W@0x10 W@0x10")]
    public static void SameTwice(TDevice d, T value)
    {
        d.Write(A, value);
        d.Write(A, value);
    }

    [Pattern("write 1, then 2", "W@0x10 W@0x10")]
    public static void OneThenTwo(TDevice d)
    {
        d.Write(A, Bits.Of<T>(1));
        d.Write(A, Bits.Of<T>(2));
    }

    [Pattern("write a value, then overwrite it", "W@0x10 W@0x10")]
    public static void Overwritten(TDevice d, T first, T second)
    {
        d.Write(A, first);
        d.Write(A, second);
    }

    [Pattern("write four adjacent zeros", "W@0x10 W@N1 W@N2 W@N3")]
    public static void FourZeros(TDevice d)
    {
        d.Write(A, T.Zero);
        d.Write(A + Size, T.Zero);
        d.Write(A + 2 * Size, T.Zero);
        d.Write(A + 3 * Size, T.Zero);
    }

    [Pattern("write four adjacent", "W@0x10 W@N1 W@N2 W@N3")]
    public static void FourAdjacent(TDevice d, T a, T b, T c, T e)
    {
        d.Write(A, a);
        d.Write(A + Size, b);
        d.Write(A + 2 * Size, c);
        d.Write(A + 3 * Size, e);
    }

    [Pattern("write two adjacent", "W@0x10 W@N1")]
    public static void TwoAdjacent(TDevice d, T a, T b)
    {
        d.Write(A, a);
        d.Write(A + Size, b);
    }

    [Pattern("write two adjacent, the higher first", "W@N1 W@0x10")]
    public static void TwoDescending(TDevice d, T a, T b)
    {
        d.Write(A + Size, a);
        d.Write(A, b);
    }

    [Pattern("write beyond a page", "W@0x1008")]
    public static void Far(TDevice d, T value) => d.Write(0x1008, value);

    [Pattern("write at a variable index", "W")]
    public static void Indexed(TDevice d, int index, T value) => d.Write((long)index * Size, value);

    [Pattern("write if", "W@0x10?")]
    public static void If(TDevice d, bool condition, T value)
    {
        if (condition) d.Write(A, value);
    }

    [Pattern("write one of two values", "W@0x10")]
    public static void EitherValue(TDevice d, bool condition)
    {
        if (condition) d.Write(A, Bits.Of<T>(3));
        else d.Write(A, Bits.Of<T>(5));
    }

    [Pattern("write before and after a call", "W@0x10 W@0x10")]
    public static void AroundCall(TDevice d, T value)
    {
        d.Write(A, value);
        Sink.Take(1);
        d.Write(A, value);
    }

    [Pattern("modify: or", "R@0x10 W@0x10")]
    public static void Or(TDevice d, T bits) => d.Write(A, d.Read(A) | bits);

    [Pattern("modify: or a constant", "R@0x10 W@0x10")]
    public static void OrConstant(TDevice d) => d.Write(A, d.Read(A) | Bits.Of<T>(4));

    [Pattern("modify: and", "R@0x10 W@0x10")]
    public static void And(TDevice d, T bits) => d.Write(A, d.Read(A) & bits);

    [Pattern("modify: xor", "R@0x10 W@0x10")]
    public static void Xor(TDevice d, T bits) => d.Write(A, d.Read(A) ^ bits);

    [Pattern("modify: add 1", "R@0x10 W@0x10")]
    public static void Increment(TDevice d) => d.Write(A, d.Read(A) + T.One);

    [Pattern("modify: a field", "R@0x10 W@0x10")]
    public static void Field(TDevice d, T value) => d.Write(A, (d.Read(A) & ~Bits.Of<T>(0x1c)) | ((value << 2) & Bits.Of<T>(0x1c)));

    [Pattern("write back what was read", "R@0x10 W@0x10")]
    public static void WriteBack(TDevice d) => d.Write(A, d.Read(A));

    [Pattern("modify twice", "R@0x10 W@0x10 R@0x10 W@0x10")]
    public static void Twice(TDevice d)
    {
        d.Write(A, d.Read(A) ^ T.One);
        d.Write(A, d.Read(A) ^ T.One);
    }

    [Pattern("write, then read it back", "W@0x10 R@0x10")]
    public static T ReadBack(TDevice d, T value)
    {
        d.Write(A, value);
        return d.Read(A);
    }

    [Pattern("write, then flush by a discarded read", "W@0x10 R@0x10")]
    public static void Flushed(TDevice d, T value)
    {
        d.Write(A, value);
        _ = d.Read(A);
    }

    [Pattern("read the old, write the new", "R@0x10 W@0x10")]
    public static T Exchange(TDevice d, T value)
    {
        var old = d.Read(A);
        d.Write(A, value);
        return old;
    }

    [Pattern("read, write, read", "R@0x10 W@0x10 R@0x10")]
    public static bool ReadWriteRead(TDevice d, T value)
    {
        var before = d.Read(A);
        d.Write(A, value);
        return before == d.Read(A);
    }

    [Pattern("write the index, read the data", "W@0x10 R@N1")]
    public static T IndexAndData(TDevice d, T index)
    {
        d.Write(A, index);
        return d.Read(A + Size);
    }

    [Pattern("copy one register to another", "R@0x10 W@N1")]
    public static void Copied(TDevice d) => d.Write(A + Size, d.Read(A));

    [Pattern("swap two registers", "R@0x10 R@N1 W@0x10 W@N1")]
    public static void Swapped(TDevice d)
    {
        T first = d.Read(A), second = d.Read(A + Size);
        d.Write(A, second);
        d.Write(A + Size, first);
    }
}
