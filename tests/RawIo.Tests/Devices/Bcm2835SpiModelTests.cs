using RawIo.Sim;

namespace RawIo.Tests;

public partial class Bcm2835SpiModelTests
{
    private const uint TA = 0x80, CLEAR = 0x30, DMAEN = 0x100, INTD = 0x200, INTR = 0x400, ADCS = 0x800;
    private const uint RXF = 0x10_0000, RXR = 0x8_0000, TXD = 0x4_0000, RXD = 0x2_0000, DONE = 0x1_0000;

    private ManualTime _time = null!;
    private Bcm2835SpiModel _spi = null!;
    private SpiScope _scope = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _spi = new Bcm2835SpiModel(_time);
        _scope = new SpiScope();
        _spi.Bus.Plug(0, _scope);
        // 250 MHz / 250 is 1 MHz: 8 us a byte.
        Write(0x08, 250);
    }

    private uint Read(int offset) => (uint)_spi.Read(offset, 4);

    private void Write(int offset, uint value) => _spi.Write(offset, 4, value);

    [Test]
    public void At_power_on_the_registers_have_the_datasheets_values()
    {
        var spi = new Bcm2835SpiModel(_time);
        Assert.That(Enumerable.Range(0, 6).Select(i => (uint)spi.Read(i * 4, 4)),
            Is.EqualTo(new[] { 0x0004_1000u, 0u, 0u, 0u, 1u, 0x3020_1020u }));
        Assert.That((spi.Name, spi.Compatible[0], spi.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 SPI0", "brcm,bcm2835-spi", true)));
        Assert.That(() => spi.Read(0x18, 4), Throws.TypeOf<BusFaultException>());
        Assert.That(() => spi.Write(0x18, 4, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Bits_that_no_register_keeps_read_0_and_CLEAR_does_too()
    {
        Write(0x00, 0xffff_ffff & ~TA);
        Assert.That(Read(0x00), Is.EqualTo(0x03e0_ff4fu | TXD));
        for (var offset = 0x08; offset <= 0x14; offset += 4) Write(offset, 0xffff_ffff);
        Assert.That((Read(0x08), Read(0x0c), Read(0x10), Read(0x14)), Is.EqualTo((0xffffu, 0xffffu, 0xfu, 0xffff_ffffu)));
    }

    [Test]
    public void TA_alone_is_done_at_once_and_selects_the_part()
    {
        Write(0x00, TA);
        Assert.That((Read(0x00) & DONE, _scope.Log), Is.EqualTo((DONE, "[")));
        Write(0x00, 0);
        Assert.That((Read(0x00) & DONE, _scope.Log), Is.EqualTo((0u, "[]")), "without TA nothing is done");
    }

    [Test]
    public void A_byte_takes_eight_clocks_and_what_comes_in_is_there_after_it()
    {
        _scope.Answer = 0xa5;
        Write(0x00, TA);
        Write(0x04, 0x1c3);
        Assert.That(Read(0x00) & (DONE | RXD), Is.Zero);
        _time.Advance(7999);
        Assert.That(Read(0x00) & (DONE | RXD), Is.Zero);
        _time.Advance(1);
        Assert.That(Read(0x00) & (DONE | RXD), Is.EqualTo(DONE | RXD));
        Assert.That((Read(0x04), Read(0x00) & RXD, Read(0x04)), Is.EqualTo((0xa5u, 0u, 0u)), "an empty FIFO reads 0");
        Assert.That(_scope.Log, Is.EqualTo("[c3"), "bits 7 to 0 count");
    }

    [TestCase(0u, 65536)]
    [TestCase(1u, 65536)]
    [TestCase(2u, 2)]
    [TestCase(7u, 6)]
    [TestCase(0xffffu, 65534)]
    public void CDIV_is_even_and_0_is_65536(uint cdiv, int divisor)
    {
        Write(0x08, cdiv);
        Write(0x00, TA);
        Write(0x04, 1);
        _time.Advance(divisor * 8 * 4 - 1);
        Assert.That(Read(0x00) & DONE, Is.Zero);
        _time.Advance(1);
        Assert.That(Read(0x00) & DONE, Is.EqualTo(DONE));
    }

    [Test]
    public void Without_TA_the_fifo_waits_and_a_65th_byte_is_lost()
    {
        for (var i = 0; i < 64; i++)
        {
            Assert.That(Read(0x00) & TXD, Is.EqualTo(TXD));
            Write(0x04, (uint)i);
        }
        Assert.That(Read(0x00) & TXD, Is.Zero);
        Write(0x04, 0xff);
        _time.AdvanceMilliseconds(10);
        Assert.That(_scope.Log, Is.Empty);
        Write(0x00, TA);
        _time.AdvanceMicroseconds(64 * 8);
        Assert.That(Read(0x00) & (DONE | RXF | RXR | RXD), Is.EqualTo(DONE | RXF | RXR | RXD));
        Assert.That(_scope.Log, Is.EqualTo("[" + string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:x2}"))));
    }

    [Test]
    public void A_full_receive_fifo_stops_the_clock_until_it_is_read()
    {
        Write(0x00, TA);
        for (var i = 0; i < 64; i++) Write(0x04, (uint)i);
        _time.AdvanceMicroseconds(8 * 8);
        for (var i = 64; i < 70; i++) Write(0x04, (uint)i);
        _time.AdvanceMilliseconds(10);
        Assert.That(Read(0x00) & (RXF | DONE), Is.EqualTo(RXF));
        Assert.That(_scope.Log, Has.Length.EqualTo(1 + 2 * 64));
        Read(0x04);
        Assert.That(Read(0x00) & RXF, Is.Zero);
        _time.AdvanceMicroseconds(8);
        Assert.That(_scope.Log, Has.Length.EqualTo(1 + 2 * 65));
        Assert.That(Read(0x00) & (RXF | DONE), Is.EqualTo(RXF));
    }

    [Test]
    public void TA_dropped_in_the_middle_of_a_byte_leaves_the_part_with_the_bits_so_far_and_loses_the_byte()
    {
        Write(0x00, TA);
        Write(0x04, 0xf0);
        Write(0x04, 0x55);
        _time.Advance(3500);
        Write(0x00, 0);
        Assert.That(_scope.Log, Is.EqualTo("[(111)]"));
        Assert.That(Read(0x00) & (RXD | DONE), Is.Zero);
        Assert.That(_time.ArmedTimers, Is.Zero);
        Write(0x00, TA);
        _time.AdvanceMicroseconds(8);
        Assert.That(_scope.Log, Is.EqualTo("[(111)][55"), "what was in the FIFO stayed there");
        Write(0x00, CLEAR);
        Assert.That(Read(0x00) & RXD, Is.Zero);
    }

    [Test]
    public void CLEAR_empties_the_fifo_it_names_and_not_the_byte_on_the_wire()
    {
        Write(0x00, TA);
        Write(0x04, 1);
        Write(0x04, 2);
        _time.AdvanceMicroseconds(9);
        Write(0x04, 3);
        Write(0x00, TA | 0x10);
        _time.AdvanceMicroseconds(100);
        Assert.That((_scope.Log, Read(0x00) & RXD), Is.EqualTo(("[0102", RXD)), "transmit only");
        Write(0x00, TA | 0x20);
        Assert.That(Read(0x00) & RXD, Is.Zero);
    }

    [TestCase(0u, 0, "low")]
    [TestCase(1u, 1, "low")]
    [TestCase(2u, 2, "low")]
    [TestCase(3u, -1, "low")]
    [TestCase(0x20_0000u, 0, "high")]
    [TestCase(0x40u, 0, "high")]
    [TestCase(0x20_0040u, 0, "high")]
    public void The_chip_select_that_CS_names_is_active_while_TA(uint control, int select, string active)
    {
        Write(0x00, control);
        var idle = Enumerable.Range(0, 3).Select(_spi.Bus.Level).ToArray();
        Write(0x00, control | TA);
        var levels = Enumerable.Range(0, 3).Select(_spi.Bus.Level).ToArray();
        for (var i = 0; i < 3; i++) Assert.That(levels[i] != idle[i], Is.EqualTo(i == select), $"select {i}");
        if (select >= 0) Assert.That(levels[select], Is.EqualTo(active == "high"));
    }

    [Test]
    public void The_mode_of_CPOL_and_CPHA_reaches_the_part_and_a_wrong_one_shifts_what_it_gets()
    {
        foreach (var mode in new uint[] { 0, 1, 2, 3 })
        {
            Write(0x00, CLEAR | TA | mode << 2);
            Assert.That(_spi.Bus.Mode, Is.EqualTo((int)mode));
            Write(0x04, 0x81);
            _time.AdvanceMicroseconds(8);
            Write(0x00, 0);
        }
        Assert.That(_scope.Log, Is.EqualTo("[81][40][40][81]"));
    }

    [Test]
    public void A_snapshot_in_the_middle_of_a_byte_goes_on_the_same_way()
    {
        _spi.Bus.Unplug(0);
        _spi.Bus.Plug(0, new SpiLoopback());
        Write(0x00, TA | INTD);
        for (var i = 1; i < 6; i++) Write(0x04, (uint)i * 0x11);
        _time.Advance(12_000);
        var saved = _spi.Save();
        var start = _time.Now;
        for (var round = 0; round < 2; round++)
        {
            _time.AdvanceMicroseconds(100);
            Assert.That(Read(0x00) & DONE, Is.EqualTo(DONE));
            Assert.That(Enumerable.Range(0, 6).Select(_ => Read(0x04)), Is.EqualTo(new uint[] { 0x11, 0x22, 0x33, 0x44, 0x55, 0 }));
            Assert.That(_spi.InterruptLines[0].Level, Is.True);
            _spi.Restore(saved);
            Assert.That(_spi.InterruptLines[0].Level, Is.False);
            Assert.That(_time.Now, Is.GreaterThan(start));
        }
    }

    [Test]
    public void A_reset_ends_what_is_under_way()
    {
        Write(0x00, TA | INTD);
        Write(0x04, 0xff);
        _spi.Reset();
        Assert.That((Read(0x00), Read(0x08), _time.ArmedTimers, _scope.Log), Is.EqualTo((0x0004_1000u, 0u, 0, "[]")));
        Assert.That(_spi.InterruptLines[0].Level, Is.False);
    }
}
