using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A driver that does another thing than it did is told which, where, and what it had done.</summary>
internal sealed class RecordingDifferenceTests
{
    private const ulong At = TestBoards.DeviceAddress;

    private static readonly byte[] s_recording = RecordingBench.Record(TestBoards.WithScratch(out _), hw =>
    {
        using var region = hw.RequestMemRegion(At, 0x40, "driver");
        Drive(region.Map());
    });

    // Entries 3 to 10, behind the claim and the mapping.
    private static void Drive(IMmio io)
    {
        io.Write32(4, 0x1234);
        io.Write16(8, 7);
        _ = io.Read32(4);
        io.Modify8(8, 1, 8);
        io.WriteRep(0, (ReadOnlySpan<uint>)[1, 2, 3]);
        io.Fill(0x10, 0xee, 12);
        io.CopyTo(0x20, [1, 2, 3, 4]);
    }

    [Test]
    public void The_entries_are_what_was_done_in_the_kernels_words() => Assert.That(RecordingBench.Text(s_recording), Is.EqualTo(new[]
    {
        "request_mem_region 0x20000000-0x2000003f \"driver\"", "ioremap 0x20000000-0x2000003f",
        "writel 0x20000004 = 0x00001234", "writew 0x20000008 = 0x0007", "readl 0x20000004 = 0x00001234", "readb 0x20000008 = 0x07", "writeb 0x20000008 = 0x0e",
        "iowrite32_rep 0x20000000 3 times = 00000001 00000002 00000003", "memset_io 0x20000010 12 bytes = 0xee", "memcpy_toio 0x20000020 4 bytes = 01 02 03 04",
        "iounmap 0x20000000-0x2000003f", "release_mem_region 0x20000000-0x2000003f",
    }));

    private static readonly TestCaseData[] s_others =
    [
        Other("value", 3, "another value", "0x00001234", "0x00001235", io => io.Write32(4, 0x1235)),
        Other("width", 3, "another width", "writel", "writew 0x20000004 = 0x1234", io => io.Write16(4, 0x1234)),
        Other("address", 3, "another address", "0x20000004", "0x20000008", io => io.Write32(8, 0x1234)),
        Other("kind", 3, "another step", "writel", "readl 0x20000004", io => io.Read32(4)),
        Other("order", 3, "another width", "writel 0x20000004", "writew 0x20000008", io => io.Write16(8, 7)),
        Other("one more", 4, "another width", "writew 0x20000008", "writel 0x20000004", io =>
        {
            io.Write32(4, 0x1234);
            io.Write32(4, 0x1234);
        }),
        Other("one less", 4, "another step", "writew 0x20000008", "readl 0x20000004", io =>
        {
            io.Write32(4, 0x1234);
            _ = io.Read32(4);
        }),
        Other("data", 8, "other data", "00000003", "00000004", io =>
        {
            First(io);
            io.WriteRep(0, (ReadOnlySpan<uint>)[1, 2, 4]);
        }),
        Other("count", 8, "another length", "3 times", "2 times", io =>
        {
            First(io);
            io.WriteRep(0, (ReadOnlySpan<uint>)[1, 2]);
        }),
        Other("singles for a repetition", 8, "another step", "iowrite32_rep", "writel", io =>
        {
            First(io);
            io.Write32(0, 1);
        }),
        Other("fill", 9, "other data", "0xee", "0xef", io =>
        {
            First(io);
            io.WriteRep(0, (ReadOnlySpan<uint>)[1, 2, 3]);
            io.Fill(0x10, 0xef, 12);
        }),
    ];

    private static TestCaseData Other(string name, int entry, string what, string recorded, string attempted, Action<IMmio> drive) =>
        new TestCaseData(entry, what, recorded, attempted, drive).SetName($"Another_{name.Replace(' ', '_')}_is_named");

