namespace RawIo.Sim;

/// <summary>The ARM side's own controller of BCM2836 and BCM2837 (QA7, ARM Quad A7 core, revision 3.4): which interrupt goes to which core, mailboxes between cores, a timer.</summary>
/// <remarks>
/// <para>Levels pass through it. Where a control register has both the IRQ and the FIQ bit of an interrupt, it is a FIQ.</para>
/// <para>The local timer counts down at 38.4 MHz (both edges of the crystal's 19.2 MHz); a new reload value counts from
/// the next time round unless bit 30 of the write flags reloads it. QEMU starts it again at each write, and has no core
/// timer and no PMU routing.</para>
/// </remarks>
public sealed partial class Bcm2836LocalModel : Device, IInterruptController, ICpuInterruptSource
{
    private const int Control = 0x00, CoreTimerPrescaler = 0x08, GpuRouting = 0x0c, PmuRoutingSet = 0x10, PmuRoutingClear = 0x14, CoreTimerLow = 0x1c, CoreTimerHigh = 0x20,
        LocalTimerRouting = 0x24, AxiCounters = 0x2c, AxiInterrupt = 0x30, LocalTimerControl = 0x34, LocalTimerFlags = 0x38, TimersControl = 0x40, MailboxesControl = 0x50,
        IrqSource = 0x60, FiqSource = 0x70, MailboxSet = 0x80, MailboxClear = 0xc0, End = 0x100;
    private const int Cores = 4, Gpu = 8, Pmu = 9, LocalTimer = 11;
    private const uint InterruptFlag = 1u << 31, Reload = 1 << 30, InterruptEnable = 1 << 29, TimerEnable = 1 << 28, ReloadValue = 0xfff_ffff;
    private const uint ApbClock = 1 << 8, CountByTwo = 1 << 9;
    private const long CrystalFrequency = 19_200_000, LocalTimerFrequency = 38_400_000;

    private readonly long _apbFrequency;
    private readonly CpuLines[] _cpus = [.. Enumerable.Range(0, Cores).Select(_ => new CpuLines(new(), new()))];
    private readonly InterruptInput _gpuIrq = new("GPU IRQ");
    private readonly InterruptInput[] _pmu = [.. Enumerable.Range(0, Cores).Select(i => new InterruptInput($"PMU {i}"))];
    private readonly InterruptInput[] _timers = [.. Enumerable.Range(0, 4 * Cores).Select(i => new InterruptInput($"core {i / 4} timer {i % 4}"))];
    private readonly InterruptInput[] _inputs;
    private readonly HashSet<InterruptInput> _wanted = [];
    private NanoClock _clock;
    private readonly DeviceTimer _timer;
    private State _state = new();

