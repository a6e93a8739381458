using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Drivers;

/// <summary>What a loopback test found.</summary>
/// <param name="Target">What was tested: the register, or the range of offsets.</param>
/// <param name="Tested">The bits that were tested.</param>
/// <param name="FailedBits">The bits that came back wrong at least once.</param>
/// <param name="StuckLow">Those of them that never came back 1.</param>
/// <param name="StuckHigh">Those of them that never came back 0.</param>
public readonly record struct LoopbackResult(string Target, ulong Tested, ulong FailedBits, ulong StuckLow, ulong StuckHigh)
{
    /// <summary>Whether everything came back as it was written.</summary>
    public bool Passed => FailedBits == 0;

    /// <summary>"GPPUD at 0x94: ok", or which bits failed and how.</summary>
    public override string ToString() => Passed
        ? $"{Target}: ok"
        : $"{Target}: bits 0x{FailedBits:x} failed (stuck low 0x{StuckLow:x}, stuck high 0x{StuckHigh:x})";
}

/// <summary>
/// The loopback self-test: write a value in, read it back. If they match, the connection and the data path are sound.
/// The old value is put back, also when an access throws. Only for registers that do nothing while any value stands
/// in them.
/// </summary>
public static class LoopbackTest
{
    /// <summary>Tests a register: zeros, ones, 0x55…, 0xaa…, walking ones and walking zeros.</summary>
    /// <typeparam name="T">The register's width.</typeparam>
    /// <param name="register">The register.</param>
    /// <param name="io">Where it is.</param>
    /// <param name="mask">The bits it really has; the others are written as they were read. Null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mask is 0.</exception>
    public static LoopbackResult Run<T>(ReadWriteRegister<T> register, IMmio io, T? mask = null)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        ArgumentNullException.ThrowIfNull(register);
        return Run($"{register}", mask, () => register.Read(io), value => register.Write(io, value));
    }

    /// <inheritdoc cref="Run{T}(ReadWriteRegister{T}, IMmio, T?)"/>
    public static LoopbackResult Run<T>(ReadWriteRegister<T> register, IPortIo io, T? mask = null)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        ArgumentNullException.ThrowIfNull(register);
        return Run($"{register}", mask, () => register.Read(io), value => register.Write(io, value));
    }

    /// <summary>Tests a register taken from a <see cref="RegisterMap"/>, all its bits.</summary>
    /// <param name="register">The register; it must be read-write.</param>
    /// <param name="io">Where it is.</param>
    /// <exception cref="ArgumentException">It cannot be tested so: it is read-only or write-only, or reading changes the device. It was not touched.</exception>
    public static LoopbackResult Run(Register register, IMmio io) => register switch
    {
        ReadWriteRegister<byte> r => Run(r, io),
        ReadWriteRegister<ushort> r => Run(r, io),
        ReadWriteRegister<uint> r => Run(r, io),
        ReadWriteRegister<ulong> r => Run(r, io),
        _ => throw Refused(register, nameof(register)),
    };

    /// <summary>
    /// Tests a block of 32-bit words: each word as a register, then all of them at once with their own offsets and
    /// with the complements, which finds address lines that are stuck or shorted.
    /// </summary>
    /// <param name="io">Where it is.</param>
    /// <param name="offset">The first byte; a multiple of 4.</param>
    /// <param name="length">How many bytes; a multiple of 4, at least 4.</param>
    /// <param name="map">The device's registers, if it has some: the block may hold only read-write ones of 32 bits.</param>
    /// <exception cref="ArgumentException">The block holds a register that cannot be tested so. Nothing was touched.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is no multiple of 4, or the block leaves the window.</exception>
    /// <exception cref="DataMisalignedException">The offset is no multiple of 4.</exception>
    public static LoopbackResult RunBlock(IMmio io, long offset, long length, RegisterMap? map = null)
    {
        ArgumentNullException.ThrowIfNull(io);
        if (length < 4 || (length & 3) != 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "A block is 4 bytes or a multiple of 4.");
        AccessCheck.Range(offset, length, io.Length, 4);
        for (var at = offset; map is not null && at < offset + length; at++)
            if (map.At(at).FirstOrDefault(r => r is not ReadWriteRegister<uint>) is { } register)
                throw Refused(register, nameof(map));

        var target = $"0x{offset:x} to 0x{offset + length - 1:x}";
        var total = new Findings<uint>(uint.MaxValue);
        for (var at = offset; at < offset + length; at += 4)
        {
            var word = at;
            RunPatterns(ref total, () => io.Read32(word), value => io.Write32(word, value));
        }

        var old = new uint[length / 4];
        io.CopyFrom(offset, old);
        try
        {
            foreach (var invert in (uint[])[0, uint.MaxValue])
            {
                for (var at = offset; at < offset + length; at += 4) io.Write32(at, (uint)at ^ invert);
                for (var at = offset; at < offset + length; at += 4) total.Compare((uint)at ^ invert, io.Read32(at));
            }
        }
        finally
        {
            io.CopyTo(offset, old);
        }
        return total.Result(target);
    }

    private static LoopbackResult Run<T>(string target, T? mask, Func<T> read, Action<T> write)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        var findings = new Findings<T>(mask ?? T.AllBitsSet);
        if (T.IsZero(findings.Mask)) throw new ArgumentOutOfRangeException(nameof(mask), mask, "A mask of no bits tests nothing; give those the register has.");
        RunPatterns(ref findings, read, write);
        return findings.Result(target);
    }

    private static void RunPatterns<T>(ref Findings<T> findings, Func<T> read, Action<T> write)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        var old = read();
        try
        {
            foreach (var pattern in Patterns<T>())
            {
                write((old & ~findings.Mask) | (pattern & findings.Mask));
                findings.Compare(pattern, read());
            }
        }
        finally
        {
            write(old);
        }
    }

    private static IEnumerable<T> Patterns<T>() where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        yield return T.Zero;
        yield return T.AllBitsSet;
        yield return T.CreateTruncating(0x5555_5555_5555_5555ul);
        yield return T.CreateTruncating(0xaaaa_aaaa_aaaa_aaaaul);
        var bits = Unsafe.SizeOf<T>() * 8;
        for (var bit = 0; bit < bits; bit++) yield return T.One << bit;
        for (var bit = 0; bit < bits; bit++) yield return ~(T.One << bit);
    }

    private static ArgumentException Refused(Register register, string parameter)
    {
        ArgumentNullException.ThrowIfNull(register);
        return new ArgumentException($"{register} is {register.Access}: a loopback test needs a read-write register"
            + (register.Access == RegisterAccess.ReadWrite ? " of 32 bits." : "."), parameter);
    }

    private struct Findings<T>(T mask) where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        private T _failed = T.Zero, _seenHigh = T.Zero, _seenLow = T.Zero;

        public readonly T Mask => mask;

        public void Compare(T written, T read)
        {
            _failed |= (written ^ read) & mask;
            _seenHigh |= read;
            _seenLow |= ~read;
        }

        public readonly LoopbackResult Result(string target) => new(target, Wide(mask), Wide(_failed),
            Wide(_failed & ~_seenHigh), Wide(_failed & ~_seenLow));

        private static ulong Wide(T value) => ulong.CreateTruncating(value);
    }
}
