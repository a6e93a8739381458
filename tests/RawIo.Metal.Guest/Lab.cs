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
            Pc => [.. DevMemChecks.AnyMachine(), .. DevMemChecks.Strict(), .. PcMemoryChecks.Any(), .. PcMemoryChecks.Strict()],
            PcRelaxed => [.. DevMemChecks.AnyMachine(), .. PcMemoryChecks.Any(), .. PcMemoryChecks.Relaxed()],
            Pi3 =>
            [
                .. DevMemChecks.AnyMachine(), .. PiChecks.Any(), .. PiGpioChecks.All(), .. PiContracts(),
            ],
            Pi3Strict => [.. DevMemChecks.AnyMachine(), .. DevMemChecks.Strict(), .. PiChecks.Any(), .. PiChecks.Strict()],
            _ => throw new ArgumentException($"'{boot}' is no boot of the lab; there are {Pc}, {PcRelaxed}, {Pi3} and {Pi3Strict}.", nameof(boot)),
        };
        return [.. checks];
    }

    // RAM from 512 MiB on is kept from the kernel (mem=512M), so it is memory of nobody's, mapped as devices are.
    private static IEnumerable<Check> PiContracts() =>
    [
        .. MetalMmioContract.OverReservedRam("/dev/mem", 0x30000000),
        .. MetalMmioContract.OverReservedRam("/dev/mem across two pages", 0x30000f80),
        .. MetalHardwareContract.On(() => 0x3f003000, () => null),
    ];
}
