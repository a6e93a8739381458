using System.Runtime.CompilerServices;

namespace RawIo;

// Repeating accesses and blocks.
public sealed partial class MmioJournal
{
    /// <inheritdoc/>
    public void ReadRep(long offset, Span<byte> destination) => _io.ReadRep(At(offset, 1), destination);

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<ushort> destination) => _io.ReadRep(At(offset, 2), destination);

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<uint> destination) => _io.ReadRep(At(offset, 4), destination);

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<ulong> destination) => _io.ReadRep(At(offset, 8), destination);

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => WriteRep(offset, source, static (io, at, s) => io.WriteRep(at, s));

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => WriteRep(offset, source, static (io, at, s) => io.WriteRep(at, s));

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => WriteRep(offset, source, static (io, at, s) => io.WriteRep(at, s));

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => WriteRep(offset, source, static (io, at, s) => io.WriteRep(at, s));

    /// <inheritdoc/>
    public void Fill(long offset, byte value, long length)
    {
        var at = Block(offset, length);
        lock (_log.Gate)
        {
            _log.RecordBlock(at, length);
            _io.Fill(at, value, length);
        }
    }

    /// <inheritdoc/>
    public void CopyFrom(long offset, Span<byte> destination) => _io.CopyFrom(Block(offset, destination.Length), destination);

    /// <inheritdoc/>
    public void CopyTo(long offset, ReadOnlySpan<byte> source)
    {
        var at = Block(offset, source.Length);
        lock (_log.Gate)
        {
            _log.RecordBlock(at, source.Length);
            _io.CopyTo(at, source);
        }
    }

    private void WriteRep<T>(long offset, ReadOnlySpan<T> source, Repeat<T> write) where T : unmanaged
    {
        var (at, size) = (At(offset, Unsafe.SizeOf<T>()), Unsafe.SizeOf<T>());
        lock (_log.Gate)
        {
            if (!source.IsEmpty) _log.Record(at, size);
            write(_io, at, source);
        }
    }

    private long Block(long offset, long length)
    {
        _log.ThrowIfEnded();
        AccessCheck.Range(offset, length, Length);
        return _start + offset;
    }

    private delegate void Repeat<T>(IMmio io, long at, ReadOnlySpan<T> source);
}
