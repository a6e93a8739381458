namespace RawIo.QTest;

/// <summary>A window onto a qtest server's physical addresses. The server is in order, so the relaxed forms are the ordered ones; checks come before anything is sent.</summary>
internal sealed class QTestMmio(QTestMachine machine, QTestMapping mapping, ulong physicalAddress, long length) : IMmioMapping
{
    public ulong PhysicalAddress => physicalAddress;

    public long Length => length;

    public byte Read8(long offset) => (byte)Load(offset, 1);

    public ushort Read16(long offset) => (ushort)Load(offset, 2);

    public uint Read32(long offset) => (uint)Load(offset, 4);

    public ulong Read64(long offset) => Load(offset, 8);

    public void Write8(long offset, byte value) => Store(offset, 1, value);

    public void Write16(long offset, ushort value) => Store(offset, 2, value);

    public void Write32(long offset, uint value) => Store(offset, 4, value);

    public void Write64(long offset, ulong value) => Store(offset, 8, value);

    public byte ReadRelaxed8(long offset) => (byte)Load(offset, 1);

    public ushort ReadRelaxed16(long offset) => (ushort)Load(offset, 2);

    public uint ReadRelaxed32(long offset) => (uint)Load(offset, 4);

    public ulong ReadRelaxed64(long offset) => Load(offset, 8);

    public void WriteRelaxed8(long offset, byte value) => Store(offset, 1, value);

    public void WriteRelaxed16(long offset, ushort value) => Store(offset, 2, value);

    public void WriteRelaxed32(long offset, uint value) => Store(offset, 4, value);

    public void WriteRelaxed64(long offset, ulong value) => Store(offset, 8, value);

    public void ReadRep(long offset, Span<byte> destination) => Connection(offset, 1).ReadRep(At(offset), destination);

    public void ReadRep(long offset, Span<ushort> destination) => Connection(offset, 2).ReadRep(At(offset), destination);

    public void ReadRep(long offset, Span<uint> destination) => Connection(offset, 4).ReadRep(At(offset), destination);

    public void ReadRep(long offset, Span<ulong> destination) => Connection(offset, 8).ReadRep(At(offset), destination);

    public void WriteRep(long offset, ReadOnlySpan<byte> source) => Connection(offset, 1).WriteRep(At(offset), source);

    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => Connection(offset, 2).WriteRep(At(offset), source);

    public void WriteRep(long offset, ReadOnlySpan<uint> source) => Connection(offset, 4).WriteRep(At(offset), source);

    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => Connection(offset, 8).WriteRep(At(offset), source);

    public void Fill(long offset, byte value, long length) => Block(offset, length).FillBlock(At(offset), value, length);

    public void CopyFrom(long offset, Span<byte> destination) => Block(offset, destination.Length).ReadBlock(At(offset), destination);

    public void CopyTo(long offset, ReadOnlySpan<byte> source) => Block(offset, source.Length).WriteBlock(At(offset), source);

    public IMmio Window(long offset, long length)
    {
        ThrowIfGone();
        AccessCheck.Window(offset, length, Length);
        return new QTestMmio(machine, mapping, At(offset), length);
    }

    public void Dispose() => mapping.End();

    private ulong Load(long offset, int size) => Connection(offset, size).Read(At(offset), size);

    private void Store(long offset, int size, ulong value) => Connection(offset, size).Write(At(offset), size, value);

    private ulong At(long offset) => physicalAddress + (ulong)offset;

    private QTestConnection Connection(long offset, int size)
    {
        ThrowIfGone();
        AccessCheck.Access(offset, size, length);
        return machine.Connection;
    }

    private QTestConnection Block(long offset, long size)
    {
        ThrowIfGone();
        AccessCheck.Range(offset, size, length);
        return machine.Connection;
    }

    private void ThrowIfGone()
    {
        machine.ThrowIfDisposed();
        if (mapping.HasEnded) throw new ObjectDisposedException(nameof(IMmioMapping), $"The mapping of 0x{physicalAddress:x} was given back.");
    }
}

/// <summary>A mapping's life, shared by its windows.</summary>
internal sealed class QTestMapping
{
    private volatile bool _ended;

    public bool HasEnded => _ended;

    public void End() => _ended = true;
}
