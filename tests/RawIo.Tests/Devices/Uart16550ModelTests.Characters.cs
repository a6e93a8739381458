using RawIo.Sim;

namespace RawIo.Tests;

// Characters: time, FIFOs, errors.
public partial class Uart16550ModelTests
{
    [TestCase(1, 0x03, 86_805)]
    [TestCase(12, 0x03, 1_041_666)]
    [TestCase(1, 0x1f, 104_166)]
    [TestCase(1, 0x00, 60_763)]
    [TestCase(1, 0x04, 65_104)]
    [TestCase(0xffff, 0x03, 5_688_802_083)]
    public void A_character_takes_its_bits_at_the_divisor_s_rate(int divisor, int lcr, long nanoseconds)
    {
        var rig = new Uart16550Rig();
        rig.W(3, 0x80);
        rig.W(0, divisor & 0xff);
        rig.W(1, divisor >> 8);
        rig.W(3, lcr);
        rig.W(0, 0x01);
        Assert.That((rig.Lsr, rig.Line.Receive()), Is.EqualTo((0x20, new byte[] { 1 })), "the shift register has it");
        rig.Time.Advance(nanoseconds - 1);
        Assert.That(rig.Lsr, Is.EqualTo(0x20));
        rig.Time.Advance(2);
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
        rig.Line.Send(2);
        rig.Time.Advance(nanoseconds - 1);
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
        rig.Time.Advance(2);
        Assert.That(rig.Lsr, Is.EqualTo(0x61));
    }

    [Test]
    public void A_divisor_of_0_stops_the_clock()
    {
        var rig = new Uart16550Rig();
        rig.W(3, 0x80);
        rig.W(0, 0);
        rig.W(3, 3);
        rig.W(0, 1);
        rig.Line.Send(9);
        rig.Pass(1000);
        Assert.That((rig.Lsr, rig.Line.Receive().Length, rig.Time.ArmedTimers), Is.EqualTo((0x00, 0, 0)));
        rig.W(3, 0x80);
        rig.W(0, 1);
        rig.W(3, 3);
        rig.Pass(1);
        Assert.That((rig.Lsr, rig.Line.Receive().Length), Is.EqualTo((0x61, 1)));
    }

    [Test]
    public void Without_fifos_the_holding_register_keeps_the_last_and_the_receiver_overruns()
    {
        var rig = new Uart16550Rig();
        rig.W(0, 1);
        rig.W(0, 2);
        rig.W(0, 3);
        Assert.That(rig.Lsr, Is.Zero);
        rig.Pass(3);
        Assert.That(rig.Line.Receive(), Is.EqualTo(new byte[] { 1, 3 }));
        rig.W(1, 0x05);
        rig.Line.Send(4, 5);
        rig.Pass(1);
        Assert.That(rig.Iir, Is.EqualTo(0x04));
        rig.Pass(1);
        Assert.That((rig.Iir, rig.Lsr, rig.Lsr, rig.R(0), rig.Lsr), Is.EqualTo((0x06, 0x63, 0x61, 5, 0x60)));
        Assert.That(rig.R(0), Is.EqualTo(5), "an empty buffer shows the last character");
    }

    [TestCase(0x01, 1)]
    [TestCase(0x41, 4)]
    [TestCase(0x81, 8)]
    [TestCase(0xc1, 14)]
    public void The_trigger_level_interrupts_and_below_it_the_interrupt_goes(int fcr, int level)
    {
        var rig = new Uart16550Rig();
        rig.W(2, fcr);
        rig.W(1, 0x01);
        for (var i = 1; i <= level; i++)
        {
            Assert.That(rig.Iir, Is.EqualTo(0xc1), $"{i - 1} characters");
            rig.Line.Send((byte)i);
            rig.Pass(1);
        }
        Assert.That(rig.Iir, Is.EqualTo(0xc4));
        Assert.That(rig.R(0), Is.EqualTo(1));
        Assert.That(rig.Iir, Is.EqualTo(0xc1));
    }

