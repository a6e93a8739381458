using RawIo.Sim;

namespace RawIo.Tests;

// Requests, bounds, snapshots, and DMA that reaches its own controller.
public partial class Bcm2835DmaModelTests
{
    /// <summary>A FIFO of a depth that takes words at its register 0 while it has room.</summary>
    private sealed class Fifo(int depth) : Device
    {
        public SignalLine Room { get; } = new();

        public Queue<uint> Words { get; } = [];

        public override string Name => "FIFO";

        public override IReadOnlyList<string> Compatible => [];

        public void Update() => Room.Set(Words.Count < depth);

        public uint Take()
        {
            var word = Words.Dequeue();
            Update();
            return word;
        }

        public override ulong Read(int offset, int size) => Take();

        public override void Write(int offset, int size, ulong value)
        {
            Assert.That(Words, Has.Count.LessThan(depth), "a word was written without a request");
            Words.Enqueue((uint)value);
            Update();
        }

        public override void Reset() => Words.Clear();
    }

    private Fifo Attach(int depth, int request)
    {
        var fifo = new Fifo(depth);
        _bus.Devices[0x7e20_4000] = fifo;
        _dma.Connect(new DmaRequest(request, fifo.Room));
        return fifo;
    }

    [Test]
    public void A_paced_channel_moves_a_word_for_each_request_and_rests_between()
    {
        var fifo = Attach(2, 6);
        Block(0x100, SrcInc | DestDreq | 6 << 16 | Inten, 0x1_0000, 0x7e20_4000, 16);
        Start(5, 0x100);
        _time.AdvanceMicroseconds(10);
        Assert.That((Read(0x500), Read(0x514), _time.ArmedTimers, fifo.Room.IsWanted), Is.EqualTo((Active | Stops, 16u, 0, true)));
        fifo.Update();
        Assert.That((Read(0x500), fifo.Words.Count), Is.EqualTo((Active | Dreq, 0)), "not within the line's change");
        _time.AdvanceMicroseconds(10);
        Assert.That((fifo.Words.Count, Read(0x514), Read(0x500)), Is.EqualTo((2, 8u, Active | Stops)));
        var taken = new List<uint>();
        for (var i = 0; i < 2; i++)
        {
            taken.Add(fifo.Take());
            _time.AdvanceMicroseconds(1);
        }
        Assert.That(Read(0x500), Is.EqualTo(End | Int), "DREQ stays the selected line's");
        while (fifo.Words.Count > 0) taken.Add(fifo.Take());
        Assert.That(taken, Is.EqualTo(_bus.Get(0x1_0000, 4)));
        Assert.That((fifo.Room.IsWanted, _bus.Registers.Select(r => r.Kind), _bus.Registers.Select(r => r.Size)),
            Is.EqualTo((false, new[] { 'W', 'W', 'W', 'W' }, new[] { 4, 4, 4, 4 })));
    }

    [Test]
    public void Reads_are_paced_too_and_without_the_DREQ_bits_PERMAP_is_only_shown()
    {
        var fifo = Attach(8, 7);
        fifo.Words.Enqueue(0x11);
        Block(0x100, DestInc | SrcDreq | 7 << 16, 0x7e20_4000, 0x2_0000, 4);
        Start(5, 0x100);
        _time.AdvanceMicroseconds(10);
        Assert.That(fifo.Words, Has.Count.EqualTo(1));
        fifo.Room.Set(true);
        _time.AdvanceMicroseconds(1);
        Assert.That((_bus[0x2_0000], Read(0x500) & End), Is.EqualTo((0x11u, End)));
        fifo.Room.Set(false);
        Block(0x100, Copy | 7 << 16, 0x1_0000, 0x2_0000, 4);
        Write(0x500, End);
        Start(5, 0x100);
        _time.AdvanceMicroseconds(1);
        Assert.That((_bus[0x2_0000], Read(0x500)), Is.EqualTo((0xa000_0000u, End)));
    }

