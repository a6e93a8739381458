using System.Runtime.InteropServices;

namespace RawIo;

/// <summary>A range of ports of a recording.</summary>
internal sealed class ReplayPorts(ReplayCursor cursor, int first, int count, bool isOwner) : IPortGrant
{
    private readonly RecordedLife _life = new(null);

    public int FirstPort => first;

    public int Count => count;

    public byte In8(int port) => (byte)Load(port, 1);

    public ushort In16(int port) => (ushort)Load(port, 2);

    public uint In32(int port) => Load(port, 4);

    public void Out8(int port, byte value) => Store(port, 1, value);

    public void Out16(int port, ushort value) => Store(port, 2, value);

    public void Out32(int port, uint value) => Store(port, 4, value);

    public void InRep(int port, Span<byte> destination) => LoadRep(port, 1, destination);

    public void InRep(int port, Span<ushort> destination) => LoadRep(port, 2, MemoryMarshal.AsBytes(destination));

    public void InRep(int port, Span<uint> destination) => LoadRep(port, 4, MemoryMarshal.AsBytes(destination));

    public void OutRep(int port, ReadOnlySpan<byte> source) => StoreRep(port, 1, source);

    public void OutRep(int port, ReadOnlySpan<ushort> source) => StoreRep(port, 2, MemoryMarshal.AsBytes(source));

    public void OutRep(int port, ReadOnlySpan<uint> source) => StoreRep(port, 4, MemoryMarshal.AsBytes(source));

    public void Pause()
    {
        ThrowIfGone();
        ReplayStep.Take(cursor, new(0, RecordingKind.Pause, 0, 0, 0));
    }

    public void Dispose()
    {
        if (_life.End() && isOwner) cursor.GiveBack(new(0, RecordingKind.ClosePorts, 0, (ulong)first, (ulong)count));
    }

    private uint Load(int port, int size)
    {
        Check(port, size);
        return (uint)ReplayStep.Take(cursor, new(0, RecordingKind.In, size, (ulong)port, 0)).Value;
    }

    private void Store(int port, int size, uint value)
    {
        Check(port, size);
        ReplayStep.Take(cursor, new(0, RecordingKind.Out, size, (ulong)port, value));
    }

    private void LoadRep(int port, int size, Span<byte> bytes)
    {
        Check(port, size);
        if (!bytes.IsEmpty) ReplayStep.TakeInto(cursor, new(0, RecordingKind.InRep, size, (ulong)port, (ulong)bytes.Length), bytes);
    }

    private void StoreRep(int port, int size, ReadOnlySpan<byte> bytes)
    {
        Check(port, size);
        if (!bytes.IsEmpty) ReplayStep.Take(cursor, new(0, RecordingKind.OutRep, size, (ulong)port, (ulong)bytes.Length) { Data = bytes.ToArray() });
    }

    private void Check(int port, int size)
    {
        ThrowIfGone();
        AccessCheck.Port(port, size, first, count);
    }

    private void ThrowIfGone()
    {
        if (_life.HasEnded) throw new ObjectDisposedException(nameof(IPortGrant), $"The ports from 0x{first:x4} were given back.");
    }
}
