using System.Numerics;
using RawIo.Native;

namespace RawIo.Gate;

/// <summary>The register types, over a window of known type and over the interface.</summary>
public static class RegisterPatterns<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    [Pattern("register: read", "R")]
    public static T Read(ReadOnlyRegister<T> register, NativeMmio io) => register.Read(io);

    [Pattern("register: read, discarded", "R")]
    public static void Discarded(ReadOnlyRegister<T> register, NativeMmio io) => _ = register.Read(io);

    [Pattern("register: write", "W")]
    public static void Write(WriteOnlyRegister<T> register, NativeMmio io, T value) => register.Write(io, value);

    [Pattern("register: consume twice, discarded", "R R")]
    public static void Consume(ConsumingRegister<T> register, NativeMmio io)
    {
        _ = register.Consume(io);
        _ = register.Consume(io);
    }

    [Pattern("register: bit tested", "R")]
    public static bool Bit(ReadWriteRegister<T> register, NativeMmio io) => (register.Read(io) & T.One) != T.Zero;

    [Pattern("register: modify", "R W")]
    public static void Modify(ReadWriteRegister<T> register, NativeMmio io, T clear, T set) => register.Modify(io, clear, set);

    [Pattern("register: modify by constants", "R W")]
    public static void ModifyConstant(ReadWriteRegister<T> register, NativeMmio io) => register.Modify(io, Bits.Of<T>(1), Bits.Of<T>(4));

    [Pattern("register: modify a field", "R W")]
    public static void ModifyField(ReadWriteRegister<T> register, NativeMmio io, T value) => register.Modify(io, new BitField(5, 3), value);

    [Pattern("register: poll", "R+")]
    public static void Poll(ReadWriteRegister<T> register, NativeMmio io)
    {
        while ((register.Read(io) & T.One) == T.Zero)
        {
        }
    }

    [Pattern("register over IMmio: read", "R")]
    public static T ReadInterface(ReadOnlyRegister<T> register, IMmio io) => register.Read(io);

    [Pattern("register over IMmio: consume twice, discarded", "R R")]
    public static void ConsumeInterface(ConsumingRegister<T> register, IMmio io)
    {
        _ = register.Consume(io);
        _ = register.Consume(io);
    }

    [Pattern("register over IMmio: write", "W")]
    public static void WriteInterface(WriteOnlyRegister<T> register, IMmio io, T value) => register.Write(io, value);

    [Pattern("register over IMmio: modify", "R W")]
    public static void ModifyInterface(ReadWriteRegister<T> register, IMmio io, T clear, T set) => register.Modify(io, clear, set);
}
