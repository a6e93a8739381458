using RawIo.Sim;

namespace RawIo.Tests;

// Registers, requests and priorities; Intel 8237A data sheet (231466).
public partial class I8237PairModelTests
{
    private const long Transfer = 1250;

    private ManualTime _time = null!;
    private BenchMemory _memory = null!;
    private I8237PairModel _dma = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new();
        _memory = new();
        _dma = new(_time, _memory);
    }

    /// <summary>Time, and a timer's tick of 100 ns more.</summary>
    private void Pass(long nanoseconds) => _time.Advance(nanoseconds + 100);

    private byte In(int port) => (byte)_dma.Read(port, 1);

    private void Out(int port, int value) => _dma.Write(port, 1, (ulong)value);

    private int In16(int port) => In(port) | In(port) << 8;

    private void Out16(int port, int value)
    {
        Out(port, value & 0xff);
        Out(port, value >> 8);
    }

    /// <summary>As firmware does: channel 4 lets the first controller through.</summary>
    private void OpenCascade()
    {
        Out(0xd6, 0xc0);
        Out(0xd4, 0x00);
    }

    private TestPeripheral Plug(int channel)
    {
        var peripheral = new TestPeripheral(channel);
        _dma.Connect(peripheral);
        return peripheral;
    }

    /// <summary>Channel 1: page 0x83, address 2, count 3.</summary>
    private void Program1(int page, int address, int count, int mode)
    {
        Out(0x0a, 0x05);
        Out(0x0c, 0);
        Out(0x83, page);
        Out16(0x02, address);
        Out16(0x03, count);
        Out(0x0b, mode | 1);
        Out(0x0a, 0x01);
    }

    [Test]
    public void The_flip_flop_chooses_the_byte_and_12_clears_it([Values(0, 1)] int chip)
    {
        var (first, step) = chip == 0 ? (0, 1) : (0xc0, 2);
        for (var register = 0; register < 8; register++)
        {
            Out16(first + register * step, 0x1234 + register);
            Assert.That(In16(first + register * step), Is.EqualTo(0x1234 + register));
        }
        Assert.That(In(first), Is.EqualTo(0x34));
        Out(first + 12 * step, 0x55);
        Assert.That(In(first + step), Is.EqualTo(0x35));
        Out(first + 12 * step, 0);
        Out(first, 0x99);
        Out(first + 12 * step, 0);
        Assert.That(In16(first), Is.EqualTo(0x1299), "each byte is taken as it is written");
    }

    [Test]
    public void The_second_controller_has_each_register_twice_and_page_registers_keep_a_byte()
    {
        Out(0xc1, 0x77);
        Out(0xd9, 0);
        Assert.That(In(0xc0), Is.EqualTo(0x77));
        for (var port = 0x81; port <= 0x8f; port++) Out(port, port);
        for (var port = 0x81; port <= 0x8f; port++) Assert.That(In(port), Is.EqualTo(port));
    }

    [Test]
    public void Illegal_reads_are_guest_errors()
    {
        foreach (var port in new[] { 9, 10, 11, 12, 14, 15, 0xd2, 0xdc, 0xde }) Assert.That(() => In(port), Throws.TypeOf<BusFaultException>(), $"{port:x}");
        _dma.BehaveAsHardware();
        Assert.That((In(9), In(0x20)), Is.EqualTo((0, 0)));
        Out(0x20, 1);
    }

    [Test]
    public void Status_shows_requests_and_a_master_clear_forgets_them()
    {
        Out(0x09, 0x06);
        Assert.That((In(0x08), In(0x08)), Is.EqualTo((0x40, 0x40)));
        Out(0x09, 0x02);
        Assert.That(In(0x08), Is.Zero);
        var peripheral = Plug(3);
        peripheral.Request.Set(true);
        Out(0x09, 0x04);
        Assert.That(In(0x08), Is.EqualTo(0x90));
        Out(0x0d, 0);
        Assert.That(In(0x08), Is.EqualTo(0x80), "the device still asks");
        Out(0x08, 0x40);
        Assert.That(In(0x08), Is.Zero, "DREQ active low, and the other channels have nothing plugged in");
        peripheral.Request.Set(false);
        Assert.That(In(0x08), Is.EqualTo(0x80));
    }

    [Test]
    public void Without_the_cascade_the_first_controller_never_gets_the_bus()
    {
        var peripheral = Plug(1);
        Program1(0x01, 0, 3, 0x44);
        peripheral.Request.Set(true);
        Pass(100 * Transfer);
        Assert.That((_memory.Writes.Count, _time.ArmedTimers), Is.EqualTo((0, 0)));
        OpenCascade();
        Pass(100 * Transfer);
        Assert.That(_memory.Writes, Is.EqualTo(new ulong[] { 0x10000, 0x10001, 0x10002, 0x10003 }));
    }

    [Test]
    public void Priority_is_fixed_or_rotates()
    {
        OpenCascade();
        var (one, three) = (Plug(1), Plug(3));
        foreach (var command in new[] { 0x00, 0x10 })
        {
            _memory.Writes.Clear();
            Out(0x08, command | 0x04);
            Program1(1, 0, 2, 0x44);
            Out(0x82, 3);
            Out16(0x06, 0);
            Out16(0x07, 2);
            Out(0x0b, 0x47);
            Out(0x0a, 0x03);
            one.Request.Set(true);
            three.Request.Set(true);
            Pass(20 * Transfer);
            Assert.That(_memory.Writes, Is.Empty, "switched off");
            Out(0x08, command);
            Pass(20 * Transfer);
            Assert.That(_memory.Writes.Select(w => w >> 16), Is.EqualTo(command == 0 ? new ulong[] { 1, 1, 1, 3, 3, 3 } : [1, 3, 1, 3, 1, 3]));
            one.Request.Set(false);
            three.Request.Set(false);
        }
    }

    [Test]
    public void Fixed_priority_is_that_of_the_numbers_again_after_rotating_was_on()
    {
        OpenCascade();
        Out(0x08, 0x10);
        Program1(1, 0, 0, 0x44);
        var (one, three) = (Plug(1), Plug(3));
        one.Request.Set(true);
        Pass(5 * Transfer);
        one.Request.Set(false);
        Out(0x08, 0x04);
        Program1(1, 0, 0, 0x44);
        Out(0x82, 3);
        Out16(0x06, 0);
        Out16(0x07, 0);
        Out(0x0b, 0x47);
        Out(0x0a, 0x03);
        one.Request.Set(true);
        three.Request.Set(true);
        _memory.Writes.Clear();
        Out(0x08, 0x00);
        Pass(20 * Transfer);
        Assert.That(_memory.Writes.Select(w => w >> 16), Is.EqualTo(new ulong[] { 1, 3 }));
    }

    [Test]
    public void Channels_are_taken_once_and_channel_4_is_nobody_s()
    {
        Plug(2);
        Assert.That(() => Plug(2), Throws.ArgumentException);
        Assert.That(() => Plug(4), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Plug(8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _dma.Connect(new Bcm2835RngModel(_time, 1)), Throws.ArgumentException);
    }

    [Test]
    public void A_snapshot_in_the_middle_of_a_block_goes_on_as_before()
    {
        OpenCascade();
        var peripheral = Plug(1);
        Program1(4, 0, 9, 0x84);
        peripheral.DropAfter = 1;
        peripheral.Request.Set(true);
        Pass(5 * Transfer);
        var saved = _dma.Save();
        for (var run = 0; run < 3; run++)
        {
            _dma.Restore(saved);
            Out(0x0c, 0);
            Assert.That((In16(0x02), In16(0x03), In(0x83)), Is.EqualTo((5, 4, 4)), $"run {run}");
            Pass(5 * Transfer);
            Assert.That(In(0x08), Is.EqualTo(0x02));
            Out(0x83, run);
            Out(0x0d, 0);
        }
        Assert.That(peripheral.TerminalCounts, Is.EqualTo(3));
    }

    [Test]
    public void A_hundred_thousand_random_accesses_are_taken()
    {
        _dma.BehaveAsHardware();
        var peripheral = Plug(6);
        var random = new Random(8237);
        for (var i = 0; i < 100_000; i++)
        {
            var port = random.Next(3) switch { 0 => random.Next(16), 1 => random.Next(0x81, 0x90), _ => random.Next(0xc0, 0xe0) };
            if (random.Next(2) == 0) In(port);
            else Out(port, random.Next(256));
            if (random.Next(16) == 0) peripheral.Request.Set(random.Next(2) == 0);
            if (random.Next(16) == 0) _time.Advance(random.Next(20_000));
            Assert.That(_time.ArmedTimers, Is.LessThanOrEqualTo(1));
        }
    }
}
