namespace RawIo.Gate;

/// <summary>What one writes first. The gate must catch it.</summary>
public readonly unsafe struct Plain(byte* p) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => p[offset];

    ushort IRegisters<ushort>.Read(long offset) => *(ushort*)(p + offset);

    uint IRegisters<uint>.Read(long offset) => *(uint*)(p + offset);

    ulong IRegisters<ulong>.Read(long offset) => *(ulong*)(p + offset);

    void IRegisters<byte>.Write(long offset, byte value) => p[offset] = value;

    void IRegisters<ushort>.Write(long offset, ushort value) => *(ushort*)(p + offset) = value;

    void IRegisters<uint>.Write(long offset, uint value) => *(uint*)(p + offset) = value;

    void IRegisters<ulong>.Write(long offset, ulong value) => *(ulong*)(p + offset) = value;
}

/// <summary>What one writes next: volatile accesses without the barrier. The gate must catch it too.</summary>
public readonly unsafe struct VolatileOnly(byte* p) : IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
{
    byte IRegisters<byte>.Read(long offset) => Volatile.Read(ref p[offset]);

    ushort IRegisters<ushort>.Read(long offset) => Volatile.Read(ref *(ushort*)(p + offset));

    uint IRegisters<uint>.Read(long offset) => Volatile.Read(ref *(uint*)(p + offset));

    ulong IRegisters<ulong>.Read(long offset) => Volatile.Read(ref *(ulong*)(p + offset));

    void IRegisters<byte>.Write(long offset, byte value) => Volatile.Write(ref p[offset], value);

    void IRegisters<ushort>.Write(long offset, ushort value) => Volatile.Write(ref *(ushort*)(p + offset), value);

    void IRegisters<uint>.Write(long offset, uint value) => Volatile.Write(ref *(uint*)(p + offset), value);

    void IRegisters<ulong>.Write(long offset, ulong value) => Volatile.Write(ref *(ulong*)(p + offset), value);
}
