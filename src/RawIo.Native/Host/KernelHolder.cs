namespace RawIo.Native;

/// <summary>Finds the kernel driver behind a range of /proc/iomem or /proc/ioports, and how to make it let go.</summary>
internal static class KernelHolder
{
    private static readonly string[] s_buses = ["platform", "pci", "amba", "pnp"];

    /// <summary>What to do about a holder, as a sentence.</summary>
    public static string Remedy(HostFiles files, Resource holder)
    {
        if (KernelTree.IsRam(holder)) return "It is the kernel's memory; no register is there.";
        foreach (var device in Devices(holder))
            foreach (var bus in s_buses)
                if (Driver(files, bus, device) is { } driver)
                    return $"Unbind its driver (echo {device} > /sys/bus/{bus}/drivers/{driver}/unbind), or use force to share it at your own risk.";
        return "Unload or unbind its driver, or use force to share it at your own risk.";
    }

    // The kernel names a claim "device resource" or "driver", inside a range named after the device.
    private static IEnumerable<string> Devices(Resource holder)
    {
        for (var r = holder; r?.Name is { } name; r = r.Parent) yield return name.Split(' ')[0];
    }

    private static string? Driver(HostFiles files, string bus, string device)
    {
        try
        {
            var link = new FileInfo(files.Path($"/sys/bus/{bus}/devices/{device}/driver")).LinkTarget;
            return link is null ? null : Path.GetFileName(link);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
