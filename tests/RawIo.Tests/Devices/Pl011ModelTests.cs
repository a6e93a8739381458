using RawIo.Sim;

namespace RawIo.Tests;

public partial class Pl011ModelTests
{
    private const int DR = 0x00, RSR = 0x04, FR = 0x18, ILPR = 0x20, IBRD = 0x24, FBRD = 0x28, LCRH = 0x2c, CR = 0x30, IFLS = 0x34, IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, DMACR = 0x48;

    // 48 MHz / (16 * 26.046875) is 115176 bit/s; ten bits take 86822.9 ns, eleven 95505.2.
    private const long CharacterTime = 86_822;

    private ManualTime _time = null!;
    private Pl011Model _uart = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _time.Advance(54_321);
        _uart = new Pl011Model(_time, new() { PeripheralId = 0x0024_1011 });
    }

    private uint Read(int offset) => (uint)_uart.Read(offset, 4);

    private void Write(int offset, uint value) => _uart.Write(offset, 4, value);

    /// <summary>As a driver does it: off, 115200 8N1, on.</summary>
    private void Start(uint lcrh = 0x70, uint cr = 0x301)
    {
        Write(CR, 0);
        Write(IBRD, 26);
        Write(FBRD, 3);
        Write(LCRH, lcrh);
        Write(CR, cr);
    }

    private bool Interrupt => _uart.InterruptLines[0].Sample();

    [Test]
    public void Reset_values_are_the_manual_s()
    {
        Assert.That(((int[])[RSR, FR, ILPR, IBRD, FBRD, LCRH, CR, IFLS, IMSC, RIS, MIS, DMACR]).Select(Read),
            Is.EqualTo(new uint[] { 0, 0x90, 0, 0, 0, 0, 0x300, 0x12, 0, 0, 0, 0 }));
        Assert.That(Enumerable.Range(0, 8).Select(i => Read(0xfe0 + 4 * i)), Is.EqualTo(new uint[] { 0x11, 0x10, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1 }));
        Assert.That((_uart.Name, _uart.Compatible[0], _uart.LeavesOut.Length > 0), Is.EqualTo(("PL011 UART", "arm,pl011", true)));
        Assert.That(_uart.DmaRequests.Select(r => r.Number), Is.EqualTo(new[] { 12, 14 }));
    }

    [Test]
    public void Each_register_keeps_its_own_bits_and_reserved_ones_read_0()
    {
        foreach (var (offset, mask) in ((int, uint)[])[(ILPR, 0xff), (IBRD, 0xffff), (FBRD, 0x3f), (LCRH, 0xff), (CR, 0xff87), (IFLS, 0x3f), (IMSC, 0x7ff), (DMACR, 7)])
        {
            Write(offset, 0xffff_ffff);
            Assert.That(Read(offset), Is.EqualTo(mask), $"0x{offset:x}");
            Write(offset, 0);
            Assert.That(Read(offset), Is.Zero, $"0x{offset:x}");
        }
        var broadcom = new Pl011Model(_time, new() { HasIrDA = false });
        broadcom.Write(ILPR, 4, 0x55);
        Assert.That(broadcom.Read(ILPR, 4), Is.Zero);
    }

    [Test]
    public void Wrong_accesses_are_the_driver_s_mistakes_and_change_nothing_on_hardware()
    {
        foreach (var offset in (int[])[FR, RIS, MIS, 0xfe0, 0xffc, 0x08, 0x14, 0x1c, 0x4c, 0x80])
            Assert.That(() => Write(offset, 1), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        foreach (var offset in (int[])[ICR, 0x08, 0x1c, 0x4c, 0x80])
            Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        Assert.That(() => _uart.Read(FR + 2, 2), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _uart.Write(CR + 1, 1, 3), Throws.TypeOf<BusFaultException>());
        var errors = _uart.BehaveAsHardware();
        Write(FR, 0);
        Assert.That((Read(FR), Read(ICR), errors.Count), Is.EqualTo((0x90u, 0u, 2L)));
    }

    [Test]
    public void Narrow_accesses_are_whole_ones_as_Linux_makes_them()
    {
        _uart.Write(CR, 2, 0x301);
        _uart.Write(IBRD, 2, 26);
        _uart.Write(LCRH, 1, 0x70);
        Assert.That((_uart.Read(CR, 2), _uart.Read(CR, 1)), Is.EqualTo((0x301UL, 0x01UL)));
        _uart.Line.IsInstant = true;
        _uart.Line.SendFaulty((byte)'x', SerialFault.Framing);
        Assert.That(_uart.Read(DR, 2), Is.EqualTo(0x178UL));
        Assert.That(_uart.Read(FR, 1) & 0x10, Is.EqualTo(0x10UL), "one read took one character");
    }

    [Test]
    public void Nothing_is_sent_before_it_is_on_and_has_a_bit_rate([Values(0x300u, 0x001u, 0x201u)] uint cr)
    {
        Start(cr: cr);
        Write(DR, 'a');
        _time.Advance(10 * CharacterTime);
        Assert.That((Read(FR) & 0x88, _uart.Line.Receive()), Is.EqualTo((0x08u, Array.Empty<byte>())), "busy: the FIFO is not empty");
        Write(CR, 0x101);
        Assert.That(_uart.Line.Receive(), Is.EqualTo("a"u8.ToArray()));
    }

    [Test]
    public void Without_a_divisor_nothing_moves_and_only_the_line_control_write_takes_one_over()
    {
        Write(CR, 0x301);
        Write(DR, 'a');
        _uart.Line.Send((byte)'b');
        Write(IBRD, 26);
        Write(FBRD, 3);
        _time.Advance(10 * CharacterTime);
        Assert.That((_uart.Line.Receive().Length, _uart.Line.Waiting), Is.EqualTo((0, 1)));
        Write(LCRH, 0x60);
        Assert.That(_uart.Line.Receive(), Is.EqualTo("a"u8.ToArray()));
        _time.Advance(CharacterTime + 1);
        Assert.That(Read(DR), Is.EqualTo((uint)'b'));
    }

    [Test]
    public void A_character_takes_ten_bit_times_and_the_next_follows_at_once()
    {
        Start();
        var sent = new List<(byte, long)>();
        var start = _time.Now;
        _uart.Line.Sent += character => sent.Add((character, _time.Now - start));
        Write(DR, 'a');
        Write(DR, 'b');
        Assert.That(Read(FR) & 0xa8, Is.EqualTo(0x08u), "one in the shift register, one in the FIFO");
        _time.Advance(CharacterTime - 1);
        Assert.That(sent, Is.EqualTo(new[] { ((byte)'a', 0L) }));
        _time.Advance(100);
        Assert.That(sent, Has.Count.EqualTo(2));
        Assert.That(sent[1].Item2, Is.InRange(CharacterTime, CharacterTime + 100));
        Assert.That(Read(FR) & 0x88, Is.EqualTo(0x88u), "empty, but busy with the last");
        _time.Advance(CharacterTime + 100);
        Assert.That(Read(FR) & 0x88, Is.EqualTo(0x80u));
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [TestCase(0x60u, 10, 0xffu)]
    [TestCase(0x40u, 9, 0x7fu)]
    [TestCase(0x00u, 7, 0x1fu)]
    [TestCase(0x62u, 11, 0xffu)]
    [TestCase(0x6au, 12, 0xffu)]
    public void The_line_control_decides_how_many_bits_a_character_has(uint lcrh, int bits, uint mask)
    {
        Start(lcrh);
        Write(DR, 0xff);
        Assert.That(_uart.Line.Receive(), Is.EqualTo(new[] { (byte)mask }));
        var time = bits * 1667L * 1_000_000_000 / (4 * 48_000_000L);
        _time.Advance(time - 1);
        Assert.That(Read(FR) & 8, Is.EqualTo(8u));
        _time.Advance(1);
        Assert.That(Read(FR) & 8, Is.Zero);
        _uart.Line.Send(0xff);
        _time.Advance(time + 1);
        Assert.That(Read(DR), Is.EqualTo(mask));
    }

    [TestCase(0x0024_1011u, 16)]
    [TestCase(0x0034_1011u, 32)]
    public void The_FIFO_depth_is_the_revision_s_and_one_more_write_is_a_mistake(uint id, int depth)
    {
        _uart = new Pl011Model(_time, new() { PeripheralId = id });
        Start(cr: 0x300);
        for (var i = 0; i < depth; i++)
        {
            Assert.That(Read(FR) & 0x20, Is.Zero);
            Write(DR, (uint)i);
        }
        Assert.That(Read(FR) & 0xa0, Is.EqualTo(0x20u));
        Assert.That(() => Write(DR, 99), Throws.TypeOf<BusFaultException>().With.Message.Contains("full"));
        Write(CR, 0x301);
        _time.Advance(CharacterTime * (depth + 2));
        Assert.That(_uart.Line.Receive(), Is.EqualTo(Enumerable.Range(0, depth).Select(i => (byte)i)));
    }

    [Test]
    public void Without_FIFOs_there_is_one_holding_register_each_way()
    {
        Start(0x60);
        Write(DR, 'a');
        Assert.That((Read(FR) & 0xa8, Read(RIS)), Is.EqualTo((0x88u, 0x20u)), "it went to the shift register");
        Write(DR, 'b');
        Assert.That(Read(FR) & 0xa8, Is.EqualTo(0x28u));
        _uart.Line.Send("xy"u8);
        _time.Advance(CharacterTime + 1);
        Assert.That((Read(FR) & 0x50, Read(RIS) & 0x10), Is.EqualTo((0x40u, 0x10u)));
        _time.Advance(CharacterTime + 1);
        Assert.That((Read(RSR), Read(RIS) & 0x400, Read(DR)), Is.EqualTo((8u, 0x400u, (uint)'x')), "y was lost");
    }

    [Test]
    public void Switching_the_FIFOs_empties_them()
    {
        Start(cr: 0x200);
        Write(DR, 'a');
        Write(LCRH, 0x60);
        Assert.That(Read(FR), Is.EqualTo(0x90u));
        Write(LCRH, 0x70);
        Write(CR, 0x301);
        _uart.Line.Send("abcdefgh"u8);
        _time.Advance(9 * CharacterTime);
        Assert.That(Read(RIS), Is.EqualTo(0x10u));
        Write(LCRH, 0x60);
        Assert.That((Read(FR), Read(RIS)), Is.EqualTo((0x90u, 0u)));
        _time.Advance(100 * CharacterTime);
        Assert.That(Read(RIS), Is.Zero, "nothing is left to time out");
    }

    [Test]
    public void Clear_to_send_holds_the_transmitter_where_flow_control_is_on()
    {
        Start(cr: 0x8301);
        Write(DR, 'a');
        _time.Advance(CharacterTime);
        Assert.That(_uart.Line.Receive(), Is.Empty);
        _uart.Line.Cts.Set(true);
        Assert.That((_uart.Line.Receive(), Read(FR) & 1), Is.EqualTo(("a"u8.ToArray(), 1u)));
        Assert.That(Read(RIS) & 2, Is.EqualTo(2u));
    }

    [Test]
    public void Request_to_send_follows_the_receive_level_where_flow_control_is_on()
    {
        Start(cr: 0x4301);
        Write(IFLS, 0);
        Assert.That(_uart.Line.Rts.Level, Is.True);
        _uart.Line.Send("ab"u8);
        _time.Advance(CharacterTime + 1);
        Assert.That(_uart.Line.Rts.Level, Is.True);
        _time.Advance(CharacterTime + 100);
        Assert.That(_uart.Line.Rts.Level, Is.False);
        Read(DR);
        Assert.That(_uart.Line.Rts.Level, Is.True);
        Write(CR, 0x0b01);
        Assert.That((_uart.Line.Rts.Level, _uart.Line.Dtr.Level), Is.EqualTo((true, false)));
        Write(CR, 0x0701);
        Assert.That((_uart.Line.Rts.Level, _uart.Line.Dtr.Level), Is.EqualTo((false, true)));
    }

    [Test]
    public void Reset_goes_back_to_power_on()
    {
        Start();
        Write(IMSC, 0x7ff);
        Write(DR, 'a');
        _uart.Line.Cts.Set(true);
        Assert.That(Interrupt, Is.True);
        _uart.Reset();
        Assert.That((Read(FR), Read(CR), Read(IFLS), Read(RIS), Interrupt, _time.ArmedTimers), Is.EqualTo((0x91u, 0x300u, 0x12u, 0u, false, 0)));
    }

    [Test]
    public void A_snapshot_taken_in_the_middle_goes_on_the_same_way()
    {
        Start();
        Write(IMSC, 0x10);
        Write(IFLS, 0);
        foreach (var c in "hello") Write(DR, c);
        _uart.Line.Send("world"u8);
        _time.Advance(CharacterTime * 3 / 2);
        var saved = _uart.Save();
        _uart.Reset();
        _uart.Line.Receive();
        _uart.Restore(saved);
        Assert.That(Interrupt, Is.False);
        _time.Advance(CharacterTime / 2 + 100);
        Assert.That(Interrupt, Is.True);
        _time.Advance(10 * CharacterTime);
        Assert.That(_uart.Line.Receive(), Is.EqualTo("hello"u8.ToArray()));
        Assert.That(Enumerable.Range(0, 5).Select(_ => (char)Read(DR)), Is.EqualTo("world"));
    }
}
