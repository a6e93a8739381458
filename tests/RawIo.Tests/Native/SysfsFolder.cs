namespace RawIo.Tests;

/// <summary>The part of sysfs that UIO and PCI devices have.</summary>
internal sealed class SysfsFolder : MachineFolder
{
    /// <summary>A UIO device without maps. Like the kernel, the class has a link and the device its folder.</summary>
    public void AddUio(int number, string name, string device = "0000:00:04.0")
    {
        var folder = $"sys/devices/pci0000:00/{device}/uio/uio{number}";
        Write($"{folder}/name", $"{name}\n");
        Write($"{folder}/version", "0.01.0\n");
        Write($"{folder}/event", "0\n");
        Link($"{folder}/device", $"../../../{device}");
        Link($"sys/class/uio/uio{number}", $"../../devices/pci0000:00/{device}/uio/uio{number}");
        WriteBytes($"dev/uio{number}", new byte[5 * 0x10000]);
    }

    public void AddMap(int number, int index, string name, string address, string size, string? offset = "0x0")
    {
        var folder = $"sys/class/uio/uio{number}/maps/map{index}";
        Write($"{folder}/name", $"{name}\n");
        Write($"{folder}/addr", $"{address}\n");
        Write($"{folder}/size", $"{size}\n");
        if (offset is not null) Write($"{folder}/offset", $"{offset}\n");
    }

    /// <summary>A PCI device: memory in BAR 0, prefetchable 64-bit memory in BAR 2, ports in BAR 4, and a ROM.</summary>
    public string AddPci(string address = "0000:00:04.0", ushort vendor = 0x1234, ushort device = 0x11e8)
    {
        var folder = $"sys/bus/pci/devices/{address}";
        Write($"{folder}/vendor", $"0x{vendor:x4}\n");
        Write($"{folder}/device", $"0x{device:x4}\n");
        Write($"{folder}/subsystem_vendor", "0x1af4\n");
        Write($"{folder}/subsystem_device", "0x1100\n");
        Write($"{folder}/class", "0x00ff00\n");
        Write($"{folder}/revision", "0x10\n");
        Write($"{folder}/irq", "11\n");
        Write($"{folder}/enable", "0\n");
        Write($"{folder}/resource", Resources);
        WriteBytes($"{folder}/resource0", new byte[0x10_0000]);
        WriteBytes($"{folder}/resource2", new byte[0x1_0000]);
        WriteBytes($"{folder}/resource2_wc", new byte[0x1_0000]);
        WriteBytes($"{folder}/resource4", new byte[8]);
        var config = new byte[256];
        (config[0], config[1], config[2], config[3]) = ((byte)vendor, (byte)(vendor >> 8), (byte)device, (byte)(device >> 8));
        (config[4], config[6], config[8]) = (3, 0x10, 0x10); // answers at memory and ports; has capabilities; revision
        WriteBytes($"{folder}/config", config);
        return folder;
    }

    public const string Resources =
        "0x00000000fea00000 0x00000000feafffff 0x0000000000040200\n" +
        "0x0000000000000000 0x0000000000000000 0x0000000000000000\n" +
        "0x0000000800000000 0x000000080000ffff 0x000000000014220c\n" +
        "0x0000000000000000 0x0000000000000000 0x0000000000000000\n" +
        "0x000000000000c100 0x000000000000c107 0x0000000000040101\n" +
        "0x0000000000000000 0x0000000000000000 0x0000000000000000\n" +
        "0x00000000feb00000 0x00000000feb0ffff 0x0000000000046200\n";
}
