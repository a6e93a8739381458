using RawIo.Sim;

namespace RawIo.Tests;

public partial class Pl011ModelTests
{
    [TestCase(0u, 2)]
    [TestCase(1u, 4)]
    [TestCase(2u, 8)]
    [TestCase(3u, 12)]
    [TestCase(4u, 14)]
    public void The_receive_interrupt_comes_at_the_level_and_goes_below_it(uint select, int level)
    {
        Start();
        Write(IFLS, select << 3);
        Write(IMSC, 0x10);
        _uart.Line.Send(new byte[level]);
        _time.Advance((level - 1) * CharacterTime + level);
        Assert.That((Read(RIS) & 0x10, Interrupt), Is.EqualTo((0u, false)));
        _time.Advance(CharacterTime);
        Assert.That((Read(RIS) & 0x10, Read(MIS), Interrupt), Is.EqualTo((0x10u, 0x10u, true)));
        Read(DR);
        Assert.That((Read(RIS) & 0x10, Interrupt), Is.EqualTo((0u, false)));
    }

    [Test]
    public void A_receive_interrupt_that_was_cleared_comes_again_at_the_next_passage_only()
    {
        Start();
        Write(IFLS, 0);
        _uart.Line.Send(1, 2, 3);
        _time.Advance(2 * CharacterTime + 10);
        Write(ICR, 0x10);
        _time.Advance(CharacterTime + 10);
        Assert.That(Read(RIS) & 0x10, Is.Zero);
        Read(DR);
        Read(DR);
        _uart.Line.Send(4);
        _time.Advance(CharacterTime + 10);
        Assert.That(Read(RIS) & 0x10, Is.EqualTo(0x10u));
    }

    [TestCase(0u, 2)]
    [TestCase(2u, 8)]
    [TestCase(4u, 14)]
    [TestCase(7u, 14)]
    public void The_transmit_interrupt_comes_on_the_way_down_through_the_level(uint select, int level)
    {
        Start();
        Write(IFLS, select);
        Write(IMSC, 0x20);
        Assert.That(Interrupt, Is.False, "an empty FIFO alone is no transition");
        for (var i = 0; i < level + 2; i++) Write(DR, 0); // one is in the shift register at once
        Assert.That(Read(RIS), Is.Zero);
        _time.Advance(CharacterTime - 10);
        Assert.That(Interrupt, Is.False);
        _time.Advance(100);
        Assert.That((Read(RIS), Interrupt), Is.EqualTo((0x20u, true)));
        Write(ICR, 0x20);
        _time.Advance(20 * CharacterTime);
        Assert.That(Read(RIS), Is.Zero);
    }

    [Test]
    public void Writing_past_the_level_takes_the_transmit_interrupt_back()
    {
        Start();
        Write(IFLS, 2);
        for (var i = 0; i < 10; i++) Write(DR, 0);
        _time.Advance(CharacterTime + 10);
        Assert.That(Read(RIS), Is.EqualTo(0x20u), "8 are left, which is the level");
        Write(DR, 0);
        Assert.That(Read(RIS), Is.Zero, "9 are more");
        _time.Advance(CharacterTime + 10);
        Assert.That(Read(RIS), Is.EqualTo(0x20u));
        _time.Advance(20 * CharacterTime);
        Write(ICR, 0x20);
        Start(lcrh: 0x60);
        Write(DR, 0);
        Assert.That(Read(RIS), Is.EqualTo(0x20u), "without FIFOs it has gone from the holding register at once");
        Write(DR, 0);
        Assert.That(Read(RIS), Is.Zero);
        _time.Advance(CharacterTime + 10);
        Assert.That(Read(RIS), Is.EqualTo(0x20u));
    }

    [Test]
    public void Few_characters_never_pass_the_level_but_on_an_instant_cable_all_do()
    {
        Start();
        Write(DR, 'a');
        _time.Advance(3 * CharacterTime);
        Assert.That(Read(RIS), Is.Zero);
        _uart.Line.IsInstant = true;
        Write(DR, 'b');
        Assert.That((Read(RIS), Read(FR), _uart.Line.Receive()), Is.EqualTo((0x20u, 0x90u, "ab"u8.ToArray())));
    }

