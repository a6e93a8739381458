using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The system timer of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 12): a free-running 64-bit counter at
/// 1 MHz and four compares with its low word.
/// </summary>
/// <remarks>
/// <para>A compare matches when CLO comes to its value, whether or not anybody looks: the model works out at the next
/// look what happened since the last. A value written that CLO has at that moment matches at once (so does QEMU's
/// bcm2835_systmr.c). The compares are 0 at power-on and so is the counter, but the datasheet gives the match bits the
/// reset value 0: that moment counts as no match, and an untouched compare first matches when CLO wraps after 71.6
/// minutes.</para>
/// <para>A line that somebody waits for (<see cref="SignalLine.Want"/>) rises on time; else at the next look.</para>
/// </remarks>
public sealed class Bcm2835SystemTimerModel : Device
{
    private const int CS = 0x00, CLO = 0x04, CHI = 0x08, C0 = 0x0c, C3 = 0x18;

    private readonly SignalLine[] _interrupts = [new(), new(), new(), new()];
    private DeviceClock _clock;
    private readonly DeviceTimer _timer;
    private State _state;

    /// <summary>The timer after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    public Bcm2835SystemTimerModel(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_timer, _clock) = (new(time, Alarm), new(time, DeviceClock.Megahertz));
        foreach (var line in _interrupts) (line.WantChanged, line.Settle) = (Alarm, Settle);
    }

    [InlineArray(4)]
    private struct Compares
    {
        private uint _first;
    }

    private sealed record Saved(State State, DeviceClock Clock);

    private struct State
    {
        public uint Matches;
        public Compares Compare;

        /// <summary>The count up to which matches are worked out.</summary>
        public ulong Seen;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 system timer";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-system-timer"];

    /// <summary>The interrupt lines of C0 to C3; each is high while its match bit is set. On a Pi the GPU uses 0 and 2.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => _interrupts;

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, _clock);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, _clock) = (Saved)saved;
        UpdateInterrupts();
        Arm();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        switch (offset)
        {
            case CS:
                Settle();
                return _state.Matches;
            case CLO: return (uint)_clock.Now;
            case CHI: return _clock.Now >> 32;
            case >= C0 and <= C3: return _state.Compare[offset - C0 >> 2];
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        switch (offset)
        {
            case CS: _state.Matches &= ~(uint)value; break;
            case >= C0 and <= C3: SetCompare(offset - C0 >> 2, (uint)value); break;
            case CLO or CHI: BadWrite(offset, size, "the counter is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        UpdateInterrupts();
        Arm();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _clock.Restart();
        UpdateInterrupts();
        Arm();
    }

    internal override string? BrokenInvariant()
    {
        if (_state.Seen > _clock.Now) return "it has seen the future";
        if (_state.Matches > 0xf) return $"CS is 0x{_state.Matches:x}";
        for (var i = 0; i < 4; i++)
            if (_interrupts[i].Level != ((_state.Matches >> i & 1) != 0)) return $"line {i} is {_interrupts[i].Level} with CS 0x{_state.Matches:x}";
        return null;
    }

    private void SetCompare(int compare, uint value)
    {
        _state.Compare[compare] = value;
        if (value == (uint)_state.Seen) _state.Matches |= 1u << compare;
    }

    /// <summary>Works out the matches of the time since the last look.</summary>
    private void Settle()
    {
        var now = _clock.Now;
        var elapsed = now - _state.Seen;
        if (elapsed == 0) return;
        for (var i = 0; i < 4; i++)
            if (UntilMatch(i) <= elapsed)
                _state.Matches |= 1u << i;
        _state.Seen = now;
        UpdateInterrupts();
    }

    /// <summary>Microseconds from <see cref="State.Seen"/> to the compare's next match: 1 to 2^32.</summary>
    private ulong UntilMatch(int compare) => (ulong)(_state.Compare[compare] - (uint)_state.Seen - 1) + 1;

    /// <summary>Owns the four lines.</summary>
    private void UpdateInterrupts()
    {
        for (var i = 0; i < 4; i++) _interrupts[i].Set((_state.Matches >> i & 1) != 0);
    }

    /// <summary>Sets the alarm for the first match that somebody waits for. A line that is high already needs none.</summary>
    private void Arm()
    {
        var first = ulong.MaxValue;
        for (var i = 0; i < 4; i++)
            if (_interrupts[i].IsWanted && (_state.Matches >> i & 1) == 0)
                first = Math.Min(first, UntilMatch(i));
        if (first == ulong.MaxValue)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(_state.Seen + first));
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
