namespace RawIo.Sim;

/// <summary>
/// An MCP3008, an SPI converter of eight analogue inputs to 10 bits (Microchip DS21295): after the first 1 it takes
/// SGL/DIFF and D2 to D0, samples, then gives a 0 and ten bits, the highest first, and after them the same again
/// the other way round.
/// </summary>
public sealed class Mcp3008 : SpiPart
{
    private readonly double[] _volts = new double[8];
    private double _reference = 3.3;
    private State _state;

    private sealed record Saved(State State, double[] Volts, double Reference);

    private struct State
    {
        /// <summary>Clocks since the start bit, 0 before it; what was asked for, and what was sampled.</summary>
        public int Clocks, Asked, Code;
    }

    /// <inheritdoc/>
    public override string Name => "MCP3008 converter";

    /// <summary>The reference voltage, above 0 V.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less, or no number.</exception>
    public double Reference
    {
        get => _reference;
        set => _reference = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The reference is more than 0 V.");
    }

    /// <summary>The voltage at an input, 0 V unless set.</summary>
    /// <param name="channel">0 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input, or the voltage is no number.</exception>
    public double this[int channel]
    {
        get => _volts[Check(channel)];
        set => _volts[Check(channel)] = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A voltage is a number.");
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _volts], _reference);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_state, var volts, _reference) = (Saved)saved;
        volts.CopyTo(_volts, 0);
    }

    /// <inheritdoc/>
    protected internal override void Selected() => _state = default;

    /// <inheritdoc/>
    protected internal override bool Clock(bool mosi)
    {
        if (_state.Clocks == 0)
        {
            _state.Clocks = mosi ? 1 : 0;
            return false;
        }
        var clock = _state.Clocks++;
        if (clock <= 4) _state.Asked = _state.Asked << 1 | (mosi ? 1 : 0);
        if (clock == 5) _state.Code = Convert();
        // 7 to 16: bits 9 to 0; 17 to 25: bits 1 to 9 (figure 6-2 and the text of 5.0); then zeros.
        var bit = clock switch { >= 7 and <= 16 => 16 - clock, >= 17 and <= 25 => clock - 16, _ => -1 };
        if (_state.Clocks > 1000) _state.Clocks = 1000;
        return bit >= 0 && (_state.Code >> bit & 1) != 0;
    }

    private int Convert()
    {
        var channel = _state.Asked & 7;
        var volts = (_state.Asked & 8) != 0 ? _volts[channel] : _volts[channel] - _volts[channel ^ 1];
        return (int)Math.Clamp(Math.Floor(1024 * volts / _reference), 0, 1023);
    }

    private static int Check(int channel) => channel is >= 0 and <= 7
        ? channel
        : throw new ArgumentOutOfRangeException(nameof(channel), channel, "The inputs are 0 to 7.");
}

/// <summary>A wire from MOSI to MISO: what goes out comes in, in every mode.</summary>
public sealed class SpiLoopback : SpiPart
{
    /// <inheritdoc/>
    public override string Name => "SPI loopback";

    /// <inheritdoc/>
    public override object Save() => 0;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
    }

    /// <inheritdoc/>
    protected internal override bool Takes(int mode) => true;

    /// <inheritdoc/>
    protected internal override bool Clock(bool mosi) => mosi;
}
