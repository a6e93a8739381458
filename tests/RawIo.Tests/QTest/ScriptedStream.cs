using System.Text;

namespace RawIo.Tests;

/// <summary>A server that says what it was told to say, whatever it is asked.</summary>
internal sealed class ScriptedStream(string answers) : Stream
{
    private readonly MemoryStream _answers = new(Encoding.UTF8.GetBytes(answers));
    private readonly MemoryStream _sent = new();

    public string Sent => Encoding.UTF8.GetString(_sent.ToArray());

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => _answers.Read(buffer, offset, count);
    public override void Write(byte[] buffer, int offset, int count) => _sent.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
