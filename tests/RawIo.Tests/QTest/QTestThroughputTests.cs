using System.Text;
using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>What makes qtest fast: many requests at once are answered at once, and an access allocates nothing.</summary>
internal sealed class QTestThroughputTests
{
    [Test]
    public void Requests_that_came_together_are_answered_together()
    {
        var output = new CountingStream();
        new QTestServer(new NotedMemory(64) { Quiet = true }).Serve(new MemoryStream(Repeat("readl 0x10\n", 100)), output);
        Assert.That(output.Writes, Is.EqualTo(1));
        Assert.That(Encoding.ASCII.GetString(output.ToArray()), Is.EqualTo(string.Concat(Enumerable.Repeat("OK 0x0000000000000000\n", 100))));
    }

    [Test]
    public void A_reply_is_there_before_the_server_waits_for_the_rest_of_a_line()
    {
        var output = new CountingStream();
        var input = new StepStream("readl 0x10\nreadl", " 0x14\n");
        input.Step = () => Assert.That(Encoding.ASCII.GetString(output.ToArray()), Is.EqualTo("OK 0x0000000000000000\n"));
        new QTestServer(new NotedMemory(64) { Quiet = true }).Serve(input, output);
        Assert.That(output.Writes, Is.EqualTo(2));
    }

    [Test]
    public void An_access_allocates_nothing_on_either_side()
    {
        var server = new QTestServer(new NotedMemory(64) { Quiet = true }, new NotedPorts { Quiet = true });
        var requests = Repeat("readl 0x10\nwriteq 0x8 0x1122334455667788\ninb 0x64\noutw 0x80 0xaa\nreadw 0x2\n", 2000);
        var output = new MemoryStream(1 << 20);
        server.Serve(new MemoryStream(requests), output);
        output.SetLength(0);
        var input = new MemoryStream(requests);
        var before = GC.GetAllocatedBytesForCurrentThread();
        server.Serve(input, output);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000), "for 10,000 requests; the reader's buffer is part of it");

        var answers = new MemoryStream(Repeat("OK 0x0000000000001234\n", 20_000));
        using var machine = new QTestMachine(new(new ReadOnlyEnd(answers)), "x", hasPorts: true);
        using var map = machine.IoRemap(0, 64);
        var words = new uint[1000];
        map.ReadRep(4, words);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = map.Read32(8);
        for (var i = 0; i < 5; i++) map.ReadRep(4, words);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000), "for 6000 accesses");
        Assert.That(words, Is.All.EqualTo(0x1234));
    }

    private static byte[] Repeat(string text, int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, count)));

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            base.Write(buffer);
        }
    }

    /// <summary>Gives its pieces one by one.</summary>
    private sealed class StepStream(params string[] pieces) : MemoryStream
    {
        private int _next;

        public Action Step { get; set; } = () => { };

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_next > 0 && _next < pieces.Length) Step();
            return _next == pieces.Length ? 0 : Encoding.ASCII.GetBytes(pieces[_next++], buffer.AsSpan(offset));
        }
    }

    /// <summary>Takes every request and gives prepared answers.</summary>
    private sealed class ReadOnlyEnd(MemoryStream answers) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => answers.Read(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }
}
