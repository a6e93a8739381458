using System.Text;
using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>Lines, words, the clock, and what a hostile client may send.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QTestProtocolTests
{
    private readonly NotedMemory _memory = new(0x100);
    private readonly OneTimerClock _clock = new();
    private QTestServer _server = null!;

    [SetUp]
    public void Serve() => _server = new(_memory, new NotedPorts(), _clock);

    [Test]
    public void The_machine_is_little_endian() => Assert.That(_server.Ask("endianness"), Is.EqualTo(["OK little"]));

    [Test]
    public void Clock_step_adds_and_answers_the_time_in_decimal()
    {
        _clock.Timer = 5000;
        Assert.That(_server.Ask("clock_step 1000", "clock_step 0x10", "clock_step", "clock_step"), Is.EqualTo([
            "OK 1000", "OK 1016", "OK 5000",
            "FAIL cannot advance clock to the next deadline because there is no pending deadline",
        ]));
    }

    [Test]
    public void Time_does_not_stand_still_or_go_back()
    {
        _clock.Now = 1000;
        Assert.That(_server.Ask("clock_step 0", "clock_step -5", "clock_step 0x7fffffffffffffff", "clock_set 999", "clock_set 1000", "clock_set 2000"), Is.EqualTo([
            "FAIL could not advance time", "FAIL could not advance time", "FAIL could not advance time",
            "FAIL 1000", "OK 1000", "OK 2000",
        ]));
        Assert.That(_server.Ask("clock_step 0x8000000000000000", "clock_step -+5", "clock_set"), Is.EqualTo([
            "FAIL Not a number for nanoseconds '0x8000000000000000'", "FAIL Not a number for nanoseconds '-+5'", "FAIL Missing nanoseconds",
        ]));
        Assert.That(_clock.Now, Is.EqualTo(2000));
    }

    [TestCase("", "FAIL No command")]
    [TestCase("   ", "FAIL No command")]
    [TestCase("frobnicate 1", "FAIL Unknown command 'frobnicate'")]
    [TestCase("READL 0", "FAIL Unknown command 'READL'")]
    [TestCase("inq 0", "FAIL Unknown command 'inq'")]
    [TestCase("outq 0 0", "FAIL Unknown command 'outq'")]
    [TestCase("\u001b[2J\u0000", "FAIL Unknown command '?[2J?'")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "FAIL Unknown command 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'")]
    public void A_bad_line_fails_and_the_server_goes_on(string line, string reply) =>
        Assert.That(_server.Ask(line, "readb 0"), Is.EqualTo([reply, "OK 0x0000000000000000"]));

    [Test]
    public void Blanks_and_line_ends_of_other_systems_and_words_too_many_are_forgiven() =>
        Assert.That(_server.AskText("  writeb\t 0   7 \r\nreadb 0 please\r\nreadb 0"),
            Is.EqualTo(["OK", "OK 0x0000000000000007", "OK 0x0000000000000007"]), "the last line has no line end");

    [Test]
    public void No_input_gives_no_output() => Assert.That(_server.AskText(""), Is.Empty);

    [TestCase(1)]
    [TestCase(7)]
    public void Lines_may_come_in_pieces(int piece)
    {
        using var output = new MemoryStream();
        var lines = string.Concat(Enumerable.Range(0, 2000).Select(i => $"writel {i % 64 * 4} {i}\n"));
        _server.Serve(new Dribble(Encoding.ASCII.GetBytes(lines), piece), output);
        Assert.That(Encoding.ASCII.GetString(output.ToArray()), Is.EqualTo(string.Concat(Enumerable.Repeat("OK\n", 2000))));
        Assert.That(_memory.Accesses[^1], Is.EqualTo("w4 3c=7cf"));
    }

    [Test]
    public void A_line_without_end_is_dropped_in_bounded_memory_and_the_next_one_served()
    {
        using var output = new MemoryStream();
        using var input = new EndlessLine(200 << 20, "\nendianness\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        _server.Serve(input, output);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(160 << 20));
        Assert.That(Encoding.ASCII.GetString(output.ToArray()), Is.EqualTo("FAIL The line is longer than 33554688 bytes.\nOK little\n"));
    }

    [Test]
    public void A_hundred_thousand_random_lines_get_one_reply_each()
    {
        var random = new Random(2718);
        string[] words = [
            "inb", "inw", "inl", "outb", "outw", "outl", "readb", "readw", "readl", "readq", "writeb", "writew", "writel", "writeq",
            "read", "write", "b64read", "b64write", "memset", "endianness", "clock_step", "clock_set", "0", "1", "-1", "0x", "0x10",
            "0xff", "255", "0x100", "077", "09", "0xffffffffffffffff", "18446744073709551616", "0x0102", "aGVsbG8=", "", "\t", "\u0000", "é",
        ];
        const int Count = 100_000;
        var input = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            for (var n = random.Next(6); n > 0; n--) input.Append(words[random.Next(words.Length)]).Append(' ');
            if (random.Next(4) == 0) input.Append((char)random.Next(11, 256));
            input.Append(random.Next(8) == 0 ? "\r\n" : "\n");
        }
        var memory = new NotedMemory(0x100) { Quiet = true, Fault = at => at == 0x10 ? "a fault" : null };
        var replies = new QTestServer(memory, new NotedPorts { Quiet = true }, _clock).AskText(input.ToString());
        Assert.That(replies, Has.Length.EqualTo(Count));
        Assert.That(replies.Where(r => r != "OK" && !r.StartsWith("OK ", StringComparison.Ordinal) && !r.StartsWith("FAIL ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(replies.Count(r => r.StartsWith("OK", StringComparison.Ordinal)), Is.GreaterThan(Count / 50), "some of the lines must be good");
    }

    [Test]
    public void Accesses_leave_no_garbage()
    {
        var server = new QTestServer(new NotedMemory(0x100) { Quiet = true });
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("writel 0x10 0x1234\nreadl 0x10\n", 20_000)));
        server.Serve(new MemoryStream(lines), Stream.Null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        server.Serve(new MemoryStream(lines), Stream.Null);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20_000));
    }

    /// <summary>Many a's, then a tail.</summary>
    private sealed class EndlessLine(int length, string tail) : Stream
    {
        private readonly byte[] _tail = Encoding.ASCII.GetBytes(tail);
        private long _at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var left = length - _at;
            var n = (int)Math.Min(count, left > 0 ? left : _tail.Length + left);
            if (left > 0) buffer.AsSpan(offset, n).Fill((byte)'a');
            else _tail.AsSpan((int)-left, n).CopyTo(buffer.AsSpan(offset));
            _at += n;
            return n;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _at; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
