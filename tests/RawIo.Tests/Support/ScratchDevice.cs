using System.Buffers.Binary;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device of plain storage that takes every size and writes down its accesses: "r4@10", "w1@3".</summary>
internal sealed class ScratchDevice(int length, AccessSizes sizes = AccessSizes.One | AccessSizes.Two | AccessSizes.Four | AccessSizes.Eight) : Device
{
    public byte[] Memory { get; } = new byte[length];

    public List<string> Accesses { get; } = [];

    public override string Name => "scratch memory";

    public override IReadOnlyList<string> Compatible => ["rawio,scratch"];

    public override AccessSizes Sizes => sizes;

    public override ulong Read(int offset, int size)
    {
        Accesses.Add($"r{size}@{offset:x}");
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        Memory.AsSpan(offset, size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public override void Write(int offset, int size, ulong value)
    {
        Accesses.Add($"w{size}@{offset:x}");
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(Memory.AsSpan(offset));
    }

    public override void Reset() => Array.Clear(Memory);
}
