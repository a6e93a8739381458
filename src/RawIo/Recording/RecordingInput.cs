namespace RawIo;

/// <summary>A stream's bytes in order. Whatever length the stream claims for something, no more memory is taken than it has bytes.</summary>
internal sealed class RecordingInput : IDisposable
{
    private const int Piece = 0x10000;

    private readonly byte[] _buffer = new byte[Piece];
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _origin;
    private int _at, _end;

    public RecordingInput(Stream stream, bool leaveOpen) =>
        (_stream, _leaveOpen, _origin) = (stream, leaveOpen, stream.CanSeek ? stream.Position : 0);

    /// <summary>How many bytes were taken.</summary>
    public long Position { get; private set; }

    /// <summary>Fills all of it; false where the stream ends before that.</summary>
    public bool TryFill(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, _stream.Read(_buffer));
                if (_end == 0) return false;
            }
            var part = Math.Min(bytes.Length, _end - _at);
            _buffer.AsSpan(_at, part).CopyTo(bytes);
            _at += part;
            Position += part;
            bytes = bytes[part..];
        }
        return true;
    }

    /// <summary>Takes so many bytes; null where the stream ends before that.</summary>
    public byte[]? TryTake(uint count)
    {
        if (count > Array.MaxLength) return null;
        var bytes = new byte[Math.Min((int)count, Piece)];
        for (var have = 0; ;)
        {
            if (!TryFill(bytes.AsSpan(have))) return null;
            have = bytes.Length;
            if (have == count) return bytes;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * have));
        }
    }

    /// <summary>Goes back to a position.</summary>
    public void Seek(long position)
    {
        _stream.Position = _origin + position;
        (_at, _end, Position) = (0, 0, position);
    }

    public void Dispose()
    {
        if (!_leaveOpen) _stream.Dispose();
    }
}
