namespace RawIo.Tool;

/// <summary>
/// One of the process's standard streams. A closed one is an I/O error, by name, when it is used and not before: a
/// command that reads nothing does not mind a closed standard input.
/// </summary>
/// <param name="name">What an error calls it.</param>
/// <param name="stream">The stream; null where it is closed.</param>
internal sealed class ProcessStream(string name, Stream? stream) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Inner.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Inner.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => Inner.Write(buffer);

    public override void Flush() => stream?.Flush();

    private Stream Inner => stream ?? throw new IOException($"{name} is closed; leave its redirection away, or redirect it to /dev/null.");
}
