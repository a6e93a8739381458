namespace RawIo;

/// <summary>A driver for devices found in a device tree (kernel: <c>struct platform_driver</c>).</summary>
public interface IPlatformDriver
{
    /// <summary>Its name, unique on a bus.</summary>
    string Name { get; }

    /// <summary>The devices it drives, by <c>compatible</c>: "brcm,bcm2835-gpio" (kernel: <c>of_match_table</c>).</summary>
    IReadOnlyList<string> Compatible { get; }

    /// <summary>
    /// Takes a device over. What it acquires through <see cref="PlatformDevice.Devm"/> is given back by itself, also
    /// when this throws.
    /// </summary>
    /// <param name="device">The device; its <see cref="PlatformDevice.MatchedCompatible"/> says which entry matched.</param>
    void Probe(PlatformDevice device);

    /// <summary>Lets a device go. What it holds through <see cref="PlatformDevice.Devm"/> is given back afterwards.</summary>
    /// <param name="device">A device that <see cref="Probe"/> took over.</param>
    void Remove(PlatformDevice device);
}
