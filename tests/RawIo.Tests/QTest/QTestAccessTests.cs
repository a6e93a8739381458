using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>The protocol's accesses, with the replies QEMU's system/qtest.c prints.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QTestAccessTests
{
    private readonly NotedMemory _memory = new(0x100);
    private readonly NotedPorts _ports = new();
    private QTestServer _server = null!;

    [SetUp]
    public void Serve() => _server = new(_memory, _ports, new OneTimerClock());

    [Test]
    public void Port_reads_answer_at_least_four_digits()
    {
        Assert.That(_server.Ask("outb 0x60 0x5", "inb 0x60", "outw 0x70 0xabcd", "inw 0x70", "outl 0x80 0xdeadbeef", "inl 0x80"),
            Is.EqualTo(["OK", "OK 0x0005", "OK", "OK 0xabcd", "OK", "OK 0xdeadbeef"]));
        Assert.That(_ports.Accesses, Is.EqualTo(["out1 60=5", "in1 60", "out2 70=abcd", "in2 70", "out4 80=deadbeef", "in4 80"]));
    }

    [Test]
    public void Memory_reads_answer_sixteen_digits_whatever_the_width()
    {
        Assert.That(_server.Ask("writeq 0x10 0x1122334455667788", "readb 0x10", "readw 0x10", "readl 0x10", "readq 0x10"),
            Is.EqualTo(["OK", "OK 0x0000000000000088", "OK 0x0000000000007788", "OK 0x0000000055667788", "OK 0x1122334455667788"]));
        Assert.That(_memory.Accesses, Is.EqualTo(["w8 10=1122334455667788", "r1 10", "r2 10", "r4 10", "r8 10"]));
    }

    [Test]
    public void Values_wider_than_the_access_are_cut()
    {
        Assert.That(_server.Ask("writeb 0 0x1ff", "writew 2 0x54321", "writel 4 -1", "outb 1 0x1234"),
            Is.EqualTo(["OK", "OK", "OK", "OK"]));
        Assert.That(_memory.Accesses, Is.EqualTo(["w1 0=ff", "w2 2=4321", "w4 4=ffffffff"]));
        Assert.That(_ports.Accesses, Is.EqualTo(["out1 1=34"]));
    }

    [TestCase("0x20", 0x20)]
    [TestCase("0X2f", 0x2f)]
    [TestCase("32", 32)]
    [TestCase("040", 32)]
    [TestCase("+8", 8)]
    [TestCase("0", 0)]
    public void Numbers_are_read_as_strtoull_does_in_base_zero(string text, int value)
    {
        Assert.That(_server.Ask($"readb {text}"), Is.EqualTo(["OK 0x0000000000000000"]));
        Assert.That(_memory.Accesses, Is.EqualTo([$"r1 {value:x}"]));
    }

    [TestCase("0x")]
    [TestCase("08")]
    [TestCase("0x1g")]
    [TestCase("1_000")]
    [TestCase("--1")]
    [TestCase("-")]
    [TestCase("ten")]
    [TestCase("0x10000000000000000")]
    [TestCase("18446744073709551616")]
    public void A_word_that_is_no_number_fails_and_touches_nothing(string text)
    {
        Assert.That(_server.Ask($"readl {text}", $"writel {text} 1", $"writel 0 {text}", $"inb {text}"),
            Has.Exactly(4).StartsWith("FAIL Not a number for the "));
        Assert.That(_memory.Accesses, Is.Empty);
        Assert.That(_ports.Accesses, Is.Empty);
    }

    [Test]
    public void A_misaligned_access_is_made_in_the_widest_aligned_pieces()
    {
        _server.Ask("writel 0x1 0x44332211", "readq 0x6");
        Assert.That(_memory.Accesses, Is.EqualTo(["w1 1=11", "w2 2=3322", "w1 4=44", "r2 6", "r4 8", "r2 c"]));
    }

    [Test]
    public void Addresses_are_physical()
    {
        var high = new NotedMemory(0x10, 0x3f20_0000);
        Assert.That(new QTestServer(high).Ask("writel 0x3f200004 1", "readl 0x3f200000", "readl 0x3f200010", "readl 0x3f1ffffc", "readq 0x3f20000c"),
            Is.EqualTo([
                "OK", "OK 0x0000000000000000",
                "FAIL 0x3f200010 to 0x3f200013 leaves the memory at 0x3f200000 to 0x3f20000f",
                "FAIL 0x3f1ffffc to 0x3f1fffff leaves the memory at 0x3f200000 to 0x3f20000f",
                "FAIL 0x3f20000c to 0x3f200013 leaves the memory at 0x3f200000 to 0x3f20000f",
            ]));
        Assert.That(high.Accesses, Is.EqualTo(["w4 4=1", "r4 0"]));
    }

    [Test]
    public void Ports_end_at_ffff()
    {
        Assert.That(_server.Ask("inb 0xffff", "inb 0x10000", "outb -1 0", "inw 0xffff"), Is.EqualTo([
            "OK 0x0000", "FAIL Ports are 0 to 0xffff, not '0x10000'", "FAIL Ports are 0 to 0xffff, not '-1'",
            "FAIL An access of 2 bytes at port 0xffff leaves the range 0x0000 to 0xffff.",
        ]));
    }

    [Test]
    public void A_machine_without_ports_or_memory_or_clock_says_so()
    {
        var server = new QTestServer(null);
        Assert.That(server.Ask("inb 0x60", "outl 0x60 1", "readl 0", "memset 0 1 1", "clock_step 1"), Is.EqualTo([
            "FAIL This machine has no ports; only a PC has", "FAIL This machine has no ports; only a PC has",
            "FAIL This machine has no memory", "FAIL This machine has no memory", "FAIL This machine's clock cannot be moved",
        ]));
    }

    [Test]
    public void A_fault_is_a_reply_of_one_line_and_the_server_goes_on()
    {
        var memory = new NotedMemory(0x100) { Fault = at => at == 8 ? "nothing\r\nthere" : null };
        Assert.That(new QTestServer(memory).Ask("readl 8", "writel 8 1", "read 0 16", "readl 4"),
            Is.EqualTo(["FAIL nothing there", "FAIL nothing there", "FAIL nothing there", "OK 0x0000000000000000"]));
    }
}
