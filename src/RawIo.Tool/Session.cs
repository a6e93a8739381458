using System.Text;
using RawIo.Native;

namespace RawIo.Tool;

/// <summary>One run of the tool: where it reads and prints, and the machine its commands share, if they do.</summary>
internal sealed class Session
{
    /// <summary>A run.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="board">The shell's machine, kept from line to line; null outside the shell, where each command opens its own.</param>
    public Session(Streams streams, Target? board = null)
    {
        (Streams, Board, Bytes) = (streams, board, new TellingStream(streams.Output));
        Text = new StreamWriter(Bytes, new UTF8Encoding(false), 16384) { NewLine = "\n" };
    }

    public Streams Streams { get; }

    public Target? Board { get; }

    /// <summary>What --host opens.</summary>
    public Func<HostOptions, IHardware> OpenHost { get; init; } = HostMachine.Open;

    /// <summary>Standard output as text; buffered until <see cref="Flush"/>.</summary>
    public TextWriter Text { get; }

    /// <summary>Standard output as bytes; <see cref="Flush"/> before using it.</summary>
    public Stream Bytes { get; }

    /// <summary>The recording that --on replays, which must come to its end with the command; null where none is.</summary>
    public Replay? Replay { get; set; }

    /// <summary>Whether the reader of standard output has gone: nobody wants more.</summary>
    public bool OutputHasGone { get; set; }

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
