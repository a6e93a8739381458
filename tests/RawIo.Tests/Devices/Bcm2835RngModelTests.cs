using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835RngModelTests
{
    private ManualTime _time = null!;
    private Bcm2835RngModel _rng = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _rng = new Bcm2835RngModel(_time, 7);
    }

    private uint Read(int offset) => (uint)_rng.Read(offset, 4);

    private void Write(int offset, uint value) => _rng.Write(offset, 4, value);

    [Test]
    public void It_is_off_and_empty_at_power_on_and_stays_so()
    {
        _time.AdvanceMicroseconds(1_000_000);
        Assert.That((Read(0x00), Read(0x04), Read(0x08), Read(0x0c), Read(0x10)), Is.EqualTo((0u, 0u, 0u, 4u, 0u)));
        Assert.That((_rng.Name, _rng.Compatible[0], _rng.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 RNG", "brcm,bcm2835-rng", true)));
    }

    [Test]
    public void The_warm_up_runs_down_before_the_first_word_comes()
    {
        Write(0x04, 0x40000);
        _time.AdvanceMicroseconds(1000);
        Assert.That(Read(0x04), Is.EqualTo(0x40000u), "not before it is enabled");
        Write(0x00, 1);
        _time.AdvanceMicroseconds(0x3fff0);
        Assert.That(Read(0x04), Is.EqualTo(0x10u));
        _time.AdvanceMicroseconds(0x10 + 31);
        Assert.That(Read(0x04), Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0x04), Is.EqualTo(1u << 24));
    }

    [Test]
    public void Words_come_every_32_microseconds_until_the_fifo_is_full()
    {
        Write(0x00, 1);
        for (uint words = 0; words <= 6; words++)
        {
            Assert.That(Read(0x04) >> 24, Is.EqualTo(Math.Min(words, 4)));
            _time.AdvanceMicroseconds(31);
            Assert.That(Read(0x04) >> 24, Is.EqualTo(Math.Min(words, 4)));
            _time.AdvanceMicroseconds(1);
        }
        Read(0x08);
        Assert.That(Read(0x04) >> 24, Is.EqualTo(3u), "a full FIFO had stopped the generator");
        _time.AdvanceMicroseconds(32);
        Assert.That(Read(0x04) >> 24, Is.EqualTo(4u));
    }

    [Test]
    public void Double_speed_is_twice_as_fast_and_off_is_off()
    {
        Write(0x04, 64);
        Write(0x00, 3);
        Assert.That(Read(0x00), Is.EqualTo(3u));
        _time.AdvanceMicroseconds(32 + 16);
        Assert.That(Read(0x04), Is.EqualTo(1u << 24));
        Write(0x00, 0);
        _time.AdvanceMicroseconds(1000);
        Assert.That(Read(0x04), Is.EqualTo(1u << 24), "what is in the FIFO stays");
    }

    [Test]
    public void Reading_pops_the_generators_words_in_order_and_an_empty_fifo_reads_0()
    {
        Write(0x00, 1);
        _time.AdvanceMicroseconds(64);
        var (first, second) = (Read(0x08), Read(0x08));
        Assert.That((Read(0x04), Read(0x08)), Is.EqualTo((0u, 0u)));

        // The same seed without the reads of an empty FIFO.
        var same = new Bcm2835RngModel(_time, 7);
        same.Write(0x00, 4, 1);
        _time.AdvanceMicroseconds(1_000_000);
        Assert.That((same.Read(0x08, 4), same.Read(0x08, 4)), Is.EqualTo(((ulong)first, (ulong)second)));
        Assert.That(Read(0x08), Is.EqualTo((uint)same.Read(0x08, 4)), "the empty read lost none");
    }

    [Test]
    public void Status_takes_the_warm_up_count_only()
    {
        Write(0x04, 0xffff_ffff);
        Assert.That(Read(0x04), Is.EqualTo(0x000f_ffffu));
    }

    [Test]
    public void Data_is_read_only_and_the_rest_is_not_there()
    {
        Assert.That(() => Write(0x08, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x14, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x14), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void The_line_is_high_while_the_fifo_holds_the_threshold_and_it_is_not_masked()
    {
        Write(0x0c, 0xffff_ffe2);
        Assert.That(Read(0x0c), Is.EqualTo(2u));
        Write(0x00, 1);
        _time.AdvanceMicroseconds(63);
        Assert.That(_rng.InterruptLines[0].Sample(), Is.False);
        _time.AdvanceMicroseconds(1);
        Assert.That(_rng.InterruptLines[0].Sample(), Is.True);
        Write(0x10, 1);
        Assert.That((_rng.InterruptLines[0].Sample(), Read(0x10)), Is.EqualTo((false, 1u)));
        Write(0x10, 0);
        Read(0x08);
        Assert.That(_rng.InterruptLines[0].Sample(), Is.False);
        Assert.That(_time.ArmedTimers, Is.Zero, "nobody waits");
    }

    [Test]
    public void A_watched_line_rises_on_time_also_after_the_warm_up_and_at_either_speed([Values(1u, 3u)] uint control)
    {
        long rose = 0;
        _rng.InterruptLines[0].Changed += level => rose = level ? _time.Now / 1000 : rose;
        _rng.InterruptLines[0].Want(true);
        Assert.That(_time.ArmedTimers, Is.Zero, "it is off: nothing will come");
        Write(0x04, 101);
        Write(0x00, control);
        Assert.That(_time.ArmedTimers, Is.EqualTo(1));
        _time.AdvanceMicroseconds(10_000);
        Assert.That(rose, Is.EqualTo(control == 1 ? 101 + 128 : 115));
        Assert.That(_time.ArmedTimers, Is.Zero);
        Read(0x08);
        _time.AdvanceMicroseconds(1000);
        Assert.That(rose, Is.EqualTo(10_000 + (control == 1 ? 32 : 16)));
        Read(0x08);
        _rng.InterruptLines[0].Want(false);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void Reset_empties_and_stops_it()
    {
        Write(0x00, 1);
        Write(0x0c, 1);
        _time.AdvanceMicroseconds(100);
        _rng.Reset();
        _time.AdvanceMicroseconds(100);
        Assert.That((Read(0x00), Read(0x04), Read(0x0c)), Is.EqualTo((0u, 0u, 4u)));
        Assert.That(_rng.InterruptLines[0].Sample(), Is.False);
    }

    [Test]
    public void The_interrupt_mask_beyond_the_tree_s_range_is_on_the_bus_too()
    {
        // The device trees give rng@7e104000 0x10 bytes; the mask is at 0x10.
        using var machine = SimMachine.Create("pi3");
        machine.PhysicalMemory.Write32(0x3f104010, 0xffffffff);
        Assert.That(machine.PhysicalMemory.Read32(0x3f104010), Is.EqualTo(0xffffffff));
    }
}
