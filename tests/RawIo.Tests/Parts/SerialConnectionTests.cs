using System.IO.Pipelines;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A serial line joined to streams, with a chip of a test's own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SerialConnectionTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    private readonly SerialLine _line = new();

    private static byte[] Pattern(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7 + (i >> 8)))];

    [Test, CancelAfter(30_000)]
    public async Task Every_character_goes_both_ways_in_order(CancellationToken token)
    {
        var (toChip, fromChip) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 0)));
        _line.IsInstant = true;
        _line.Arrived = () =>
        {
            while (_line.TryTake(out var character)) _line.Transmit((byte)~character.Value);
        };
        await using var connection = _line.Connect(toChip.Reader.AsStream(), fromChip.Writer.AsStream());
        var sent = Pattern(200_000);
        await toChip.Writer.WriteAsync(sent.AsMemory(0, 150_000), token);
        await toChip.Writer.WriteAsync(sent.AsMemory(150_000), token);
        var back = new byte[sent.Length];
        await fromChip.Reader.AsStream().ReadExactlyAsync(back, token);
        Assert.That(back, Is.EqualTo(sent.Select(b => (byte)~b)));
        Assert.That((connection.Lost, _line.Receive().Length), Is.EqualTo((0L, sent.Length)), "the line's own record goes on");
        await toChip.Writer.CompleteAsync();
        await connection.InputEnded.WaitAsync(token);
        _line.Transmit(0x55);
        Assert.That(await fromChip.Reader.AsStream().ReadAsync(back, token), Is.EqualTo(1), "the other way goes on after the input's end");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_chip_that_does_not_take_makes_the_stream_wait(CancellationToken token)
    {
        var toChip = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var gate = _line.Gate = new BiasedLock();
        await using var connection = _line.Connect(toChip.Reader.AsStream(), Stream.Null);
        var sent = Pattern(100_000);
        await toChip.Writer.WriteAsync(sent, token);
        var taken = new List<byte>();
        while (taken.Count < sent.Length)
        {
            Assert.That(SpinWait.SpinUntil(() => _line.Waiting > 0, s_long), $"after {taken.Count}");
            Assert.That(_line.Waiting, Is.LessThanOrEqualTo(2048));
            // As a chip does it, under its machine's lock, and from another thread than the pump's.
            using var held = new HeldLock(gate);
            while (taken.Count % 1777 != 1776 && _line.TryTake(out var character)) taken.Add(character.Value);
            if (_line.TryTake(out var last)) taken.Add(last.Value);
        }
        Assert.That(taken, Is.EqualTo(sent));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_chip_never_waits_for_a_stream_and_what_is_lost_is_counted(CancellationToken token)
    {
        var stuck = new StuckStream();
        var connection = _line.Connect(Stream.Null, stuck);
        const int More = 5000;
        for (var i = 0; i < SerialLine.Capacity + More + 4096; i++) _line.Transmit((byte)i);
        Assert.That(SpinWait.SpinUntil(() => stuck.IsWriting, s_long));
        Assert.That(connection.Lost, Is.InRange(More, More + 4096));
        stuck.LetGo();
        await connection.DisposeAsync().AsTask().WaitAsync(token);
        Assert.That(stuck.Written + connection.Lost, Is.EqualTo(SerialLine.Capacity + More + 4096), "disposing waits for what was queued");
    }

    [Test, CancelAfter(30_000)]
    public void Parted_nothing_goes_either_way(CancellationToken token)
    {
        var (toChip, fromChip) = (new Pipe(), new MemoryStream());
        var connection = _line.Connect(toChip.Reader.AsStream(), fromChip);
        _line.Transmit(1);
        connection.Dispose();
        connection.Dispose();
        Assert.That(fromChip.ToArray(), Is.EqualTo(new byte[] { 1 }), "what was sent before is written");
        _line.Transmit(2);
        toChip.Writer.WriteAsync(new byte[] { 3 }, token).AsTask().Wait(token);
        Assert.That(connection.InputEnded.Wait(s_long, token) && connection.OutputEnded.Wait(s_long, token));
        Assert.That((fromChip.Length, _line.Waiting), Is.EqualTo((1L, 0)));
        Assert.That(fromChip.CanWrite, "the stream stays open");
    }

    [Test, CancelAfter(30_000)]
    public void A_stream_that_fails_ends_its_way_alone(CancellationToken token)
    {
        var toChip = new Pipe();
        using var connection = _line.Connect(toChip.Reader.AsStream(), new StuckStream { Fails = true });
        _line.Transmit(1);
        Assert.That(() => connection.OutputEnded.Wait(s_long, token), Throws.InstanceOf<AggregateException>().With.InnerException.InstanceOf<IOException>());
        _line.Transmit(2);
        toChip.Writer.WriteAsync(new byte[] { 3 }, token).AsTask().Wait(token);
        Assert.That(SpinWait.SpinUntil(() => _line.Waiting == 1, s_long));
    }

    [Test]
    public void Streams_that_cannot_are_refused()
    {
        using var readOnly = new MemoryStream([], writable: false);
        Assert.Throws<ArgumentException>(() => _line.Connect(readOnly));
        Assert.Throws<ArgumentException>(() => _line.Connect(new StuckStream()));
        Assert.Throws<ArgumentNullException>(() => _line.Connect(null!));
    }

    /// <summary>An output that takes nothing until it is told.</summary>
    private sealed class StuckStream : Stream
    {
        private readonly TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _writing;

        public bool Fails { get; init; }

        public bool IsWriting => Volatile.Read(ref _writing) > 0;

        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void LetGo() => _free.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Fails) throw new IOException("broken");
            Interlocked.Increment(ref _writing);
            await _free.Task.WaitAsync(cancellationToken);
            Written += buffer.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
