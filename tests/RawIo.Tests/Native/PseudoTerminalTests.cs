using Mono.Unix.Native;
using RawIo.Native;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Real pseudo-terminals: a program at the slave's path, and a stream here.</summary>
internal sealed class PseudoTerminalTests
{
    private PseudoTerminal _terminal = null!;
    private FileStream _program = null!;

    [SetUp]
    public void Open()
    {
        try
        {
            _terminal = PseudoTerminal.Open();
        }
        catch (RawIoException refusal)
        {
            Assert.Ignore($"SKIPPED: {refusal.Message}");
        }
        _program = Program(_terminal);
    }

    [TearDown]
    public void Close()
    {
        _program?.Dispose();
        _terminal?.Dispose();
    }

    // As any program opens a serial port, but as no controlling terminal of the tests.
    private static FileStream Program(PseudoTerminal terminal) =>
        new(new Microsoft.Win32.SafeHandles.SafeFileHandle(Kernel.Open(terminal.SlavePath, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, out _), true), FileAccess.ReadWrite, 0);

    [Test, CancelAfter(30_000)]
    public async Task Every_byte_passes_as_it_is_both_ways_and_without_echo(CancellationToken token)
    {
        using var limit = token.Register(_terminal.Dispose); // a read in the kernel heeds no token
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await _terminal.Stream.WriteAsync(all, token);
        var got = new byte[256];
        _program.ReadExactly(got);
        Assert.That(got, Is.EqualTo(all));
        _program.Write(all);
        await _terminal.Stream.ReadExactlyAsync(got, token);
        Assert.That(got, Is.EqualTo(all));
        var more = _terminal.Stream.ReadAsync(got, token).AsTask();
        _program.Write([0x42]);
        Assert.That((await more, got[0]), Is.EqualTo((1, (byte)0x42)), "nothing was echoed");
    }

    [Test, CancelAfter(30_000)]
    public async Task More_than_it_holds_waits_for_the_reader(CancellationToken token)
    {
        using var limit = token.Register(_terminal.Dispose); // a read in the kernel heeds no token
        var sent = new byte[100_000];
        new Random(1).NextBytes(sent);
        var writing = _terminal.Stream.WriteAsync(sent, token).AsTask();
        var got = new byte[sent.Length];
        _program.ReadExactly(got);
        await writing;
        Assert.That(got, Is.EqualTo(sent));
        var thread = new Thread(() => _terminal.Stream.Write(sent)) { IsBackground = true };
        thread.Start();
        _program.ReadExactly(got);
        Assert.That(thread.Join(TimeSpan.FromSeconds(20)) && got.AsSpan().SequenceEqual(sent));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_program_that_goes_and_comes_back_finds_it_again(CancellationToken token)
    {
        using var limit = token.Register(_terminal.Dispose); // a read in the kernel heeds no token
        _program.Dispose();
        var read = _terminal.Stream.ReadAsync(new byte[1], token).AsTask();
        using (var next = Program(_terminal)) next.Write([7]);
        Assert.That(await read, Is.EqualTo(1));
        Assert.That(_terminal.SlavePath, Does.StartWith("/dev/pts/"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_wait_is_cancelled_alone_and_loses_nothing(CancellationToken token)
    {
        using var limit = token.Register(_terminal.Dispose); // a read in the kernel heeds no token
        using var cancel = new CancellationTokenSource();
        var read = _terminal.Stream.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => read);
        _program.Write([9]);
        var got = new byte[1];
        Assert.That((await _terminal.Stream.ReadAsync(got, token), got[0]), Is.EqualTo((1, (byte)9)));
    }

    [Test, CancelAfter(30_000)]
    public void Disposed_it_ends_every_wait_and_the_program_reads_the_end(CancellationToken token)
    {
        var read = _terminal.Stream.ReadAsync(new byte[1], token).AsTask();
        var blocked = Task.Factory.StartNew(() => _terminal.Stream.Read(new byte[1]), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _terminal.Dispose();
        _terminal.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        Assert.ThrowsAsync<ObjectDisposedException>(() => blocked);
        Assert.Throws<ObjectDisposedException>(() => _terminal.Stream.Write([1]));
        Assert.Throws<ObjectDisposedException>(_terminal.Stream.Flush);
        Assert.That((_terminal.Stream.CanRead, _terminal.Stream.CanWrite), Is.EqualTo((false, false)));
        // End of file, or EIO: it has hung up.
        var hungUp = false;
        try
        {
            hungUp = _program.Read(new byte[1]) == 0;
        }
        catch (IOException)
        {
            hungUp = true;
        }
        Assert.That(hungUp);
    }

    [Test]
    public void It_is_a_stream_without_position()
    {
        var stream = _terminal.Stream;
        Assert.That((stream.CanRead, stream.CanWrite, stream.CanSeek), Is.EqualTo((true, true, false)));
        Assert.Throws<NotSupportedException>(() => _ = stream.Length);
        Assert.Throws<NotSupportedException>(() => _ = stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_program_talks_to_a_chip(CancellationToken token)
    {
        using var limit = token.Register(_terminal.Dispose); // a read in the kernel heeds no token
        var line = new SerialLine { IsInstant = true };
        line.Arrived = () =>
        {
            while (line.TryTake(out var character)) line.Transmit((byte)char.ToUpperInvariant((char)character.Value));
        };
        await using var connection = line.Connect(_terminal.Stream);
        _program.Write("hello, chip\r\n"u8);
        var answer = new byte[13];
        await _program.ReadExactlyAsync(answer, token);
        Assert.That(answer, Is.EqualTo("HELLO, CHIP\r\n"u8.ToArray()));
    }
}
