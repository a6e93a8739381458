using System.Buffers.Binary;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bme280Tests
{
    private ManualTime _time = null!;
    private I2cBus _bus = null!;
    private Bme280 _bme = null!;

    [SetUp]
    public void Plug()
    {
        _time = new ManualTime();
        _bus = new I2cBus("i2c1", _time);
        _bme = new Bme280();
        _bus.Plug(0x76, _bme);
    }

    private void Write(params byte[] data)
    {
        Assert.That(_bus.Start(0x76, false), Is.True);
        foreach (var value in data) _bus.Write(value);
        _bus.Stop();
    }

    private byte[] Read(byte register, int count)
    {
        _bus.Start(0x76, false);
        _bus.Write(register);
        _bus.Start(0x76, true);
        var data = new byte[count];
        for (var i = 0; i < count; i++) data[i] = _bus.Read(i < count - 1);
        _bus.Stop();
        return data;
    }

    /// <summary>The datasheet's compensation in floating point (BST-BME280-DS002, section 8.1), with the constants as a driver reads them.</summary>
    private (double Celsius, double Pascals, double Humidity) Measured()
    {
        var low = Read(0x88, 26);
        var high = Read(0xe1, 7);
        double U(int at) => BinaryPrimitives.ReadUInt16LittleEndian(low.AsSpan(at));
        double S(int at) => BinaryPrimitives.ReadInt16LittleEndian(low.AsSpan(at));
        var data = Read(0xf7, 8);
        double adcP = data[0] << 12 | data[1] << 4 | data[2] >> 4, adcT = data[3] << 12 | data[4] << 4 | data[5] >> 4, adcH = data[6] << 8 | data[7];

        var var1 = (adcT / 16384.0 - U(0) / 1024.0) * S(2);
        var var2 = (adcT / 131072.0 - U(0) / 8192.0) * (adcT / 131072.0 - U(0) / 8192.0) * S(4);
        var fine = var1 + var2;

        var1 = fine / 2.0 - 64000.0;
        var2 = var1 * var1 * S(16) / 32768.0;
        var2 += var1 * S(14) * 2.0;
        var2 = var2 / 4.0 + S(12) * 65536.0;
        var1 = (S(10) * var1 * var1 / 524288.0 + S(8) * var1) / 524288.0;
        var1 = (1.0 + var1 / 32768.0) * U(6);
        var p = (1048576.0 - adcP - var2 / 4096.0) * 6250.0 / var1;
        p += (S(22) * p * p / 2147483648.0 + p * S(20) / 32768.0 + S(18)) / 16.0;

        double h1 = low[25], h2 = (short)(high[0] | high[1] << 8), h3 = high[2], h4 = (sbyte)high[3] << 4 | high[4] & 0xf,
            h5 = (sbyte)high[5] << 4 | high[4] >> 4, h6 = (sbyte)high[6];
        var h = fine - 76800.0;
        h = (adcH - (h4 * 64.0 + h5 / 16384.0 * h)) * (h2 / 65536.0 * (1.0 + h6 / 67108864.0 * h * (1.0 + h3 / 67108864.0 * h)));
        h *= 1.0 - h1 * h / 524288.0;
        return (fine / 5120.0, p, Math.Clamp(h, 0, 100));
    }

    [TestCase(25, 101_325, 50)]
    [TestCase(-40, 30_000, 0)]
    [TestCase(85, 110_000, 100)]
    [TestCase(0, 65_000, 12.5)]
    [TestCase(-12.34, 98_765.4, 87.6)]
    [TestCase(60.01, 50_000, 33.3)]
    public void The_datasheets_compensation_gives_what_was_set(double celsius, double pascals, double humidity)
    {
        (_bme.Celsius, _bme.Pascals, _bme.Humidity) = (celsius, pascals, humidity);
        Write(0xf2, 0x05, 0xf4, 0xb5);
        _time.AdvanceMilliseconds(200);
        var (t, p, h) = Measured();
        Assert.That(t, Is.EqualTo(celsius).Within(0.011));
        Assert.That(p, Is.EqualTo(pascals).Within(0.5));
        Assert.That(h, Is.EqualTo(humidity).Within(0.05));
    }

    [Test]
    public void At_power_on_it_sleeps_with_the_datasheets_values()
    {
        Assert.That(Read(0xd0, 1)[0], Is.EqualTo(0x60));
        Assert.That(Read(0xf3, 1)[0], Is.EqualTo(1), "it copies its calibration");
        _time.AdvanceMilliseconds(2);
        Assert.That(Read(0xf2, 4), Is.EqualTo(new byte[4]));
        _time.AdvanceMilliseconds(1000);
        Assert.That(Read(0xf7, 8), Is.EqualTo(new byte[] { 0x80, 0, 0, 0x80, 0, 0, 0x80, 0 }));
        Assert.That(Read(0x89, 2), Is.EqualTo(new byte[] { 0x6b, 0x43 }), "27504, 26435");
    }

    [Test]
    public void A_forced_measurement_takes_its_time_then_it_sleeps()
    {
        _time.AdvanceMilliseconds(3);
        Write(0xf2, 1, 0xf4, 0x25);
        // 1 + 2 + 2 + 0.5 + 2 + 0.5 ms.
        _time.Advance(7_999_999);
        Assert.That((Read(0xf3, 1)[0], Read(0xf4, 1)[0], Read(0xf7, 1)[0]), Is.EqualTo(((byte)8, (byte)0x25, (byte)0x80)));
        _time.Advance(1);
        Assert.That((Read(0xf3, 1)[0], Read(0xf4, 1)[0]), Is.EqualTo(((byte)0, (byte)0x24)));
        var before = Read(0xf7, 8);
        Assert.That(before[0], Is.Not.EqualTo(0x80));
        Assert.That((before[2], before[5]), Is.EqualTo(((byte)0, (byte)0)), "16 bits");
        _bme.Celsius = 60;
        _time.AdvanceMilliseconds(1000);
        Assert.That(Read(0xf7, 8), Is.EqualTo(before));
    }

    [Test]
    public void Ctrl_hum_counts_from_the_next_ctrl_meas_on_and_what_is_skipped_reads_so()
    {
        Write(0xf4, 0x24);
        Write(0xf2, 1);
        Write(0xf4, 0x21);
        _time.AdvanceMilliseconds(20);
        var data = Read(0xf7, 8);
        Assert.That((data[0], data[1], data[6] == 0x80 && data[7] == 0), Is.EqualTo(((byte)0x80, (byte)0, false)));
        Write(0xf2, 0);
        Write(0xf4, 0x21);
        _time.AdvanceMilliseconds(20);
        Assert.That(Read(0xfd, 2), Is.EqualTo(new byte[] { 0x80, 0 }));
    }

    [Test]
    public void In_normal_mode_it_measures_at_its_pace_and_config_cannot_be_written()
    {
        Write(0xf5, 0x20, 0xf4, 0x23);
        Write(0xf5, 0xe0);
        Assert.That(Read(0xf5, 1)[0], Is.EqualTo(0x20));
        _time.AdvanceMilliseconds(4);
        var first = Read(0xfa, 3);
        _bme.Celsius = 40;
        _time.AdvanceMilliseconds(60);
        Assert.That((Read(0xfa, 3), Read(0xf3, 1)[0]), Is.EqualTo((first, (byte)0)), "standby of 62.5 ms");
        _time.AdvanceMilliseconds(5);
        Assert.That(Read(0xfa, 3), Is.Not.EqualTo(first));
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.That(Read(0xf4, 1)[0], Is.EqualTo(0x23));
        Write(0xf4, 0x20, 0xf5, 0xe0);
        Assert.That(Read(0xf5, 1)[0], Is.EqualTo(0xe0));
    }

    [Test]
    public void A_burst_reads_one_measurement_also_where_another_ends_within_it()
    {
        Write(0xf5, 0x00, 0xf4, 0xff);
        _time.AdvanceMilliseconds(200);
        var whole = Read(0xf7, 6);
        _bus.Start(0x76, false);
        _bus.Write(0xf7);
        _bus.Start(0x76, true);
        var data = new List<byte>();
        (_bme.Celsius, _bme.Pascals) = (-10, 50_000);
        for (var i = 0; i < 6; i++)
        {
            data.Add(_bus.Read(i < 5));
            _time.AdvanceMilliseconds(100);
        }
        _bus.Stop();
        Assert.That(data, Is.EqualTo(whole));
        Assert.That(Read(0xf7, 6), Is.Not.EqualTo(whole));
    }

    [Test]
    public void A_reset_word_resets_it_and_another_does_not()
    {
        Write(0xf5, 0xa0, 0xe0, 0x55);
        Assert.That(Read(0xf5, 1)[0], Is.EqualTo(0xa0));
        Write(0xe0, 0xb6);
        Assert.That((Read(0xf5, 1)[0], Read(0xf3, 1)[0]), Is.EqualTo(((byte)0, (byte)1)));
        Write(0xd0, 1);
        Assert.That((Read(0xd0, 1)[0], Read(0x10, 1)[0]), Is.EqualTo(((byte)0x60, (byte)0)));
    }

    [Test]
    public void Values_out_of_range_are_refused_and_a_snapshot_goes_on_the_same_way()
    {
        Assert.That(() => _bme.Celsius = 86, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("-40"));
        Assert.That(() => _bme.Pascals = 29_999, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _bme.Humidity = double.NaN, Throws.TypeOf<ArgumentOutOfRangeException>());
        Write(0xf4, 0x25);
        var saved = _bme.Save();
        _time.AdvanceMilliseconds(20);
        var data = Read(0xf7, 8);
        _bme.Celsius = 80;
        _bme.Restore(saved);
        Assert.That(_bme.Celsius, Is.EqualTo(25));
        _time.AdvanceMilliseconds(20);
        Assert.That(Read(0xf7, 8), Is.EqualTo(data));
    }
}