    /// <summary>The controller after power-on.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="apbFrequency">The APB clock in Hz, which the core timer may count instead of the crystal.</param>
    public Bcm2836LocalModel(TimeProvider time, long apbFrequency = 250_000_000)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(apbFrequency, 1);
        (_timer, _apbFrequency, _clock) = (new(time, Alarm), apbFrequency, new(time));
        _inputs = [_gpuIrq, GpuFiq, .. _pmu, .. _timers];
        foreach (var input in _inputs) input.Line.Changed += _ => UpdateOutputs();
        foreach (var cpu in _cpus)
            foreach (var line in (SignalLine[])[cpu.Irq, cpu.Fiq]) (line.WantChanged, line.Settle) = (Alarm, Sample);
    }

    private sealed record State
    {
        public uint Control, Prescaler, GpuRouting, PmuRouting, TimerRouting, Axi, TimerControl;

        /// <summary>Four of each, one a core.</summary>
        public uint[] TimersControl = new uint[Cores], MailboxesControl = new uint[Cores];

        /// <summary>Four of each core.</summary>
        public uint[] Mailboxes = new uint[4 * Cores];

        /// <summary>The local timer's cycle, since the reset, at which it next comes to 0.</summary>
        public ulong NextZero;

        /// <summary>The core timer's value at a time, the high word as the last read of the low one found it, and a low word that waits for its high one.</summary>
        public ulong CoreTimer;
        public long CoreTimerAt;
        public uint HighRead, LowWritten;

        public State Copy() => this with { TimersControl = [.. TimersControl], MailboxesControl = [.. MailboxesControl], Mailboxes = [.. Mailboxes] };
    }

    private sealed record Saved(State State, NanoClock Clock);

    /// <inheritdoc/>
    public override string Name => "BCM2836 local interrupt controller";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2836-l1-intc"];

    /// <inheritdoc/>
    public override string LeavesOut => "The cores' generic timers and PMUs themselves: their inputs are there to be driven. The AXI counters are 0 and never interrupt.";

    /// <inheritdoc/>
    public IReadOnlyList<CpuLines> Cpus => _cpus;

    /// <summary>Where the GPU's interrupt controller brings its FIQ.</summary>
    public InterruptInput GpuFiq { get; } = new("GPU FIQ");

    /// <summary>The input of a core's generic timer: 0 secure physical, 1 non-secure physical, 2 hypervisor, 3 virtual.</summary>
    public InterruptInput CoreTimer(int core, int timer)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(core, core & 3);
        ArgumentOutOfRangeException.ThrowIfNotEqual(timer, timer & 3);
        return _timers[core * 4 + timer];
    }

    /// <summary>The input of a core's performance monitor.</summary>
    public InterruptInput PerformanceMonitor(int core)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(core, core & 3);
        return _pmu[core];
    }

    /// <summary>The GPU's line is number 8; the others are each core's own, and no device's of a tree.</summary>
    public InterruptInput? Input(IReadOnlyList<uint> specifier)
    {
        ArgumentNullException.ThrowIfNull(specifier);
        return specifier is [Gpu, ..] ? _gpuIrq : null;
    }

    /// <summary>The GPU's line at its number; a device has no other.</summary>
    public IReadOnlyList<InterruptInput?> Inputs => [null, null, null, null, null, null, null, null, _gpuIrq];

    /// <inheritdoc/>
    public override object Save() => new Saved(_state.Copy(), _clock);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (state, clock) = (Saved)saved;
        (_state, _clock) = (state.Copy(), clock);
        Update();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = new();
        _clock.Restart();
        Update();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Sample();
        var core = offset >> 2 & 3;
        switch (offset)
        {
            case Control: return _state.Control;
            case CoreTimerPrescaler: return _state.Prescaler;
            case GpuRouting: return _state.GpuRouting;
            case PmuRoutingSet: return _state.PmuRouting;
            case CoreTimerLow:
                var count = CountCoreTimer();
                _state.HighRead = (uint)(count >> 32);
                return (uint)count;
            case CoreTimerHigh: return _state.HighRead;
            case LocalTimerRouting: return _state.TimerRouting;
            case AxiCounters: return 0;
            case AxiInterrupt: return _state.Axi;
            case LocalTimerControl: return _state.TimerControl;
            case >= TimersControl and < MailboxesControl: return _state.TimersControl[core];
            case >= MailboxesControl and < IrqSource: return _state.MailboxesControl[core];
            case >= IrqSource and < FiqSource: return Sources(core).Irq;
            case >= FiqSource and < MailboxSet: return Sources(core).Fiq;
            case >= MailboxClear and < End: return _state.Mailboxes[offset - MailboxClear >> 2];
            case PmuRoutingClear or LocalTimerFlags or >= MailboxSet and < MailboxClear: return BadRead(offset, size, "the register is write-only");
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Sample();
        var word = (uint)value;
        switch (offset)
        {
            case Control: SetCoreTimerClock(word & (ApbClock | CountByTwo), _state.Prescaler); break;
            case CoreTimerPrescaler: SetCoreTimerClock(_state.Control, word); break;
            case GpuRouting: _state.GpuRouting = word & 0xf; break;
            case PmuRoutingSet: _state.PmuRouting |= word & 0xff; break;
            case PmuRoutingClear: _state.PmuRouting &= ~word; break;
            case CoreTimerLow: _state.LowWritten = word; break;
            case CoreTimerHigh: (_state.CoreTimer, _state.CoreTimerAt) = ((ulong)word << 32 | _state.LowWritten, _clock.Now); break;
            case LocalTimerRouting: _state.TimerRouting = word & 7; break;
            case AxiInterrupt: _state.Axi = word & 0x1f_ffff; break;
            case LocalTimerControl: SetLocalTimer(word); break;
            case LocalTimerFlags:
                if ((word & InterruptFlag) != 0) _state.TimerControl &= ~InterruptFlag;
                if ((word & Reload) != 0) _state.NextZero = LocalCycle + (_state.TimerControl & ReloadValue);
                break;
            case >= TimersControl and < MailboxesControl: _state.TimersControl[offset >> 2 & 3] = word & 0xff; break;
            case >= MailboxesControl and < IrqSource: _state.MailboxesControl[offset >> 2 & 3] = word & 0xff; break;
            case >= MailboxSet and < MailboxClear: _state.Mailboxes[offset - MailboxSet >> 2] |= word; break;
            case >= MailboxClear and < End: _state.Mailboxes[offset - MailboxClear >> 2] &= ~word; break;
            case AxiCounters or >= IrqSource and < MailboxSet: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        Update();
    }

    private (uint Irq, uint Fiq) Sources(int core)
    {
        uint irq = 0, fiq = 0;
        for (var i = 0; i < 4; i++)
        {
            Route(_timers[core * 4 + i].Line.Level, _state.TimersControl[core] >> i, i);
            Route(_state.Mailboxes[core * 4 + i] != 0, _state.MailboxesControl[core] >> i, 4 + i);
        }
        Route(_pmu[core].Line.Level, _state.PmuRouting >> core, Pmu);
        if (_gpuIrq.Line.Level && (_state.GpuRouting & 3) == core) irq |= 1u << Gpu;
        if (GpuFiq.Line.Level && _state.GpuRouting >> 2 == core) fiq |= 1u << Gpu;
        if ((_state.TimerControl & (InterruptFlag | InterruptEnable)) == (InterruptFlag | InterruptEnable) && (_state.TimerRouting & 3) == core)
        {
            if ((_state.TimerRouting & 4) != 0) fiq |= 1u << LocalTimer;
            else irq |= 1u << LocalTimer;
        }
        return (irq, fiq);

        // In each control register the FIQ bits are four above the IRQ bits.
        void Route(bool level, uint control, int source)
        {
            if (!level) return;
            if ((control & 0x10) != 0) fiq |= 1u << source;
            else if ((control & 1) != 0) irq |= 1u << source;
        }
    }

    /// <summary>Brings the inputs and the timer up to date.</summary>
    private void Sample()
    {
        foreach (var input in _inputs) input.Line.Sample();
        SettleTimer();
        UpdateOutputs();
    }

    /// <summary>Owns the cores' lines.</summary>
    private void UpdateOutputs()
    {
        for (var core = 0; core < Cores; core++)
        {
            var (irq, fiq) = Sources(core);
            _cpus[core].Irq.Set(irq != 0);
            _cpus[core].Fiq.Set(fiq != 0);
        }
    }

    private void Update()
    {
        UpdateWants();
        UpdateOutputs();
        Arm();
    }

    private void Alarm()
    {
        Sample();
        Update();
    }

    private void UpdateWants()
    {
        Want(_gpuIrq, _cpus[_state.GpuRouting & 3].Irq.IsWanted);
        Want(GpuFiq, _cpus[_state.GpuRouting >> 2].Fiq.IsWanted);
        for (var core = 0; core < Cores; core++)
        {
            Want(_pmu[core], IsWanted(core, _state.PmuRouting >> core));
            for (var i = 0; i < 4; i++) Want(_timers[core * 4 + i], IsWanted(core, _state.TimersControl[core] >> i));
        }

        void Want(InterruptInput input, bool wanted)
        {
            if (wanted ? _wanted.Add(input) : _wanted.Remove(input)) input.Line.Want(wanted);
        }
    }

    private bool IsWanted(int core, uint control) => (control & 0x10) != 0 ? _cpus[core].Fiq.IsWanted : (control & 1) != 0 && _cpus[core].Irq.IsWanted;
}
