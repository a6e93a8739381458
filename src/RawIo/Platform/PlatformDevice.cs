using System.Globalization;

namespace RawIo;

/// <summary>A device of the device tree, as its driver sees it (kernel: <c>struct platform_device</c>).</summary>
public sealed class PlatformDevice
{
    internal PlatformDevice(IHardware hardware, DeviceTreeNode node)
    {
        (Hardware, Node) = (hardware, node);
        Resources = Translate(node);
        Name = MakeName(node);
        Devm = new DeviceScope(Name);
    }

    /// <summary>
    /// Its name, as the kernel forms it (drivers/of/device.c, of_device_make_bus_id): "3f200000.gpio", the
    /// translated address and the node's name without its unit address. Without such an address it is the node's
    /// name behind those of the nodes around it: "leds", "soc:firmware".
    /// </summary>
    public string Name { get; }

    /// <summary>The machine it is in.</summary>
    public IHardware Hardware { get; }

    /// <summary>Its node: further properties.</summary>
    public DeviceTreeNode Node { get; }

    /// <summary>
    /// What it is made of, at CPU addresses: as in the kernel (drivers/of/platform.c), up to the first entry of
    /// <c>reg</c> that has none, so that an index means the same entry on every board.
    /// </summary>
    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>
    /// What its driver holds: given back when probing fails, and after <see cref="IPlatformDriver.Remove"/>. Every
    /// probe starts with an empty one.
    /// </summary>
    public DeviceScope Devm { get; internal set; }

    /// <summary>The driver that has it; null while unbound. Set before its probe runs.</summary>
    public IPlatformDriver? Driver { get; internal set; }

    /// <summary>The most specific entry of its <c>compatible</c> that its driver lists (kernel: <c>of_match_device</c>); null while unbound.</summary>
    public string? MatchedCompatible { get; internal set; }

    /// <summary>What the last probe threw, null if it succeeded or never ran. What giving back threw after that is added in an <see cref="AggregateException"/>.</summary>
    public Exception? ProbeError { get; internal set; }

    /// <summary>For the driver's own use (kernel: <c>platform_set_drvdata</c>). Null again once unbound.</summary>
    public object? DriverData { get; set; }

    /// <summary>The n-th resource of a type (kernel: <c>platform_get_resource</c>).</summary>
    /// <param name="type">The type, such as <see cref="ResourceFlags.Mem"/>; other bits are not looked at.</param>
    /// <param name="index">Which of that type, from 0.</param>
    /// <returns>The resource, or null where there are not so many.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is below 0.</exception>
    public Resource? GetResource(ResourceFlags type, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Resources.Where(r => r.IsOfType(type)).ElementAtOrDefault(index);
    }

    /// <summary>The resource of a type and name (kernel: <c>platform_get_resource_byname</c>).</summary>
    /// <param name="type">The type, such as <see cref="ResourceFlags.Mem"/>; other bits are not looked at.</param>
    /// <param name="name">The name, as in <c>reg-names</c>.</param>
    /// <returns>The resource, or null where there is none.</returns>
    public Resource? GetResourceByName(ResourceFlags type, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Resources.FirstOrDefault(r => r.IsOfType(type) && r.Name == name);
    }

    /// <summary>
    /// Claims and maps the n-th memory resource until the driver lets go (kernel:
    /// <c>devm_platform_ioremap_resource</c>). The claim is named "3f200000.gpio gpio@7e200000".
    /// </summary>
    /// <param name="index">Which memory resource, from 0.</param>
    /// <exception cref="RawIoException">There is no such resource (EINVAL), or mapping failed.</exception>
    /// <exception cref="ResourceBusyException">Somebody holds part of it; the message names the holder.</exception>
    public IMmio IoRemapResource(int index) => Devm.IoRemapResource(Hardware, GetResource(ResourceFlags.Mem, index));

    /// <summary>
    /// Opens its n-th interrupt until the driver lets go (kernel: <c>platform_get_irq</c>, <c>devm_request_irq</c>). It
    /// is switched on.
    /// </summary>
    /// <param name="index">Which of its interrupts, from 0.</param>
    /// <exception cref="RawIoException">It has no such interrupt (ENXIO), or nothing gives it to user space.</exception>
    /// <exception cref="ResourceBusyException">Somebody has it; the message names him.</exception>
    public IInterrupt OpenInterrupt(int index) => Devm.Add(Hardware.OpenInterrupt(Node, index, $"{Name}:{index}"));

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    private static List<Resource> Translate(DeviceTreeNode node)
    {
        var resources = new List<Resource>();
        while (resources.Count < node.Reg.Count && node.TryTranslate(resources.Count, out var resource, out _)) resources.Add(resource);
        return resources;
    }

    private static string MakeName(DeviceTreeNode node)
    {
        string? name = null;
        for (var n = node; n.Parent is not null; n = n.Parent)
        {
            var tail = name is null ? "" : $":{name}";
            if (n.Reg is [var first, ..] && n.TryTranslateAddress(first.Address, out var address, out _))
                return string.Create(CultureInfo.InvariantCulture, $"{address:x}.{n.BaseName}{tail}");
            name = n.Name + tail;
        }

        return name ?? node.Name;
    }
}
