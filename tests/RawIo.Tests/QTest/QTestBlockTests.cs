using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>Blocks of the protocol: read, write, memset and the base64 forms.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QTestBlockTests
{
    private readonly NotedMemory _memory = new(0x100);
    private QTestServer _server = null!;

    [SetUp]
    public void Serve() => _server = new(_memory);

    [Test]
    public void Blocks_move_in_the_widest_aligned_pieces_of_at_most_four_bytes()
    {
        Assert.That(_server.Ask("write 0x3 12 0x0102030405060708090a0b0c", "read 3 12"),
            Is.EqualTo(["OK", "OK 0x0102030405060708090a0b0c"]));
        Assert.That(_memory.Accesses, Is.EqualTo([
            "w1 3=1", "w4 4=5040302", "w4 8=9080706", "w2 c=b0a", "w1 e=c",
            "r1 3", "r4 4", "r4 8", "r2 c", "r1 e",
        ]));
    }

    [Test]
    public void Bytes_the_data_lack_are_zero_and_bytes_too_many_are_ignored()
    {
        _memory.Bytes.AsSpan().Fill(0xee);
        Assert.That(_server.Ask("write 0 4 0xab", "write 4 2 0x01020304", "write 8 2 0x123", "read 0 12"),
            Is.EqualTo(["OK", "OK", "OK", "OK 0xab0000000102eeee1200eeee"]));
    }

    [TestCase("write 0 4 0x", "FAIL invalid argument size")]
    [TestCase("write 0 4", "FAIL invalid argument size")]
    [TestCase("write 0 4 1234", "FAIL Data start with 0x, not '1234'")]
    [TestCase("write 0 4 0x12zz", "FAIL Not two hexadecimal digits: 'zz'")]
    [TestCase("read 0 0", "FAIL A read needs at least one byte")]
    [TestCase("read 0", "FAIL Missing the size")]
    [TestCase("read", "FAIL Missing the address")]
    [TestCase("memset 0 4", "FAIL Missing the value")]
    [TestCase("b64write 0 4 ****", "FAIL Not base64: '****'")]
    [TestCase("read 0xf0 0x11", "FAIL 0xf0 to 0x100 leaves the memory at 0x0 to 0xff")]
    [TestCase("memset 0x10 -1 0", "FAIL 0x10 to 0xe leaves the memory at 0x0 to 0xff")]
    public void A_bad_block_fails_and_touches_nothing(string line, string reply)
    {
        Assert.That(_server.Ask(line), Is.EqualTo([reply]));
        Assert.That(_memory.Accesses, Is.Empty);
    }

    [Test]
    public void Memset_fills_and_may_fill_nothing()
    {
        Assert.That(_server.Ask("memset 1 6 0x1a5", "memset 0x100 0 1", "read 0 8"),
            Is.EqualTo(["OK", "OK", "OK 0x00a5a5a5a5a5a500"]));
        Assert.That(_memory.Accesses[..3], Is.EqualTo(["w1 1=a5", "w2 2=a5a5", "w2 4=a5a5"]));
    }

    [Test]
    public void Base64_goes_both_ways_and_is_cut_to_the_size()
    {
        Assert.That(_server.Ask("b64write 0 5 aGVsbG8=", "b64read 0 5", "b64read 0 0", "b64write 8 2 aGVsbG8=", "read 8 4"),
            Is.EqualTo(["OK", "OK aGVsbG8=", "OK ", "OK", "OK 0x68650000"]));
    }

    [Test]
    public void A_block_larger_than_the_bound_fails_and_one_of_that_size_passes()
    {
        var server = new QTestServer(new NotedMemory(QTestServer.LargestBlock + 4) { Quiet = true });
        var replies = server.Ask($"memset 0 {QTestServer.LargestBlock} 1", $"memset 0 {QTestServer.LargestBlock + 1} 1", $"read 0 {QTestServer.LargestBlock}");
        Assert.That(replies[0], Is.EqualTo("OK"));
        Assert.That(replies[1], Is.EqualTo("FAIL A block has at most 16777216 bytes, not 16777217; use several"));
        Assert.That(replies[2], Has.Length.EqualTo(5 + 2 * QTestServer.LargestBlock).And.EndsWith("0101"));
        Assert.That(server.Ask($"write 0 {QTestServer.LargestBlock} {replies[2][3..]}"), Is.EqualTo(["OK"]), "what was read can be written");
    }
}
