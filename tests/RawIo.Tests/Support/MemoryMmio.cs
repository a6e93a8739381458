using System.Buffers.Binary;

namespace RawIo.Tests;

/// <summary>A window onto an array that writes down every access it gets: "r32@10", "w8@3=ff".</summary>
internal sealed class MemoryMmio(byte[] memory) : IMmio
{
    public List<string> Accesses { get; } = [];

    public byte[] Memory => memory;

    public ulong PhysicalAddress => 0x1000_0000;

    public long Length => memory.Length;

    public byte Read8(long offset) => (byte)Read(offset, 1);
    public ushort Read16(long offset) => (ushort)Read(offset, 2);
    public uint Read32(long offset) => (uint)Read(offset, 4);
    public ulong Read64(long offset) => Read(offset, 8);
    public void Write8(long offset, byte value) => Write(offset, 1, value);
    public void Write16(long offset, ushort value) => Write(offset, 2, value);
    public void Write32(long offset, uint value) => Write(offset, 4, value);
    public void Write64(long offset, ulong value) => Write(offset, 8, value);
    public byte ReadRelaxed8(long offset) => Read8(offset);
    public ushort ReadRelaxed16(long offset) => Read16(offset);
    public uint ReadRelaxed32(long offset) => Read32(offset);
    public ulong ReadRelaxed64(long offset) => Read64(offset);
    public void WriteRelaxed8(long offset, byte value) => Write8(offset, value);
    public void WriteRelaxed16(long offset, ushort value) => Write16(offset, value);
    public void WriteRelaxed32(long offset, uint value) => Write32(offset, value);
    public void WriteRelaxed64(long offset, ulong value) => Write64(offset, value);

    public void ReadRep(long offset, Span<byte> destination)
    {
        foreach (ref var item in destination) item = Read8(offset);
    }

    public void ReadRep(long offset, Span<ushort> destination)
    {
        foreach (ref var item in destination) item = Read16(offset);
    }

    public void ReadRep(long offset, Span<uint> destination)
    {
        foreach (ref var item in destination) item = Read32(offset);
    }

    public void ReadRep(long offset, Span<ulong> destination)
    {
        foreach (ref var item in destination) item = Read64(offset);
    }

    public void WriteRep(long offset, ReadOnlySpan<byte> source)
    {
        foreach (var item in source) Write8(offset, item);
    }

    public void WriteRep(long offset, ReadOnlySpan<ushort> source)
    {
        foreach (var item in source) Write16(offset, item);
    }

    public void WriteRep(long offset, ReadOnlySpan<uint> source)
    {
        foreach (var item in source) Write32(offset, item);
    }

    public void WriteRep(long offset, ReadOnlySpan<ulong> source)
    {
        foreach (var item in source) Write64(offset, item);
    }

    public void Fill(long offset, byte value, long length)
    {
        for (var i = 0L; i < length; i++) Write8(offset + i, value);
    }

    public void CopyFrom(long offset, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = Read8(offset + i);
    }

    public void CopyTo(long offset, ReadOnlySpan<byte> source)
    {
        for (var i = 0; i < source.Length; i++) Write8(offset + i, source[i]);
    }

    public IMmio Window(long offset, long length) => throw new NotSupportedException();

    private ulong Read(long offset, int size)
    {
        AccessCheck.Access(offset, size, Length);
        Accesses.Add($"r{size * 8}@{offset:x}");
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        memory.AsSpan((int)offset, size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void Write(long offset, int size, ulong value)
    {
        AccessCheck.Access(offset, size, Length);
        Accesses.Add($"w{size * 8}@{offset:x}={value:x}");
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(memory.AsSpan((int)offset));
    }
}
