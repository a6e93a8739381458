using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835AuxSpiModelTests
{
    private const int CNTL0 = 0, CNTL1 = 4, STAT = 8, PEEK = 0xc, IO = 0x20, TXHOLD = 0x30;
    private const uint ENABLE = 1 << 11, MSBF_OUT = 1 << 6, VAR_WIDTH = 1 << 14, VAR_CS = 1 << 15, IN_RISING = 1 << 10, CLEARFIFO = 1 << 9, CPOL = 1 << 7, OUT_RISING = 1 << 8;

    // 250 MHz / (2 * (124 + 1)) is 1 MHz; the pattern 110 selects chip select 0.
    private const uint Speed = 124u << 20, Select0 = 6u << 17;

    private ManualTime _time = null!;
    private Bcm2835AuxSpiModel _spi = null!;
    private SpiScope _scope = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _spi = new Bcm2835AuxSpiModel(_time);
        _scope = new SpiScope();
        _spi.Bus.Plug(0, _scope);
    }

    private uint Read(int offset) => (uint)_spi.Read(offset, 4);

    private void Write(int offset, uint value) => _spi.Write(offset, 4, value);

    [Test]
    public void At_power_on_the_chip_selects_are_high_and_the_fifos_empty()
    {
        Assert.That((Read(CNTL0), Read(CNTL1), Read(STAT), Read(PEEK), Read(IO), Read(TXHOLD)), Is.EqualTo((0xe_0000u, 0u, 0x280u, 0u, 0u, 0u)));
        Assert.That((_spi.Name, _spi.Compatible[0], _spi.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 auxiliary SPI", "brcm,bcm2835-aux-spi", true)));
        Assert.That(() => Write(STAT, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x10, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x10), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x40, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Off_in_AUX_ENABLES_it_reads_0_takes_nothing_and_keeps_its_interrupt_to_itself()
    {
        var aux = new Bcm2835AuxModel();
        var spi = new Bcm2835AuxSpiModel(_time, aux: aux, module: 2);
        Assert.That(() => spi.Read(CNTL0, 4), Throws.TypeOf<BusFaultException>().With.Message.Contains("AUX_ENABLES"));
        Assert.That(() => spi.Write(CNTL0, 4, 0), Throws.TypeOf<BusFaultException>());
        spi.BehaveAsHardware();
        spi.Write(CNTL1, 4, 1 << 7);
        Assert.That((spi.Read(STAT, 4), aux.InterruptLines[0].Level), Is.EqualTo((0ul, false)));
        aux.Write(4, 4, 4);
        Assert.That((spi.Read(CNTL0, 4), spi.Read(CNTL1, 4), spi.Read(STAT, 4)), Is.EqualTo((0xe_0000ul, 0ul, 0x280ul)));
        spi.Write(CNTL1, 4, 1 << 7);
        Assert.That((aux.Read(0, 4), aux.InterruptLines[0].Level, spi.InterruptLines[0].Level), Is.EqualTo((4ul, true, true)));
        aux.Write(4, 4, 3);
        Assert.That((aux.Read(0, 4), spi.InterruptLines[0].Level), Is.EqualTo((0ul, false)));
    }

    [Test]
    public void A_fixed_width_goes_out_from_bit_31_or_from_bit_0_and_comes_in_the_same_way()
    {
        _spi.Bus.Unplug(0);
        _spi.Bus.Plug(0, new SpiLoopback());
        Write(CNTL1, 2);
        Write(CNTL0, Speed | Select0 | ENABLE | IN_RISING | MSBF_OUT | 12);
        Write(IO, 0xabc0_0000);
        Assert.That(Read(STAT) & 0x7f, Is.EqualTo(0x40u | 12), "busy, twelve bits to go");
        _time.AdvanceMicroseconds(5);
        Assert.That(Read(STAT) & 0x7f, Is.EqualTo(0x40u | 7));
        _time.AdvanceMicroseconds(7);
        Assert.That((Read(STAT), Read(PEEK), Read(PEEK), Read(IO), Read(STAT)), Is.EqualTo((0x0010_0200u, 0xabcu, 0xabcu, 0xabcu, 0x280u)));

        Write(CNTL1, 0);
        Write(CNTL0, Speed | Select0 | ENABLE | IN_RISING | 12);
        Write(0x2c, 0xabc);
        _time.AdvanceMicroseconds(20);
        Assert.That(Read(0x3c), Is.EqualTo(0xabc0_0000u));
    }

    [Test]
    public void A_variable_width_is_in_bits_28_to_24_and_the_first_bit_is_bit_23()
    {
        Write(CNTL0, Speed | Select0 | ENABLE | IN_RISING | MSBF_OUT | VAR_WIDTH);
        Write(TXHOLD, 24u << 24 | 0x010203);
        Write(IO, 8u << 24 | 0x040000);
        Write(IO, 4u << 24 | 0xf00000);
        _time.AdvanceMicroseconds(100);
        Assert.That(_scope.Log, Is.EqualTo("[01020304][(1111)]"), "TXHOLD keeps the chip select active");
        Assert.That(Read(STAT) >> 20 & 0xf, Is.EqualTo(3u));
    }

    [Test]
    public void The_pattern_of_the_word_counts_with_VAR_CS()
    {
        Write(CNTL0, Speed | 7u << 17 | ENABLE | VAR_CS | VAR_WIDTH | MSBF_OUT | IN_RISING);
        Write(IO, 5u << 29 | 8u << 24);
        Assert.That(Enumerable.Range(0, 3).Select(_spi.Bus.Level), Is.EqualTo(new[] { true, false, true }));
        _time.AdvanceMicroseconds(8);
        Read(STAT);
        Assert.That(Enumerable.Range(0, 3).Select(_spi.Bus.Level), Is.All.True);
    }

    [Test]
    public void Four_words_fill_the_fifo_a_fifth_is_lost_and_so_is_a_word_that_comes_to_a_full_one()
    {
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | 8);
        for (var i = 1u; i <= 5; i++) Write(IO, i << 24);
        Assert.That(Read(STAT), Is.EqualTo(0x4000_0480u));
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | 8 | ENABLE);
        Write(IO, 6u << 24);
        _time.AdvanceMicroseconds(100);
        Assert.That((_scope.Log, Read(STAT)), Is.EqualTo(("[01][02][03][04][06]", 0x0040_0300u)));
    }

    [Test]
    public void CLEARFIFO_holds_the_fifos_empty_and_disabling_breaks_a_word_off()
    {
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | 8 | ENABLE);
        Write(IO, 0xff00_0000);
        Write(IO, 0xff00_0000);
        _time.AdvanceMicroseconds(3);
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | 8 | CLEARFIFO);
        Assert.That((_scope.Log, Read(STAT)), Is.EqualTo(("[(111)]", 0x280u)));
        Write(IO, 1);
        Assert.That((Read(STAT), _time.ArmedTimers), Is.EqualTo((0x280u, 0)));
    }

    [TestCase(IN_RISING, 0)]
    [TestCase(0u, 1)]
    [TestCase(CPOL, 2)]
    [TestCase(CPOL | IN_RISING, 3)]
    public void The_mode_follows_from_the_idle_level_and_the_edge_of_the_input(uint bits, int mode)
    {
        Write(CNTL0, bits | ENABLE);
        Assert.That(_spi.Bus.Mode, Is.EqualTo(mode));
    }

    [TestCase(IN_RISING, 0, "[a5]")]
    [TestCase(IN_RISING | OUT_RISING, 0, "[4b]")]
    [TestCase(CPOL | OUT_RISING, 2, "[a5]")]
    [TestCase(CPOL, 2, "[4b]")]
    [TestCase(CPOL | IN_RISING, 3, "[4b]")]
    [TestCase(OUT_RISING, 1, "[4b]")]
    public void A_part_gets_every_bit_only_where_the_output_changes_at_the_second_edge(uint bits, int mode, string log)
    {
        var scope = new SpiScope { Modes = [mode] };
        _spi.Bus.Unplug(0);
        _spi.Bus.Plug(0, scope);
        Write(CNTL0, Speed | Select0 | MSBF_OUT | bits | 8 | ENABLE);
        Write(IO, 0xa500_0000);
        _time.AdvanceMicroseconds(20);
        Assert.That(scope.Log, Is.EqualTo(log));
    }

    [Test]
    public void The_interrupts_are_an_empty_transmit_fifo_and_idle()
    {
        var line = _spi.InterruptLines[0];
        Write(CNTL0, Speed | Select0 | MSBF_OUT | 8 | ENABLE);
        Write(CNTL1, 1 << 7);
        Assert.That(line.Level, Is.True);
        Write(IO, 0);
        Write(IO, 0);
        Assert.That(line.Level, Is.False);
        _time.AdvanceMicroseconds(9);
        Assert.That((line.Level, Read(STAT) & 0x240), Is.EqualTo((true, 0x240u)));
        Write(CNTL1, 1 << 6);
        Assert.That(line.Level, Is.False);
        _time.AdvanceMicroseconds(9);
        Assert.That((line.Level, Read(STAT) & 0x40), Is.EqualTo((true, 0u)));
    }

    [Test]
    public void KEEP_IN_goes_on_where_the_last_word_ended_and_CSHIGH_keeps_the_words_apart()
    {
        Write(CNTL1, 3 | 5 << 8);
        _scope.Answer = 0xa0;
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | 4 | ENABLE);
        Write(IO, 0);
        Write(IO, 0);
        _time.AdvanceMicroseconds(4 + 6 + 3);
        Assert.That(Read(STAT) & 0x40, Is.EqualTo(0x40u));
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(IO), Read(IO)), Is.EqualTo((0xau, 0xaau)));
    }

    [Test]
    public void No_width_is_no_bit_and_a_snapshot_goes_on_the_same_way()
    {
        Write(CNTL1, 2);
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | ENABLE);
        Write(IO, 0xffff_ffff);
        Assert.That((Read(STAT), _scope.Log), Is.EqualTo((0x0010_0200u, "[]")));
        Write(CNTL0, Speed | Select0 | MSBF_OUT | IN_RISING | ENABLE | 16);
        _spi.Bus.Unplug(0);
        _spi.Bus.Plug(0, new SpiLoopback());
        Read(IO);
        Write(IO, 0x1234_0000);
        Write(IO, 0x5678_0000);
        _time.AdvanceMicroseconds(10);
        var saved = _spi.Save();
        for (var round = 0; round < 2; round++)
        {
            _time.AdvanceMicroseconds(100);
            Assert.That((Read(IO), Read(IO), Read(STAT)), Is.EqualTo((0x1234u, 0x5678u, 0x280u)));
            _spi.Restore(saved);
        }
        _spi.Reset();
        Assert.That((Read(CNTL0), Read(STAT), _spi.Bus.Level(0), _time.ArmedTimers), Is.EqualTo((0xe_0000u, 0x280u, true, 0)));
    }
}
