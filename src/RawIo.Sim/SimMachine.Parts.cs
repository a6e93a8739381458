using System.Globalization;

namespace RawIo.Sim;

// What is plugged into the chip's buses.
public sealed partial class SimMachine
{
    /// <summary>The bus of an I2C controller: "i2c1".</summary>
    /// <exception cref="ArgumentException">The board has none of that name; the message names those it has.</exception>
    public I2cBus I2c(string id) => Master<II2cMaster>(id, "I2C bus").Bus;

    /// <summary>The bus of an SPI controller: "spi0".</summary>
    /// <exception cref="ArgumentException">The board has none of that name; the message names those it has.</exception>
    public SpiBus Spi(string id) => Master<ISpiMaster>(id, "SPI bus").Bus;

    /// <summary>Plugs a part of the catalogue in: "i2c1:0x50=24c32" at an I2C address, "spi0.0=loopback" at a chip select.</summary>
    /// <param name="what">The bus, the place on it, and a name of <see cref="PartCatalog.Names"/>.</param>
    /// <returns>The part, to set what it measures.</returns>
    /// <exception cref="ArgumentException">It is written otherwise, or there is no such bus, place or part, or the place is taken; the message names what there is.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public Part Plug(string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(what);
        var equals = what.IndexOf('=', StringComparison.Ordinal);
        var place = equals < 0 ? what : what[..equals];
        var separator = place.AsSpan().IndexOfAny(':', '.');
        if (equals < 0 || separator < 0)
            throw new ArgumentException($"\"{what}\" is no part at a place: write \"i2c1:0x50=24c32\" or \"spi0.0=loopback\".", nameof(what));
        var (bus, where) = (place[..separator], place[(separator + 1)..]);
        if (!TryNumber(where, out var number))
            throw new ArgumentException($"\"{where}\" in \"{what}\" is no number, such as 0x50 or 0.", nameof(what));
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        var part = PartCatalog.Create(what[(equals + 1)..]);
        if (place[separator] == ':') I2c(bus).Plug(number, Fitting<I2cPart>(part, what, "an I2C part: those go to \"i2c1:0x50\""));
        else Spi(bus).Plug(number, Fitting<SpiPart>(part, what, "an SPI part: those go to \"spi0.0\""));
        return part;
    }

    private static T Fitting<T>(Part part, string what, string kind) where T : Part =>
        part as T ?? throw new ArgumentException($"\"{what}\": the {part.Name} is not {kind}.", nameof(what));

    private static bool TryNumber(string text, out int number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private T Master<T>(string id, string kind) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        foreach (var attached in _devices)
            if (attached.Id == id && attached.Device is T master) return master;
        var ids = _devices.Where(d => d.Device is T && d.Id.Length > 0).Select(d => d.Id).ToArray();
        throw new ArgumentException($"{Name} has no {kind} \"{id}\". It has {(ids.Length == 0 ? "none" : string.Join(", ", ids))}.", nameof(id));
    }
}