    [Test]
    public void Four_characters_time_after_the_last_character_or_read_the_receiver_times_out()
    {
        var rig = new Uart16550Rig();
        rig.W(4, 0x08);
        rig.W(2, 0xc1);
        rig.W(1, 0x01);
        rig.Line.Send(1, 2, 3);
        rig.Pass(3);
        rig.Pass(2.9);
        Assert.That(rig.Iir, Is.EqualTo(0xc1));
        rig.Line.Send(4);
        rig.Pass(1);
        rig.Pass(3.9);
        Assert.That(rig.Iir, Is.EqualTo(0xc1), "a character has started it anew");
        rig.R(0);
        rig.Pass(3.9);
        Assert.That(rig.Irq, Is.False, "a read has");
        rig.Pass(0.1);
        Assert.That((rig.Irq, rig.Iir, rig.Iir), Is.EqualTo((true, 0xcc, 0xcc)));
        rig.R(0);
        Assert.That((rig.Irq, rig.Iir), Is.EqualTo((false, 0xc1)));
        rig.Pass(4.1);
        Assert.That(rig.Iir, Is.EqualTo(0xcc));
        rig.R(0);
        rig.R(0);
        rig.Pass(10);
        Assert.That((rig.Iir, rig.Time.ArmedTimers), Is.EqualTo((0xc1, 0)), "an empty FIFO does not time out");
    }

