namespace RawIo.Metal;

/// <summary>Which checks are made on which boot. tests/RawIo.Metal reads the names before it boots: a check that the guest does not report has failed.</summary>
public static class Lab
{
    /// <summary>A PC that keeps /dev/mem strict, as Debian's kernel does.</summary>
    public const string Pc = "pc";

    /// <summary>A PC booted with iomem=relaxed.</summary>
    public const string PcRelaxed = "pc-relaxed";

    /// <summary>A Raspberry Pi 3 booted with iomem=relaxed.</summary>
    public const string Pi3 = "pi3";

    /// <summary>A Raspberry Pi 3 that keeps /dev/mem strict.</summary>
    public const string Pi3Strict = "pi3-strict";

    /// <summary>The checks of a boot, in the order in which they are made.</summary>
    public static IReadOnlyList<Check> ChecksOf(string boot)
    {
        IEnumerable<Check> checks = boot switch
        {
            Pc =>
            [
                .. DevMemChecks.AnyMachine(), .. DevMemChecks.Strict(), .. PcMemoryChecks.Any(), .. PcMemoryChecks.Strict(), .. ProbeChecks.AnyMachine(),
                .. PcContracts(), .. PcPortChecks.All(), .. PcDeviceChecks.All(), .. EduChecks.All(), .. DoctorChecks.Pc(), .. PcToolChecks.All(),
            ],
            PcRelaxed => [.. DevMemChecks.AnyMachine(), .. PcMemoryChecks.Any(), .. PcMemoryChecks.Relaxed()],
            Pi3 =>
            [
                .. DevMemChecks.AnyMachine(), .. PiChecks.Any(), .. PiGpioChecks.All(), .. PiControllerChecks.All(), .. PiContracts(),
                .. ProbeChecks.AnyMachine(), .. ProbeChecks.Pi(), .. DoctorChecks.Pi(), .. PiToolChecks.All(),
            ],
            Pi3Strict => [.. DevMemChecks.AnyMachine(), .. DevMemChecks.Strict(), .. PiChecks.Any(), .. PiChecks.Strict()],
            _ => throw new ArgumentException($"'{boot}' is no boot of the lab; there are {Pc}, {PcRelaxed}, {Pi3} and {Pi3Strict}.", nameof(boot)),
        };
        return [.. checks];
    }

    // The RAM behind BAR 2 of QEMU's ivshmem: memory of nobody's, and no BAR that a driver has claimed.
    private static IEnumerable<Check> PcContracts() =>
    [
        .. MetalMmioContract.Over("sysfs BAR", static () => BarFile("resource2")),
        .. MetalMmioContract.Over("write-combined sysfs BAR", static () => BarFile("resource2_wc")),
        .. MetalMmioContract.Over("/dev/mem", static () => HostMachine.Open().IoRemap(SharedStart, MetalMmioContract.Size)),
        .. MetalHardwareContract.On(static () => SharedStart, static () => PcPortChecks.Scratch),
    ];

    private static NativeMmio BarFile(string name) =>
        DeviceFile.Map($"/sys/bus/pci/devices/{Shared().Address}/{name}", 0, MetalMmioContract.Size, SharedStart);

    private static ulong SharedStart => Shared().Bars.Single(bar => bar.Index == 2).Start;

    private static PciDevice Shared() => PciDevice.Find(0x1af4, 0x1110);

    // RAM from 512 MiB on is kept from the kernel (mem=512M), so it is memory of nobody's, mapped as devices are.
    private static IEnumerable<Check> PiContracts() =>
    [
        .. MetalMmioContract.Over("/dev/mem", static () => HostMachine.Open().IoRemap(0x30000000, MetalMmioContract.Size)),
        .. MetalMmioContract.Over("/dev/mem across two pages", static () => HostMachine.Open().IoRemap(0x30000f80, MetalMmioContract.Size)),
        .. MetalHardwareContract.On(() => 0x3f003000, () => null),
    ];
}