    [TestCaseSource(nameof(s_others))]
    public void Another_step_is_named(int entry, string what, string recorded, string attempted, Action<IMmio> drive)
    {
        using var replay = RecordingBench.Open(s_recording);
        var region = replay.RequestMemRegion(At, 0x40, "driver");
        var io = region.Map();
        var error = Assert.Throws<ReplayException>(() => drive(io))!;
        Assert.That(error.Message, Does.StartWith($"Entry {entry} differs ({what})").And.Contain("record it anew").And.Contain($"since entry {entry - 1}"));
        Assert.That((error.EntryNumber, error.Errno), Is.EqualTo((entry, Errno.EIO)));
        Assert.That(error.Recorded!.ToString(), Does.Contain(recorded));
        Assert.That(error.Attempted!.ToString(), Does.Contain(attempted));
        Assert.That(error.Message, Does.Contain(error.Recorded.ToString()).And.Contain(error.Attempted.ToString()));
        // A driver may have caught it: it is told again, and at the end; giving back throws nothing.
        Assert.That(Assert.Throws<ReplayException>(() => io.Read32(0))!.Message, Is.EqualTo(error.Message));
        Assert.DoesNotThrow(region.Dispose);
        Assert.That(Assert.Throws<ReplayException>(replay.Verify)!.Message, Is.EqualTo(error.Message));
        Assert.That((replay.Difference!.EntryNumber, replay.Position, replay.IsAtEnd), Is.EqualTo((entry, entry - 1L, false)));
    }

    [Test]
    public void A_step_after_the_end_is_named()
    {
        using var replay = RecordingBench.Open(s_recording);
        using (var region = replay.RequestMemRegion(At, 0x40, "driver")) Drive(region.Map());
        replay.Verify();
        var error = Assert.Throws<ReplayException>(() => replay.IoRemap(At, 4))!;
        Assert.That(error.Message, Does.Contain("ends after 12 entries").And.Contain("ioremap 0x20000000-0x20000003"));
        Assert.That((error.EntryNumber, error.Recorded), Is.EqualTo((13L, (RecordingEntry?)null)));
    }

    [Test]
    public void A_driver_that_stops_early_is_told_by_Verify_alone()
    {
        var replay = RecordingBench.Open(s_recording);
        var region = replay.RequestMemRegion(At, 0x40, "driver");
        var io = region.Map();
        First(io);
        Assert.That((replay.Position, replay.Remaining, replay.IsAtEnd), Is.EqualTo((7L, 5L, false)));
        Assert.That(Assert.Throws<ReplayException>(replay.Verify)!.Message, Does.Contain("stopped early").And.Contain("5 of the recording's 12").And.Contain("entry 8").And.Contain("iowrite32_rep"));
        region.Dispose();
        Assert.That(Assert.Throws<ReplayException>(replay.Verify)!.Message, Does.Contain("Entry 8 differs (another step)").And.Contain("iounmap"));
        Assert.DoesNotThrow(replay.Dispose);
        Assert.Throws<ObjectDisposedException>(() => replay.RequestMemRegion(At, 0x40, "driver"));
    }

    [Test]
    public void Another_claim_is_named()
    {
        foreach (var (start, length, name, what) in new[] { (At, 0x40L, "other", "another name"), (At + 4, 0x40, "driver", "another address"), (At, 0x3c, "driver", "another length") })
        {
            using var replay = RecordingBench.Open(s_recording);
            Assert.That(Assert.Throws<ReplayException>(() => replay.RequestMemRegion(start, length, name))!.Message, Does.Contain(what));
        }
    }

    [Test]
    public void Relaxed_and_ordered_are_the_same_to_a_replay_and_kept_apart_in_the_text()
    {
        var recording = RecordingBench.Record(TestBoards.WithScratch(out _), hw =>
        {
            var io = hw.IoRemap(At, 16);
            io.WriteRelaxed32(0, 5);
            _ = io.ReadRelaxed64(0);
        });
        Assert.That(RecordingBench.Text(recording).Skip(1), Is.EqualTo(new[] { "writel_relaxed 0x20000000 = 0x00000005", "readq_relaxed 0x20000000 = 0x0000000000000005" }));
        using var replay = RecordingBench.Open(recording);
        var window = replay.IoRemap(At, 16);
        window.Write32(0, 5);
        Assert.That(window.Read64(0), Is.EqualTo(5));
        replay.Verify();
    }

    private static void First(IMmio io)
    {
        io.Write32(4, 0x1234);
        io.Write16(8, 7);
        _ = io.Read32(4);
        io.Modify8(8, 1, 8);
    }
}
