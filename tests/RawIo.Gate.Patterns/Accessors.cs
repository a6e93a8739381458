using RawIo.Native;

namespace RawIo.Gate;

/// <summary>Registers of one width, however they are reached.</summary>
public interface IRegisters<T>
{
    T Read(long offset);

    void Write(long offset, T value);
}

/// <summary><see cref="DeviceMemory"/> itself.</summary>
public readonly unsafe struct Direct(byte* p) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => DeviceMemory.Read8(p + offset);

    ushort IRegisters<ushort>.Read(long offset) => DeviceMemory.Read16(p + offset);

    uint IRegisters<uint>.Read(long offset) => DeviceMemory.Read32(p + offset);

    ulong IRegisters<ulong>.Read(long offset) => DeviceMemory.Read64(p + offset);

    void IRegisters<byte>.Write(long offset, byte value) => DeviceMemory.Write8(p + offset, value);

    void IRegisters<ushort>.Write(long offset, ushort value) => DeviceMemory.Write16(p + offset, value);

    void IRegisters<uint>.Write(long offset, uint value) => DeviceMemory.Write32(p + offset, value);

    void IRegisters<ulong>.Write(long offset, ulong value) => DeviceMemory.Write64(p + offset, value);
}

/// <summary>The window as its own type: compiled into the caller.</summary>
public readonly struct Window(NativeMmio io) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => io.Read8(offset);

    ushort IRegisters<ushort>.Read(long offset) => io.Read16(offset);

    uint IRegisters<uint>.Read(long offset) => io.Read32(offset);

    ulong IRegisters<ulong>.Read(long offset) => io.Read64(offset);

    void IRegisters<byte>.Write(long offset, byte value) => io.Write8(offset, value);

    void IRegisters<ushort>.Write(long offset, ushort value) => io.Write16(offset, value);

    void IRegisters<uint>.Write(long offset, uint value) => io.Write32(offset, value);

    void IRegisters<ulong>.Write(long offset, ulong value) => io.Write64(offset, value);
}

/// <summary>The window's relaxed forms.</summary>
public readonly struct Relaxed(NativeMmio io) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => io.ReadRelaxed8(offset);

    ushort IRegisters<ushort>.Read(long offset) => io.ReadRelaxed16(offset);

    uint IRegisters<uint>.Read(long offset) => io.ReadRelaxed32(offset);

    ulong IRegisters<ulong>.Read(long offset) => io.ReadRelaxed64(offset);

    void IRegisters<byte>.Write(long offset, byte value) => io.WriteRelaxed8(offset, value);

    void IRegisters<ushort>.Write(long offset, ushort value) => io.WriteRelaxed16(offset, value);

    void IRegisters<uint>.Write(long offset, uint value) => io.WriteRelaxed32(offset, value);

    void IRegisters<ulong>.Write(long offset, ulong value) => io.WriteRelaxed64(offset, value);
}

/// <summary>The window as drivers hold it: one interface call an access, or what the compiler makes of it.</summary>
public readonly struct Interface(IMmio io) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => io.Read8(offset);

    ushort IRegisters<ushort>.Read(long offset) => io.Read16(offset);

    uint IRegisters<uint>.Read(long offset) => io.Read32(offset);

    ulong IRegisters<ulong>.Read(long offset) => io.Read64(offset);

    void IRegisters<byte>.Write(long offset, byte value) => io.Write8(offset, value);

    void IRegisters<ushort>.Write(long offset, ushort value) => io.Write16(offset, value);

    void IRegisters<uint>.Write(long offset, uint value) => io.Write32(offset, value);

    void IRegisters<ulong>.Write(long offset, ulong value) => io.Write64(offset, value);
}
