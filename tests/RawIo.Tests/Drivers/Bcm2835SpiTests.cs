using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835SpiTests
{
    private static readonly SpiConnection s_first = new(0, 0, 10_000_000), s_second = new(1);

    private ManualTime _time = null!;
    private Bcm2835SpiModel _model = null!;
    private BareDevice _bus = null!;
    private Bcm2835Spi _spi = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime();
        _model = new Bcm2835SpiModel(_time);
        _bus = new BareDevice(_model, 0x18);
        _spi = new Bcm2835Spi(_bus, _time);
        _time.NanosecondsPerLook = 500;
    }

    [Test]
    public void A_flash_is_identified_erased_programmed_and_read()
    {
        var flash = new SpiFlash();
        _model.Bus.Plug(0, flash);
        var id = new byte[3];
        _spi.WriteRead(s_first, [0x9f], id);
        Assert.That(id, Is.EqualTo(new byte[] { 0xef, 0x40, 0x16 }));

        void WaitUntilReady()
        {
            var status = new byte[1];
            do _spi.WriteRead(s_first, [0x05], status);
            while ((status[0] & 1) != 0);
        }

        flash[0x1000] = 0;
        _spi.Transfer(s_first, [0x06], []);
        _spi.Transfer(s_first, [0x20, 0x00, 0x10, 0x00], []);
        WaitUntilReady();
        var start = _time.Now;
        byte[] page = [.. Enumerable.Range(0, 256).Select(i => (byte)(i ^ 0x5a))];
        _spi.Transfer(s_first, [0x06], []);
        _spi.Transfer(s_first, [0x02, 0x00, 0x10, 0x00, .. page], []);
        WaitUntilReady();
        Assert.That(_time.Now - start, Is.GreaterThan(400_000));
        var read = new byte[258];
        _spi.WriteRead(s_first, [0x03, 0x00, 0x10, 0x00], read);
        Assert.That(read, Is.EqualTo((byte[])[.. page, 0xff, 0xff]));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(5000)]
    public void Any_length_comes_back_over_a_loopback(int length)
    {
        _model.Bus.Plug(1, new SpiLoopback());
        byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 >> 3))];
        var received = new byte[length];
        _spi.Transfer(s_second, sent, received);
        Assert.That(received, Is.EqualTo(sent));
        _spi.Transfer(s_second, sent, []);
        Assert.That((_model.Bus.Level(1), _bus.Read32(0) & 0x2_0080), Is.EqualTo((true, 0u)), "stopped and empty");
    }

    [Test]
    public void A_converter_gives_its_ten_bits_and_another_mode_does_not()
    {
        _model.Bus.Plug(0, new Mcp3008 { [6] = 2.0 });
        int Convert(int mode)
        {
            var data = new byte[3];
            _spi.Transfer(new(0, mode), [1, 0xe0, 0], data);
            return (data[1] & 3) << 8 | data[2];
        }

        Assert.That((Convert(0), Convert(3)), Is.EqualTo((620, 620)));
        Assert.That((Convert(1), Convert(2)), Is.Not.EqualTo((620, 620)));
    }

    [Test]
    public void The_registers_are_written_as_section_10_6_1_has_it()
    {
        _model.Bus.Plug(1, new SpiLoopback());
        _spi.Transfer(new(1, 3, 999_999), [0x42], []);
        var writes = _bus.Log.Where(a => a.Kind == 'W').Select(a => (a.Offset, a.Value)).ToArray();
        Assert.That(writes, Is.EqualTo(new[] { (8L, 252ul), (0L, 0x3dul), (0L, 0x8dul), (4L, 0x42ul), (0L, 0x30ul) }));
    }

    [TestCase(1_000_000, 1_000_000)]
    [TestCase(999_999, 992_063)]
    [TestCase(250_000_000, 125_000_000)]
    [TestCase(1, 3814)]
    public void The_clock_is_never_faster_than_asked_but_where_it_cannot_be_slower(long hertz, long real) =>
        Assert.That(_spi.ClockOf(new(0, 0, hertz)), Is.EqualTo(real));

    [Test]
    public void Bad_arguments_touch_nothing()
    {
        Assert.That(() => _spi.Transfer(s_first, new byte[2], new byte[3]), Throws.ArgumentException.With.Message.Contains('3'));
        Assert.That(() => _spi.Transfer(new(3), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _spi.Transfer(new(0, 4), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _spi.Transfer(new(0, 0, 0), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _spi.TransferAsync(s_first, new byte[1], default).AsTask(), Throws.InvalidOperationException);
        Assert.That(() => new Bcm2835Spi(new BareDevice(_model, 0x14), _time), Throws.ArgumentException);
        Assert.That(() => _spi.Timeout = TimeSpan.Zero, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_bus.Log, Is.Empty);
    }

    [Test]
    public void A_controller_that_does_not_go_on_times_out_and_is_stopped()
    {
        var dead = new MemoryMmio(new byte[0x18]);
        _spi = new Bcm2835Spi(dead, _time) { Timeout = TimeSpan.FromMilliseconds(3) };
        Assert.That(() => _spi.Transfer(s_first, [1, 2], []), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("0 of 2"));
        Assert.That((dead.Read32(0), _spi.Timeout), Is.EqualTo((0x30u, TimeSpan.FromMilliseconds(3))));
    }

    [Test]
    public async Task On_a_stepped_machine_it_goes_by_interrupts()
    {
        using var machine = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        machine.Plug("spi0.0=loopback");
        var node = machine.DeviceTree!.Nodes.Single(n => n.Name == "spi@7e204000");
        using var interrupt = new SteppingInterrupt(machine.OpenInterrupt(node, 0, "spi"), machine.Clock);
        using var region = machine.RequestMemRegion(0x3f20_4000, 0x200, "spi");
        using var registers = region.Map();
        var spi = new Bcm2835Spi(registers, machine.Time, interrupt: interrupt);
        byte[] sent = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        var received = new byte[300];
        await spi.TransferAsync(new(0), sent, received);
        Assert.That(received, Is.EqualTo(sent));
        Assert.That(machine.Clock.Now, Is.InRange(2_400_000, 2_410_000), "8 us a byte");
        Assert.That(interrupt.Count, Is.InRange(5, 12));
        await spi.TransferAsync(new(0), sent, default);
        await spi.TransferAsync(new(0), default, default);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(async () => await spi.TransferAsync(new(0), sent, received, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(registers.Read32(0) & 0x80, Is.Zero);
        await spi.TransferAsync(new(0), sent, received);
        Assert.That(received, Is.EqualTo(sent));
    }

    [TestCase("pi1")]
    [TestCase("pi3")]
    [TestCase("pi4")]
    public async Task On_the_hosts_clock_the_same_driver_is_found_in_the_device_tree(string board)
    {
        using var machine = SimMachine.Create(board);
        machine.Plug("spi0.1=w25q64");
        using var bus = new PlatformBus(machine);
        var device = bus.Register(new Bcm2835SpiPlatformDriver()).Single();
        var spi = (Bcm2835Spi)device.DriverData!;
        var id = new byte[4];
        spi.Transfer(new(1, 0, 1_000_000), [0x9f, 0, 0, 0], id);
        Assert.That(id[1..], Is.EqualTo(new byte[] { 0xef, 0x40, 0x17 }));
        if (board == "pi4") return;
        await spi.TransferAsync(new(1, 3, 1_000_000), new byte[] { 0x9f, 0, 0, 0 }, id);
        Assert.That(id[1..], Is.EqualTo(new byte[] { 0xef, 0x40, 0x17 }));
    }
}
