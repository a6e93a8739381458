namespace RawIo.Sim;

/// <summary>The parts that <see cref="SimMachine.Plug(string)"/> knows by name.</summary>
public static class PartCatalog
{
    private static readonly SortedDictionary<string, Func<Part>> s_parts = new(StringComparer.Ordinal)
    {
        ["24c32"] = () => new Eeprom24C32(),
        ["bme280"] = () => new Bme280(),
        ["loopback"] = () => new SpiLoopback(),
        ["mcp23017"] = () => new Mcp23017(),
        ["mcp3008"] = () => new Mcp3008(),
        ["tmp105"] = () => new Tmp105(),
        ["w25q16"] = () => new SpiFlash("W25Q16", 16),
        ["w25q32"] = () => new SpiFlash("W25Q32", 32),
        ["w25q64"] = () => new SpiFlash("W25Q64", 64),
        ["w25q128"] = () => new SpiFlash("W25Q128", 128),
    };

    /// <summary>The names, in order.</summary>
    public static IReadOnlyCollection<string> Names => s_parts.Keys;

    /// <summary>Makes a part.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public static Part Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return s_parts.TryGetValue(name, out var make)
            ? make()
            : throw new ArgumentException($"There is no part \"{name}\". The parts are {string.Join(", ", Names)}.", nameof(name));
    }
}
