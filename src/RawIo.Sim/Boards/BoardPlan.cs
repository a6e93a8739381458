namespace RawIo.Sim;

/// <summary>What a machine is made of, before it is made.</summary>
internal sealed record BoardPlan
{
    /// <summary>The board's name, without "sim:".</summary>
    public required string Name { get; init; }

    public DeviceTree? DeviceTree { get; init; }

    public required PageFormat Format { get; init; }

    public required CacheSizes Caches { get; init; }

    /// <summary>The last physical address.</summary>
    public ulong LastAddress { get; init; } = PhysicalBus.LastAddress;

    /// <summary>RAM, in whole pages.</summary>
    public required IReadOnlyList<(ulong Start, ulong Length)> Ram { get; init; }

    /// <summary>The part of RAM that the page tables live in, shown as the kernel's data.</summary>
    public required (ulong Start, ulong Length) KernelData { get; init; }

    /// <summary>What /proc/iomem lists at boot.</summary>
    public required IReadOnlyList<Resource> Memory { get; init; }

    /// <summary>What /proc/ioports lists at boot; null on a machine that has no ports.</summary>
    public IReadOnlyList<Resource>? Ports { get; init; }

    public IReadOnlyList<PlannedDevice> Devices { get; init; } = [];

    /// <summary>The SoC's own addresses of its devices.</summary>
    public IReadOnlyList<BusWindow> Windows { get; init; } = [];

    /// <summary>Says what the board has at an address, with a model or without.</summary>
    public Func<ulong, string?>? NameOf { get; init; }
}

/// <summary>A device to be made and attached.</summary>
/// <param name="Make">Makes it.</param>
/// <param name="Start">Its first address or port.</param>
/// <param name="Length">Its length.</param>
/// <param name="Node">Its node, if any.</param>
/// <param name="Ports">The ports of the range that are its own; null for a device in memory.</param>
internal sealed record PlannedDevice(Func<DeviceContext, Device> Make, ulong Start, long Length, DeviceTreeNode? Node = null, IReadOnlyList<int>? Ports = null)
{
    /// <summary>What the board's maker calls it, where drivers' authors say so: "uart0", "i2c1", "com1"; else empty.</summary>
    public string Id { get; init; } = "";

    /// <summary>The interrupt requests its lines go to, where no device tree says.</summary>
    public IReadOnlyList<int> Irqs { get; init; } = [];
}

/// <summary>A range of CPU addresses as the SoC's own bus numbers it.</summary>
internal readonly record struct BusWindow(ulong Bus, ulong Cpu, ulong Length);

/// <summary>Cache geometry: sizes in bytes, and ways.</summary>
internal readonly record struct CacheSizes(int L1, int L1Ways, int L2, int L2Ways)
{
    /// <summary>ARM1176JZF-S of BCM2835: 16 KiB, 4 ways; the 128 KiB level 2 is VideoCore's. Its real lines are 32 bytes.</summary>
    public static CacheSizes Arm1176 => new(16 << 10, 4, 128 << 10, 8);

    /// <summary>Cortex-A7 of BCM2836.</summary>
    public static CacheSizes CortexA7 => new(32 << 10, 4, 512 << 10, 8);

    /// <summary>Cortex-A53 of BCM2837.</summary>
    public static CacheSizes CortexA53 => new(32 << 10, 4, 512 << 10, 16);

    /// <summary>Cortex-A72 of BCM2711.</summary>
    public static CacheSizes CortexA72 => new(32 << 10, 2, 1 << 20, 16);

    /// <summary>Cortex-A76 of BCM2712: 64 KiB, 4 ways; 512 KiB a core, 8 ways. The 2 MiB behind them are not modelled.</summary>
    public static CacheSizes CortexA76 => new(64 << 10, 4, 512 << 10, 8);

    /// <summary>A PC's: 32 KiB, 8 ways; 1 MiB, 16 ways.</summary>
    public static CacheSizes Pc => new(32 << 10, 8, 1 << 20, 16);
}
