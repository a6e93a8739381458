using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>
/// A field of a register, named by its bits as a datasheet names them: highest first, so that FSEL10 of GPFSEL1,
/// bits 2:0, is <c>new BitField(2, 0)</c>.
/// </summary>
public readonly record struct BitField
{
    // Max with its lowest bit turned over, so that the default is the field of bit 0. Kept, for a program compiled ahead of time does not know a field's bits.
    private readonly ulong _max;

    /// <summary>A field from bit <paramref name="high"/> down to bit <paramref name="low"/>, both inclusive.</summary>
    /// <param name="high">The highest bit, 0 to 63.</param>
    /// <param name="low">The lowest bit, 0 to <paramref name="high"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bits are not 63 &gt;= high &gt;= low &gt;= 0.</exception>
    public BitField(int high, int low)
    {
        if (high is < 0 or > 63) throw new ArgumentOutOfRangeException(nameof(high), high, "A field's bits are 0 to 63.");
        if (low < 0 || low > high)
            throw new ArgumentOutOfRangeException(nameof(low), low, $"A field from bit {high} down ends at 0 to {high}; the higher bit comes first.");
        (High, Low, _max) = (high, low, (ulong.MaxValue >> (63 - (high - low))) ^ 1);
    }

    /// <summary>A field of one bit.</summary>
    /// <param name="bit">The bit, 0 to 63.</param>
    public BitField(int bit) : this(bit, bit)
    {
    }

    /// <summary>The highest bit.</summary>
    public int High { get; }

    /// <summary>The lowest bit.</summary>
    public int Low { get; }

    /// <summary>How many bits it has.</summary>
    public int Width => High - Low + 1;

    /// <summary>The largest value it holds.</summary>
    public ulong Max => _max ^ 1;

    /// <summary>Ones at the field's bits, zeros elsewhere.</summary>
    public ulong Mask => Max << Low;

    /// <summary>The field's value in a register's value, shifted down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The field does not fit the register.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get<T>(T register) where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        CheckFits<T>();
        return T.CreateTruncating((ulong.CreateTruncating(register) & Mask) >> Low);
    }

    /// <summary>A register's value with the field replaced.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not fit the field, or the field does not fit the register.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Set<T>(T register, T value) where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        var wide = ulong.CreateTruncating(value);
        if (wide > Max) ThrowTooLarge(High, Low, wide);
        CheckFits<T>();
        return T.CreateTruncating((ulong.CreateTruncating(register) & ~Mask) | (wide << Low));
    }

    /// <summary>Whether any bit of the field is set in a register's value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The field does not fit the register.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsSet<T>(T register) where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        CheckFits<T>();
        return (ulong.CreateTruncating(register) & Mask) != 0;
    }

    /// <summary>"[high:low]", as in a datasheet.</summary>
    public override string ToString() => High == Low ? $"[{High}]" : $"[{High}:{Low}]";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckFits<T>()
    {
        var bits = Unsafe.SizeOf<T>() * 8;
        if (High >= bits) ThrowOutside(High, Low, bits);
    }

    // Apart from the checks, so that those are compiled into the caller; static, so that the field need not be in memory.
    [DoesNotReturn]
    private static void ThrowTooLarge(int high, int low, ulong value) =>
        throw new ArgumentOutOfRangeException(nameof(value), value, $"Field [{high}:{low}] holds 0 to 0x{new BitField(high, low).Max:x}.");

    [DoesNotReturn]
    private static void ThrowOutside(int high, int low, int bits) =>
        throw new ArgumentOutOfRangeException(nameof(high), high, $"Field {new BitField(high, low)} is outside a register of {bits} bits, {bits - 1} to 0.");
}