    [Test]
    public void A_request_nobody_makes_never_comes()
    {
        Block(0x100, Copy | DestDreq | 9 << 16, 0x1_0000, 0x2_0000, 4);
        Start(0, 0x100);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(0x00), _time.ArmedTimers), Is.EqualTo((Active | Stops, 0)));
        Assert.That(() => _dma.Connect(new DmaRequest(0, new SignalLine())), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _dma.Connect(new DmaRequest(32, new SignalLine())), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Each_look_at_the_time_makes_a_bounded_piece_of_a_gibibyte_and_of_an_endless_list()
    {
        Block(0x100, SrcInc | DestIgnore, 0x1_0000, 0, 0x3fff_ffff);
        Block(0x120, SrcIgnore | DestIgnore, 0, 0, 0, 0, 0x120);
        Start(0, 0x100);
        Start(1, 0x120);
        var before = Read(0x14);
        _time.AdvanceMicroseconds(9);
        Assert.That((before, Read(0x14)), Is.EqualTo((0u, 0x3fff_ffffu - 0x400)));
        Assert.That((Read(0x100) & 3, Read(0x104)), Is.EqualTo((Active | End, 0x120u)));
        Write(0x000, Reset);
        Write(0x100, Reset);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void A_channel_may_load_its_own_next_block_and_end_itself()
    {
        _bus.Devices[0x7e00_7000] = _dma;
        _bus.Put(0x3_0000, 0x140, Reset);
        Block(0x100, Copy, 0x3_0000, 0x7e00_701c, 4, 0, 0x120); // NEXTCONBK of its own
        Block(0x120, Copy, 0x1_0000, 0x2_0000, 4);
        Block(0x140, Copy, 0x3_0004, 0x7e00_7000, 8, 0, 0x140); // RESET into CS, the rest is not moved
        Start(0, 0x100);
        _time.AdvanceMicroseconds(10);
        Assert.That((_bus[0x2_0000], Read(0x00), Read(0x04), _time.ArmedTimers), Is.EqualTo((0u, 0u, 0u, 0)));
    }

    [Test]
    public void A_snapshot_goes_on_from_the_middle_any_number_of_times()
    {
        Block(0x100, Copy | Inten, 0x1_0000, 0x2_0000, 0x1000);
        Start(4, 0x100);
        _time.AdvanceMicroseconds(9);
        var saved = _dma.Save();
        _time.AdvanceMilliseconds(1);
        Assert.That(_dma.InterruptLines[4].Level, Is.True);
        for (var i = 0; i < 2; i++)
        {
            Array.Clear(_bus.Ram, 0x2_0000, 0x1000);
            _dma.Restore(saved);
            Assert.That((Read(0x400) & 7, Read(0x414), _dma.InterruptLines[4].Level, _time.ArmedTimers), Is.EqualTo((Active, 0xc00u, false, 1)));
            _time.AdvanceMilliseconds(1);
            Assert.That((Read(0x400) & 7, _bus[0x2_03fc], _bus[0x2_0ffc]), Is.EqualTo((End | Int, 0u, 0xa000_0ffcu)));
        }
        _dma.Reset();
        Assert.That((Read(0x400), _dma.InterruptLines[4].Level, Read(0xff0)), Is.EqualTo((0u, false, 0x7fffu)));
    }

    [TestCase(0x008)]
    [TestCase(0x00c)]
    [TestCase(0x010)]
    [TestCase(0x014)]
    [TestCase(0x018)]
    [TestCase(0x024)]
    [TestCase(0xf00)]
    [TestCase(0xfe0)]
    public void Registers_that_are_loaded_or_missing_refuse_writes(int offset)
    {
        Assert.That(() => Write(offset, 1), Throws.TypeOf<BusFaultException>());
        var errors = _dma.BehaveAsHardware();
        Write(offset, 1);
        Assert.That((errors.Count, Read(offset)), Is.EqualTo((offset is 0x24 or 0xf00 ? 1L : 1L, 0u)));
    }

    [Test]
    public void A_crooked_block_address_and_one_written_under_way_are_mistakes()
    {
        Assert.That(() => Write(0x04, 0x110), Throws.TypeOf<BusFaultException>());
        var errors = _dma.BehaveAsHardware();
        Write(0x04, 0x110);
        Assert.That((errors.Count, Read(0x04)), Is.EqualTo((1L, 0x100u)));
        Block(0x100, Copy, 0x1_0000, 0x2_0000, 0x1000);
        Start(0, 0x100);
        _time.AdvanceMicroseconds(1);
        Write(0x04, 0x140);
        Assert.That((errors.Count, Read(0x04)), Is.EqualTo((2L, 0x100u)));
        Write(0x00, 0);
        Block(0x140, Copy, 0x1_0000, 0x3_0000, 4);
        Start(0, 0x140);
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(0x00) & 3, _bus[0x3_0000], errors.Count), Is.EqualTo((End, 0xa000_0000u, 2L)), "paused, a block is dropped for a new one");
    }

    [Test]
    public void On_BCM2711_there_are_eleven_channels()
    {
        var dma = new Bcm2835DmaModel(_time, _bus, 11);
        Assert.That((dma.InterruptLines.Count, (uint)dma.Read(0xff0, 4)), Is.EqualTo((11, 0x7ffu)));
        Assert.That(() => dma.Read(0xb00, 4), Throws.TypeOf<BusFaultException>());
        Assert.That(() => new Bcm2835DmaModel(_time, _bus, 16), Throws.TypeOf<ArgumentOutOfRangeException>());
        using var pi4 = SimMachine.Create("pi4", new() { SteppedClock = true });
        Assert.That(pi4.Device<Bcm2835DmaModel>().InterruptLines, Has.Count.EqualTo(11));
    }

    [Test]
    public void A_machine_copies_its_memory_and_a_late_host_clock_is_made_up_for()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        var ram = pi.PhysicalMemory.Window(0x10_0000, 0x3000);
        for (var i = 0; i < 0x1000; i += 4) ram.Write32(0x1000 + i, (uint)i * 7);
        ram.Write32(0x00, Copy | Inten);
        ram.Write32(0x04, 0xc010_1000);
        ram.Write32(0x08, 0xc010_2000);
        ram.Write32(0x0c, 0x1000);
        using var io = pi.IoRemap(0x3f00_7000, 0x1000);
        io.Write32(0x504, 0xc010_0000);
        io.Write32(0x500, Active);
        pi.Clock.Step(1_000_000);
        Assert.That(io.Read32(0x500), Is.EqualTo(End | Int | Dreq));
        for (var i = 0; i < 0x1000; i += 4) Assert.That(ram.Read32(0x2000 + i), Is.EqualTo((uint)i * 7));

        var late = new LateTime();
        var dma = new Bcm2835DmaModel(late, _bus);
        Block(0x100, Copy, 0x1_0000, 0x2_0000, 0x1000);
        dma.Write(0x04, 4, 0x100);
        dma.Write(0x00, 4, Active);
        late.Now = 1_000_000;
        late.Callback!(late.State);
        Assert.That((uint)dma.Read(0x00, 4), Is.EqualTo(End | Dreq));
    }

    /// <summary>A clock whose timers are run by hand, later than they were due.</summary>
    private sealed class LateTime : TimeProvider
    {
        public long Now { get; set; }

        public TimerCallback? Callback { get; private set; }

        public object? State { get; private set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Callback, State) = (callback, state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
