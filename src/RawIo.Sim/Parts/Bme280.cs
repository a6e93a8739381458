namespace RawIo.Sim;

/// <summary>
/// A BME280, a thermometer, barometer and hygrometer (Bosch BST-BME280-DS002), on I2C at 0x76 or 0x77. Its raw readings are those
/// that the datasheet's compensation (section 4.2.3), with the calibration it holds, turns into the values set here.
/// </summary>
/// <remarks>
/// A measurement takes the datasheet's typical time (appendix B). Readings have 16 bits and one more for each step of
/// oversampling, 20 with the filter on; the filter itself passes values at once. In normal mode config cannot be written.
/// </remarks>
public sealed class Bme280 : I2cPart
{
    private const int CALIB = 0x88, CALIB_LAST = 0xa1, ID = 0xd0, RESET = 0xe0, CALIB_HUM = 0xe1, CALIB_HUM_LAST = 0xe7,
        CTRL_HUM = 0xf2, STATUS = 0xf3, CTRL_MEAS = 0xf4, CONFIG = 0xf5, DATA = 0xf7, DATA_LAST = 0xfe;

    private const byte ChipId = 0x60, ResetWord = 0xb6, Measuring = 1 << 3, Updating = 1;
    private const long StartUp = 2_000_000;

    private readonly Bme280Calibration _calibration = Bme280Calibration.Typical;
    private State _state;
    private double _celsius = 25, _pascals = 101_325, _humidity = 50;

    private struct Readings
    {
        public uint T, P, H;
    }

    private struct State
    {
        public int Pointer, Came;

        /// <summary>ctrl_hum as written, and as it counts since ctrl_meas was.</summary>
        public byte CtrlHum, HumInForce, CtrlMeas, Config;
        public Readings Done, Shadow;

        /// <summary>When the measurement under way began, or the next one will; null where there is none.</summary>
        public long? Begins;
        public long ReadyAt;
    }

    /// <inheritdoc/>
    public override string Name => "BME280 sensor";

    /// <summary>The temperature, -40 to 85 °C.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not measure that.</exception>
    public double Celsius
    {
        get => _celsius;
        set => Set(ref _celsius, value, -40, 85, "°C");
    }

    /// <summary>The air pressure, 30,000 to 110,000 Pa.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not measure that.</exception>
    public double Pascals
    {
        get => _pascals;
        set => Set(ref _pascals, value, 30_000, 110_000, "Pa");
    }

    /// <summary>The relative humidity, 0 to 100 %.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not measure that.</exception>
    public double Humidity
    {
        get => _humidity;
        set => Set(ref _humidity, value, 0, 100, "%");
    }

    private bool IsNormal => (_state.CtrlMeas & 3) == 3;

    /// <summary>Appendix B, typical, in nanoseconds.</summary>
    private long MeasuringTime
    {
        get
        {
            var (t, p, h) = Oversampling();
            return 1_000_000 + 2_000_000L * t + (p > 0 ? 2_000_000L * p + 500_000 : 0) + (h > 0 ? 2_000_000L * h + 500_000 : 0);
        }
    }

    private long StandbyTime => (_state.Config >> 5) switch
    {
        0 => 500_000, 1 => 62_500_000, 2 => 125_000_000, 3 => 250_000_000, 4 => 500_000_000, 5 => 1_000_000_000, 6 => 10_000_000, _ => 20_000_000,
    };

    /// <inheritdoc/>
    public override object Save() => (_state, _celsius, _pascals, _humidity);

    /// <inheritdoc/>
    public override void Restore(object saved) => (_state, _celsius, _pascals, _humidity) = ((State, double, double, double))saved;

    /// <inheritdoc/>
    protected override void PowerOn()
    {
        _state = new() { ReadyAt = Now + StartUp };
        _state.Done = _state.Shadow = new() { T = 0x80000, P = 0x80000, H = 0x8000 };
    }

    /// <inheritdoc/>
    protected internal override bool Start(bool isRead)
    {
        Settle();
        _state.Came = 0;
        // Readings are held still within a burst (section 4.1).
        if (isRead) _state.Shadow = _state.Done;
        return true;
    }

