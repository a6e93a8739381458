using CsCheck;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The file: what is in it when the process dies, what is read of a damaged one, what it costs.</summary>
internal sealed class RecordingFileTests
{
    private const ulong At = TestBoards.DeviceAddress;

    [Test]
    public void An_access_recorded_allocates_nothing_also_where_a_chunk_is_full()
    {
        using var recorder = Recording.Record(SimMachine.Create("pi3", new() { SteppedClock = true }), new CountingStream());
        var io = recorder.IoRemap(0x3f20_0000, 0xb4);
        var time = recorder.Time;
        var words = new uint[16];
        Touch();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) Touch();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Touch()
        {
            io.Write32(0x1c, 1 << 16);
            _ = io.Read32(0x34);
            io.WriteRelaxed32(0x28, 1 << 16);
            io.ReadRep(0x34, words);
            _ = time.GetTimestamp();
        }
    }

    [Test]
    public void An_access_of_a_port_recorded_allocates_nothing()
    {
        using var recorder = Recording.Record(SimMachine.Create("pc", new() { SteppedClock = true }), new CountingStream());
        using var ports = recorder.OpenPorts(0x80, 1);
        ports.Out8(0x80, 1);
        _ = ports.In8(0x80);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            ports.Out8(0x80, (byte)i);
            _ = ports.In8(0x80);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Full_chunks_and_what_was_flushed_are_in_the_file_while_the_recorder_lives()
    {
        using var folder = new MachineFolder();
        var path = folder["run.rec"];
        using var recorder = Recording.Record(TestBoards.WithScratch(out _), path);
        var io = recorder.IoRemap(At, 16);
        for (var i = 0; i < 100_000; i++) io.Write32(0, (uint)i);
        Assert.That(Read(path, out var isComplete), Is.InRange(94_000L, 100_001L));
        Assert.That(isComplete, Is.False);
        recorder.Flush();
        Assert.That(Read(path, out isComplete), Is.EqualTo(100_001));
        Assert.That((isComplete, recorder.EntryCount), Is.EqualTo((false, 100_001L)));
        recorder.Dispose();
        recorder.Dispose();
        Assert.That(Read(path, out isComplete), Is.EqualTo(100_001));
        Assert.That(isComplete, Is.True);
        Assert.Throws<ObjectDisposedException>(() => io.Read32(0));
    }

    [Test]
    public void Cut_anywhere_it_reads_to_its_last_whole_entry_and_says_so()
    {
        var whole = Sample();
        var all = RecordingBench.Text(whole);
        var last = 0;
        for (var length = whole.Length - 1; length > 0; length--)
        {
            var cut = whole[..length];
            string[] text;
            try
            {
                text = RecordingBench.Text(cut);
            }
            catch (MalformedInputException error)
            {
                Assert.That(error.Message, Does.Contain("header").Or.Contain("no recording"), $"{length}");
                last = length;
                break;
            }
            Assert.That(text, Is.EqualTo(all[..text.Length]), $"{length}");
            using var replay = RecordingBench.Open(cut);
            Assert.That((replay.IsComplete, replay.Remaining), Is.EqualTo((false, (long)text.Length)));
        }
        Assert.That(last, Is.GreaterThan(100));
    }

    [Test]
    public void A_driver_that_goes_on_behind_a_cut_is_told_that_it_is_one()
    {
        var whole = RecordingBench.Record(TestBoards.WithScratch(out _), hw => hw.IoRemap(At, 16).Write32(0, 1));
        using var replay = RecordingBench.Open(whole[..^1]);
        var io = replay.IoRemap(At, 16);
        io.Write32(0, 1);
        Assert.That(Assert.Throws<ReplayException>(() => io.Write32(0, 2))!.Message, Does.Contain("ends after 2 entries (it is cut off"));
    }

    [Test]
    public void A_damaged_file_is_malformed_cut_or_another_recording_and_nothing_else()
    {
        var whole = Sample();
        var random = new Random(1);
        var malformed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(bytes.Length);
                bytes[at] = random.Next(3) switch { 0 => 0xff, 1 => (byte)(bytes[at] ^ 1 << random.Next(8)), _ => (byte)random.Next(256) };
            }
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                using var replay = RecordingBench.Open(bytes);
                foreach (var line in RecordingBench.Text(bytes)) Assert.That(line, Is.Not.Empty);
            }
            catch (MalformedInputException error)
            {
                Assert.That(error.Position, Is.InRange(0, bytes.Length));
                malformed++;
            }
        }
        Assert.That(malformed, Is.InRange(1000, 19_999));
    }

    [Test]
    public void A_length_that_lies_takes_no_memory()
    {
        var whole = Sample();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < whole.Length; at += 7)
        {
            var bytes = whole.ToArray();
            bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(0x7f);
            try
            {
                RecordingBench.Open(bytes).Dispose();
            }
            catch (MalformedInputException)
            {
                // Or it is cut off, or another recording.
            }
        }
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / (whole.Length / 7), Is.LessThan(2_000_000));
    }

    [Test]
    public void What_is_no_recording_is_told()
    {
        Assert.That(() => RecordingBench.Open([]), Throws.TypeOf<MalformedInputException>().With.Message.Contains("no recording"));
        Assert.That(() => RecordingBench.Open([.. "RAWIOREC"u8, 9, 0, 0, 0, 0, 0]), Throws.TypeOf<MalformedInputException>().With.Message.Contains("version 9"));
        Assert.That(() => RecordingBench.Open([.. Sample(), 0]), Throws.TypeOf<MalformedInputException>().With.Message.Contains("after the recording's end"));
        Assert.That(() => Recording.Open("/nowhere/at/all"), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENOENT));
        Assert.That(() => Recording.Open("/"), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EACCES));
        Assert.That(() => Recording.Record(TestBoards.Make(), "/nowhere/at/all"), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENOENT));
        Assert.That(() => Recording.Record(TestBoards.Make(), new MemoryStream([], writable: false)), Throws.ArgumentException);
    }

    [Test]
    public void A_full_disk_does_not_disturb_the_driver_and_is_told_at_the_end()
    {
        var machine = TestBoards.WithScratch(out var device);
        var recorder = Recording.Record(machine, new CountingStream { Limit = 100_000 });
        var io = recorder.IoRemap(At, 16);
        for (var i = 0; i < 20_000; i++) io.Write32(0, (uint)i);
        Assert.That(device.Take(), Has.Length.EqualTo(20_000));
        Assert.That(recorder.Flush, Throws.TypeOf<RawIoException>().With.Message.Contains("no room"));
        Assert.That(recorder.Dispose, Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO));
        Assert.That(() => machine.IoRemap(At, 4), Throws.TypeOf<ObjectDisposedException>(), "disposed all the same");
        Assert.DoesNotThrow(recorder.Dispose);
    }

    [Test]
    public void A_stream_that_cannot_seek_replays_as_well()
    {
        using var replay = Recording.Open(new CountingStream(Sample()));
        Assert.That(replay.Remaining, Is.EqualTo(RecordingBench.Entries(Sample()).Count));
    }

    [Test]
    public void A_block_longer_than_a_chunk_is_one_entry()
    {
        var machine = SimMachine.Create("pi3");
        var data = new byte[200_000];
        new Random(3).NextBytes(data);
        var recording = RecordingBench.Record(new SteppedMachine(machine), hw => hw.IoRemap(0x10_0000, data.Length).CopyTo(0, data));
        Assert.That(RecordingBench.Entries(recording)[1].Data.Span.SequenceEqual(data), Is.True);
        using var replay = RecordingBench.Open(recording);
        replay.IoRemap(0x10_0000, data.Length).CopyTo(0, data);
        replay.Verify();
    }

    private readonly record struct Step(int Kind, int Size, int Offset, ulong Value);

    private static readonly Gen<Step> s_step = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 3], Gen.Int[0, 20], Gen.ULong, (kind, size, offset, value) => new Step(kind, 1 << size, offset << size, value));

    [Test]
    public void Any_sequence_of_accesses_replays_to_the_same_values() => s_step.Array[0, 60].Sample(steps =>
    {
        ulong[] seen = [];
        var recording = RecordingBench.Record(TestBoards.WithScratch(out _), hw => seen = Drive(hw, steps));
        using var replay = RecordingBench.Open(recording);
        if (!Drive(replay, steps).SequenceEqual(seen)) Assert.Fail("other values");
        replay.Verify();
    }, iter: 500, seed: "0000KCuAOgXb");

    private static ulong[] Drive(IHardware hw, Step[] steps)
    {
        using var io = hw.IoRemap(At, 256);
        var seen = new List<ulong>();
        foreach (var (kind, size, offset, value) in steps)
        {
            switch (kind)
            {
                case 0: seen.Add(io.Read(offset, size)); break;
                case 1: io.Write(offset, size, value); break;
                case 2: io.WriteRep(offset & ~7, (ReadOnlySpan<ulong>)[value, ~value]); break;
                case 3: io.Fill(offset, (byte)value, size); break;
                case 4: io.CopyTo(offset, BitConverter.GetBytes(value)); break;
                case 5: io.Modify8(offset, (byte)value, (byte)(value >> 8)); break;
                case 6: seen.Add(io.TryRead(offset, size, out var read) ? read : 1); break;
                case 7:
                    var words = new ushort[3];
                    io.ReadRep(offset & ~1, words);
                    seen.AddRange(words.Select(w => (ulong)w));
                    break;
                default:
                    var bytes = new byte[9];
                    io.CopyFrom(offset, bytes);
                    seen.AddRange(bytes.Select(b => (ulong)b));
                    break;
            }
        }
        return [.. seen];
    }

    /// <summary>Some of everything.</summary>
    private static byte[] Sample() => RecordingBench.Record(InterruptBench.Make(), hw =>
    {
        using var region = hw.RequestMemRegion(0x2000_0000, 0x10, "driver");
        using var io = hw.IoRemap(0x2000_1000, 16);
        _ = io.Read32(0);
        io.WriteRep(4, (ReadOnlySpan<uint>)[0, 0]);
        Assert.Catch(() => hw.RequestMemRegion(0x2000_0004, 4, "other"));
        using var interrupt = hw.OpenInterrupt(3, "test");
        interrupt.Enable();
        io.Write32(0, 1);
        _ = interrupt.WaitAsync().AsTask().Result;
        using var timer = hw.Time.CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _ = hw.Time.GetUtcNow();
        _ = hw.Time.GetTimestamp();
    });

    private static long Read(string path, out bool isComplete)
    {
        using var reader = Recording.Read(path);
        while (reader.TryRead(out _)) { }
        isComplete = reader.IsComplete;
        return reader.Count;
    }

    /// <summary>A stream that keeps nothing, and may be full at some point; or one that is read and cannot seek.</summary>
    private sealed class CountingStream(byte[]? content = null) : Stream
    {
        private readonly MemoryStream _content = new(content ?? []);
        private long _written;

        public long Limit { get; init; } = long.MaxValue;

        public override bool CanRead => content is not null;
        public override bool CanSeek => false;
        public override bool CanWrite => content is null;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => _content.Read(buffer, offset, count);
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _written += count;
            if (_written > Limit) throw new IOException("There is no room left.");
        }
    }
}
