using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835MiniUartModelTests
{
    private const int IO = 0x00, IER = 0x04, IIR = 0x08, LCR = 0x0c, MCR = 0x10, LSR = 0x14, MSR = 0x18, SCRATCH = 0x1c, CNTL = 0x20, STAT = 0x24, BAUD = 0x28;

    // 250 MHz / (8 * 271) is 115314 bit/s; ten bits take 86720 ns.
    private const long CharacterTime = 86_720;

    private ManualTime _time = null!;
    private Bcm2835AuxModel _aux = null!;
    private Bcm2835MiniUartModel _uart = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _time.Advance(999);
        _aux = new Bcm2835AuxModel();
        _uart = new Bcm2835MiniUartModel(_time, _aux);
        _aux.Write(4, 4, 1);
    }

    private uint Read(int offset) => (uint)_uart.Read(offset, 4);

    private void Write(int offset, uint value) => _uart.Write(offset, 4, value);

    private void Start()
    {
        Write(LCR, 3);
        Write(BAUD, 270);
    }

    private bool Interrupt => _uart.InterruptLines[0].Sample();

    [Test]
    public void Reset_values_and_the_bits_each_register_keeps()
    {
        Assert.That(((int[])[IO, IER, IIR, LCR, MCR, LSR, MSR, SCRATCH, CNTL, STAT, BAUD]).Select(Read),
            Is.EqualTo(new uint[] { 0, 0, 0xc1, 0, 0, 0x60, 0, 0, 3, 0x30e, 0 }));
        foreach (var (offset, mask) in ((int, uint)[])[(IER, 3), (MCR, 2), (SCRATCH, 0xff), (CNTL, 0xff), (BAUD, 0xffff), (LCR, 0xc3)])
        {
            Write(offset, 0xffff_ffff);
            Assert.That(Read(offset), Is.EqualTo(mask), $"0x{offset:x}");
        }
        Assert.That((_uart.Name.Length > 0, _uart.Compatible[0], _uart.LeavesOut.Length > 0), Is.EqualTo((true, "brcm,bcm2835-aux-uart", true)));
    }

    [Test]
    public void While_it_is_off_its_registers_are_not_there_and_it_does_nothing()
    {
        Start();
        Write(IER, 2);
        Assert.That(Interrupt, Is.True);
        _aux.Write(4, 4, 6);
        Assert.That((Interrupt, _aux.InterruptLines[0].Level), Is.EqualTo((false, false)));
        Assert.That(() => Read(LSR), Throws.TypeOf<BusFaultException>().With.Message.Contains("AUX_ENABLES"));
        Assert.That(() => Write(IO, 0), Throws.TypeOf<BusFaultException>());
        _uart.Line.Send((byte)'x');
        _time.Advance(10 * CharacterTime);
        Assert.That(_uart.Line.Waiting, Is.EqualTo(1));
        _aux.Write(4, 4, 1);
        Assert.That(Interrupt, Is.True);
    }

    [Test]
    public void The_divisor_hides_data_and_interrupt_enables_while_DLAB_is_set()
    {
        Write(LCR, 0x83);
        Write(IO, 0x0e);
        Write(IER, 0x01);
        Assert.That((Read(IO), Read(IER), Read(BAUD)), Is.EqualTo((0x0eu, 1u, 270u)));
        Write(LCR, 3);
        Assert.That((Read(IER), _uart.Line.Receive().Length), Is.EqualTo((0u, 0)));
        Assert.That(_uart.Read(BAUD, 1), Is.EqualTo(0x0eUL), "Linux reads bytes");
    }

    [TestCase(3u, 10, 0xff)]
    [TestCase(2u, 9, 0x7f)]
    [TestCase(1u, 9, 0x7f)]
    [TestCase(0u, 9, 0x7f)]
    public void Both_low_bits_of_LCR_make_eight_bits(uint lcr, int bits, int mask)
    {
        Write(BAUD, 270);
        Write(LCR, lcr);
        Write(IO, 0xff);
        Assert.That(_uart.Line.Receive(), Is.EqualTo(new[] { (byte)mask }));
        _time.Advance(bits * 8672 - 1);
        Assert.That(Read(LSR), Is.EqualTo(0x20u));
        _time.Advance(1);
        Assert.That(Read(LSR), Is.EqualTo(0x60u));
        _uart.Line.Send(0xff);
        _time.Advance(bits * 8672);
        Assert.That(Read(IO), Is.EqualTo((uint)mask));
    }

    [Test]
    public void The_status_tells_the_FIFO_s_levels()
    {
        Start();
        for (var i = 0; i < 9; i++) Write(IO, (uint)i);
        Assert.That(Read(STAT), Is.EqualTo(0x0800_0024u), "one is on the wire, eight wait");
        Assert.That(() => Write(IO, 9), Throws.TypeOf<BusFaultException>().With.Message.Contains("full"));
        Assert.That(Read(LSR), Is.Zero);
        _uart.Line.Send(1, 2, 3);
        _time.Advance(CharacterTime);
        Assert.That(Read(STAT), Is.EqualTo(0x0701_0003u), "and the next comes in");
        _time.Advance(20 * CharacterTime);
        Assert.That(Read(STAT), Is.EqualTo(0x0003_030fu));
        Assert.That(_uart.Line.Receive(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }));
    }

    [Test]
    public void Interrupts_are_levels_of_the_FIFOs_and_receive_shows_first()
    {
        Start();
        Write(IER, 2);
        Assert.That((Read(IIR), Interrupt), Is.EqualTo((0xc2u, true)));
        Write(IO, 'a');
        Write(IO, 'b');
        Assert.That((Read(IIR), Interrupt), Is.EqualTo((0xc1u, false)));
        _time.Advance(CharacterTime);
        Assert.That(Read(IIR), Is.EqualTo(0xc2u));
        Write(IER, 3);
        _uart.Line.Send((byte)'x');
        _time.Advance(CharacterTime);
        Assert.That((Read(IIR), Read(IO), Read(IIR)), Is.EqualTo((0xc4u, (uint)'x', 0xc2u)));
        Write(IER, 1);
        Assert.That((Read(IIR), Interrupt), Is.EqualTo((0xc1u, false)));
    }

    [Test]
    public void A_watched_interrupt_comes_with_the_character()
    {
        Start();
        Write(IER, 1);
        var start = _time.Now;
        long rose = 0;
        _aux.InterruptLines[0].Changed += level => rose = level ? _time.Now - start : rose;
        _uart.Line.Send((byte)'x');
        _time.Advance(2 * CharacterTime);
        Assert.That(rose, Is.InRange(CharacterTime, CharacterTime + 100));
        Assert.That((_aux.Read(0, 4), _aux.InterruptLines[0].Sample()), Is.EqualTo((1UL, true)));
    }

    [Test]
    public void An_overrun_loses_the_new_one_and_shows_until_LSR_is_read()
    {
        Start();
        _uart.Line.Send(0, 1, 2, 3, 4, 5, 6, 7, 8);
        _time.Advance(10 * CharacterTime);
        Assert.That(Read(STAT), Is.EqualTo(0x0008_031fu));
        Assert.That((Read(LSR), Read(LSR), Read(STAT)), Is.EqualTo((0x63u, 0x61u, 0x0008_030fu)));
        for (uint i = 0; i < 8; i++) Assert.That(Read(IO), Is.EqualTo(i));
        Assert.That(Read(LSR), Is.EqualTo(0x60u));
    }

    [Test]
    public void IIR_s_write_empties_either_FIFO()
    {
        Start();
        Write(CNTL, 1);
        Write(IO, 1);
        _uart.Line.Send(1);
        _time.Advance(CharacterTime);
        Write(IIR, 2);
        Assert.That(Read(STAT), Is.EqualTo(0x0100_000eu));
        Write(IIR, 4);
        Assert.That(Read(STAT), Is.EqualTo(0x30eu));
    }

    [Test]
    public void Either_side_can_be_off()
    {
        Start();
        Write(CNTL, 0);
        Write(IO, 'a');
        _uart.Line.Send((byte)'x');
        _time.Advance(3 * CharacterTime);
        Assert.That((_uart.Line.Receive().Length, Read(STAT), _uart.Line.Waiting), Is.EqualTo((0, 0x0100_000eu, 0)), "what came is lost");
        Write(CNTL, 3);
        Assert.That(_uart.Line.Receive(), Is.EqualTo("a"u8.ToArray()));
    }

    [Test]
    public void Automatic_flow_control_holds_and_tells()
    {
        Start();
        Write(CNTL, 0x0f);
        Write(IO, 'a');
        Assert.That((_uart.Line.Receive().Length, _uart.Line.Rts.Level), Is.EqualTo((0, true)));
        _uart.Line.Cts.Set(true);
        Assert.That((_uart.Line.Receive(), Read(MSR), Read(STAT) & 0xc0), Is.EqualTo(("a"u8.ToArray(), 0x20u, 0xc0u)));
        _uart.Line.Send(1, 2, 3, 4, 5);
        _time.Advance(4 * CharacterTime + 100);
        Assert.That(_uart.Line.Rts.Level, Is.True);
        _time.Advance(CharacterTime);
        Assert.That(_uart.Line.Rts.Level, Is.False, "three places are left");
        Read(IO);
        Assert.That(_uart.Line.Rts.Level, Is.True);
        Write(CNTL, 0x3f);
        Assert.That(_uart.Line.Rts.Level, Is.False, "now four");
        Write(CNTL, 0x03);
        Write(MCR, 2);
        Assert.That(_uart.Line.Rts.Level, Is.True);
    }

    [Test]
    public void A_break_is_as_long_as_its_bit()
    {
        var breaks = new List<bool>();
        _uart.Line.BreakSent += breaks.Add;
        Write(LCR, 0x43);
        Write(IO, 'a');
        Assert.That((breaks, _uart.Line.Receive().Length), Is.EqualTo((new List<bool> { true }, 0)));
        Write(LCR, 0x03);
        Assert.That((breaks, _uart.Line.Receive().Length), Is.EqualTo((new List<bool> { true, false }, 1)));
    }

    [Test]
    public void Status_registers_are_read_only_and_the_rest_is_not_there()
    {
        foreach (var offset in (int[])[LSR, MSR, STAT, 0x2c, 0x3c]) Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x2c), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _uart.Read(STAT + 2, 2), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Reset_and_snapshots()
    {
        Start();
        Write(IER, 1);
        _uart.Line.Send("ab"u8);
        _time.Advance(CharacterTime / 2);
        var saved = _uart.Save();
        _time.Advance(5 * CharacterTime);
        _uart.Reset();
        Assert.That((Interrupt, Read(STAT), Read(BAUD), _time.ArmedTimers), Is.EqualTo((false, 0x30eu, 0u, 0)));
        _uart.Restore(saved);
        _time.Advance(5 * CharacterTime);
        Assert.That((Interrupt, Read(IO), Read(IO), Read(BAUD)), Is.EqualTo((true, (uint)'a', (uint)'b', 270u)));
    }
}
