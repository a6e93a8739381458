namespace RawIo.QTest;

/// <summary>Lines of bytes from a stream, without an allocation a line and never holding more than the longest legal line.</summary>
internal sealed class LineReader(Stream input, int longest)
{
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Whether the next line is here already, so that reading it does not wait.</summary>
    public bool HasLine => _buffer.AsSpan(_start, _end - _start).Contains((byte)'\n');

    /// <summary>Reads the next line, without its line end; a last one without line end counts.</summary>
    /// <param name="line">The line; valid until the next call. Empty where it was too long.</param>
    /// <param name="tooLong">Whether the line was longer than allowed: it has been skipped to its end.</param>
    /// <returns>False at the end of the stream.</returns>
    public bool Read(out ReadOnlySpan<byte> line, out bool tooLong)
    {
        line = default;
        tooLong = false;
        var scanned = 0;
        while (true)
        {
            var held = _buffer.AsSpan(_start, _end - _start);
            var at = held[scanned..].IndexOf((byte)'\n');
            if (at >= 0 || _ended)
            {
                if (at < 0 && held.IsEmpty) return tooLong;
                var length = at < 0 ? held.Length : scanned + at;
                _start += at < 0 ? length : length + 1;
                if (!tooLong && length > longest) tooLong = true;
                if (!tooLong) line = WithoutReturn(held[..length]);
                return true;
            }
            scanned = held.Length;
            if (scanned > longest)
            {
                tooLong = true;
                (_start, _end, scanned) = (0, 0, 0);
            }
            Fill();
        }
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) =>
        line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _ended = count == 0;
    }
}
