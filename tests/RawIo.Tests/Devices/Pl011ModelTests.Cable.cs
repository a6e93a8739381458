using RawIo.Sim;

namespace RawIo.Tests;

// What a cable does to it: faults, overruns, breaks, loopback, the modem lines.
public partial class Pl011ModelTests
{
    [TestCase(SerialFault.Framing, 0x100u, 0x80u)]
    [TestCase(SerialFault.Parity, 0x200u, 0x100u)]
    [TestCase(SerialFault.Break, 0x400u, 0x200u)]
    public void A_fault_comes_with_its_character_and_raises_its_interrupt(SerialFault fault, uint inData, uint inStatus)
    {
        Start(0x72);
        _uart.Line.Send((byte)'a');
        _uart.Line.SendFaulty((byte)'b', fault);
        _uart.Line.Send((byte)'c');
        _time.Advance(12 * 3 * CharacterTime / 10);
        Assert.That(Read(RIS) & 0x780, Is.EqualTo(inStatus));
        Assert.That((Read(DR), Read(RSR)), Is.EqualTo(((uint)'a', 0u)));
        Assert.That((Read(DR), Read(RSR)), Is.EqualTo(((fault == SerialFault.Break ? 0u : 'b') | inData, inData >> 8)));
        Assert.That((Read(DR), Read(RSR)), Is.EqualTo(((uint)'c', 0u)));
        Write(ICR, inStatus);
        Assert.That(Read(RIS) & 0x780, Is.Zero);
    }

    [Test]
    public void Parity_is_not_looked_at_where_there_is_none()
    {
        Start();
        _uart.Line.SendFaulty((byte)'b', SerialFault.Parity);
        _time.Advance(CharacterTime + 10);
        Assert.That((Read(RIS) & 0x780, Read(DR)), Is.EqualTo((0u, (uint)'b')));
    }

    [Test]
    public void An_overrun_loses_the_new_ones_and_marks_the_next_that_fits()
    {
        Start();
        _uart.Line.Send([.. Enumerable.Range(0, 18).Select(i => (byte)i)]);
        _time.Advance(19 * CharacterTime);
        Assert.That((Read(FR) & 0x40, Read(RSR), Read(RIS) & 0x400), Is.EqualTo((0x40u, 8u, 0x400u)));
        for (uint i = 0; i < 16; i++) Assert.That(Read(DR), Is.EqualTo(i));
        Assert.That(Read(RSR), Is.EqualTo(8u), "until it is cleared");
        Write(RSR, 0);
        Assert.That(Read(RSR), Is.Zero);
        _uart.Line.Send(99, 100);
        _time.Advance(3 * CharacterTime);
        Assert.That((Read(DR), Read(DR)), Is.EqualTo((0x863u, 100u)));
    }

    [Test]
    public void On_an_instant_cable_characters_wait_for_room_and_for_the_receiver()
    {
        _uart.Line.IsInstant = true;
        _uart.Line.Send([.. Enumerable.Range(0, 20).Select(i => (byte)i)]);
        Assert.That(Read(FR), Is.EqualTo(0x90u));
        Write(LCRH, 0x70);
        Write(CR, 0x201);
        Assert.That((Read(FR), _uart.Line.Waiting), Is.EqualTo((0xc0u, 4)));
        for (uint i = 0; i < 20; i++) Assert.That(Read(DR), Is.EqualTo(i));
        Assert.That((Read(FR), Read(RIS) & 0x400), Is.EqualTo((0x90u, 0u)));
    }

    [Test]
    public void With_the_receiver_off_what_comes_is_lost()
    {
        Start(cr: 0x101);
        _uart.Line.Send("ab"u8);
        _time.Advance(CharacterTime + CharacterTime / 2);
        Write(CR, 0x301);
        _time.Advance(CharacterTime);
        Assert.That((Read(FR) & 0x10, _uart.Line.Waiting), Is.EqualTo((0x10u, 0)), "b began before it was on");
        _uart.Line.Send((byte)'c');
        _time.Advance(10);
        Write(CR, 0x101);
        _time.Advance(CharacterTime);
        Assert.That(Read(DR), Is.EqualTo((uint)'c'), "what has begun is completed");
    }

    [Test]
    public void Loopback_brings_back_what_is_sent_and_the_modem_lines([Values] bool instant)
    {
        _uart.Line.IsInstant = instant;
        Start(cr: 0x381);
        foreach (var c in "loop") Write(DR, c);
        _uart.Line.Send((byte)'!');
        _time.Advance(5 * CharacterTime);
        Assert.That(Enumerable.Range(0, 4).Select(_ => (char)Read(DR)), Is.EqualTo("loop"));
        Assert.That(Read(FR), Is.EqualTo(0x90u), "nothing from outside");
        foreach (var (cr, flag, status) in ((uint, uint, uint)[])[(0x0800, 0x001, 2), (0x0400, 0x002, 8), (0x1000, 0x004, 4), (0x2000, 0x100, 1)])
        {
            Write(ICR, 0x7ff);
            Write(CR, 0x381 | cr);
            Assert.That((Read(FR) & 0x107, Read(RIS)), Is.EqualTo((flag, status)));
            Write(ICR, 0x7ff);
            Write(CR, 0x381);
            Assert.That((Read(FR) & 0x107, Read(RIS)), Is.EqualTo((0u, status)), "a fall is a change too");
        }
    }

    [Test]
    public void The_modem_inputs_show_and_interrupt_at_each_change()
    {
        Write(IMSC, 0xf);
        foreach (var (line, flag, status) in ((SignalLine, uint, uint)[])
            [(_uart.Line.Cts, 0x001, 2), (_uart.Line.Dsr, 0x002, 8), (_uart.Line.Dcd, 0x004, 4), (_uart.Line.Ri, 0x100, 1)])
        {
            line.Set(true);
            Assert.That((Read(FR) & 0x107, Read(MIS), Interrupt), Is.EqualTo((flag, status, true)));
            Write(ICR, status);
            Assert.That(Interrupt, Is.False);
            line.Set(false);
            Assert.That((Read(FR) & 0x107, Read(MIS)), Is.EqualTo((0u, status)));
            Write(ICR, status);
        }
    }

    [Test]
    public void A_break_begins_after_the_character_and_holds_the_FIFO()
    {
        Start();
        var breaks = new List<bool>();
        _uart.Line.BreakSent += breaks.Add;
        Write(DR, 'a');
        Write(LCRH, 0x71);
        Write(DR, 'b');
        Assert.That(breaks, Is.Empty);
        _time.Advance(CharacterTime + 100);
        Assert.That(breaks, Is.EqualTo(new[] { true }));
        _time.Advance(3 * CharacterTime);
        Assert.That(_uart.Line.Receive(), Is.EqualTo("a"u8.ToArray()));
        Write(LCRH, 0x70);
        Assert.That(breaks, Is.EqualTo(new[] { true, false }));
        Assert.That(_uart.Line.Receive(), Is.EqualTo("b"u8.ToArray()));
    }

    [Test]
    public void A_break_in_loopback_is_received_as_one()
    {
        Start(cr: 0x381);
        Write(LCRH, 0x71);
        Assert.That((Read(RIS) & 0x200, Read(DR)), Is.EqualTo((0x200u, 0x400u)));
    }
}
