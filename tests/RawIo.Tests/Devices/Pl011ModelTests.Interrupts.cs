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
}
