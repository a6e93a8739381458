namespace RawIo.Sim;

/// <summary>The interrupt controller of BCM2835 to BCM2837 (BCM2835 ARM Peripherals, chapter 7): 64 interrupts of the GPU's side, 8 of the ARM's own.</summary>
/// <remarks>
/// <para>Levels pass through it; nothing is latched. Bits 8 and 9 of the basic register tell of pending interrupts that
/// the register does not show itself (page 113: "which you don't know about"); QEMU sets them for all.</para>
/// <para>What a disable register reads as is not documented; it shows what is disabled, as QEMU has it.</para>
/// </remarks>
public sealed class Bcm2835InterruptControllerModel : Device, IInterruptController, ICpuInterruptSource
{
    private const int IRQ_BASIC_PENDING = 0x00, IRQ_PENDING_1 = 0x04, IRQ_PENDING_2 = 0x08, FIQ_CONTROL = 0x0c, ENABLE_IRQS_1 = 0x10, ENABLE_IRQS_2 = 0x14,
        ENABLE_BASIC_IRQS = 0x18, DISABLE_IRQS_1 = 0x1c, DISABLE_IRQS_2 = 0x20, DISABLE_BASIC_IRQS = 0x24;
    private const int GpuInputs = 64, ArmInputs = 8;
    private const uint FiqEnable = 1 << 7, FiqSource = 0x7f;

    private static readonly int[] s_shortcuts = [7, 9, 10, 18, 19, 53, 54, 55, 56, 57, 62];
    private static readonly ulong s_shown = s_shortcuts.Aggregate(0ul, (bits, number) => bits | 1ul << number);

    private readonly InterruptInput[] _inputs = new InterruptInput[GpuInputs + ArmInputs];
    private readonly bool[] _wanted = new bool[GpuInputs + ArmInputs];
    private readonly CpuLines _cpu = new(new(), new());
    private State _state;

