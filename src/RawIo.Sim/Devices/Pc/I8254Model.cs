using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The PC's interval timer, an 8254 at 1.193182 MHz (Intel 8254 datasheet, order number 231164): three counters, six
/// modes, binary and BCD, latches and read-back.
/// </summary>
/// <remarks>
/// <para>Counter 0 interrupts, counter 1 was the memory's refresh, counter 2 is the speaker's and has its gate at port
/// 0x61; the gates of the other two are tied high. The clock pulses come from the machine's time without drift; what
/// they did is worked out at each look. A line that somebody waits for (<see cref="SignalLine.Want"/>) moves on time.</para>
/// <para>A count takes effect with a clock pulse: read back before that, the counter has its old value and NULL COUNT is
/// set. After power-on each counter has QEMU's control word 0x06, mode 3, and waits for its first count.</para>
/// <para>Where QEMU 7.2 differs, the datasheet is followed (sections Mode Definitions, Read-Back Command, Counter Latch
/// Command): QEMU's OUT is upside down in modes 2, 4 and 5, and in mode 1 it is high for the pulse; it never sets NULL COUNT;
/// it counts in binary when told BCD; it loads every count at once; a control word does not take back a latch; modes 6
/// and 7 are not modes 2 and 3; gate does not stop modes 0 and 4, nor 2 and 3; port 0x43 reads 0 (the datasheet: nobody
/// drives the bus).</para>
/// </remarks>
public sealed class I8254Model : Device
{
    /// <summary>The clock input of a PC's timer in hertz: 14.31818 MHz by 12.</summary>
    public const int Frequency = 1_193_182;

    private const int CONTROL = 3;
    private const int ReadBack = 3;
    private const byte NO_COUNT = 0x20, NO_STATUS = 0x10;

    private readonly DeviceClock _clock;
    private readonly SignalLine[] _outputs = [new(), new(), new()];
    private Channels _channels;
    private readonly DeviceTimer _timer;

    /// <summary>The timer after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    public I8254Model(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_clock, _timer) = (new(time, Frequency), new(time, Alarm));
        foreach (var line in _outputs) (line.WantChanged, line.Settle) = (Alarm, Settle);
        Reset();
    }

    [InlineArray(3)]
    private struct Channels
    {
        private I8254Channel _first;
    }

    /// <inheritdoc/>
    public override string Name => "8254";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["intel,i8254"];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <summary>OUT of counter 0; on a PC, interrupt request 0.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_outputs[0]];

    /// <summary>OUT of a counter.</summary>
    /// <param name="counter">0 to 2.</param>
    public SignalLine Output(int counter) => _outputs[Check(counter)];

    /// <summary>The level at a counter's GATE.</summary>
    /// <param name="counter">0 to 2.</param>
    public bool GetGate(int counter) => _channels[Check(counter)].Gate;

    /// <summary>Drives a counter's GATE.</summary>
    /// <param name="counter">0 to 2.</param>
    /// <param name="level">The level.</param>
    public void SetGate(int counter, bool level)
    {
        Check(counter);
        using var held = new HeldLock(Gate);
        Settle();
        _channels[counter].SetGate(level);
        Changed();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (offset == CONTROL) return BadRead(offset, size, "the control word is write-only", 0xff);
        Settle();
        return _channels[offset].Read();
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        if (offset == CONTROL) Control((byte)value);
        else _channels[offset].Write((byte)value);
        Changed();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        var now = _clock.Now;
        for (var i = 0; i < 3; i++) _channels[i] = new I8254Channel(now, gate: i != 2);
        Changed();
    }

    internal override string? BrokenInvariant()
    {
        for (var i = 0; i < 3; i++)
            if (_channels[i].BrokenInvariant() is { } broken) return $"counter {i}: {broken}";
        return null;
    }

    /// <inheritdoc/>
    public override object Save() => _channels;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _channels = (Channels)saved;
        Changed();
    }

    private void Control(byte value)
    {
        var select = value >> 6;
        if (select != ReadBack)
        {
            if ((value & 0x30) == 0) _channels[select].LatchCount();
            else _channels[select].Program(value);
            return;
        }
        for (var i = 0; i < 3; i++)
        {
            if ((value >> i & 2) == 0) continue;
            if ((value & NO_COUNT) == 0) _channels[i].LatchCount();
            if ((value & NO_STATUS) == 0) _channels[i].LatchStatus();
        }
    }

    /// <summary>Works out the clock pulses since the last look.</summary>
    private void Settle()
    {
        var now = _clock.Now;
        for (var i = 0; i < 3; i++) _channels[i].Advance(now);
        UpdateOutputs();
    }

    private void Changed()
    {
        UpdateOutputs();
        Arm();
    }

    /// <summary>Owns the three lines. An edge that came and went unseen is shown as one.</summary>
    private void UpdateOutputs()
    {
        for (var i = 0; i < 3; i++)
        {
            if (_channels[i].TakeRise())
            {
                _outputs[i].Set(false);
                _outputs[i].Set(true);
            }
            _outputs[i].Set(_channels[i].Output);
        }
    }

    /// <summary>Sets the alarm for the next change of a line that somebody waits for.</summary>
    private void Arm()
    {
        var next = ulong.MaxValue;
        for (var i = 0; i < 3; i++)
            if (_outputs[i].IsWanted && _channels[i].NextChange() is { } pulses)
                next = Math.Min(next, _channels[i].Seen + pulses);
        if (next == ulong.MaxValue)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(next));
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }

    private static int Check(int counter) => counter is >= 0 and <= 2
        ? counter
        : throw new ArgumentOutOfRangeException(nameof(counter), counter, "The counters are 0 to 2.");
}
