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
            new(0x00, 0x1f, "dma1", ResourceFlags.Io),
            new(0x20, 0x21, "pic1", ResourceFlags.Io),
            new(0x40, 0x43, "timer0", ResourceFlags.Io),
            new(0x50, 0x53, "timer1", ResourceFlags.Io),
            new(0x60, 0x60, "keyboard", ResourceFlags.Io),
            new(0x64, 0x64, "keyboard", ResourceFlags.Io),
            new(0x70, 0x77, "rtc0", ResourceFlags.Io),
            new(0x80, 0x8f, "dma page reg", ResourceFlags.Io),
            new(0xa0, 0xa1, "pic2", ResourceFlags.Io),
            new(0xc0, 0xdf, "dma2", ResourceFlags.Io),
            new(0x2f8, 0x2ff, "serial", ResourceFlags.Io),
            new(0x3f8, 0x3ff, "serial", ResourceFlags.Io),
            new(0xcf8, 0xcff, "PCI conf1", ResourceFlags.Io),
        ],
        Devices =
        [
            new(_ => new I8259PairModel(), 0x20, 0x4b2, Ports: [0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1]),
            new(context => new I8237PairModel(context.Time, context.Bus), 0, 0xe0, Ports: [.. Ports(0, 16), .. Ports(0x81, 15), .. Ports(0xc0, 32)]),
            new(context => new I8254Model(context.Time), 0x40, 4, Ports: [.. Ports(0x40, 4)]) { Irqs = [0] },
            new(context => new I8042Model(context.Time, systemReset: context.Reset), 0x60, 5, Ports: [0x60, 0x64]) { Irqs = [1, 12] },
            new(context => new SystemControlPortModel(context.Time, context.Find<I8254Model>()), 0x61, 1, Ports: [0x61]),
            new(context => new Mc146818Model(context.Time, DateOf(context)), 0x70, 4, Ports: [.. Ports(0x70, 4)]) { Irqs = [8] },
            new(_ => new PostCodeModel(), 0x80, 1, Ports: [0x80]),
            new(context => new Port92Model(context.Reset, context.Find<I8042Model>().A20), 0x92, 1, Ports: [0x92]),
            new(_ => new DebugConsoleModel(), 0xe9, 1, Ports: [0xe9]),
            new(context => new Uart16550Model(context.Time), 0x2f8, 8, Ports: [.. Ports(0x2f8, 8)]) { Irqs = [3], Id = "com2" },
            new(context => new Uart16550Model(context.Time), 0x3f8, 8, Ports: [.. Ports(0x3f8, 8)]) { Irqs = [4], Id = "com1" },
            new(context => new PciHostModel(context.Bars, context.Reset), 0xcf8, 8, Ports: [.. Ports(0xcf8, 8)]),
            Function(0, 0, _ => new I440FxBridge()),
            Function(1, 0, context => new Piix3Bridge(context.Find<PciHostModel>(), irq => InterruptInput(context, irq))),
            Function(4, 0, context => new EduModel(context.Time, context.TransferTime, context.Bus)),
        ],
    };

    private static DateTimeOffset DateOf(DeviceContext context) =>
        context.Options.Rtc ?? (context.Options.SteppedClock ? context.Options.Epoch : context.Time.GetUtcNow());

    private static IEnumerable<int> Ports(int first, int count) => Enumerable.Range(first, count);

    /// <summary>A PCI function; its place is the CONFIG_ADDRESS it answers to.</summary>
    private static PlannedDevice Function(int slot, int number, Func<DeviceContext, PciFunction> make) =>
        new(context => context.Find<PciHostModel>().Bus.Plug(slot, number, make(context)), 0x8000_0000 | (ulong)slot << 11 | (ulong)number << 8, PciFunction.Length)
        {
            Id = $"pci{slot:x2}.{number}",
        };

    private static InterruptInput? InterruptInput(DeviceContext context, int irq) =>
        context.Made.Select(m => m.Device).OfType<IInterruptController>().FirstOrDefault()?.Input([(uint)irq]);
}
