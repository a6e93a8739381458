using System.Buffers.Binary;

namespace RawIo.Sim;

/// <summary>The constants a BME280 was trimmed with, and the readings that its datasheet's compensation (BST-BME280-DS002, section 4.2.3) turns into given values.</summary>
internal sealed class Bme280Calibration
{
    /// <summary>Those of the worked example in the BMP280's datasheet (BST-BMP280-DS001, section 3.12), and of a common part for the humidity.</summary>
    public static readonly Bme280Calibration Typical = new(
        t1: 27504, t: [26435, -1000],
        p1: 36477, p: [-10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
        h1: 75, h2: 362, h3: 0, h4: 313, h5: 50, h6: 30);

    private readonly long _t1, _t2, _t3, _p1, _h1, _h2, _h3, _h4, _h5, _h6;
    private readonly long[] _p;

    private Bme280Calibration(ushort t1, short[] t, ushort p1, short[] p, byte h1, short h2, byte h3, short h4, short h5, sbyte h6)
    {
        (_t1, _t2, _t3, _p1, _p) = (t1, t[0], t[1], p1, [.. p.Select(v => (long)v)]);
        (_h1, _h2, _h3, _h4, _h5, _h6) = (h1, h2, h3, h4, h5, h6);
        Low = new byte[26];
        BinaryPrimitives.WriteUInt16LittleEndian(Low, t1);
        BinaryPrimitives.WriteInt16LittleEndian(Low.AsSpan(2), t[0]);
        BinaryPrimitives.WriteInt16LittleEndian(Low.AsSpan(4), t[1]);
        BinaryPrimitives.WriteUInt16LittleEndian(Low.AsSpan(6), p1);
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteInt16LittleEndian(Low.AsSpan(8 + 2 * i), p[i]);
        Low[25] = h1;
        // dig_H4 and dig_H5 have 12 bits and share the byte at 0xe5 (table 16).
        High = [(byte)h2, (byte)(h2 >> 8), h3, (byte)(h4 >> 4), (byte)(h4 & 0xf | h5 << 4), (byte)(h5 >> 4), (byte)h6];
    }

    /// <summary>The registers 0x88 to 0xa1.</summary>
    public byte[] Low { get; }

    /// <summary>The registers 0xe1 to 0xe7.</summary>
    public byte[] High { get; }

    /// <summary>The raw readings for °C, Pa and %: 20, 20 and 16 bits.</summary>
    public (uint T, uint P, uint H) Raw(double celsius, double pascals, double humidity)
    {
        var t = First(0xfffff, raw => TemperatureOf(Fine(raw)) >= (long)Math.Round(celsius * 100));
        var fine = Fine(t);
        // More pressure, a smaller reading.
        var p = First(0xfffff, raw => PressureOf(raw, fine) <= (long)Math.Round(pascals * 256));
        var h = First(0xffff, raw => HumidityOf(raw, fine) >= (long)Math.Round(humidity * 1024));
        return ((uint)t, (uint)p, (uint)h);
    }

    private long Fine(long raw)
    {
        var one = ((raw >> 3) - (_t1 << 1)) * _t2 >> 11;
        var two = (((raw >> 4) - _t1) * ((raw >> 4) - _t1) >> 12) * _t3 >> 14;
        return one + two;
    }

    /// <summary>Hundredths of a degree.</summary>
    private static long TemperatureOf(long fine) => fine * 5 + 128 >> 8;

    /// <summary>256ths of a pascal.</summary>
    private long PressureOf(long raw, long fine)
    {
        var one = fine - 128_000;
        var two = one * one * _p[4] + (one * _p[3] << 17) + (_p[2] << 35);
        one = (one * one * _p[1] >> 8) + (one * _p[0] << 12);
        one = ((1L << 47) + one) * _p1 >> 33;
        if (one == 0) return 0;
        var p = ((1_048_576 - raw << 31) - two) * 3125 / one;
        one = _p[7] * (p >> 13) * (p >> 13) >> 25;
        two = _p[6] * p >> 19;
        return (p + one + two >> 8) + (_p[5] << 4);
    }

    /// <summary>1024ths of a percent.</summary>
    private long HumidityOf(long raw, long fine)
    {
        var x = fine - 76_800;
        var left = (raw << 14) - (_h4 << 20) - _h5 * x + 16_384 >> 15;
        var right = ((x * _h6 >> 10) * ((x * _h3 >> 11) + 32_768) >> 10) + 2_097_152;
        x = left * (right * _h2 + 8192 >> 14);
        x -= ((x >> 15) * (x >> 15) >> 7) * _h1 >> 4;
        return Math.Clamp(x, 0, 419_430_400) >> 12;
    }

    /// <summary>The first reading for which something holds that holds for all after it; the last where it holds for none.</summary>
    private static long First(long last, Func<long, bool> holds)
    {
        var low = 0L;
        while (low < last)
        {
            var middle = (low + last) / 2;
            if (holds(middle)) last = middle;
            else low = middle + 1;
        }
        return low;
    }
}
