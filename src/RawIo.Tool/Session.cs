using System.Text;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>One run of the tool: where it reads and prints, and the board its commands share, if they do.</summary>
/// <param name="streams">The streams.</param>
/// <param name="board">The shell's board, kept from line to line; null outside the shell, where each command makes its own.</param>
internal sealed class Session(Streams streams, SimMachine? board = null)
{
    public Streams Streams => streams;

    public SimMachine? Board => board;

    /// <summary>Standard output as text; buffered until <see cref="Flush"/>.</summary>
    public TextWriter Text { get; } = new StreamWriter(new TellingStream(streams.Output), new UTF8Encoding(false), 16384) { NewLine = "\n" };

    /// <summary>Sends what was printed.</summary>
    public void Flush() => Text.Flush();

    /// <summary>Tells the reader's departure from every other I/O error.</summary>
    private sealed class TellingStream(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                inner.Write(buffer);
            }
            catch (IOException error) when (ClosedOutputException.Means(error))
            {
                throw new ClosedOutputException(error);
            }
        }

        public override void Flush()
        {
            try
            {
                inner.Flush();
            }
            catch (IOException error) when (ClosedOutputException.Means(error))
            {
                throw new ClosedOutputException(error);
            }
        }
    }
}
