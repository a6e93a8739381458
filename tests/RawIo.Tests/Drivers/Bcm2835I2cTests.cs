using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835I2cTests
{
    private ManualTime _time = null!;
    private Bcm2835I2cModel _model = null!;
    private BareDevice _bus = null!;
    private Bcm2835I2c _i2c = null!;
    private Eeprom24C32 _eeprom = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime();
        _model = new Bcm2835I2cModel(_time, 250_000_000);
        _bus = new BareDevice(_model, 0x20);
        _i2c = new Bcm2835I2c(_bus, _time);
        _model.Bus.Plug(0x50, _eeprom = new Eeprom24C32());
        _i2c.SetClock(400_000);
        _time.NanosecondsPerLook = 1000;
    }

    /// <summary>A part that holds the clock too long, or for ever stops acknowledging.</summary>
    private sealed class Sluggish(long stretch, int acknowledges = int.MaxValue) : I2cPart
    {
        private int _acknowledges = acknowledges;

        public override string Name => "sluggish";

        public override object Save() => 0;

        public override void Restore(object saved)
        {
        }

        protected internal override bool Write(byte value)
        {
            Stretch(stretch);
            return _acknowledges-- > 0;
        }

        protected internal override byte Read() => 0x5a;
    }

    private static byte[] At(int address, params byte[] data) => [(byte)(address >> 8), (byte)address, .. data];

    /// <summary>Asks until the write cycle is over, as an EEPROM's datasheet says.</summary>
    private int WaitForWrite()
    {
        var asked = 1;
        while (!_i2c.IsPresent(0x50)) asked++;
        return asked;
    }

    [Test]
    public void A_driver_that_is_kept_waiting_before_it_asks_to_read_reads_all_the_same()
    {
        _i2c.Write(0x50, At(0x10, 0xca, 0xfe, 0xba, 0xbe));
        WaitForWrite();
        var read = new byte[4];
        new Bcm2835I2c(new KeptWaiting(_bus, () => _time.AdvanceMicroseconds(1000)), _time).WriteRead(0x50, At(0x10), read);
        Assert.That(read, Is.EqualTo(new byte[] { 0xca, 0xfe, 0xba, 0xbe }));
    }

    /// <summary>Registers before a processor that is busy elsewhere when the driver wants to start a read.</summary>
    private sealed class KeptWaiting(IMmio registers, Action wait) : FakeMmio(0, 0x20)
    {
        protected override ulong Read(long offset, int size) => registers.Read(offset, size);

        protected override void Write(long offset, int size, ulong value)
        {
            if (offset == 0 && (value & 0x81) == 0x81) wait();
            registers.Write(offset, size, value);
        }
    }

    [Test]
    public void An_eeprom_is_written_polled_until_it_answers_and_read_back()
    {
        _i2c.Write(0x50, At(0x7c, 1, 2, 3, 4));
        Assert.That(() => _i2c.Write(0x50, At(0)), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO)
            .And.Message.Contains("0x50").And.Message.Contains("busy"));
        Assert.That(WaitForWrite(), Is.GreaterThan(10));
        var data = new byte[6];
        _i2c.WriteRead(0x50, At(0x7b), data);
        Assert.That(data, Is.EqualTo(new byte[] { 0xff, 1, 2, 3, 4, 0xff }));
        _i2c.Read(0x50, data.AsSpan(0, 2));
        Assert.That(_model.Bus.IsBusy, Is.False);
    }

    [Test]
    public void A_page_goes_out_in_pieces_of_the_fifo_and_wraps_as_the_part_does()
    {
        _i2c.Write(0x50, At(0x70, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        WaitForWrite();
        var data = new byte[32];
        _i2c.WriteRead(0x50, At(0x60), data);
        Assert.That(data, Is.EqualTo(Enumerable.Range(16, 16).Concat(Enumerable.Range(0, 16))));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(11)]
    [TestCase(12)]
    [TestCase(16)]
    [TestCase(17)]
    [TestCase(1000)]
    [TestCase(4096)]
    public void Any_length_is_read_without_losing_a_byte(int length)
    {
        for (var i = 0; i < 4096; i++) _eeprom[i] = (byte)(i * 7 >> 2);
        var data = new byte[length];
        _i2c.WriteRead(0x50, At(0), data);
        Assert.That(data, Is.EqualTo(Enumerable.Range(0, length).Select(i => (byte)(i * 7 >> 2))));
        _i2c.WriteRead(0x50, At(0), []);
        _i2c.Read(0x50, data);
        Assert.That(data, Is.EqualTo(Enumerable.Range(0, length).Select(i => (byte)(i * 7 >> 2))), "and by the current address");
    }

    [Test]
    public void A_long_write_before_a_read_is_joined_to_it_too()
    {
        var eeprom = new Eeprom24C32();
        _model.Bus.Plug(0x51, eeprom);
        eeprom[34] = 0x77;
        var data = new byte[1];
        _i2c.WriteRead(0x51, At(0x22, new byte[40]), data);
        Assert.That((eeprom[0x22], eeprom.IsBusy), Is.EqualTo(((byte)0x77, false)), "no stop came between: nothing was written");
    }

    [Test]
    public void A_part_that_holds_the_clock_too_long_times_out_and_the_bus_is_free_again()
    {
        _model.Bus.Plug(0x10, new Sluggish(100_000_000));
        Assert.That(() => _i2c.Write(0x10, [1, 2]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("CLKT"));
        Assert.That((_model.Bus.IsBusy, _bus.Read32(4) & 0x303), Is.EqualTo((false, 0u)));
        Assert.That(_i2c.IsPresent(0x50), Is.True);
    }

    [Test]
    public void A_part_that_holds_the_clock_for_ever_ends_by_the_drivers_timeout_where_CLKT_is_off()
    {
        _model.Bus.Plug(0x10, new Sluggish(long.MaxValue));
        _bus.Write32(0x1c, 0);
        _i2c.Timeout = TimeSpan.FromMilliseconds(20);
        Assert.That(() => _i2c.Write(0x10, [1, 2]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("0x10"));
        Assert.That(_model.Bus.IsBusy, Is.False);
        Assert.That(() => _i2c.Timeout = TimeSpan.Zero, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_i2c.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(20)));
    }

    [Test]
    public void A_part_that_stops_acknowledging_and_nobody_at_all_are_ENXIO()
    {
        _model.Bus.Plug(0x10, new Sluggish(0, acknowledges: 20));
        Assert.That(() => _i2c.Write(0x10, new byte[40]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO).And.Message.Contains("19 bytes"));
        Assert.That(() => _i2c.WriteRead(0x33, [1], new byte[1]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO));
        Assert.That(() => _i2c.Read(0x33, new byte[1]), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO));
        Assert.That(Enumerable.Range(3, 0x75).Where(_i2c.IsPresent), Is.EqualTo(new[] { 0x10, 0x50 }));
    }

    [TestCase(100_000, 2500u, 100_000)]
    [TestCase(400_000, 626u, 399_361)]
    [TestCase(1_000_000, 250u, 1_000_000)]
    [TestCase(125_000_000, 2u, 125_000_000)]
    public void The_clock_is_never_faster_than_asked(long hertz, uint divisor, long real)
    {
        Assert.That((_i2c.SetClock(hertz), _bus.Read32(0x14)), Is.EqualTo((real, divisor)));
    }

    [Test]
    public void Bad_arguments_touch_nothing()
    {
        var before = _bus.Log.Count;
        Assert.That(() => _i2c.SetClock(3814), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("3815"));
        Assert.That(() => _i2c.SetClock(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _i2c.SetClock(250_000_000), Throws.Nothing);
        Assert.That(() => _i2c.Write(0x80, [1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _i2c.Write(0x50, new byte[65536]), Throws.ArgumentException);
        Assert.That(() => _i2c.WriteReadAsync(0x50, new byte[1], default).AsTask(), Throws.InvalidOperationException.With.Message.Contains("interrupt"));
        Assert.That(() => new Bcm2835I2c(new BareDevice(_model, 0x1c), _time), Throws.ArgumentException);
        _i2c.Read(0x50, []);
        Assert.That(_bus.Log.Skip(before).Count(), Is.EqualTo(1), "the one clock that could be set");
    }

    [Test]
    public void A_thermometer_and_an_expander_are_read_and_written()
    {
        var tmp = new Tmp105 { Celsius = -12.0625 };
        var mcp = new Mcp23017();
        _model.Bus.Plug(0x48, tmp);
        _model.Bus.Plug(0x20, mcp);
        _i2c.Write(0x48, [1, 0x60]);
        _time.AdvanceMilliseconds(220);
        var data = new byte[2];
        _i2c.WriteRead(0x48, [0], data);
        Assert.That((short)(data[0] << 8 | data[1]) / 256.0, Is.EqualTo(-12.0625));

        _i2c.Write(0x20, [0x00, 0xff, 0x00]);
        _i2c.Write(0x20, [0x15, 0xa5]);
        Assert.That(Enumerable.Range(8, 8).Select(i => mcp.Pins[i].Level), Is.EqualTo("10100101".Select(c => c == '1')));
        mcp.Pins[3].Drive(true);
        _i2c.WriteRead(0x20, [0x12], data);
        Assert.That(data, Is.EqualTo(new byte[] { 0x08, 0xa5 }));
    }

    [Test]
    public void A_weather_sensor_measures_when_told_and_its_readings_come_in_one_burst()
    {
        var bme = new Bme280 { Celsius = 25.08 };
        _model.Bus.Plug(0x76, bme);
        var calibration = new byte[6];
        _i2c.WriteRead(0x76, [0x88], calibration);
        _i2c.Write(0x76, [0xf2, 1, 0xf4, 0xa1]);
        var data = new byte[8];
        do _i2c.WriteRead(0x76, [0xf3], data.AsSpan(0, 1));
        while ((data[0] & 8) != 0);
        _i2c.WriteRead(0x76, [0xf7], data);
        // BST-BMP280-DS001, section 3.11.3, in whole numbers: hundredths of a degree.
        int t1 = calibration[0] | calibration[1] << 8, t2 = (short)(calibration[2] | calibration[3] << 8), t3 = (short)(calibration[4] | calibration[5] << 8);
        var adc = data[3] << 12 | data[4] << 4 | data[5] >> 4;
        var fine = (((adc >> 3) - (t1 << 1)) * t2 >> 11) + (((((adc >> 4) - t1) * ((adc >> 4) - t1)) >> 12) * t3 >> 14);
        Assert.That(fine * 5 + 128 >> 8, Is.EqualTo(2508));
    }

    [Test]
    public async Task On_a_stepped_machine_it_goes_by_interrupts()
    {
        using var machine = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        var eeprom = (Eeprom24C32)machine.Plug("i2c1:0x50=24c32");
        using var bus = new PlatformBus(machine);
        var node = bus.Devices.Single(d => d.Name == "3f804000.i2c").Node;
        using var interrupt = new SteppingInterrupt(machine.OpenInterrupt(node, 0, "i2c"), machine.Clock);
        using var region = machine.RequestMemRegion(0x3f80_4000, 0x1000, "i2c");
        using var registers = region.Map();
        var i2c = new Bcm2835I2c(registers, machine.Time, interrupt: interrupt);
        i2c.SetClock(100_000);

        await i2c.WriteReadAsync(0x50, At(0x40, [.. Enumerable.Range(1, 32).Select(i => (byte)i)]), default);
        Assert.That(machine.Clock.Now, Is.InRange(10_000 * (10 + 34 * 9 + 1), 10_000 * (10 + 34 * 9 + 1) + 100_000), "no faster than the wire");
        Assert.That((eeprom[0x40], eeprom[0x5f], interrupt.Count), Is.EqualTo(((byte)1, (byte)32, 3L)), "34 bytes: 16, 13, 5, done");
        Assert.That(async () => await i2c.WriteReadAsync(0x50, At(0), default), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO));
        machine.Clock.Step(5_000_000);
        var data = new byte[40];
        await i2c.WriteReadAsync(0x50, At(0x40), data);
        Assert.That(data, Is.EqualTo(Enumerable.Range(1, 32).Concat(Enumerable.Repeat(0xff, 8))));

        machine.I2c("i2c1").Plug(0x10, new Sluggish(long.MaxValue));
        registers.Write32(0x1c, 0);
        Assert.That(async () => await i2c.WriteReadAsync(0x10, new byte[2], default),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("no interrupt"));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(async () => await i2c.WriteReadAsync(0x50, At(0), new byte[1], cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(machine.I2c("i2c1").IsBusy, Is.False);
        await i2c.WriteReadAsync(0x50, At(0x41), data.AsMemory(0, 1));
        Assert.That(data[0], Is.EqualTo(2));
    }

    [TestCase("pi1")]
    [TestCase("pi3")]
    public async Task On_the_hosts_clock_the_same_driver_is_found_in_the_device_tree(string board)
    {
        using var machine = SimMachine.Create(board);
        machine.Plug("i2c1:0x50=24c32");
        using var bus = new PlatformBus(machine);
        var devices = bus.Register(new Bcm2835I2cPlatformDriver());
        Assert.That(devices, Has.Count.EqualTo(3));
        var i2c = (Bcm2835I2c)devices.Single(d => d.Name.EndsWith("804000.i2c", StringComparison.Ordinal)).DriverData!;
        i2c.SetClock(400_000);
        i2c.Write(0x50, At(0x100, 0x12, 0x34));
        while (!i2c.IsPresent(0x50))
        {
        }
        var data = new byte[2];
        i2c.WriteRead(0x50, At(0x100), data);
        Assert.That(data, Is.EqualTo(new byte[] { 0x12, 0x34 }));

        // The controllers share an interrupt, and the first that was probed has it.
        var first = (Bcm2835I2c)devices[0].DriverData!;
        machine.I2c(devices[0].Name[..8] switch { "20205000" or "3f205000" => "i2c0", "20804000" or "3f804000" => "i2c1", _ => "i2c2" }).Plug(0x51, new Eeprom24C32 { [7] = 0x99 });
        await first.WriteReadAsync(0x51, At(7), data.AsMemory(0, 1));
        Assert.That(data[0], Is.EqualTo(0x99));
    }
}