    /// <inheritdoc/>
    protected internal override bool Write(byte value)
    {
        Settle();
        // Pairs of a register and its value; the register does not move on by itself (section 6.2.1).
        if (_state.Came++ % 2 == 0) _state.Pointer = value;
        else WriteRegister(_state.Pointer, value);
        return true;
    }

    /// <inheritdoc/>
    protected internal override byte Read()
    {
        Settle();
        var value = ReadRegister(_state.Pointer);
        _state.Pointer = _state.Pointer + 1 & 0xff;
        return value;
    }

    private void WriteRegister(int register, byte value)
    {
        switch (register)
        {
            case RESET when value == ResetWord: PowerOn(); break;
            case CTRL_HUM: _state.CtrlHum = (byte)(value & 7); break;
            case CONFIG when !IsNormal: _state.Config = (byte)(value & 0xfd); break;
            case CTRL_MEAS:
                var wasNormal = IsNormal;
                (_state.CtrlMeas, _state.HumInForce) = (value, _state.CtrlHum);
                if ((value & 3) == 0) _state.Begins = null;
                else if (!wasNormal || !IsNormal) _state.Begins = Now;
                break;
        }
    }

    private byte ReadRegister(int register)
    {
        var data = _state.Shadow;
        return register switch
        {
            >= CALIB and <= CALIB_LAST => _calibration.Low[register - CALIB],
            >= CALIB_HUM and <= CALIB_HUM_LAST => _calibration.High[register - CALIB_HUM],
            ID => ChipId,
            CTRL_HUM => _state.CtrlHum,
            STATUS => (byte)((Now < _state.ReadyAt ? Updating : 0) | (_state.Begins is { } begins && begins <= Now ? Measuring : 0)),
            CTRL_MEAS => _state.CtrlMeas,
            CONFIG => _state.Config,
            DATA => (byte)(data.P >> 12),
            DATA + 1 => (byte)(data.P >> 4),
            DATA + 2 => (byte)(data.P << 4),
            DATA + 3 => (byte)(data.T >> 12),
            DATA + 4 => (byte)(data.T >> 4),
            DATA + 5 => (byte)(data.T << 4),
            DATA + 6 => (byte)(data.H >> 8),
            DATA_LAST => (byte)data.H,
            _ => 0,
        };
    }

    /// <summary>Makes the measurements that were done since the last look.</summary>
    private void Settle()
    {
        while (_state.Begins is { } begins && Now - begins >= MeasuringTime)
        {
            _state.Done = Measure();
            if (IsNormal)
            {
                var cycle = MeasuringTime + StandbyTime;
                _state.Begins = begins + (Now - begins - MeasuringTime) / cycle * cycle + cycle;
            }
            else
            {
                _state.Begins = null;
                _state.CtrlMeas &= 0xfc;
            }
        }
    }

    private Readings Measure()
    {
        var (t, p, h) = Oversampling();
        var (rawT, rawP, rawH) = _calibration.Raw(_celsius, _pascals, _humidity);
        return new()
        {
            T = t == 0 ? 0x80000 : Rounded(rawT, t),
            P = p == 0 ? 0x80000 : Rounded(rawP, p),
            H = h == 0 ? 0x8000 : rawH,
        };
    }

    private uint Rounded(uint raw, int oversampling)
    {
        var hidden = (_state.Config >> 2 & 7) != 0 ? 0 : 4 - System.Numerics.BitOperations.Log2((uint)oversampling);
        return raw >> hidden << hidden;
    }

    private (int T, int P, int H) Oversampling() =>
        (Times(_state.CtrlMeas >> 5), Times(_state.CtrlMeas >> 2 & 7), Times(_state.HumInForce));

    private static int Times(int field) => field == 0 ? 0 : 1 << Math.Min(field, 5) - 1;

    private void Set(ref double field, double value, double low, double high, string unit)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentOutOfRangeException(nameof(value), value, $"A BME280 measures {low} to {high} {unit}.");
        using var held = Hold();
        Settle();
        field = value;
    }
}
