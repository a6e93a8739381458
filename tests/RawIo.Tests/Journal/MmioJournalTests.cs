using RawIo.Drivers;

namespace RawIo.Tests;

/// <summary>What a journal reads before a write, what it writes back, and what it refuses.</summary>
public sealed partial class MmioJournalTests
{
    private readonly byte[] _memory = new byte[0x100];
    private MemoryMmio _io = null!;

    [SetUp]
    public void Make()
    {
        for (var i = 0; i < _memory.Length; i++) _memory[i] = (byte)i;
        _io = new(_memory);
    }

    [Test]
    public void The_old_value_is_read_once_at_the_width_of_the_write_and_written_back_in_reverse_order()
    {
        using (var journal = _io.Journal())
        {
            journal.Write32(0x10, 1);
            journal.Write32(0x10, 2);
            journal.WriteRelaxed8(0x20, 3);
            journal.Write16(0x12, 4);
            Assert.That(journal.Entries, Is.EqualTo(new JournalEntry[] { new(0x1000_0010, 4, 0x13121110), new(0x1000_0020, 1, 0x20) }));
        }
        Assert.That(_io.Accesses, Is.EqualTo(["r32@10", "w32@10=1", "w32@10=2", "r8@20", "w8@20=3", "w16@12=4", "w8@20=20", "w32@10=13121110"]));
    }

    [Test]
    public void Places_that_overlap_in_different_widths_are_restored()
    {
        using (var journal = _io.Journal())
        {
            journal.Write8(0x11, 0xff);
            journal.Write32(0x10, 0xffffffff);
            journal.Write64(0x10, ulong.MaxValue);
        }
        Assert.That(_io.Accesses[^3..], Is.EqualTo(["w64@10=17161514ffffffff", "w32@10=1312ff10", "w8@11=11"]));
        Assert.That(_memory, Is.EqualTo(Before()));
    }

    [Test]
    public void A_repeating_write_is_read_once_and_an_empty_one_not_at_all()
    {
        using (var journal = _io.Journal())
        {
            journal.WriteRep(0x10, (ReadOnlySpan<ushort>)[1, 2, 3]);
            journal.WriteRep(0x20, ReadOnlySpan<uint>.Empty);
        }
        Assert.That(_io.Accesses, Is.EqualTo(["r16@10", "w16@10=1", "w16@10=2", "w16@10=3", "w16@10=1110"]));
    }

    [Test]
    public void A_block_is_read_in_the_widths_it_is_written_in()
    {
        using (var journal = _io.Journal()) journal.Fill(7, 0xff, 10);
        Assert.That(_io.Accesses[..3], Is.EqualTo(["r8@7", "r64@8", "r8@10"]));
        Assert.That(_io.Accesses[^3..], Is.EqualTo(["w8@10=10", "w64@8=f0e0d0c0b0a0908", "w8@7=7"]));
        Assert.That(_memory, Is.EqualTo(Before()));
    }

    [Test]
    public void Whatever_is_written_is_restored()
    {
        var random = new Random(20);
        for (var round = 0; round < 2000; round++)
        {
            using (var journal = _io.Journal())
            {
                var window = journal.Window(8, 0xe0);
                for (var i = random.Next(12); i > 0; i--)
                {
                    var io = random.Next(2) == 0 ? journal : window;
                    var (size, value) = (1 << random.Next(4), (ulong)random.NextInt64());
                    var at = random.Next((int)io.Length / size) * size;
                    switch (random.Next(4))
                    {
                        case 0: io.Fill(at, (byte)value, random.Next((int)io.Length - at)); break;
                        case 1: io.CopyTo(at, new byte[random.Next((int)io.Length - at)]); break;
                        default: io.Write(at, size, value); break;
                    }
                }
                Assert.That(journal.Entries.Sum(e => e.Size), Is.LessThanOrEqualTo(0x100 * 8));
            }
            if (!_memory.AsSpan().SequenceEqual(Before())) Assert.Fail($"round {round}");
        }
    }

    [Test]
    public void Undo_goes_on_and_keep_forgets()
    {
        var journal = _io.Journal();
        journal.Write8(1, 0xff);
        journal.Undo();
        Assert.That(_memory, Is.EqualTo(Before()));
        Assert.That(journal.Entries, Is.Empty);
        journal.Write8(1, 0xfe);
        journal.Keep();
        journal.Write8(2, 0xfd);
        journal.Dispose();
        Assert.That(_memory[..4], Is.EqualTo(new byte[] { 0, 0xfe, 2, 3 }));
        _io.Accesses.Clear();
        journal.Dispose();
        journal.Undo();
        Assert.That(_io.Accesses, Is.Empty, "once");
        Assert.Throws<ObjectDisposedException>(() => journal.Write8(1, 1));
    }

    [Test]
    public void Disposing_a_window_of_a_journal_leaves_the_journal()
    {
        using var journal = _io.Journal();
        var window = journal.Window(4, 4);
        window.Write8(0, 0xff);
        ((IDisposable)window).Dispose();
        Assert.That(_memory[4], Is.EqualTo(0xff));
        Assert.That(journal.Entries, Is.EqualTo(new JournalEntry[] { new(0x1000_0004, 1, 4) }));
    }

    [Test]
    public void A_block_whose_old_value_cannot_be_read_to_the_end_is_neither_written_nor_recorded()
    {
        var device = new FaultyMmio(_memory) { FailsToRead = at => at >= 0x18 };
        using (var journal = device.Journal())
        {
            journal.Write32(0x14, 0xcafe);
            foreach (var write in new Action[] { () => journal.Fill(1, 0xff, 0x20), () => journal.CopyTo(1, new byte[0x20]) })
            {
                Assert.Throws<BusFaultException>(() => write());
                Assert.That(journal.Entries, Is.EqualTo([new JournalEntry(0x1000_0014, 4, 0x17161514)]));
            }
            device.Writes.Clear();
        }
        Assert.That(device.Writes, Is.EqualTo([0x14]));
        Assert.That(_memory, Is.EqualTo(Before()));
    }

    [Test]
    public void Threads_share_a_journal()
    {
        using (var journal = new FaultyMmio(_memory).Journal())
        {
            Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, worker =>
            {
                var random = new Random(worker);
                for (var i = 0; i < 5000; i++)
                {
                    var size = 1 << random.Next(4);
                    journal.Write(random.Next(0x100 / size) * size, size, (ulong)random.NextInt64());
                }
            });
            Assert.That(journal.Entries.Select(e => (e.Address, e.Size)), Is.Unique);
        }
        Assert.That(_memory, Is.EqualTo(Before()));
    }

    [Test]
    public void A_guarded_read_goes_to_the_window_below()
    {
        using var journal = _io.Journal();
        Assert.That(((IMmio)journal).TryRead16(2, out var value) && value == 0x0302);
        Assert.That(_io.Accesses, Is.EqualTo(["r16@2"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.TryRead(0, 3, out _));
        Assert.Throws<DataMisalignedException>(() => journal.TryRead(1, 2, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Window(0, 4).TryRead32(4, out _));
    }

    [Test]
    public void A_journal_needs_a_window()
    {
        Assert.Throws<ArgumentNullException>(() => ((IMmio)null!).Journal());
        Assert.Throws<ArgumentNullException>(() => _io.Journal((Func<long, int, IEnumerable<Register>>)null!));
    }

    private static byte[] Before() => [.. Enumerable.Range(0, 0x100).Select(i => (byte)i)];
}
