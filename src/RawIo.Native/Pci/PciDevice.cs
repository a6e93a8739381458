namespace RawIo.Native;

/// <summary>A PCI device of this machine, through sysfs (/sys/bus/pci/devices; drivers/pci/pci-sysfs.c, Documentation/PCI/sysfs-pci.rst).</summary>
/// <remarks>The numbers and BARs are those of the moment it was opened. It holds nothing open, so there is nothing to dispose.</remarks>
public sealed partial class PciDevice
{
    private readonly HostOptions _options;
    private readonly string _folder;

    private PciDevice(PciAddress address, HostOptions options)
    {
        (Address, _options, _folder) = (address, options, Folder(address, options));
        Vendor = (ushort)Sysfs.Hex($"{_folder}/vendor", ushort.MaxValue);
        Device = (ushort)Sysfs.Hex($"{_folder}/device", ushort.MaxValue);
        SubsystemVendor = (ushort)Sysfs.Hex($"{_folder}/subsystem_vendor", ushort.MaxValue);
        SubsystemDevice = (ushort)Sysfs.Hex($"{_folder}/subsystem_device", ushort.MaxValue);
        Class = (uint)Sysfs.Hex($"{_folder}/class", 0xff_ffff);
        Config = new($"{_folder}/config");
        // Kernels before 4.10 have no such file.
        Revision = (byte?)Sysfs.HexOrNull($"{_folder}/revision", byte.MaxValue) ?? Config.Read8(PciConfigSpace.REVISION_ID);
        Irq = Sysfs.Decimal($"{_folder}/irq");
        Bars = PciBar.ReadAll($"{_folder}/resource");
        Binding = new(this, options);
    }

    /// <summary>Where it is.</summary>
    public PciAddress Address { get; }

    /// <summary>The vendor's number: 0x8086 is Intel.</summary>
    public ushort Vendor { get; }

    /// <summary>The device's number, by the vendor.</summary>
    public ushort Device { get; }

    /// <summary>The vendor of the board.</summary>
    public ushort SubsystemVendor { get; }

    /// <summary>The board's number, by its vendor.</summary>
    public ushort SubsystemDevice { get; }

    /// <summary>What it is: base class, subclass and programming interface, 8 bits each. 0x010601 is an AHCI controller.</summary>
    public uint Class { get; }

    /// <summary>Its revision.</summary>
    public byte Revision { get; }

    /// <summary>The Linux number of its interrupt; 0 where it has none.</summary>
    public uint Irq { get; }

    /// <summary>Its base address registers and ROM, by index; those it does not have are left out.</summary>
    public IReadOnlyList<PciBar> Bars { get; }

    /// <summary>Its configuration space.</summary>
    public PciConfigSpace Config { get; }

    /// <summary>The kernel driver that has it now; null where none has. Read anew at each use.</summary>
    public string? Driver => Binding.Driver;

    /// <summary>Taking it from its driver, and giving it to another.</summary>
    public PciDriverBinding Binding { get; }

    /// <summary>The PCI devices of this machine, by address; none on a machine without PCI.</summary>
    /// <exception cref="MalformedInputException">A file in /sys/bus/pci/devices has a text that no kernel prints.</exception>
    public static IReadOnlyList<PciDevice> All(HostOptions? options = null)
    {
        options ??= new();
        var all = new List<PciDevice>();
        foreach (var address in Addresses(options))
        {
            try
            {
                all.Add(new(address, options));
            }
            catch (RawIoException) when (!Directory.Exists(Folder(address, options)))
            {
                // It went while we looked.
            }
        }
        return all;
    }

    /// <summary>The devices of a kind, by address.</summary>
    /// <param name="vendor">The vendor's number.</param>
    /// <param name="device">The device's number.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="MalformedInputException">A file in /sys/bus/pci/devices has a text that no kernel prints.</exception>
    public static IReadOnlyList<PciDevice> FindAll(ushort vendor, ushort device, HostOptions? options = null) =>
        [.. All(options).Where(pci => pci.Vendor == vendor && pci.Device == device)];

    /// <summary>The one device of a kind.</summary>
    /// <param name="vendor">The vendor's number.</param>
    /// <param name="device">The device's number.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="RawIoException">There is none (ENODEV), or there are several (EEXIST); the message lists them.</exception>
    /// <exception cref="MalformedInputException">A file in /sys/bus/pci/devices has a text that no kernel prints.</exception>
    public static PciDevice Find(ushort vendor, ushort device, HostOptions? options = null)
    {
        var found = FindAll(vendor, device, options);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new RawIoException(Errno.ENODEV, $"There is no PCI device {vendor:x4}:{device:x4} on this machine (ENODEV); lspci -n lists what there is."),
            _ => throw new RawIoException(Errno.EEXIST,
                $"There are {found.Count} PCI devices {vendor:x4}:{device:x4} (EEXIST): {string.Join(", ", found.Select(pci => pci.Address))}. Open one by its address."),
        };
    }

    /// <summary>The device at an address.</summary>
    /// <param name="address">"0000:00:04.0", or "00:04.0" in domain 0.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="FormatException">It is no PCI address.</exception>
    /// <exception cref="RawIoException">There is none (ENODEV).</exception>
    /// <exception cref="MalformedInputException">A file of the device has a text that no kernel prints.</exception>
    public static PciDevice Open(string address, HostOptions? options = null) => Open(PciAddress.Parse(address), options);

    /// <summary>The device at an address.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="RawIoException">There is none (ENODEV).</exception>
    /// <exception cref="MalformedInputException">A file of the device has a text that no kernel prints.</exception>
    public static PciDevice Open(PciAddress address, HostOptions? options = null)
    {
        options ??= new();
        var folder = Folder(address, options);
        return Directory.Exists(folder) ? new(address, options)
            : throw new RawIoException(Errno.ENODEV, $"There is no PCI device at {address} (ENODEV, {folder}); lspci -D lists what there is.");
    }

    /// <summary>"0000:00:04.0 (1234:11e8)".</summary>
    public override string ToString() => $"{Address} ({Vendor:x4}:{Device:x4})";

    private static string Folder(PciAddress address, HostOptions options) => Path.Join(options.Root, $"sys/bus/pci/devices/{address}");

    private static List<PciAddress> Addresses(HostOptions options)
    {
        var addresses = new List<PciAddress>();
        var folder = Path.Join(options.Root, "sys/bus/pci/devices");
        if (!Directory.Exists(folder)) return addresses;
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            var name = Path.GetFileName(entry);
            // Only as the kernel itself writes them.
            if (PciAddress.TryParse(name, out var address) && name == $"{address}") addresses.Add(address);
        }
        addresses.Sort();
        return addresses;
    }
}
