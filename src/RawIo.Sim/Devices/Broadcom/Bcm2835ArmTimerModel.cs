namespace RawIo.Sim;

/// <summary>The ARM side's timer of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 14): an SP804 cut down, with a pre-divider and a free-running counter of its own.</summary>
/// <remarks>
/// <para>The value counts down to 0; the tick after that reloads it and sets the interrupt: a load of n makes a period of
/// n + 1. It always goes on. Bit 1 of the control register chooses 16 or 32 bits (the datasheet's 23 is a misprint).</para>
/// <para>Writing the control register or the pre-divider begins a tick anew. QEMU 7.2 has no such timer.</para>
/// </remarks>
public sealed class Bcm2835ArmTimerModel : Device
{
    private const int Load = 0x00, Value = 0x04, Control = 0x08, IrqClear = 0x0c, RawIrq = 0x10, MaskedIrq = 0x14, Reload = 0x18, PreDivider = 0x1c, FreeRunning = 0x20;
    private const uint ControlReset = 0x003e_0020, ControlMask = 0x00ff_03ae, PreDividerReset = 0x7d, PreDividerMask = 0x3ff;
    private const uint Is32Bits = 1 << 1, InterruptEnable = 1 << 5, TimerEnable = 1 << 7, FreeRunningEnable = 1 << 9;
    private const uint Armt = 0x544d_5241;

    private readonly long _frequency;
    private readonly SignalLine _interrupt = new();
    private NanoClock _clock;
    private readonly DeviceTimer _timer;
    private State _state;

    /// <summary>The timer after power-on: off.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="frequency">The APB clock in Hz.</param>
    public Bcm2835ArmTimerModel(TimeProvider time, long frequency = 250_000_000)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        (_timer, _frequency, _clock) = (new(time, Alarm), frequency, new(time));
        (_interrupt.WantChanged, _interrupt.Settle) = (Alarm, Settle);
    }

    private sealed record Saved(State State, NanoClock Clock);

    private struct State
    {
        public uint Load;
        public bool IsPending;

        /// <summary>Their distance from the reset values, so that the default is the reset state.</summary>
        public uint ControlXorReset, PreDividerXorReset;

        /// <summary>The value and the free-running count at some ticks of theirs since the reset.</summary>
        public uint Value, Count;
        public ulong ValueTick, CountTick;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 ARM timer";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-arm-timer"];

    /// <inheritdoc/>
    public override string LeavesOut => "The APB clock never changes, though the real one follows the core's; nothing halts the timer for a debugger.";

    /// <summary>The interrupt: high while it is pending and enabled.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, _clock);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, _clock) = (Saved)saved;
        UpdateInterrupt();
        Arm();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = default;
        _clock.Restart();
        UpdateInterrupt();
        Arm();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        switch (offset)
        {
            case Load or Reload: return _state.Load;
            case Value: return _state.Value;
            case Control: return Ctrl;
            case IrqClear: return Armt;
            case RawIrq: return _state.IsPending ? 1u : 0;
            case MaskedIrq: return IsAsserted ? 1u : 0;
            case PreDivider: return PreDiv;
            case FreeRunning: return _state.Count;
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case Load: (_state.Load, _state.Value, _state.ValueTick) = (word, word & CounterMask, ValueTickNow); break;
            case Reload: _state.Load = word; break;
            case Control: SetClocks(word & ControlMask, PreDiv); break;
            case PreDivider: SetClocks(Ctrl, word & PreDividerMask); break;
            case IrqClear: _state.IsPending = false; break;
            case Value or RawIrq or MaskedIrq or FreeRunning: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        UpdateInterrupt();
        Arm();
    }

    private uint Ctrl => _state.ControlXorReset ^ ControlReset;

    private uint PreDiv => _state.PreDividerXorReset ^ PreDividerReset;

    private uint CounterMask => (Ctrl & Is32Bits) != 0 ? uint.MaxValue : 0xffff;

    private bool IsAsserted => _state.IsPending && (Ctrl & InterruptEnable) != 0;

    private ulong ValueDivisor => (PreDiv + 1ul) * ((Ctrl >> 2 & 3) switch { 1 => 16u, 2 => 256u, _ => 1u });

    private ulong ValueTickNow => NanoClock.Periods(_clock.Now, _frequency, ValueDivisor);

    private ulong CountTickNow => NanoClock.Periods(_clock.Now, _frequency, (Ctrl >> 16 & 0xff) + 1ul);

    /// <summary>The counts so far are worked out; from here on the ticks are others.</summary>
    private void SetClocks(uint control, uint preDivider)
    {
        (_state.ControlXorReset, _state.PreDividerXorReset) = (control ^ ControlReset, preDivider ^ PreDividerReset);
        _state.Value &= CounterMask;
        (_state.ValueTick, _state.CountTick) = (ValueTickNow, CountTickNow);
    }

    /// <summary>Works out the counts and the interrupt since the last look.</summary>
    private void Settle()
    {
        if ((Ctrl & FreeRunningEnable) != 0)
        {
            var count = CountTickNow;
            _state.Count += (uint)(count - _state.CountTick);
            _state.CountTick = count;
        }
        if ((Ctrl & TimerEnable) == 0) return;
        var tick = ValueTickNow;
        var elapsed = tick - _state.ValueTick;
        _state.ValueTick = tick;
        if (elapsed <= _state.Value)
        {
            _state.Value -= (uint)elapsed;
            return;
        }
        var load = _state.Load & CounterMask;
        _state.Value = load - (uint)((elapsed - _state.Value - 1) % (load + 1ul));
        _state.IsPending = true;
        UpdateInterrupt();
    }

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set(IsAsserted);

    /// <summary>Sets the alarm for the next reload, where somebody waits for its interrupt.</summary>
    private void Arm()
    {
        const uint Running = TimerEnable | InterruptEnable;
        if (!_interrupt.IsWanted || _state.IsPending || (Ctrl & Running) != Running)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(NanoClock.Nanoseconds(_state.ValueTick + _state.Value + 1, _frequency, ValueDivisor)));
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
