using System.Runtime.InteropServices;

namespace RawIo;

/// <summary>A window onto a recording.</summary>
internal sealed class ReplayMmio(ReplayCursor cursor, ulong start, long length, RecordedLife life, bool isOwner) : IMmioMapping, IGuardedMmio
{
    public ulong PhysicalAddress => start;

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

    public bool TryRead(long offset, int size, out ulong value)
    {
        if (size is not (1 or 2 or 4 or 8)) throw AccessCheck.NoSuchSize(size, "1, 2, 4 or 8");
        Check(offset, size);
        var entry = ReplayStep.Take(cursor, new(0, RecordingKind.TryRead, size, At(offset), 0));
        value = entry.Value;
        return entry.Kind == RecordingKind.TryRead;
    }

    public void ReadRep(long offset, Span<byte> destination) => LoadBlock(RecordingKind.ReadRep, offset, 1, destination);

    public void ReadRep(long offset, Span<ushort> destination) => LoadBlock(RecordingKind.ReadRep, offset, 2, MemoryMarshal.AsBytes(destination));

    public void ReadRep(long offset, Span<uint> destination) => LoadBlock(RecordingKind.ReadRep, offset, 4, MemoryMarshal.AsBytes(destination));

    public void ReadRep(long offset, Span<ulong> destination) => LoadBlock(RecordingKind.ReadRep, offset, 8, MemoryMarshal.AsBytes(destination));

    public void WriteRep(long offset, ReadOnlySpan<byte> source) => StoreBlock(RecordingKind.WriteRep, offset, 1, source);

    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => StoreBlock(RecordingKind.WriteRep, offset, 2, MemoryMarshal.AsBytes(source));

    public void WriteRep(long offset, ReadOnlySpan<uint> source) => StoreBlock(RecordingKind.WriteRep, offset, 4, MemoryMarshal.AsBytes(source));

    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => StoreBlock(RecordingKind.WriteRep, offset, 8, MemoryMarshal.AsBytes(source));

    public void CopyFrom(long offset, Span<byte> destination) => LoadBlock(RecordingKind.CopyFrom, offset, 0, destination);

    public void CopyTo(long offset, ReadOnlySpan<byte> source) => StoreBlock(RecordingKind.CopyTo, offset, 0, source);

    public void Fill(long offset, byte value, long length)
    {
        ThrowIfGone();
        AccessCheck.Range(offset, length, Length);
        if (length > 0) ReplayStep.Take(cursor, new(0, RecordingKind.Fill, 0, At(offset), (ulong)length) { Data = new[] { value } });
    }

    public IMmio Window(long offset, long length)
    {
        ThrowIfGone();
        AccessCheck.Window(offset, length, Length);
        return new ReplayMmio(cursor, At(offset), length, life, isOwner: false);
    }

    public void Dispose()
    {
        if (isOwner && life.End()) cursor.GiveBack(new(0, RecordingKind.Unmap, 0, start, (ulong)length));
    }

    private ulong Load(long offset, int size)
    {
        Check(offset, size);
        return ReplayStep.Take(cursor, new(0, RecordingKind.Read, size, At(offset), 0)).Value;
    }

    private void Store(long offset, int size, ulong value)
    {
        Check(offset, size);
        ReplayStep.Take(cursor, new(0, RecordingKind.Write, size, At(offset), value));
    }

    private void LoadBlock(RecordingKind kind, long offset, int size, Span<byte> bytes)
    {
        CheckBlock(offset, size, bytes.Length);
        if (!bytes.IsEmpty) ReplayStep.TakeInto(cursor, new(0, kind, size, At(offset), (ulong)bytes.Length), bytes);
    }

    private void StoreBlock(RecordingKind kind, long offset, int size, ReadOnlySpan<byte> bytes)
    {
        CheckBlock(offset, size, bytes.Length);
        if (!bytes.IsEmpty) ReplayStep.Take(cursor, new(0, kind, size, At(offset), (ulong)bytes.Length) { Data = bytes.ToArray() });
    }

    private ulong At(long offset) => start + (ulong)offset;

    private void CheckBlock(long offset, int size, int bytes)
    {
        ThrowIfGone();
        if (size == 0) AccessCheck.Range(offset, bytes, length);
        else AccessCheck.Access(offset, size, length);
    }

    private void Check(long offset, int size)
    {
        ThrowIfGone();
        AccessCheck.Access(offset, size, length);
    }

    private void ThrowIfGone()
    {
        if (life.HasEnded) throw new ObjectDisposedException(nameof(IMmioMapping), $"The mapping of 0x{start:x} was given back.");
    }
}