    /// <summary>The controller after power-on: everything disabled.</summary>
    public Bcm2835InterruptControllerModel()
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = new(i < GpuInputs ? $"GPU {i}" : $"ARM {i - GpuInputs}");
            _inputs[i].Line.Changed += _ => UpdateOutputs();
        }
        foreach (var output in (SignalLine[])[_cpu.Irq, _cpu.Fiq]) (output.WantChanged, output.Settle) = (UpdateWants, Sample);
        Cpus = [_cpu];
    }

    private struct State
    {
        public ulong GpuEnabled;
        public uint ArmEnabled, Fiq;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 interrupt controller";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-armctrl-ic", "brcm,bcm2836-armctrl-ic"];

    /// <summary>The interrupt request: to the processor on BCM2835, to the cores' own controller on the later ones.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_cpu.Irq];

    /// <inheritdoc/>
    public IReadOnlyList<CpuLines> Cpus { get; }

    /// <summary>Where a specifier's input is among all: GPU n is n, ARM n is 64 + n; null where there is none.</summary>
    /// <param name="specifier">The bank (0 the ARM's, 1 and 2 the GPU's) and the number in it.</param>
    public static int? Pin(IReadOnlyList<uint> specifier)
    {
        ArgumentNullException.ThrowIfNull(specifier);
        return specifier switch
        {
            [0, < ArmInputs and var n] => GpuInputs + (int)n,
            [1 or 2, < 32 and var n] => (int)((specifier[0] - 1) * 32 + n),
            _ => null,
        };
    }

    /// <summary>The inputs, each at its <see cref="Pin"/>.</summary>
    public IReadOnlyList<InterruptInput?> Inputs => _inputs;

    /// <inheritdoc/>
    public InterruptInput? Input(IReadOnlyList<uint> specifier) => Pin(specifier) is { } pin ? _inputs[pin] : null;

    internal override string? BrokenInvariant()
    {
        if (_cpu.Irq.Level != (GpuPending != 0 || ArmPending != 0)) return $"IRQ is {_cpu.Irq.Level} with pending 0x{GpuPending:x} and 0x{ArmPending:x}";
        return _cpu.Fiq.Level != FiqInput is { Line.Level: true } ? $"FIQ is {_cpu.Fiq.Level}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => _state;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _state = (State)saved;
        UpdateOutputs();
        UpdateWants();
    }

    /// <inheritdoc/>
    public override void Reset() => Restore(default(State));

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Sample();
        switch (offset)
        {
            case IRQ_BASIC_PENDING: return BasicPending;
            case IRQ_PENDING_1: return (uint)GpuPending;
            case IRQ_PENDING_2: return GpuPending >> 32;
            case FIQ_CONTROL: return _state.Fiq;
            case ENABLE_IRQS_1: return (uint)_state.GpuEnabled;
            case ENABLE_IRQS_2: return _state.GpuEnabled >> 32;
            case ENABLE_BASIC_IRQS: return _state.ArmEnabled;
            case DISABLE_IRQS_1: return (uint)~_state.GpuEnabled;
            case DISABLE_IRQS_2: return ~_state.GpuEnabled >> 32;
            case DISABLE_BASIC_IRQS: return ~_state.ArmEnabled & 0xff;
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        switch (offset)
        {
            case FIQ_CONTROL: _state.Fiq = (uint)value & (FiqEnable | FiqSource); break;
            case ENABLE_IRQS_1: _state.GpuEnabled |= (uint)value; break;
            case ENABLE_IRQS_2: _state.GpuEnabled |= value << 32; break;
            case ENABLE_BASIC_IRQS: _state.ArmEnabled |= (uint)value & 0xff; break;
            case DISABLE_IRQS_1: _state.GpuEnabled &= ~(ulong)(uint)value; break;
            case DISABLE_IRQS_2: _state.GpuEnabled &= ~(value << 32); break;
            case DISABLE_BASIC_IRQS: _state.ArmEnabled &= ~(uint)value; break;
            case IRQ_BASIC_PENDING or IRQ_PENDING_1 or IRQ_PENDING_2: BadWrite(offset, size, "the register is read-only"); return;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        UpdateWants();
        Sample();
        UpdateOutputs();
    }

    private ulong GpuPending
    {
        get
        {
            var pending = 0ul;
            for (var i = 0; i < GpuInputs; i++) pending |= (_inputs[i].Line.Level ? 1ul : 0) << i;
            return pending & _state.GpuEnabled;
        }
    }

    private uint ArmPending
    {
        get
        {
            var pending = 0u;
            for (var i = 0; i < ArmInputs; i++) pending |= (_inputs[GpuInputs + i].Line.Level ? 1u : 0) << i;
            return pending & _state.ArmEnabled;
        }
    }

    private uint BasicPending
    {
        get
        {
            var gpu = GpuPending;
            var basic = ArmPending;
            for (var i = 0; i < s_shortcuts.Length; i++) basic |= (uint)(gpu >> s_shortcuts[i] & 1) << 10 + i;
            var others = gpu & ~s_shown;
            return basic | ((uint)others != 0 ? 1u << 8 : 0) | (others >> 32 != 0 ? 1u << 9 : 0);
        }
    }

    /// <summary>The input that the FIQ is of: 72 to 127 are of none (page 116).</summary>
    private InterruptInput? FiqInput =>
        (_state.Fiq & FiqEnable) != 0 && (_state.Fiq & FiqSource) is < GpuInputs + ArmInputs and var source ? _inputs[source] : null;

    private bool IsEnabled(int pin) => pin < GpuInputs ? (_state.GpuEnabled >> pin & 1) != 0 : (_state.ArmEnabled >> pin - GpuInputs & 1) != 0;

    /// <summary>Brings up to date what the registers or the outputs are made of.</summary>
    private void Sample()
    {
        var fiq = FiqInput;
        for (var i = 0; i < _inputs.Length; i++)
            if (IsEnabled(i) || _inputs[i] == fiq) _inputs[i].Line.Sample();
    }

    /// <summary>Waits for those inputs that an output somebody waits for is made of.</summary>
    private void UpdateWants()
    {
        var fiq = FiqInput;
        for (var i = 0; i < _inputs.Length; i++)
        {
            var wanted = IsEnabled(i) && _cpu.Irq.IsWanted || _inputs[i] == fiq && _cpu.Fiq.IsWanted;
            if (wanted == _wanted[i]) continue;
            _wanted[i] = wanted;
            _inputs[i].Line.Want(wanted);
        }
    }

    /// <summary>Owns the two outputs.</summary>
    private void UpdateOutputs()
    {
        _cpu.Irq.Set(GpuPending != 0 || ArmPending != 0);
        _cpu.Fiq.Set(FiqInput is { Line.Level: true });
    }
}
