using System.Buffers.Binary;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835RngTests
{
    private ManualTime _time = null!;
    private BareDevice _bus = null!;
    private Bcm2835Rng _rng = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime();
        _bus = new BareDevice(new Bcm2835RngModel(_time, 7), 0x10);
        _rng = new Bcm2835Rng(_bus, _time);
    }

    [Test]
    public void Starting_writes_the_warm_up_count_then_the_enable_bit_and_stopping_clears_it()
    {
        Assert.That(_bus.Log, Is.Empty, "making the driver touches nothing");
        _rng.Start();
        _rng.Stop();
        Assert.That(_bus.Log, Is.EqualTo(new[] { ('W', 4L, 0x40000UL), ('W', 0L, 1UL), ('W', 0L, 0UL) }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(17)]
    [TestCase(100)]
    public void It_fills_any_length_with_the_devices_words_and_reads_no_word_too_many(int length)
    {
        _time.NanosecondsPerLook = 5000;
        _rng.Start();
        var bytes = new byte[length];
        _rng.Read(bytes);

        var random = new RandomWords(7);
        var expected = new byte[length + 3];
        for (var i = 0; i + 4 <= expected.Length; i += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(i), random.Next());
        Assert.That(bytes, Is.EqualTo(expected[..length]));
        Assert.That(_bus.Log.Count(a => a.Offset == 8), Is.EqualTo((length + 3) / 4));
    }

    [Test]
    public void It_never_reads_an_empty_fifo()
    {
        _time.NanosecondsPerLook = 1000;
        _rng.Start();
        _rng.Read(new byte[64]);
        var level = 0;
        foreach (var (kind, offset, value) in _bus.Log)
        {
            if (kind == 'R' && offset == 4) level = (int)(value >> 24);
            if (kind == 'R' && offset == 8) Assert.That(level--, Is.Positive);
        }
        Assert.That(_bus.Log.Count(a => a is { Kind: 'R', Offset: 8 }), Is.EqualTo(16));
    }

    [Test]
    public void A_generator_that_was_not_started_times_out_and_leaves_zeros()
    {
        _time.NanosecondsPerLook = 1_000_000;
        _rng.Timeout = TimeSpan.FromMilliseconds(50);
        var bytes = new byte[] { 1, 2, 3 };
        Assert.That(() => _rng.Read(bytes), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT)
            .And.Message.Contains("started").And.Message.Contains("0.05 s"));
        Assert.That(bytes, Is.EqualTo(new byte[3]));
        Assert.That(() => _rng.Timeout = TimeSpan.Zero, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_rng.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
    }

    [Test]
    public void A_generator_that_stops_half_way_leaves_no_half_random_buffer()
    {
        _time.NanosecondsPerLook = 0;
        _rng.Start();
        _time.AdvanceMicroseconds(0x40000 + 128);
        _rng.Stop();
        _time.NanosecondsPerLook = 1_000_000;
        var bytes = new byte[100];
        Assert.That(() => _rng.Read(bytes), Throws.TypeOf<RawIoException>());
        Assert.That(_bus.Log.Count(a => a.Offset == 8), Is.EqualTo(4), "it had got what there was");
        Assert.That(bytes, Is.All.Zero);
    }

    [Test]
    public void The_timeout_is_for_each_word_not_for_the_whole()
    {
        _time.NanosecondsPerLook = 5000;
        _rng.Start();
        _rng.Read(new byte[1]);
        _rng.Timeout = TimeSpan.FromMilliseconds(1);
        var start = _time.Now;
        _rng.Read(new byte[400]);
        Assert.That(_time.Now - start, Is.GreaterThan(2_000_000));
    }

    [Test]
    public void Words_are_taken_one_by_one_only_where_there_are_some()
    {
        _rng.Start();
        Assert.That((_rng.TryRead(out var word), word, _rng.WordsAvailable), Is.EqualTo((false, 0u, 0)));
        _time.AdvanceMicroseconds(0x40000 + 64);
        Assert.That(_rng.WordsAvailable, Is.EqualTo(2));
        Assert.That((_rng.TryRead(out word), word), Is.EqualTo((true, new RandomWords(7).Next())));
        Assert.That(_rng.WordsAvailable, Is.EqualTo(1));
        Assert.That(() => new Bcm2835Rng(new BareDevice(new Bcm2835GpioModel(), 0xc), _time), Throws.ArgumentException);
    }
}
