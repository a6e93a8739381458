using System.Globalization;

namespace RawIo.Native;

/// <summary>Finds out what board this is.</summary>
internal static class BoardFinder
{
    // ARM's part numbers of the cores in BCM2836 and BCM2837 (main ID register, bits 15:4).
    private const string CortexA53 = "0xd03";

    public static HostBoard Find(HostFiles files, DeviceTree? tree, string architecture)
    {
        var cpuinfo = files.Text("proc/cpuinfo");
        var compatible = Quiet(() => tree?.Compatible) ?? [];
        var hardware = HostFiles.Field(cpuinfo, "Hardware");
        var isPi = tree is not null
            ? compatible.Any(c => c.StartsWith("raspberrypi,", StringComparison.Ordinal))
            : SocOfHardware(hardware) is not null || hardware == "BCM2835";
        var model = HostFiles.Clean(Quiet(() => tree?.Model)) ?? HostFiles.Field(cpuinfo, "Model");
        if (!isPi)
        {
            return new()
            {
                Model = model ?? Firmware(files) ?? hardware ?? $"Unknown machine ({architecture})",
                Soc = compatible.Count > 1 ? HostFiles.Clean(compatible[^1]) : null,
            };
        }
        var revision = Revision(tree, cpuinfo);
        var soc = revision?.Processor ?? SocOfTree(compatible, cpuinfo) ?? SocOfHardware(hardware);
        var peripherals = Quiet(() => RaspberryPiAddresses.Peripherals(tree)) ?? RaspberryPiAddresses.PeripheralsOf(soc);
        return new()
        {
            IsRaspberryPi = true,
            Model = model ?? (revision?.Type is { } type ? $"Raspberry Pi {type} Rev {revision.Board}" : $"Raspberry Pi ({hardware ?? HostFiles.Clean(compatible[0])})"),
            Soc = soc == "BCM2712" ? "BCM2712 + RP1" : soc,
            Revision = revision,
            PeripheralBase = peripherals,
            GpioBase = Quiet(() => RaspberryPiAddresses.Gpio(tree)) ?? RaspberryPiAddresses.GpioOf(soc, peripherals),
        };
    }

    /// <summary>The answer; the type's own "nothing" where the tree is malformed there.</summary>
    private static T? Quiet<T>(Func<T?> ask)
    {
        try
        {
            return ask();
        }
        catch (MalformedInputException)
        {
            return default;
        }
    }

    /// <summary>From /proc/cpuinfo, which tells it in the Raspberry Pi's own kernel, or from what the firmware puts into the tree.</summary>
    private static RaspberryPiRevision? Revision(DeviceTree? tree, string? cpuinfo)
    {
        if (uint.TryParse(HostFiles.Field(cpuinfo, "Revision"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var told)
            && RaspberryPiRevision.Decode(told) is { } revision) return revision;
        return Quiet(() => tree?.Find("/system")?["linux,revision"]?.AsUInt32()) is { } code ? RaspberryPiRevision.Decode(code) : null;
    }

    /// <summary>bcm2708, bcm2709 and bcm2710 are the Raspberry Pi kernel's older names of BCM2835, BCM2836 and BCM2837.</summary>
    private static string? SocOfTree(IReadOnlyList<string> compatible, string? cpuinfo)
    {
        foreach (var name in compatible)
        {
            switch (name)
            {
                case "brcm,bcm2835" or "brcm,bcm2708": return "BCM2835";
                // A Pi 2 of revision 1.2 is told from the ones before it by its cores.
                case "brcm,bcm2836" or "brcm,bcm2709": return HostFiles.Field(cpuinfo, "CPU part") == CortexA53 ? "BCM2837" : "BCM2836";
                case "brcm,bcm2837" or "brcm,bcm2710": return "BCM2837";
                case "brcm,bcm2711": return "BCM2711";
                case "brcm,bcm2712": return "BCM2712";
            }
        }
        return null;
    }

    /// <summary>The kernels without a device tree name the chip's family. BCM2835 is no answer: since Linux 4.9 all Pis say so.</summary>
    private static string? SocOfHardware(string? hardware) => hardware switch
    {
        "BCM2708" => "BCM2835",
        "BCM2709" => "BCM2836 or BCM2837",
        "BCM2710" => "BCM2837",
        "BCM2711" => "BCM2711",
        "BCM2712" => "BCM2712",
        _ => null,
    };

    /// <summary>What a PC's firmware says of it (DMI).</summary>
    private static string? Firmware(HostFiles files)
    {
        var (maker, product) = (files.Line("sys/class/dmi/id/sys_vendor"), files.Line("sys/class/dmi/id/product_name"));
        return HostFiles.Clean(maker is not null && product?.StartsWith(maker, StringComparison.Ordinal) == true ? product : $"{maker} {product}");
    }
}
