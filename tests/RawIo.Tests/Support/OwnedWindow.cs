namespace RawIo.Tests;

/// <summary>A window that something else owns, as the mapping a contract asks for.</summary>
internal sealed class OwnedWindow(IMmio io, Action dispose) : IMmioMapping
{
    public ulong PhysicalAddress => io.PhysicalAddress;
    public long Length => io.Length;
    public byte Read8(long offset) => io.Read8(offset);
    public ushort Read16(long offset) => io.Read16(offset);
    public uint Read32(long offset) => io.Read32(offset);
    public ulong Read64(long offset) => io.Read64(offset);
    public byte ReadRelaxed8(long offset) => io.ReadRelaxed8(offset);
    public ushort ReadRelaxed16(long offset) => io.ReadRelaxed16(offset);
    public uint ReadRelaxed32(long offset) => io.ReadRelaxed32(offset);
    public ulong ReadRelaxed64(long offset) => io.ReadRelaxed64(offset);
    public void Write8(long offset, byte value) => io.Write8(offset, value);
    public void Write16(long offset, ushort value) => io.Write16(offset, value);
    public void Write32(long offset, uint value) => io.Write32(offset, value);
    public void Write64(long offset, ulong value) => io.Write64(offset, value);
    public void WriteRelaxed8(long offset, byte value) => io.WriteRelaxed8(offset, value);
    public void WriteRelaxed16(long offset, ushort value) => io.WriteRelaxed16(offset, value);
    public void WriteRelaxed32(long offset, uint value) => io.WriteRelaxed32(offset, value);
    public void WriteRelaxed64(long offset, ulong value) => io.WriteRelaxed64(offset, value);
    public void ReadRep(long offset, Span<byte> destination) => io.ReadRep(offset, destination);
    public void ReadRep(long offset, Span<ushort> destination) => io.ReadRep(offset, destination);
    public void ReadRep(long offset, Span<uint> destination) => io.ReadRep(offset, destination);
    public void ReadRep(long offset, Span<ulong> destination) => io.ReadRep(offset, destination);
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => io.WriteRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => io.WriteRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => io.WriteRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => io.WriteRep(offset, source);
    public void Fill(long offset, byte value, long length) => io.Fill(offset, value, length);
    public void CopyFrom(long offset, Span<byte> destination) => io.CopyFrom(offset, destination);
    public void CopyTo(long offset, ReadOnlySpan<byte> source) => io.CopyTo(offset, source);
    public IMmio Window(long offset, long length) => io.Window(offset, length);
    public void Dispose() => dispose();
}
