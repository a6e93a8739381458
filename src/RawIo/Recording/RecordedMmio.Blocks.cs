using System.Runtime.InteropServices;

namespace RawIo;

// Repeating accesses and blocks: one entry each, with its data.
internal sealed partial class RecordedMmio
{
    public void ReadRep(long offset, Span<byte> destination) => LoadBlock((int)RecordingKind.ReadRep | 0, offset, destination);

    public void ReadRep(long offset, Span<ushort> destination) => LoadBlock((int)RecordingKind.ReadRep | 1, offset, MemoryMarshal.AsBytes(destination));

    public void ReadRep(long offset, Span<uint> destination) => LoadBlock((int)RecordingKind.ReadRep | 2, offset, MemoryMarshal.AsBytes(destination));

    public void ReadRep(long offset, Span<ulong> destination) => LoadBlock((int)RecordingKind.ReadRep | 3, offset, MemoryMarshal.AsBytes(destination));

    public void WriteRep(long offset, ReadOnlySpan<byte> source) => StoreBlock((int)RecordingKind.WriteRep | 0, offset, source);

    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => StoreBlock((int)RecordingKind.WriteRep | 1, offset, MemoryMarshal.AsBytes(source));

    public void WriteRep(long offset, ReadOnlySpan<uint> source) => StoreBlock((int)RecordingKind.WriteRep | 2, offset, MemoryMarshal.AsBytes(source));

    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => StoreBlock((int)RecordingKind.WriteRep | 3, offset, MemoryMarshal.AsBytes(source));

    public void CopyFrom(long offset, Span<byte> destination) => LoadBlock((int)RecordingKind.CopyFrom, offset, destination);

    public void CopyTo(long offset, ReadOnlySpan<byte> source) => StoreBlock((int)RecordingKind.CopyTo, offset, source);

    public void Fill(long offset, byte value, long length)
    {
        ThrowIfGone();
        AccessCheck.Range(offset, length, _length);
        if (length == 0) return;
        lock (log.Gate)
        {
            try
            {
                io.Fill(offset, value, length);
            }
            catch (Exception error)
            {
                log.RefusedEntry((int)RecordingKind.Fill, At(offset), (ulong)length, [value], error);
                throw;
            }
            log.Entry((int)RecordingKind.Fill, At(offset), (ulong)length, [value]);
        }
    }

    private void LoadBlock(int code, long offset, Span<byte> bytes)
    {
        CheckBlock(code, offset, bytes.Length);
        if (bytes.IsEmpty) return;
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case (int)RecordingKind.ReadRep | 0: io.ReadRep(offset, bytes); break;
                    case (int)RecordingKind.ReadRep | 1: io.ReadRep(offset, MemoryMarshal.Cast<byte, ushort>(bytes)); break;
                    case (int)RecordingKind.ReadRep | 2: io.ReadRep(offset, MemoryMarshal.Cast<byte, uint>(bytes)); break;
                    case (int)RecordingKind.ReadRep | 3: io.ReadRep(offset, MemoryMarshal.Cast<byte, ulong>(bytes)); break;
                    default: io.CopyFrom(offset, bytes); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedEntry(code, At(offset), (ulong)bytes.Length, bytes, error);
                throw;
            }
            log.Entry(code, At(offset), (ulong)bytes.Length, bytes);
        }
    }

    private void StoreBlock(int code, long offset, ReadOnlySpan<byte> bytes)
    {
        CheckBlock(code, offset, bytes.Length);
        if (bytes.IsEmpty) return;
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case (int)RecordingKind.WriteRep | 0: io.WriteRep(offset, bytes); break;
                    case (int)RecordingKind.WriteRep | 1: io.WriteRep(offset, MemoryMarshal.Cast<byte, ushort>(bytes)); break;
                    case (int)RecordingKind.WriteRep | 2: io.WriteRep(offset, MemoryMarshal.Cast<byte, uint>(bytes)); break;
                    case (int)RecordingKind.WriteRep | 3: io.WriteRep(offset, MemoryMarshal.Cast<byte, ulong>(bytes)); break;
                    default: io.CopyTo(offset, bytes); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedEntry(code, At(offset), (ulong)bytes.Length, bytes, error);
                throw;
            }
            log.Entry(code, At(offset), (ulong)bytes.Length, bytes);
        }
    }

    private void CheckBlock(int code, long offset, int length)
    {
        if (RecordingCode.HasSize(code))
        {
            Check(offset, 1 << (code & 3));
            return;
        }
        ThrowIfGone();
        AccessCheck.Range(offset, length, _length);
    }
}
