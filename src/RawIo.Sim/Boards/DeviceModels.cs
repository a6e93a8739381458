namespace RawIo.Sim;

/// <summary>What a machine hands to the device models it makes.</summary>
/// <param name="Time">The machine's time; timers made of it run under the machine's lock.</param>
/// <param name="Seed">The seed of everything random.</param>
/// <param name="Node">The device's node, if any.</param>
internal sealed record DeviceContext(TimeProvider Time, int Seed, DeviceTreeNode? Node);

/// <summary>Which model answers to which <c>compatible</c> string.</summary>
internal static class DeviceModels
{
    private static readonly Dictionary<string, Func<DeviceContext, Device>> s_table = new(StringComparer.Ordinal)
    {
        ["brcm,bcm2711-gpio"] = _ => new Bcm2711GpioModel(),
        ["brcm,bcm2835-gpio"] = _ => new Bcm2835GpioModel(),
        ["brcm,bcm2835-rng"] = context => new Bcm2835RngModel(context.Time, new Random(context.Seed)),
        ["brcm,bcm2835-system-timer"] = context => new Bcm2835SystemTimerModel(context.Time),
    };

    /// <summary>The model for a node: of its compatible strings the first that has one; null where none has.</summary>
    public static Func<DeviceContext, Device>? For(DeviceTreeNode node)
    {
        foreach (var compatible in node.Compatible)
            if (s_table.TryGetValue(compatible, out var make)) return make;
        return null;
    }
}
