namespace RawIo.Sim;

/// <summary>A PC as QEMU's <c>pc</c> is one: 512 MiB, and the ports of what has a model.</summary>
internal static class PcBoard
{
    private const ResourceFlags Ram = ResourceFlags.Mem | ResourceFlags.SysRam | ResourceFlags.Busy;
    private const ResourceFlags Reserved = ResourceFlags.Mem | ResourceFlags.Busy;

    /// <summary>The board. Below 1 MiB and at the top of RAM, the firmware keeps pieces for itself, as its memory map says.</summary>
    public static BoardPlan Plan() => new()
    {
        Name = "pc",
        Format = new X64PageFormat(),
        Caches = CacheSizes.Pc,
        LastAddress = 0xff_ffff_ffff,
        Ram = [(0, 0xa_0000), (0x10_0000, 0x1ff0_0000)],
        KernelData = (0x1220_0000, 0x24_8000),
        Memory =
        [
            new(0x0000_0000, 0x0000_0fff, "Reserved", Reserved),
            new(0x0000_1000, 0x0009_fbff, "System RAM", Ram),
            new(0x0009_fc00, 0x0009_ffff, "Reserved", Reserved),
            new(0x0010_0000, 0x1ffd_ffff, "System RAM", Ram),
            new(0x1220_0000, 0x1244_7fff, "Kernel data", Ram),
            new(0x1ffe_0000, 0x1fff_ffff, "Reserved", Reserved),
        ],
        Ports =
        [
            new(0x60, 0x60, "keyboard", ResourceFlags.Io),
            new(0x64, 0x64, "keyboard", ResourceFlags.Io),
        ],
        Devices = [new(context => new I8042Model(context.Time, systemReset: context.Reset), 0x60, 5, Ports: [0x60, 0x64]) { Irqs = [1, 12] }],
    };
}
