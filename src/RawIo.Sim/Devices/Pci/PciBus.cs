namespace RawIo.Sim;

/// <summary>A PCI bus: the functions in its slots, and where their BARs are on the machine's buses.</summary>
public sealed class PciBus
{
    private readonly PciFunction?[] _functions = new PciFunction?[256];
    private readonly IBarMap? _map;
    private bool _updating;

    internal PciBus(IBarMap? map) => _map = map;

    /// <summary>The functions, by slot and number.</summary>
    public IEnumerable<PciFunction> Functions => _functions.OfType<PciFunction>();

    /// <summary>Plugs a function in.</summary>
    /// <param name="slot">The slot ("device"), 0 to 31.</param>
    /// <param name="number">The function in the slot, 0 to 7.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot, or function of a slot.</exception>
    /// <exception cref="ArgumentException">One is there already.</exception>
    public T Plug<T>(int slot, int number, T function) where T : PciFunction
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, 31);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 7);
        ref var place = ref _functions[slot << 3 | number];
        if (place is not null) throw new ArgumentException($"{place.Name} is in slot {slot:x2}.{number} already.", nameof(slot));
        place = function;
        function.Bus = this;
        function.Intx.Changed += _ => IntxChanged?.Invoke();
        UpdateMappings();
        return function;
    }

    /// <summary>The function at a place, if any.</summary>
    public PciFunction? Find(int slot, int number) => slot is >= 0 and < 32 && number is >= 0 and < 8 ? _functions[slot << 3 | number] : null;

    /// <summary>An interrupt pin has changed.</summary>
    internal event Action? IntxChanged;

    /// <summary>Whether an interrupt line of the board is asserted: 440FX boards turn the pins by the slot, INTA# of slot 1 is PIRQA#.</summary>
    internal bool Pirq(int line)
    {
        for (var i = 0; i < _functions.Length; i++)
            if (_functions[i] is { Intx.Level: true } function && (function.Identity.InterruptPin - 1 + (i >> 3) - 1 & 3) == line) return true;
        return false;
    }

    /// <summary>
    /// Maps each BAR where its register and COMMAND say. One that would cover RAM or another device is not mapped:
    /// so it is with an address of 0, and while a driver asks a BAR's size without switching decoding off.
    /// </summary>
    internal void UpdateMappings()
    {
        if (_map is null || _updating) return;
        _updating = true;
        foreach (var function in Functions)
        {
            foreach (var bar in function.Bars)
            {
                if (bar.Mapped is not { } mapped || mapped.Start == function.Address(bar)) continue;
                _map.Unmap(mapped);
                bar.Mapped = null;
            }
        }
        foreach (var function in Functions)
            foreach (var bar in function.Bars)
                if (bar.Mapped is null && function.Address(bar) is { } start) bar.Mapped = _map.TryMap(bar.Device, start, bar.Size, bar.Kind == PciBarKind.Io);
        _updating = false;
    }
}
