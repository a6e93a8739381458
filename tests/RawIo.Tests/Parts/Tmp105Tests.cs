using RawIo.Sim;

namespace RawIo.Tests;

public class Tmp105Tests
{
    private ManualTime _time = null!;
    private I2cBus _bus = null!;
    private Tmp105 _tmp = null!;

    [SetUp]
    public void Plug()
    {
        _time = new ManualTime();
        _bus = new I2cBus("i2c1", _time);
        _tmp = new Tmp105();
        _tmp.Alert.Pull(PinPull.Up);
        _bus.Plug(0x48, _tmp);
    }

    private void Write(params byte[] data)
    {
        Assert.That(_bus.Start(0x48, false), Is.True);
        foreach (var value in data) _bus.Write(value);
        _bus.Stop();
    }

    private int Read(byte register)
    {
        _bus.Start(0x48, false);
        _bus.Write(register);
        _bus.Start(0x48, true);
        var value = register == 1 ? _bus.Read(false) : _bus.Read(true) << 8 | _bus.Read(false);
        _bus.Stop();
        return value;
    }

    [Test]
    public void At_power_on_it_reads_0_until_the_first_conversion_of_9_bits_is_done()
    {
        _tmp.Celsius = 25.4;
        Assert.That((Read(0), Read(1), Read(2), Read(3)), Is.EqualTo((0, 0, 0x4b00, 0x5000)));
        _time.AdvanceMicroseconds(27_499);
        Assert.That(Read(0), Is.Zero);
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(0), Is.EqualTo(0x1900), "25.0");
        Assert.That(_time.ArmedTimers, Is.Zero, "no alarm where no alert can come");
    }

    // SLLS648D, table 5.
    [TestCase(127.9375, 0x7ff0)]
    [TestCase(128, 0x7ff0)]
    [TestCase(100, 0x6400)]
    [TestCase(0.25, 0x0040)]
    [TestCase(0, 0)]
    [TestCase(-0.25, 0xffc0)]
    [TestCase(-25, 0xe700)]
    [TestCase(-55, 0xc900)]
    public void Twelve_bits_are_sixteenths_and_take_220_ms(double celsius, int expected)
    {
        _tmp.Celsius = celsius;
        Write(1, 0x60);
        _time.AdvanceMilliseconds(219);
        _time.AdvanceMilliseconds(1);
        Assert.That(Read(0), Is.EqualTo(expected));
    }

    [TestCase(0x00, 0x1980, 27.5)]
    [TestCase(0x20, 0x19c0, 55)]
    [TestCase(0x40, 0x19e0, 110)]
    [TestCase(0x60, 0x19f0, 220)]
    public void Fewer_bits_are_faster_and_leave_the_rest_0(byte config, int expected, double milliseconds)
    {
        Write(1, 0x01);
        _time.AdvanceMilliseconds(100);
        _tmp.Celsius = 25.9375;
        Write(1, (byte)(config | 0x81));
        Assert.That(Read(1), Is.EqualTo(config | 1), "OS reads 0");
        _time.Advance((long)(milliseconds * 1_000_000) - 1);
        Assert.That(Read(0), Is.EqualTo(0x1900));
        _time.Advance(1);
        Assert.That(Read(0), Is.EqualTo(expected));
    }

    [Test]
    public void In_shutdown_it_finishes_what_it_is_at_and_then_converts_only_when_told()
    {
        Write(1, 0x01);
        _time.AdvanceMilliseconds(30);
        Assert.That(Read(0), Is.EqualTo(0x1900));
        _tmp.Celsius = 50;
        _time.AdvanceMilliseconds(1000);
        Assert.That(Read(0), Is.EqualTo(0x1900));
        Write(1, 0x00);
        _time.AdvanceMilliseconds(28);
        Assert.That(Read(0), Is.EqualTo(0x3200));
    }

    [Test]
    public void In_comparator_mode_the_alert_stays_from_THIGH_until_below_TLOW()
    {
        _tmp.Celsius = 80;
        Assert.That((_tmp.Alert.Level, _time.ArmedTimers), Is.EqualTo((true, 1)));
        _time.AdvanceMilliseconds(28);
        Assert.That(_tmp.Alert.Level, Is.False, "nobody asked");
        _tmp.Celsius = 75;
        _time.AdvanceMilliseconds(100);
        Assert.That((_tmp.Alert.Level, Read(0)), Is.EqualTo((false, 0x4b00)));
        _tmp.Celsius = 74.5;
        _time.AdvanceMilliseconds(28);
        Assert.That((_tmp.Alert.Level, _time.ArmedTimers), Is.EqualTo((true, 0)));
    }

    [TestCase(0x00, 1)]
    [TestCase(0x08, 2)]
    [TestCase(0x10, 4)]
    [TestCase(0x18, 6)]
    public void It_takes_as_many_faults_in_a_row_as_the_queue_says(byte config, int faults)
    {
        Write(1, config);
        _tmp.Celsius = 90;
        _time.Advance(27_500_000L * (faults - 1) + 1_000_000);
        if (faults > 1)
        {
            _tmp.Celsius = 70;
            _time.Advance(27_500_000);
            Assert.That(_tmp.Alert.Level, Is.True, "not in a row");
            _tmp.Celsius = 90;
            _time.Advance(27_500_000L * (faults - 1));
        }
        Assert.That(_tmp.Alert.Level, Is.True);
        _time.Advance(27_500_000);
        Assert.That(_tmp.Alert.Level, Is.False);
    }

    [Test]
    public void In_interrupt_mode_a_read_ends_the_alert_and_the_next_is_for_cold()
    {
        Write(1, 0x02);
        _tmp.Celsius = 85;
        _time.AdvanceMilliseconds(100);
        Assert.That(_tmp.Alert.Level, Is.False);
        Read(1);
        Assert.That(_tmp.Alert.Level, Is.True);
        _time.AdvanceMilliseconds(1000);
        Assert.That(_tmp.Alert.Level, Is.True, "still hot is no news");
        _tmp.Celsius = 20;
        _time.AdvanceMilliseconds(28);
        Assert.That(_tmp.Alert.Level, Is.False);
        Write(1, 0x03);
        Assert.That(_tmp.Alert.Level, Is.True, "shutdown ends it too");
    }

    [Test]
    public void With_POL_the_pin_is_low_while_there_is_no_alert()
    {
        Write(1, 0x04);
        Assert.That(_tmp.Alert.Level, Is.False);
        _tmp.Celsius = 100;
        _time.AdvanceMilliseconds(28);
        Assert.That(_tmp.Alert.Level, Is.True);
    }

    [Test]
    public void Limits_count_by_twelve_bits_and_half_a_limit_is_none()
    {
        Write(3, 0x12, 0x3f);
        Write(2, 0x44);
        Write(0, 0x55, 0x55);
        Assert.That((Read(3), Read(2), Read(0)), Is.EqualTo((0x123f, 0x4b00, 0)));
        Write(3, 0x19, 0x0f);
        _time.AdvanceMilliseconds(28);
        Assert.That((_tmp.Alert.Level, Read(0)), Is.EqualTo((false, 0x1900)), "25 °C reaches 25 °C and a bit");
        Assert.That(() => _tmp.Celsius = 129, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _tmp.Celsius = double.NaN, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Years_pass_in_no_time_and_a_snapshot_goes_on_the_same_way()
    {
        _time.Advance(TimeSpan.FromDays(3650));
        Assert.That(Read(0), Is.EqualTo(0x1900));
        Write(1, 0x08);
        _tmp.Celsius = 90;
        var saved = _tmp.Save();
        for (var round = 0; round < 2; round++)
        {
            Assert.That(_tmp.Alert.Level, Is.True);
            _time.AdvanceMilliseconds(60);
            Assert.That((_tmp.Alert.Level, Read(0)), Is.EqualTo((false, 0x5a00)));
            _tmp.Celsius = 0;
            _tmp.Restore(saved);
        }
    }
}
