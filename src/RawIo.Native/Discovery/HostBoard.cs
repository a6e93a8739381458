namespace RawIo.Native;

/// <summary>What machine this is, as far as its device tree, /proc/cpuinfo and firmware tables tell without a guess.</summary>
public sealed record HostBoard
{
    /// <summary>The name in words: "Raspberry Pi 4 Model B Rev 1.4"; a PC's maker and product.</summary>
    public required string Model { get; init; }

    /// <summary>Whether it is a Raspberry Pi.</summary>
    public bool IsRaspberryPi { get; init; }

    /// <summary>The chip: "BCM2835", "BCM2836", "BCM2837", "BCM2711", "BCM2712 + RP1"; elsewhere what the device tree calls it. Null: not told.</summary>
    public string? Soc { get; init; }

    /// <summary>A Raspberry Pi's revision code.</summary>
    public RaspberryPiRevision? Revision { get; init; }

    /// <summary>RAM in MiB as the revision code tells it.</summary>
    public int? MemoryMiB => Revision?.MemoryMiB;

    /// <summary>The physical address of a Raspberry Pi's peripherals: 0x20000000, 0x3f000000, 0xfe000000; on a Pi 5 that of RP1, 0x1f00000000. From the device tree's <c>ranges</c>, else from the chip (BCM2835 and BCM2711 ARM Peripherals, section 1.2; RP1 Peripherals, address map).</summary>
    public ulong? PeripheralBase { get; init; }

    /// <summary>The physical address of a Raspberry Pi's GPIO registers: 0x3f200000 on a Pi 3, 0x1f000d0000 on a Pi 5.</summary>
    public ulong? GpioBase { get; init; }
}
