using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>Which registers a device has, where a driver of ours describes them.</summary>
internal static class RegisterNames
{
    /// <summary>What a model is compatible with; by its own words where no device tree names it.</summary>
    public static IReadOnlyList<string> Compatible(AttachedDevice device) =>
        device.Node is { Compatible.Count: > 0 } node ? node.Compatible : device.Device.Compatible;

    /// <summary>The map by the most specific <c>compatible</c> that has one.</summary>
    public static RegisterMap? MapOf(IEnumerable<string> compatible) =>
        compatible.Select(RegisterMaps.For).FirstOrDefault(map => map is not null);

    /// <summary>The register's name, or "NAME+2" inside it; null where the map has none there.</summary>
    public static string? Name(RegisterMap? map, long offset, int size)
    {
        if (map is null) return null;
        var names = map.At(offset, size).Select(r => offset > r.Offset ? $"{r.Name}+{offset - r.Offset}" : r.Name).Distinct();
        return string.Join(", ", names) is { Length: > 0 } name ? name : null;
    }
}
