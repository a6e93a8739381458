using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>Which registers a device has, where a driver of ours describes them.</summary>
internal static class RegisterNames
{
    /// <summary>The device's map, by the most specific <c>compatible</c> that has one; the model's own where no device tree names it.</summary>
    public static RegisterMap? MapOf(AttachedDevice? device)
    {
        if (device is null) return null;
        var compatible = device.Node is { Compatible.Count: > 0 } node ? node.Compatible : device.Device.Compatible;
        foreach (var name in compatible)
            if (RegisterMaps.For(name) is { } map) return map;
        return null;
    }

    /// <summary>The register's name, or "NAME+2" inside it; null where the map has none there.</summary>
    public static string? Name(RegisterMap? map, long offset, int size)
    {
        if (map is null) return null;
        var names = map.At(offset, size).Select(r => offset > r.Offset ? $"{r.Name}+{offset - r.Offset}" : r.Name).Distinct();
        return string.Join(", ", names) is { Length: > 0 } name ? name : null;
    }
}