    [Test]
    public void A_full_receiver_keeps_what_it_has_and_says_at_once_that_one_was_lost()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        rig.Line.Send([.. Enumerable.Range(0, 18).Select(i => (byte)i)]);
        rig.Pass(16);
        Assert.That(rig.Lsr, Is.EqualTo(0x61));
        rig.Pass(1);
        Assert.That(rig.Lsr, Is.EqualTo(0x63));
        rig.Pass(1);
        Assert.That((rig.Lsr, rig.Lsr), Is.EqualTo((0x63, 0x61)));
        for (var i = 0; i < 16; i++) Assert.That(rig.R(0), Is.EqualTo(i));
        Assert.That((rig.Lsr, rig.R(0)), Is.EqualTo((0x60, 0)));
    }

    [Test]
    public void An_error_shows_when_its_character_is_at_the_top()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0xc1);
        rig.W(1, 0x04);
        rig.Line.Send(1);
        rig.Line.SendFaulty(2, SerialFault.Parity);
        rig.Line.SendFaulty(3, SerialFault.Framing);
        rig.Line.SendFaulty(0, SerialFault.Break);
        rig.Line.Send(5);
        rig.Pass(5);
        Assert.That((rig.Iir, rig.Lsr), Is.EqualTo((0xc1, 0xe1)), "bit 7 tells of one further down");
        rig.R(0);
        Assert.That((rig.Iir, rig.Lsr, rig.Iir, rig.Lsr), Is.EqualTo((0xc6, 0xe5, 0xc1, 0xe1)));
        Assert.That(rig.R(0), Is.EqualTo(2));
        Assert.That(rig.Lsr, Is.EqualTo(0xe9));
        Assert.That(rig.R(0), Is.EqualTo(3));
        Assert.That((rig.Lsr, rig.Lsr), Is.EqualTo((0xf1, 0x61)), "no more behind it");
        Assert.That((rig.R(0), rig.R(0), rig.Lsr), Is.EqualTo((0, 5, 0x60)));
    }

    [Test]
    public void Errors_not_asked_for_gather_until_they_are()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        rig.Line.SendFaulty(1, SerialFault.Parity);
        rig.Line.SendFaulty(2, SerialFault.Framing);
        rig.Pass(2);
        rig.R(0);
        rig.R(0);
        Assert.That((rig.Lsr, rig.Lsr), Is.EqualTo((0xec, 0x60)));
        rig.Line.SendFaulty(3, SerialFault.Parity);
        rig.Pass(1);
        rig.W(2, 0x03);
        Assert.That(rig.Lsr & 0x81, Is.Zero, "an emptied FIFO has no error in it");
    }

    [Test]
    public void The_transmitter_s_fifo_takes_sixteen_behind_the_shift_register()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        for (var i = 0; i < 20; i++) rig.W(0, i);
        rig.Pass(16.1);
        Assert.That(rig.Lsr, Is.EqualTo(0x20), "the last is in the shift register");
        rig.Pass(1);
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
        Assert.That(rig.Line.Receive(), Is.EqualTo(Enumerable.Range(0, 17).Select(i => (byte)i)), "of the rest nothing was kept");
    }

    [Test]
    public void A_lone_character_makes_the_fifo_count_as_empty_only_at_its_stop_bit()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        rig.W(1, 0x02);
        _ = rig.Iir;
        rig.W(0, 1);
        Assert.That((rig.Iir, rig.Lsr), Is.EqualTo((0xc1, 0x00)));
        rig.Time.Advance(Uart16550Rig.Character - Uart16550Rig.Bit - 2);
        Assert.That(rig.Lsr, Is.Zero);
        rig.Time.Advance(4);
        Assert.That((rig.Iir, rig.Lsr), Is.EqualTo((0xc2, 0x20)));
        rig.Pass(1);
        rig.W(0, 1);
        rig.W(0, 2);
        rig.W(0, 3);
        rig.Pass(2);
        Assert.That((rig.Iir, rig.Lsr), Is.EqualTo((0xc2, 0x20)), "after two at once it does with the last one's start bit");
    }

    [Test]
    public void Clearing_and_toggling_empty_the_fifos()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        rig.Line.Send(1, 2);
        rig.Pass(2);
        rig.W(2, 0x03);
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
        for (var i = 0; i < 5; i++) rig.W(0, i);
        rig.W(2, 0x05);
        Assert.That(rig.Lsr, Is.EqualTo(0x20), "the shift register goes on");
        rig.Pass(2);
        Assert.That(rig.Line.Receive(), Has.Length.EqualTo(1));
        rig.Line.Send(3);
        rig.Pass(1);
        rig.W(2, 0xc6);
        Assert.That((rig.Lsr, rig.Iir), Is.EqualTo((0x60, 0x01)), "switched off, and FCR's other bits with it");
        rig.Line.Send(4);
        rig.Pass(1);
        rig.W(2, 0x02);
        Assert.That(rig.Lsr, Is.EqualTo(0x61), "without FCR0 no other bit is taken");
        rig.W(2, 0x01);
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
    }

    [Test]
    public void Loopback_brings_characters_back_in_their_time_cut_to_the_word_s_length()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 0x01);
        rig.W(4, 0x10);
        rig.W(3, 0x00);
        rig.Line.Send(0x77);
        rig.W(0, 0xff);
        rig.Time.Advance(60_762);
        Assert.That(rig.Lsr & 1, Is.Zero);
        rig.Time.Advance(2);
        Assert.That((rig.Lsr & 1, rig.R(0)), Is.EqualTo((1, 0x1f)));
        rig.Pass(3);
        Assert.That((rig.Lsr, rig.Line.Receive().Length), Is.EqualTo((0x60, 0)), "nothing in from outside, nothing out");
    }

    [Test]
    public void An_instant_line_takes_no_time_and_waits_for_room()
    {
        var rig = new Uart16550Rig(instant: true);
        rig.W(2, 0x01);
        rig.Line.Send([.. Enumerable.Range(0, 20).Select(i => (byte)i)]);
        Assert.That((rig.Lsr, rig.Line.Waiting), Is.EqualTo((0x61, 4)));
        for (var i = 0; i < 20; i++) Assert.That(rig.R(0), Is.EqualTo(i));
        Assert.That(rig.Lsr, Is.EqualTo(0x60));
        for (var i = 0; i < 40; i++) rig.W(0, i);
        Assert.That((rig.Lsr, rig.Line.Receive().Length), Is.EqualTo((0x60, 40)));
        rig.W(4, 0x10);
        rig.Line.Send(9);
        for (var i = 0; i < 17; i++) rig.W(0, i);
        Assert.That((rig.Lsr, rig.Line.Waiting), Is.EqualTo((0x63, 1)));
    }

    [Test]
    public void Each_character_that_goes_at_once_is_an_edge_of_the_interrupt()
    {
        var rig = new Uart16550Rig(instant: true);
        rig.W(4, 0x08);
        rig.W(1, 0x02);
        var changes = new List<bool>();
        rig.Model.InterruptLines[0].Changed += changes.Add;
        rig.W(0, 1);
        Assert.That(changes, Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void An_echo_in_the_handler_of_a_sent_character_comes_back([Values] bool instant)
    {
        var rig = new Uart16550Rig(instant);
        rig.W(2, 0x01);
        rig.Line.Sent += c => rig.Line.Send((byte)(c + 1));
        rig.W(0, 1);
        rig.W(0, 2);
        rig.Pass(3);
        Assert.That((rig.R(0), rig.R(0), rig.Lsr), Is.EqualTo((2, 3, 0x60)));
    }
}
