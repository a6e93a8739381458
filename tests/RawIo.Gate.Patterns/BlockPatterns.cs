using RawIo.Native;

namespace RawIo.Gate;

/// <summary>Blocks: one register many times, and runs of bytes, through the window.</summary>
public static class BlockPatterns
{
    [Pattern("ReadRep of bytes", "R1*")]
    public static void ReadRep8(NativeMmio io, Span<byte> destination) => io.ReadRep(0x10, destination);

    [Pattern("ReadRep of 16 bits", "R2*")]
    public static void ReadRep16(NativeMmio io, Span<ushort> destination) => io.ReadRep(0x10, destination);

    [Pattern("ReadRep of 32 bits", "R4*")]
    public static void ReadRep32(NativeMmio io, Span<uint> destination) => io.ReadRep(0x10, destination);

    [Pattern("ReadRep of 64 bits", "R8*")]
    public static void ReadRep64(NativeMmio io, Span<ulong> destination) => io.ReadRep(0x10, destination);

    [Pattern("WriteRep of bytes", "W1*")]
    public static void WriteRep8(NativeMmio io, ReadOnlySpan<byte> source) => io.WriteRep(0x10, source);

    [Pattern("WriteRep of 16 bits", "W2*")]
    public static void WriteRep16(NativeMmio io, ReadOnlySpan<ushort> source) => io.WriteRep(0x10, source);

    [Pattern("WriteRep of 32 bits", "W4*")]
    public static void WriteRep32(NativeMmio io, ReadOnlySpan<uint> source) => io.WriteRep(0x10, source);

    [Pattern("WriteRep of 64 bits", "W8*")]
    public static void WriteRep64(NativeMmio io, ReadOnlySpan<ulong> source) => io.WriteRep(0x10, source);

    [Pattern("Fill", "W1* W8* W1*")]
    public static void Fill(NativeMmio io, byte value, long length) => io.Fill(0x10, value, length);

    [Pattern("Fill with 0", "W1* W8* W1*")]
    public static void Clear(NativeMmio io, long length) => io.Fill(0x10, 0, length);

    [Pattern("CopyFrom", "R1* R8* R1*")]
    public static void CopyFrom(NativeMmio io, Span<byte> destination) => io.CopyFrom(0x10, destination);

    [Pattern("CopyTo", "W1* W8* W1*")]
    public static void CopyTo(NativeMmio io, ReadOnlySpan<byte> source) => io.CopyTo(0x10, source);
}
