namespace RawIo.Native;

/// <summary>What the kernel tells of a UIO device (/sys/class/uio/uioN, drivers/uio/uio.c). Reading it does not open the device.</summary>
public sealed class UioInfo
{
    /// <summary>The number of maps a device may have (include/linux/uio_driver.h, MAX_UIO_MAPS) is 5; a larger index than this is no kernel's.</summary>
    private const int MostIndex = 255;

    private readonly string _folder;

    private UioInfo(HostOptions options, int number)
    {
        Number = number;
        _folder = Folder(options, number);
        Name = Sysfs.Line($"{_folder}/name");
        Version = Sysfs.Line($"{_folder}/version");
        Maps = [.. Indices($"{_folder}/maps", "map").Select(i => UioMap.Read($"{_folder}/maps/map{i}", i))];
        PortIos = [.. Indices($"{_folder}/portio", "port").Select(i => UioPortIo.Read($"{_folder}/portio/port{i}", i))];
        PciAddress = Sysfs.LinkName($"{_folder}/device") is { } parent && RawIo.Native.PciAddress.TryParse(parent, out var address) ? address : null;
    }

    /// <summary>N of /dev/uioN.</summary>
    public int Number { get; }

    /// <summary>The device's name, as its driver gave it: "uio_pci_generic", or a node of the device tree. Several devices may share one.</summary>
    public string Name { get; }

    /// <summary>The driver's version.</summary>
    public string Version { get; }

    /// <summary>The device memory it offers, by index; often none (uio_pci_generic of older kernels: map the BARs of <see cref="PciDevice"/>).</summary>
    public IReadOnlyList<UioMap> Maps { get; }

    /// <summary>The ports it tells of, by index.</summary>
    public IReadOnlyList<UioPortIo> PortIos { get; }

    /// <summary>The PCI device behind it; null where it is none.</summary>
    public PciAddress? PciAddress { get; }

    /// <summary>The kernel's number of its interrupt where its bus tells it, as PCI does; else null.</summary>
    internal int? Irq => File.Exists($"{_folder}/device/irq") ? (int)Sysfs.Decimal($"{_folder}/device/irq") : null;

    /// <summary>The path of its device tree node; null where it has none.</summary>
    internal string? NodePath
    {
        get
        {
            const string Base = "/firmware/devicetree/base";
            var target = new DirectoryInfo($"{_folder}/device/of_node").LinkTarget;
            var at = target?.IndexOf(Base, StringComparison.Ordinal) ?? -1;
            return at < 0 ? null : target![(at + Base.Length)..];
        }
    }

    /// <summary>How many interrupts there were since the driver was bound, by the kernel's count of 32 bits, which wraps. Read anew at each use.</summary>
    /// <exception cref="RawIoException">The device has gone (ENOENT, ENODEV).</exception>
    public uint EventCount => Sysfs.Decimal($"{_folder}/event");

    /// <summary>Whether the kernel still has it.</summary>
    internal bool Exists => Directory.Exists(_folder);

    /// <summary>"uio0".</summary>
    public override string ToString() => $"uio{Number} ({Name})";

    internal static List<UioInfo> All(HostOptions options)
    {
        var all = new List<UioInfo>();
        foreach (var number in Sysfs.Numbers(Path.Join(options.Root, "sys/class/uio"), "uio"))
        {
            try
            {
                all.Add(new(options, number));
            }
            catch (RawIoException) when (!Directory.Exists(Folder(options, number)))
            {
                // It went while we looked.
            }
        }
        return all;
    }

    internal static UioInfo Find(HostOptions options, int number)
    {
        if (!Directory.Exists(Folder(options, number)))
            throw new RawIoException(Errno.ENODEV, $"There is no {Folder(options, number)}: {Remedy(All(options))}");
        return new(options, number);
    }

    internal static UioInfo Find(HostOptions options, string device)
    {
        var name = device.StartsWith("/dev/", StringComparison.Ordinal) ? device["/dev/".Length..] : device;
        if ((Sysfs.Number(name, "uio") ?? Sysfs.Number(name, "")) is { } number) return Find(options, number);
        var all = All(options);
        var found = all.FindAll(info => info.Name == device);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new RawIoException(Errno.ENODEV, $"No UIO device is called '{device}': {Remedy(all)}"),
            _ => throw new ArgumentException(
                $"Several UIO devices are called '{device}': {string.Join(", ", found.Select(Place))}. Say which by its number.", nameof(device)),
        };
    }

    private static string Place(UioInfo info) => info.PciAddress is { } address ? $"uio{info.Number} at {address}" : $"uio{info.Number}";

    private static string Remedy(List<UioInfo> all) => all.Count == 0
        ? "no device is bound to a UIO driver; bind one, for PCI: modprobe uio_pci_generic, then PciDriverBinding."
        : $"there are {string.Join(", ", all)}.";

    private static string Folder(HostOptions options, int number) => Path.Join(options.Root, $"sys/class/uio/uio{number}");

    private static List<int> Indices(string folder, string prefix)
    {
        var indices = Sysfs.Numbers(folder, prefix);
        if (indices.Count > 0 && indices[^1] > MostIndex) throw Sysfs.Malformed($"{folder}/{prefix}{indices[^1]}", 1, $"the index is more than {MostIndex}");
        return indices;
    }
}
