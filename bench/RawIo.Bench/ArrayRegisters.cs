namespace RawIo.Bench;

/// <summary>32-bit registers that keep what is written to them, at the cost of an array access.</summary>
internal sealed class ArrayRegisters(int length) : IMmio
{
    private readonly uint[] _words = new uint[length / 4];

    public ulong PhysicalAddress => 0;
    public long Length => length;
    public uint Read32(long offset) => Volatile.Read(ref _words[offset >> 2]);
    public void Write32(long offset, uint value) => Volatile.Write(ref _words[offset >> 2], value);
    public uint ReadRelaxed32(long offset) => Read32(offset);
    public void WriteRelaxed32(long offset, uint value) => Write32(offset, value);
    public byte Read8(long offset) => throw new NotSupportedException();
    public ushort Read16(long offset) => throw new NotSupportedException();
    public ulong Read64(long offset) => throw new NotSupportedException();
    public void Write8(long offset, byte value) => throw new NotSupportedException();
    public void Write16(long offset, ushort value) => throw new NotSupportedException();
    public void Write64(long offset, ulong value) => throw new NotSupportedException();
    public byte ReadRelaxed8(long offset) => throw new NotSupportedException();
    public ushort ReadRelaxed16(long offset) => throw new NotSupportedException();
    public ulong ReadRelaxed64(long offset) => throw new NotSupportedException();
    public void WriteRelaxed8(long offset, byte value) => throw new NotSupportedException();
    public void WriteRelaxed16(long offset, ushort value) => throw new NotSupportedException();
    public void WriteRelaxed64(long offset, ulong value) => throw new NotSupportedException();
    public void ReadRep(long offset, Span<byte> destination) => throw new NotSupportedException();
    public void ReadRep(long offset, Span<ushort> destination) => throw new NotSupportedException();
    public void ReadRep(long offset, Span<uint> destination) => throw new NotSupportedException();
    public void ReadRep(long offset, Span<ulong> destination) => throw new NotSupportedException();
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => throw new NotSupportedException();
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => throw new NotSupportedException();
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => throw new NotSupportedException();
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => throw new NotSupportedException();
    public void Fill(long offset, byte value, long length) => throw new NotSupportedException();
    public void CopyFrom(long offset, Span<byte> destination) => throw new NotSupportedException();
    public void CopyTo(long offset, ReadOnlySpan<byte> source) => throw new NotSupportedException();
    public IMmio Window(long offset, long length) => throw new NotSupportedException();
}
