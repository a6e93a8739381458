using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// A TMP105, an I2C thermometer with an alert pin (Texas Instruments SLLS648), at 0x48 or 0x49. It converts all the
/// time, or in shutdown once where OS is written.
/// </summary>
/// <remarks>A conversion takes 27.5 ms with 9 bits, twice that for each bit more. The register reads 0 °C until the first is done. OS always reads 0. The data sheet has zeros in the four lowest bits of the limits and does not say what becomes of ones: as on QEMU's they are kept, and do not count. Left out: the general call, high-speed mode and SMBus' alert response.</remarks>
public sealed class Tmp105 : I2cPart, IPinOwner
{
    private const byte OS = 1 << 7, POL = 1 << 2, TM = 1 << 1, SD = 1;
    private const int T = 0, CONFIG = 1, TLOW = 2, THIGH = 3;

    private State _state;
    private double _celsius = 25;

    /// <summary>One at 25 °C.</summary>
    public Tmp105()
    {
        Alert = new("ALERT", this, 0);
        PowerOn();
    }

    [InlineArray(4)]
    private struct Registers
    {
        private ushort _first;
    }

    private struct State
    {
        public Registers Register;
        public int Pointer, Came;
        public byte High;

        /// <summary>When the conversion under way began; null where none is.</summary>
        public long? Began;

        /// <summary>Whether the alert is active, and in interrupt mode whether it waits for cold; conversions in a row that would change it.</summary>
        public bool IsAlert, WaitsForCold;
        public int Faults;
    }

    /// <inheritdoc/>
    public override string Name => "TMP105 thermometer";

    /// <summary>How warm it is around it, -55 to 128 °C.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It works from -55 °C on and tells up to 128.</exception>
    public double Celsius
    {
        get => _celsius;
        set
        {
            if (value is not (>= -55 and <= 128))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A TMP105 works from -55 °C on and tells up to 128 °C.");
            using var held = Hold();
            Settle();
            _celsius = value;
            UpdateAlert();
        }
    }

    /// <summary>The alert pin: open drain, so pull it up. Active is low, or with POL let go.</summary>
    public Pin Alert { get; }

    BiasedLock? IPinOwner.Gate => Gate;

    private byte Config => (byte)(_state.Register[CONFIG] >> 8);

    private int Bits => 9 + (Config >> 5 & 3);

    private long ConversionTime => 27_500_000L << Bits - 9;

    private int FaultsToChange => (Config >> 3 & 3) switch { 0 => 1, 1 => 2, 2 => 4, _ => 6 };

    /// <inheritdoc/>
    public override object Save() => (_state, _celsius);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, _celsius) = ((State, double))saved;
        UpdateAlert();
    }

    /// <inheritdoc/>
    protected override void PowerOn()
    {
        _state = default;
        _state.Register[TLOW] = 0x4b00;
        _state.Register[THIGH] = 0x5000;
        _state.Began = Now;
        UpdateAlert();
    }

    /// <inheritdoc/>
    protected override void AlarmRang()
    {
        Settle();
        UpdateAlert();
    }

    /// <inheritdoc/>
    protected internal override bool Start(bool isRead)
    {
        _state.Came = 0;
        return true;
    }

    /// <inheritdoc/>
    protected internal override bool Write(byte value)
    {
        Settle();
        if (_state.Came++ == 0) _state.Pointer = value & 3;
        else if (_state.Pointer == CONFIG) Configure(value);
        else if (_state.Came % 2 == 0) _state.High = value;
        else if (_state.Pointer != T) _state.Register[_state.Pointer] = (ushort)(_state.High << 8 | value);
        UpdateAlert();
        return true;
    }

    /// <inheritdoc/>
    protected internal override byte Read()
    {
        Settle();
        var value = _state.Register[_state.Pointer];
        var isLow = _state.Came++ % 2 != 0 && _state.Pointer != CONFIG;
        // In interrupt mode reading any register ends the alert.
        if ((Config & TM) != 0) _state.IsAlert = false;
        UpdateAlert();
        return (byte)(isLow ? value : value >> 8);
    }

    private void Configure(byte value)
    {
        var wasShut = (Config & SD) != 0;
        _state.Register[CONFIG] = (ushort)((value & ~OS) << 8);
        if ((value & SD) == 0)
        {
            if (wasShut) _state.Began = Now;
        }
        else
        {
            // What is under way is finished first; OS begins one where none is.
            if ((value & OS) != 0) _state.Began ??= Now;
            if ((value & TM) != 0) _state.IsAlert = false;
        }
    }

    /// <summary>Makes the conversions that were done since the last look.</summary>
    private void Settle()
    {
        for (var conversions = 0; _state.Began is { } began && Now - began >= ConversionTime; conversions++)
        {
            _state.Register[T] = Measure();
            Compare((short)_state.Register[T]);
            if ((Config & SD) != 0) _state.Began = null;
            // More than the fault queue is deep they are all alike.
            else if (conversions < 16) _state.Began = began + ConversionTime;
            else _state.Began = Now - (Now - began) % ConversionTime;
        }
    }

    private ushort Measure()
    {
        var sixteenths = Math.Clamp((int)Math.Round(_celsius * 16), -880, 0x7ff);
        return (ushort)(sixteenths << 4 & ~((1 << 16 - Bits) - 1));
    }

    private void Compare(short measured)
    {
        var hot = (Config & TM) == 0 ? _state.IsAlert : _state.WaitsForCold;
        if (!WouldChange(measured, hot)) _state.Faults = 0;
        else if (++_state.Faults >= FaultsToChange)
        {
            _state.Faults = 0;
            _state.WaitsForCold = !hot;
            _state.IsAlert = (Config & TM) != 0 || !hot;
        }
    }

    private bool WouldChange(short measured, bool hot) =>
        hot ? measured < Limit(TLOW) : measured >= Limit(THIGH);

    private short Limit(int register) => (short)(_state.Register[register] & 0xfff0);

    /// <summary>Owns the pin, and sets the alarm while conversions may change it.</summary>
    private void UpdateAlert()
    {
        var isLow = _state.IsAlert == ((Config & POL) == 0);
        Alert.DriveByChip(isLow ? false : null);
        var hot = (Config & TM) == 0 ? _state.IsAlert : _state.WaitsForCold;
        SetAlarm(_state.Began is { } began && WouldChange((short)Measure(), hot) ? began + ConversionTime : null);
    }

    void IPinOwner.PinChanged(int index, bool level)
    {
    }

    void IPinOwner.PinGlitched(int index)
    {
    }
}
