using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>The client's end of a wire to a server of ours: what is written is served when the answer is read, on the thread that reads.</summary>
internal sealed class ServerStream(QTestServer server) : Stream
{
    private readonly object _gate = new();
    private bool _ended;
    private readonly MemoryStream _requests = new();
    private byte[] _answers = [];
    private int _at;

    /// <summary>How many bytes came in one write at most.</summary>
    public int LargestWrite { get; private set; }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            LargestWrite = Math.Max(LargestWrite, count);
            _requests.Write(buffer, offset, count);
            Monitor.PulseAll(_gate);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            if (_at == _answers.Length)
            {
                while (_requests.Length == 0 && !_ended) Monitor.Wait(_gate);
                if (_ended) return 0;
                using var answers = new MemoryStream();
                server.Serve(new MemoryStream(_requests.ToArray()), answers);
                _requests.SetLength(0);
                (_answers, _at) = (answers.ToArray(), 0);
            }
            count = Math.Min(count, _answers.Length - _at);
            Array.Copy(_answers, _at, buffer, offset, count);
            _at += count;
            return count;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
        base.Dispose(disposing);
    }
}
