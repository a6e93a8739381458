using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>Somebody plugs parts into a bus and pulls them out.</summary>
internal sealed class PartStimulus : IStimulus
{
    private readonly List<(Part Part, Action Plug, Action Unplug)> _parts = [];

    private PartStimulus()
    {
    }

    public static PartStimulus On(I2cBus bus)
    {
        var stimulus = new PartStimulus();
        // Where masks of registers and zeros lead, too.
        foreach (var (address, part) in new (int, I2cPart)[] { (0x50, new Eeprom24C32()), (0x08, new Tmp105()), (0x76, new Bme280()), (0x20, new Mcp23017()), (0x10, new Eeprom24C32()) })
            stimulus._parts.Add((part, () => bus.Plug(address, part), () => bus.Unplug(address)));
        return stimulus;
    }

    public static PartStimulus On(SpiBus bus)
    {
        var stimulus = new PartStimulus();
        foreach (var (select, part) in new (int, SpiPart)[] { (0, new SpiFlash("W25Q80", 8)), (1, new Mcp3008()), (2, new SpiLoopback()) })
            stimulus._parts.Add((part, () => bus.Plug(select, part), () => bus.Unplug(select)));
        return stimulus;
    }

    public string Describe(ulong value) => $"{_parts[Index(value)].Part.Name}: plugged in or pulled out";

    public ulong Do(ulong value)
    {
        var (part, plug, unplug) = _parts[Index(value)];
        if (part.IsPlugged) unplug();
        else plug();
        return part.IsPlugged ? 1ul : 0;
    }

    // Those that are plugged in are in the bus's snapshot too; the others remember as well.
    public object Save() => _parts.Select(p => p.Part.Save()).ToArray();

    public void Restore(object? saved)
    {
        var states = (object[])saved!;
        for (var i = 0; i < states.Length; i++) _parts[i].Part.Restore(states[i]);
    }

    private int Index(ulong value) => (int)(value % (ulong)_parts.Count);
}

/// <summary>A driver that switches the auxiliary peripherals on and off.</summary>
internal sealed class AuxStimulus(Bcm2835AuxModel aux) : IStimulus
{
    private const int AUX_ENABLES = 4;

    public string Describe(ulong value) => $"AUX_ENABLES: {Enables(value)}";

    public ulong Do(ulong value)
    {
        aux.Write(AUX_ENABLES, 4, Enables(value));
        return 0;
    }

    public object Save() => aux.Save();

    public void Restore(object? saved) => aux.Restore(saved!);

    // On more often than off.
    private static ulong Enables(ulong value) => (value & 3) == 0 ? value >> 2 & 7 : 7;
}
