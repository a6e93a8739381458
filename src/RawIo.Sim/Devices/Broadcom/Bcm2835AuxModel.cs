namespace RawIo.Sim;

/// <summary>The auxiliary peripherals' common registers (BCM2835 ARM Peripherals, 2.1): mini UART, SPI 1 and SPI 2 share an interrupt and are switched on here.</summary>
/// <remarks>A module that is off keeps its interrupt to itself. QEMU has the mini UART always on and the SPIs not at all.</remarks>
public sealed class Bcm2835AuxModel : Device
{
    private const int AUX_IRQ = 0x00, AUX_ENABLES = 0x04;
    private const int Modules = 3;

    private readonly InterruptInput[] _modules = [new("mini UART"), new("SPI 1"), new("SPI 2")];
    private readonly SignalLine _interrupt = new();
    private uint _enables;

    /// <summary>The block after power-on: all three off.</summary>
    public Bcm2835AuxModel()
    {
        foreach (var module in _modules) module.Line.Changed += _ => UpdateInterrupt();
        _interrupt.WantChanged = () =>
        {
            foreach (var module in _modules) module.Line.Want(_interrupt.IsWanted);
        };
        _interrupt.Settle = Sample;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2835 AUX";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-aux"];

    /// <summary>The shared interrupt: high while a module that is on has one.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => [_interrupt];

    /// <summary>Called after AUX_ENABLES has changed.</summary>
    public event Action? EnablesChanged;

    /// <summary>Whether a module is on.</summary>
    /// <param name="module">0 the mini UART, 1 and 2 the SPIs.</param>
    public bool Enabled(int module) => (_enables & Bit(module)) != 0;

    /// <summary>Brings a module's interrupt here. Where the module has a line to a controller too, that one must be low while the module is off.</summary>
    /// <param name="module">0 the mini UART, 1 and 2 the SPIs.</param>
    /// <param name="line">Its line.</param>
    public void Connect(int module, SignalLine line)
    {
        _ = Bit(module);
        _modules[module].Connect(line);
    }

    /// <inheritdoc/>
    public override object Save() => _enables;

    /// <inheritdoc/>
    public override void Restore(object saved) => SetEnables((uint)saved);

    /// <inheritdoc/>
    public override void Reset() => SetEnables(0);

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        switch (offset)
        {
            case AUX_IRQ:
                Sample();
                return Pending;
            case AUX_ENABLES: return _enables;
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        switch (offset)
        {
            case AUX_ENABLES: SetEnables((uint)value & 7); break;
            case AUX_IRQ: BadWrite(offset, size, "AUX_IRQ is read-only"); break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
    }

    private uint Pending
    {
        get
        {
            var pending = 0u;
            for (var i = 0; i < Modules; i++) pending |= _modules[i].Line.Level ? 1u << i : 0;
            return pending & _enables;
        }
    }

    private static uint Bit(int module)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(module);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(module, Modules);
        return 1u << module;
    }

    private void SetEnables(uint value)
    {
        var changed = _enables != value;
        _enables = value;
        if (changed) EnablesChanged?.Invoke();
        UpdateInterrupt();
    }

    private void Sample()
    {
        foreach (var module in _modules) module.Line.Sample();
    }

    /// <summary>Owns the line.</summary>
    private void UpdateInterrupt() => _interrupt.Set(Pending != 0);
}
