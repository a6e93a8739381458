using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>How a register may be touched.</summary>
public enum RegisterAccess
{
    /// <summary>Reading has no side effect; writing is a mistake.</summary>
    ReadOnly,
    /// <summary>Writing acts; reading is a mistake or tells nothing.</summary>
    WriteOnly,
    /// <summary>Both, and reading has no side effect.</summary>
    ReadWrite,
    /// <summary>Reading changes the device: it pops a FIFO or clears a status. Never dumped, never modified.</summary>
    Consuming,
}

/// <summary>
/// A register as the datasheet has it: a name, an offset, a width, a way of access. It holds no address, so one
/// description serves every device of its kind, on either interface: over <see cref="IMmio"/> the offset counts from
/// the start of the window, over <see cref="IPortIo"/> from the first port of the range.
/// </summary>
public abstract class Register
{
    private protected Register(string name, long offset, int size, RegisterAccess access, bool writeActs)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (offset < 0) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{name}: an offset is 0 or more.");
        (Name, Offset, Size, Access, WriteActs) = (name, offset, size, access, writeActs);
    }

    /// <summary>The datasheet's name.</summary>
    public string Name { get; }

    /// <summary>Bytes from the start of the block.</summary>
    public long Offset { get; }

    /// <summary>Its size in bytes: 1, 2, 4 or 8.</summary>
    public int Size { get; }

    /// <summary>How it may be touched.</summary>
    public RegisterAccess Access { get; }

    /// <summary>Whether a write acts instead of being kept: a 1 clears, sets or starts something. Writing back what was read then restores nothing.</summary>
    public bool WriteActs { get; }

    /// <summary>"NAME at 0xoffset".</summary>
    public override string ToString() => $"{Name} at 0x{Offset:x}";
}

/// <summary>A register whose reads have no side effect and which is not written.</summary>
/// <typeparam name="T">Its width: byte, ushort, uint or ulong.</typeparam>
public sealed class ReadOnlyRegister<T>(string name, long offset)
    : Register(name, offset, Unsafe.SizeOf<T>(), RegisterAccess.ReadOnly, writeActs: false)
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>One read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IMmio io) => Transfer.Read<T>(io, Offset);

    /// <summary>One read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IPortIo io) => Transfer.Read<T>(io, Offset);

    /// <summary>One read, then the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IMmio io, BitField field) => field.Get(Read(io));

    /// <summary>One read, then the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IPortIo io, BitField field) => field.Get(Read(io));
}

/// <summary>A register that is written and not read.</summary>
/// <typeparam name="T">Its width: byte, ushort, uint or ulong.</typeparam>
public sealed class WriteOnlyRegister<T>(string name, long offset)
    : Register(name, offset, Unsafe.SizeOf<T>(), RegisterAccess.WriteOnly, writeActs: true)
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>One write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(IMmio io, T value) => Transfer.Write(io, Offset, value);

    /// <summary>One write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(IPortIo io, T value) => Transfer.Write(io, Offset, value);
}

/// <summary>A register whose reads have no side effect and which is written.</summary>
/// <typeparam name="T">Its width: byte, ushort, uint or ulong.</typeparam>
/// <param name="name">The datasheet's name.</param>
/// <param name="offset">Bytes from the start of the block.</param>
/// <param name="writeActs">Whether a write acts instead of being kept, as to a status that 1 clears.</param>
public sealed class ReadWriteRegister<T>(string name, long offset, bool writeActs = false)
    : Register(name, offset, Unsafe.SizeOf<T>(), RegisterAccess.ReadWrite, writeActs)
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>One read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IMmio io) => Transfer.Read<T>(io, Offset);

    /// <summary>One read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IPortIo io) => Transfer.Read<T>(io, Offset);

    /// <summary>One read, then the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IMmio io, BitField field) => field.Get(Read(io));

    /// <summary>One read, then the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(IPortIo io, BitField field) => field.Get(Read(io));

    /// <summary>One write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(IMmio io, T value) => Transfer.Write(io, Offset, value);

    /// <summary>One write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(IPortIo io, T value) => Transfer.Write(io, Offset, value);

    /// <summary>Exactly one read and one write: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify(IMmio io, T clear, T set) => Transfer.Modify(io, Offset, clear, set);

    /// <summary>Exactly one read and one write: the bits of <paramref name="clear"/> become 0, then those of <paramref name="set"/> 1. Not atomic: the caller keeps others away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify(IPortIo io, T clear, T set) => Write(io, (Read(io) & ~clear) | set);

    /// <summary>Exactly one read and one write: the field gets the value. Not atomic: the caller keeps others away.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not fit the field; the device was not touched.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify(IMmio io, BitField field, T value)
    {
        var set = field.Set(T.Zero, value);
        Modify(io, T.CreateTruncating(field.Mask), set);
    }

    /// <summary>Exactly one read and one write: the field gets the value. Not atomic: the caller keeps others away.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not fit the field; the device was not touched.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify(IPortIo io, BitField field, T value)
    {
        var set = field.Set(T.Zero, value);
        Modify(io, T.CreateTruncating(field.Mask), set);
    }
}

/// <summary>
/// A register whose reads change the device: a FIFO's data, a status cleared by reading. Its read has a name of its
/// own, it has no modify, and dumps leave it out. Where the same offset is also written, as at most data registers,
/// the write is a <see cref="WriteOnlyRegister{T}"/> beside it.
/// </summary>
/// <typeparam name="T">Its width: byte, ushort, uint or ulong.</typeparam>
public sealed class ConsumingRegister<T>(string name, long offset)
    : Register(name, offset, Unsafe.SizeOf<T>(), RegisterAccess.Consuming, writeActs: false)
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>One read, which the device notices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Consume(IMmio io) => Transfer.Read<T>(io, Offset);

    /// <summary>One read, which the device notices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Consume(IPortIo io) => Transfer.Read<T>(io, Offset);
}
