namespace RawIo.Tests;

// What the modes transfer.
public partial class I8237PairModelTests
{
    [Test]
    public void Single_mode_moves_one_for_each_time_it_asks_to_the_terminal_count()
    {
        OpenCascade();
        var peripheral = Plug(1);
        foreach (var value in (ushort[])[0x111, 0x22, 0x33]) peripheral.ToGive.Enqueue(value);
        Program1(0x12, 0xfffe, 2, 0x44);
        peripheral.DropAfter = 1;
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That((_memory.Bytes[0x12fffe], In16(0x02), In16(0x03), In(0x08)), Is.EqualTo((0x11, 0xffff, 1, 0)));
        peripheral.DropAfter = 2;
        peripheral.Request.Set(true);
        Pass(Transfer);
        Assert.That(peripheral.TerminalCounts, Is.Zero);
        Pass(Transfer);
        Assert.That((_memory.Bytes[0x12ffff], _memory.Bytes[0x120000], peripheral.TerminalCounts), Is.EqualTo((0x22, 0x33, 1)), "the address wraps in its page");
        Assert.That((In16(0x02), In16(0x03), In(0x08), In(0x08)), Is.EqualTo((1, 0xffff, 0x02, 0x00)), "reading clears TC");
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(_memory.Writes, Has.Count.EqualTo(3), "the end has masked the channel");
    }

    [Test]
    public void Autoinitialize_starts_over_and_leaves_the_channel_open()
    {
        OpenCascade();
        var peripheral = Plug(1);
        for (var i = 0; i < 16; i++) _memory.Bytes[i] = (byte)i;
        Program1(0, 4, 2, 0x58);
        peripheral.DropAfter = 5;
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(peripheral.Got, Is.EqualTo(new ushort[] { 4, 5, 6, 4, 5 }));
        Assert.That((peripheral.TerminalCounts, In16(0x02), In16(0x03)), Is.EqualTo((1, 6, 0)));
    }

    [Test]
    public void Decrement_goes_down()
    {
        OpenCascade();
        var peripheral = Plug(1);
        for (var i = 0; i < 0x20000; i++) _memory.Bytes[i] = (byte)(i * 3);
        Program1(1, 1, 3, 0x68);
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(peripheral.Got, Is.EqualTo(new ushort[] { _memory.Bytes[0x10001], _memory.Bytes[0x10000], _memory.Bytes[0x1ffff], _memory.Bytes[0x1fffe] }));
    }

    [Test]
    public void Demand_stops_where_the_request_does_and_block_goes_on()
    {
        OpenCascade();
        var peripheral = Plug(1);
        Program1(0, 0, 9, 0x04);
        peripheral.DropAfter = 4;
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(_memory.Writes, Has.Count.EqualTo(4));
        Program1(0, 0, 9, 0x84);
        peripheral.DropAfter = 1;
        peripheral.Request.Set(true);
        Pass(5 * Transfer);
        Assert.That(_memory.Writes, Has.Count.EqualTo(9));
        Pass(50 * Transfer);
        Assert.That((_memory.Writes.Count, peripheral.TerminalCounts), Is.EqualTo((14, 1)));
    }

    [Test]
    public void Verify_counts_and_moves_nothing()
    {
        OpenCascade();
        var peripheral = Plug(1);
        Program1(0, 0, 3, 0x40);
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That((_memory.Writes.Count, peripheral.Got.Count, peripheral.TerminalCounts, In(0x08)), Is.EqualTo((0, 0, 1, 0x22)));
    }

    [TestCase(5, 0x8b, 0xc4)]
    [TestCase(6, 0x89, 0xc8)]
    [TestCase(7, 0x8a, 0xcc)]
    public void The_second_controller_moves_words(int channel, int page, int port)
    {
        var peripheral = Plug(channel);
        peripheral.ToGive.Enqueue(0x1234);
        peripheral.ToGive.Enqueue(0x5678);
        Out(page, 0x13);
        Out16(port, 0xffff);
        Out16(port + 2, 1);
        Out(0xd6, 0x44 | channel & 3);
        Out(0xd4, channel & 3);
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(_memory.Writes, Is.EqualTo(new ulong[] { 0x13fffe, 0x120000 }), "bit 0 of the page is not wired");
        Assert.That((_memory.Bytes[0x13fffe], _memory.Bytes[0x13ffff], _memory.Bytes[0x120000], _memory.Bytes[0x120001]), Is.EqualTo((0x34, 0x12, 0x78, 0x56)));
    }

    [TestCase(0, 0x87, 0x00)]
    [TestCase(1, 0x83, 0x02)]
    [TestCase(2, 0x81, 0x04)]
    [TestCase(3, 0x82, 0x06)]
    public void Each_channel_has_its_page_register(int channel, int page, int port)
    {
        OpenCascade();
        var peripheral = Plug(channel);
        Out(page, 0x5a);
        Out16(port, 0x1234);
        Out16(port + 1, 0);
        Out(0x0b, 0x44 | channel);
        Out(0x0a, channel);
        peripheral.Request.Set(true);
        Pass(50 * Transfer);
        Assert.That(_memory.Writes, Is.EqualTo(new ulong[] { 0x5a1234 }));
    }

    [Test]
    public void Memory_to_memory_copies_by_channel_1_s_count_and_may_hold_the_source()
    {
        OpenCascade();
        for (var i = 0; i < 256; i++) _memory.Bytes[0x20000 + i] = (byte)(i ^ 0x5a);
        foreach (var hold in new[] { false, true })
        {
            Out(0x0d, 0);
            Out(0x87, 2);
            Out16(0x00, 0);
            Out16(0x01, 0xffff);
            Out(0x0b, 0x88);
            Program1(3, 0x100, 99, 0x84);
            Out(0x0f, 0x0f);
            Out(0x08, hold ? 0x03 : 0x01);
            Out(0x09, 0x04);
            Assert.That(In(0x08), Is.EqualTo(0x10));
            Pass(99 * 2000);
            Assert.That(In(0x08) & 0x0f, Is.Zero);
            Pass(2000);
            Assert.That(In(0x08), Is.EqualTo(0x02), "channel 1 ends it");
            for (var i = 0; i < 100; i++) Assert.That(_memory.Bytes[0x30100 + i], Is.EqualTo(_memory.Bytes[0x20000 + (hold ? 0 : i)]));
            Assert.That((_memory.Bytes[0x30164], In(0x0d)), Is.EqualTo((0, _memory.Bytes[0x20000 + (hold ? 0 : 99)])));
        }
    }

    [Test]
    public void A_software_request_moves_a_block_though_the_channel_is_masked()
    {
        Out(0x8b, 0);
        Out16(0xc4, 0x80);
        Out16(0xc6, 7);
        Out(0xd6, 0x85);
        Out(0xd2, 0x05);
        Assert.That(_time.ArmedTimers, Is.EqualTo(1));
        Pass(8 * Transfer);
        Assert.That((_memory.Writes.Count, _memory.Bytes[0x100], In(0xd0)), Is.EqualTo((8, 0xff, 0x02)), "nobody drives the bus");
        Pass(100 * Transfer);
        Assert.That((_memory.Writes.Count, _time.ArmedTimers), Is.EqualTo((8, 0)));
    }
}
