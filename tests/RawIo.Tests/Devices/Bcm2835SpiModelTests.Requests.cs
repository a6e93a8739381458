namespace RawIo.Tests;

// Who is told: the interrupt and the DMA controller.
public partial class Bcm2835SpiModelTests
{
    [Test]
    public void The_interrupt_is_DONE_with_INTD_and_three_quarters_full_with_INTR()
    {
        var line = _spi.InterruptLines[0];
        Write(0x00, TA | INTD | INTR);
        Assert.That(line.Level, Is.True, "the first interrupt comes with TA");
        for (var i = 0; i < 64; i++) Write(0x04, 0);
        Assert.That(line.Level, Is.False);
        _time.AdvanceMicroseconds(8 * 47);
        Assert.That(line.Level, Is.False);
        _time.AdvanceMicroseconds(8);
        Assert.That((line.Level, Read(0x00) & RXR), Is.EqualTo((true, RXR)), "nobody looked: an alarm did it");
        Read(0x04);
        Assert.That(line.Level, Is.False);
        _time.AdvanceMicroseconds(8 * 16);
        Write(0x00, TA | INTD);
        Assert.That(line.Level, Is.True);
        Write(0x00, TA);
        Assert.That(line.Level, Is.False);
        Write(0x00, INTR | INTD);
        Assert.That((line.Level, Read(0x00) & RXR), Is.EqualTo((false, 0u)), "RXR is only with TA");
    }

    [Test]
    public void In_DMA_mode_DLEN_bytes_go_four_a_word_the_lowest_first()
    {
        Write(0x0c, 6);
        Write(0x00, TA | DMAEN);
        Write(0x04, 0x0403_0201);
        Write(0x04, 0xffff_0605);
        Write(0x04, 0xeeee_eeee);
        Assert.That(Read(0x00) & DONE, Is.Zero);
        _scope.Answer = 0x77;
        _time.AdvanceMicroseconds(48);
        Assert.That((_scope.Log, Read(0x00) & DONE), Is.EqualTo(("[010203040506", DONE)), "what is beyond DLEN is dropped");
        Assert.That((Read(0x04), Read(0x04), Read(0x00) & RXD), Is.EqualTo((0x7777_7777u, 0x7777u, 0u)));
        Assert.That(_scope.Log, Does.Not.Contain("]"), "without ADCS the chip select stays");
    }

    [Test]
    public void In_DMA_mode_with_TA_clear_the_first_word_is_a_header_and_ADCS_ends_with_the_last_byte()
    {
        Write(0x00, DMAEN | ADCS);
        Assert.That(_spi.DmaRequests.Select(r => (r.Number, r.Line.Level)), Is.EqualTo(new[] { (6, true), (7, false) }));
        Write(0x04, 5u << 16 | TA);
        Assert.That(Read(0x0c), Is.EqualTo(5u));
        Write(0x04, 0x4443_4241);
        Write(0x04, 0x45);
        Assert.That(_spi.DmaRequests[0].Line.Level, Is.False, "no more is wanted until this has gone");
        _time.AdvanceMicroseconds(40);
        Assert.That(_scope.Log, Is.EqualTo("[4142434445]"));
        Assert.That((Read(0x00) & (TA | DONE | RXD), _spi.DmaRequests[1].Line.Level), Is.EqualTo((RXD, true)), "the last bytes are asked for");
        Read(0x04);
        Read(0x04);
        Assert.That(_spi.DmaRequests.Select(r => r.Line.Level), Is.EqualTo(new[] { true, false }));
        Write(0x04, 1u << 16 | TA);
        Write(0x04, 0x46);
        _time.AdvanceMicroseconds(8);
        Assert.That(_scope.Log, Is.EqualTo("[4142434445][46]"));
    }

    [Test]
    public void The_DMA_requests_follow_the_levels_of_DC()
    {
        Write(0x14, 0x30 << 24 | 4 << 16 | 0x10 << 8 | 8);
        Write(0x0c, 100);
        Write(0x00, TA | DMAEN);
        var (write, read) = (_spi.DmaRequests[0].Line, _spi.DmaRequests[1].Line);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(write.Level, Is.True);
            Write(0x04, 0);
        }
        Assert.That(write.Level, Is.False, "one on the wire and eleven in the FIFO");
        _time.AdvanceMicroseconds(8 * 3);
        Assert.That((write.Level, read.Level), Is.EqualTo((true, false)));
        _time.AdvanceMicroseconds(8 * 2);
        Assert.That(read.Level, Is.True, "five are more than four");
        Read(0x04);
        Assert.That(read.Level, Is.False);
    }

    [Test]
    public void In_DMA_mode_no_length_is_done_at_once()
    {
        Write(0x0c, 0);
        Write(0x00, TA | DMAEN);
        Write(0x04, 0x1234);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(0x00) & (DONE | RXD), _scope.Log), Is.EqualTo((DONE, "[")));
    }
}