    [Test]
    public void The_time_out_comes_32_bits_after_the_last_character_and_goes_with_it()
    {
        Start();
        Write(IMSC, 0x40);
        _uart.Line.Send("ab"u8);
        _time.Advance(CharacterTime * 2 + 277_000);
        Assert.That(Interrupt, Is.False);
        _time.Advance(1_000); // 32 bit times are 277833 ns
        Assert.That((Interrupt, Read(RIS)), Is.EqualTo((true, 0x40u)));
        Read(DR);
        Assert.That(Interrupt, Is.True);
        Read(DR);
        Assert.That(Interrupt, Is.False);
        _time.Advance(10 * CharacterTime);
        Assert.That(Interrupt, Is.False, "the FIFO is empty");
    }

    [Test]
    public void Characters_that_follow_each_other_keep_the_time_out_away_and_clearing_it_is_for_good()
    {
        Start();
        for (var i = 0; i < 5; i++)
        {
            _uart.Line.Send((byte)i);
            _time.Advance(CharacterTime + 250_000);
            Assert.That(Read(RIS) & 0x40, Is.Zero);
        }
        _time.Advance(30_000);
        Assert.That(Read(RIS) & 0x40, Is.EqualTo(0x40u));
        Write(ICR, 0x40);
        _time.Advance(10 * CharacterTime);
        Assert.That(Read(RIS) & 0x40, Is.Zero);
    }

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

    [Test]
    public void The_DMA_requests_say_room_and_data_while_they_are_enabled()
    {
        var (transmit, receive) = (_uart.DmaRequests[0].Line, _uart.DmaRequests[1].Line);
        Start();
        Assert.That((transmit.Sample(), receive.Sample()), Is.EqualTo((false, false)));
        Write(DMACR, 3);
        Assert.That((transmit.Sample(), receive.Sample()), Is.EqualTo((true, false)));
        for (var i = 0; i < 17; i++) Write(DR, 0);
        _uart.Line.SendFaulty(1, SerialFault.Framing);
        Assert.That(transmit.Sample(), Is.False);
        _time.Advance(CharacterTime + 10);
        Assert.That((transmit.Sample(), receive.Sample()), Is.EqualTo((true, true)));
        Write(DMACR, 7);
        Assert.That(receive.Sample(), Is.True, "the error interrupt is masked");
        Write(IMSC, 0x80);
        Assert.That(receive.Sample(), Is.False);
        Write(CR, 0);
        Assert.That(transmit.Sample(), Is.False);
    }

    [Test]
    public void A_character_that_DMA_takes_at_once_leaves_no_interrupt_behind()
    {
        var taken = new List<uint>();
        _uart.DmaRequests[1].Line.Changed += level =>
        {
            if (level) taken.Add(Read(DR));
        };
        Start(lcrh: 0x60);
        Write(IMSC, 0x10);
        Write(DMACR, 1);
        _uart.Line.Send((byte)'a', (byte)'b');
        _time.Advance(3 * CharacterTime);
        Assert.That((taken, _uart.InterruptLines[0].Level, Read(MIS)), Is.EqualTo((new List<uint> { 'a', 'b' }, false, 0u)));
    }

    [TestCase("pi1", 0x2020_1000UL, 0x24u)]
    [TestCase("pi3", 0x3f20_1000UL, 0x24u)]
    public void On_a_board_the_identification_is_the_tree_s(string board, ulong address, uint id2)
    {
        using var machine = SimMachine.Create(board);
        Assert.That(machine.PhysicalMemory.Read32((long)address + 0xfe8), Is.EqualTo(id2));
        Assert.That(machine.Device<Pl011Model>("uart0").DecodedLength, Is.EqualTo(0x1000));
    }

    [Test]
    public void On_the_Pi_4_other_UARTs_are_in_its_page_and_its_FIFOs_are_deeper()
    {
        using var machine = SimMachine.Create("pi4");
        var uart = machine.Device<Pl011Model>("uart0");
        Assert.That(uart.DecodedLength, Is.Zero);
        uart.Write(LCRH, 4, 0x70);
        for (var i = 0; i < 32; i++) uart.Write(DR, 4, 0);
        Assert.That(uart.Read(FR, 4) & 0x20, Is.EqualTo(0x20UL));
    }
}
