using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Pl011Tests
{
    private ManualTime _time = null!;
    private Pl011Model _model = null!;
    private BareDevice _bus = null!;
    private Pl011 _uart = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime { NanosecondsPerLook = 1000 };
        _model = new Pl011Model(_time, new() { PeripheralId = 0x0024_1011 });
        _bus = new BareDevice(_model, 0x200);
        _uart = new Pl011(_bus, _time);
    }

    [Test]
    public void The_constructor_touches_nothing_and_wants_the_whole_block()
    {
        Assert.That(_bus.Log, Is.Empty);
        Assert.That(() => new Pl011(new MemoryMmio(new byte[0x48]), _time), Throws.ArgumentException);
    }

    [Test]
    public void Configuring_goes_by_the_manual_off_divisors_line_control_on()
    {
        _uart.Configure(new());
        Assert.That(_bus.Log.Where(a => a.Kind == 'W').Select(a => (a.Offset, a.Value)), Is.EqualTo(new (long, ulong)[]
        {
            (0x38, 0), (0x30, 0), (0x2c, 0x10), (0x2c, 0), (0x44, 0x7ff), (0x04, 0), (0x48, 0), (0x34, 0),
            (0x24, 26), (0x28, 3), (0x2c, 0x70), (0x30, 0xb01),
        }));
    }

    [TestCase(9600, 48_000_000L, 312u, 32u)]
    [TestCase(115200, 3_000_000L, 1u, 40u)]
    [TestCase(3_000_000, 48_000_000L, 1u, 0u)]
    [TestCase(46, 48_000_000L, 65217u, 25u)]
    public void Divisors_are_the_nearest_64ths(int baud, long clock, uint whole, uint parts)
    {
        _uart.Configure(new() { Baud = baud, ClockFrequency = clock });
        Assert.That((_bus.Read32(0x24), _bus.Read32(0x28)), Is.EqualTo((whole, parts)));
    }

    [Test]
    public void Character_formats_have_their_bits()
    {
        _uart.Configure(new() { DataBits = 7, Parity = SerialParity.Even, StopBits = 2 });
        Assert.That(_bus.Read32(0x2c), Is.EqualTo(0x5eu));
        _uart.Configure(new() { DataBits = 5, Parity = SerialParity.Odd, FlowControl = true, Loopback = true });
        Assert.That((_bus.Read32(0x2c), _bus.Read32(0x30)), Is.EqualTo((0x12u, 0xcb81u)));
    }

    [Test]
    public void Settings_out_of_range_are_refused_before_anything_is_touched()
    {
        Pl011Settings[] bad =
        [
            new() { Baud = 0 }, new() { Baud = 3_000_001 * 2 }, new() { Baud = 45 }, new() { DataBits = 4 }, new() { DataBits = 9 },
            new() { StopBits = 3 }, new() { Parity = (SerialParity)7 }, new() { ClockFrequency = 0 },
        ];
        foreach (var settings in bad) Assert.That(() => _uart.Configure(settings), Throws.TypeOf<ArgumentOutOfRangeException>(), settings.ToString());
        Assert.That(() => _uart.Timeout = TimeSpan.Zero, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_bus.Log, Is.Empty);
    }

    [Test]
    public void A_long_text_is_written_at_the_speed_of_the_wire_and_nothing_is_lost()
    {
        _uart.Configure(new());
        var text = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        var start = _time.Now;
        _uart.Write(text);
        _uart.Flush();
        Assert.That(_model.Line.Receive(), Is.EqualTo(text));
        Assert.That(_time.Now - start, Is.InRange(86_800_000, 87_500_000));
    }

    [Test]
    public void Reading_takes_what_waits_and_no_more()
    {
        _uart.Configure(new());
        _model.Line.Send("hello"u8);
        _time.AdvanceMilliseconds(1);
        var buffer = new byte[3];
        Assert.That((_uart.Read(buffer), buffer), Is.EqualTo((3, "hel"u8.ToArray())));
        Assert.That((_uart.Read(buffer), buffer[..2]), Is.EqualTo((2, "lo"u8.ToArray())));
        _bus.Log.Clear();
        Assert.That((_uart.Read(buffer), _bus.Log.Count), Is.EqualTo((0, 1)), "one look at the flags, and no read of an empty FIFO");
    }

    [Test]
    public void Errors_are_counted_and_a_break_is_no_character()
    {
        _uart.Configure(new() { Parity = SerialParity.Odd });
        _model.Line.SendFaulty((byte)'f', SerialFault.Framing);
        _model.Line.SendFaulty((byte)'p', SerialFault.Parity);
        _model.Line.SendFaulty(0, SerialFault.Break);
        _model.Line.Send(new byte[20]);
        _time.AdvanceMilliseconds(5);
        var buffer = new byte[32];
        Assert.That((_uart.Read(buffer), buffer[0], buffer[1]), Is.EqualTo((15, (byte)'f', (byte)'p')));
        Assert.That((_uart.FramingErrors, _uart.ParityErrors, _uart.Breaks, _uart.Overruns), Is.EqualTo((1L, 1L, 1L, 0L)));
        _model.Line.Send((byte)'x');
        _time.AdvanceMilliseconds(1);
        Assert.That((_uart.Read(buffer), buffer[0], _uart.Overruns), Is.EqualTo((1, (byte)'x', 1L)));
    }

    [Test]
    public void Loopback_comes_back()
    {
        _uart.Configure(new() { Loopback = true });
        _uart.Write("self"u8);
        _uart.Flush();
        var buffer = new byte[8];
        Assert.That((_uart.Read(buffer), buffer[..4]), Is.EqualTo((4, "self"u8.ToArray())));
    }

    [Test]
    public void A_transmitter_that_is_held_times_out_and_configuring_anew_frees_it([Values] bool fifos)
    {
        _uart.Timeout = TimeSpan.FromMilliseconds(10);
        _uart.Configure(new() { FlowControl = true });
        if (!fifos) _bus.Write32(0x2c, 0x60);
        Assert.That(() => _uart.Write(new byte[17]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT));
        Assert.That(() => _uart.Flush(), Throws.TypeOf<RawIoException>());
        _uart.Configure(new());
        _uart.Write("ok"u8);
        _uart.Flush();
        Assert.That(_model.Line.Receive(), Is.EqualTo("ok"u8.ToArray()));
    }

    [Test]
    public void Reading_by_interrupt_needs_one()
    {
        Assert.That(async () => await _uart.ReadAsync(new byte[1]), Throws.InvalidOperationException);
    }

    /// <summary>Each side in its own hands: the test steps the clock, the driver's loop waits for nothing but its interrupt.</summary>
    [TestCase("pi1")]
    [TestCase("pi3")]
    public async Task An_echo_by_interrupt_answers_everything_in_order(string board)
    {
        using var machine = SimMachine.Create(board, new SimOptions { SteppedClock = true });
        using var bus = new PlatformBus(machine);
        var driver = new Pl011PlatformDriver();
        var devices = bus.Register(driver);
        var uart = (Pl011)devices.Single().DriverData!;
        uart.Configure(new());
        var line = machine.Device<Pl011Model>("uart0").Line;
        using var stop = new CancellationTokenSource();
        var echoed = 0;
        var echo = Task.Run(async () =>
        {
            var buffer = new byte[5];
            while (true)
            {
                var count = await uart.ReadAsync(buffer, stop.Token);
                uart.Write(buffer.AsSpan(0, count));
                Interlocked.Add(ref echoed, count);
            }
        });
        var expected = new List<byte>();
        var received = new List<byte>();
        foreach (var length in (int[])[1, 2, 3, 7, 14])
        {
            var text = Enumerable.Range(0, length).Select(i => (byte)(length * 16 + i)).ToArray();
            expected.AddRange(text);
            line.Send(text);
            while (Volatile.Read(ref echoed) < expected.Count && !echo.IsCompleted) machine.Clock.Step(20_000);
            machine.Clock.Step(5_000_000);
            received.AddRange(line.Receive());
        }
        Assert.That(received, Is.EqualTo(expected));
        Assert.That(uart.Overruns, Is.Zero);
        await stop.CancelAsync();
        Assert.That(async () => await echo, Throws.InstanceOf<OperationCanceledException>());
        bus.Unregister(driver);
        Assert.That(machine.PhysicalMemory.Read32(board == "pi1" ? 0x2020_1030 : 0x3f20_1030), Is.Zero, "it is off");
        Assert.That(() => uart.Read(new byte[1]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Its_registers_have_a_map_that_knows_what_reading_takes()
    {
        var map = RegisterMaps.For("arm,pl011")!;
        Assert.That((map.IsConsuming(0, 4), map.IsConsuming(0x18, 4)), Is.EqualTo((true, false)));
        Assert.That(map.Registers.Select(r => (r.Name, r.Offset)), Is.SupersetOf(new[] { ("UARTFR", 0x18L), ("UARTCR", 0x30L), ("UARTDMACR", 0x48L) }));
    }
}
