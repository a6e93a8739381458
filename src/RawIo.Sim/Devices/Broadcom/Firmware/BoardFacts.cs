namespace RawIo.Sim;

/// <summary>What the firmware of a Raspberry Pi knows of its board.</summary>
public sealed record BoardFacts
{
    /// <summary>The board's revision code, as in /proc/cpuinfo.</summary>
    public uint Revision { get; init; } = 0xa0_2082;

    /// <summary>The serial number.</summary>
    public ulong Serial { get; init; } = 0x51ca_1e01;

    /// <summary>The Ethernet address, first byte first.</summary>
    public IReadOnlyList<byte> MacAddress { get; init; } = [0xb8, 0x27, 0xeb, 0xca, 0x1e, 0x01];

    /// <summary>Bytes of RAM from address 0 that are the ARM's.</summary>
    public uint ArmMemory { get; init; } = 0x3b40_0000;

    /// <summary>Bytes of RAM after those that are VideoCore's.</summary>
    public uint VideoCoreMemory { get; init; } = 0x4c0_0000;

    /// <summary>How many of VideoCore's bytes the ARM sees, the peripherals hiding the rest; the framebuffer and what drivers allocate are among them.</summary>
    public uint VisibleMemory { get; init; } = 0x3c0_0000;

    /// <summary>Which of the four views of RAM the firmware's addresses are of: 0x40000000 on BCM2835, else 0xc0000000.</summary>
    public uint Alias { get; init; } = 0xc000_0000;

    /// <summary>The DMA channels the ARM may have, a bit each.</summary>
    public uint DmaChannels { get; init; } = 0x7f35;

    /// <summary>The clock of the ARM's cores in Hz.</summary>
    public uint ArmClock { get; init; } = 1_200_000_000;

    /// <summary>VideoCore's clock in Hz.</summary>
    public uint CoreClock { get; init; } = 250_000_000;

    /// <summary>Whether the chip is a BCM2711, with its additional clocks.</summary>
    public bool IsBcm2711 { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>
    /// Of a board: revision 900032 (1 B+), a01041 (2 B), a02082 (3 B), c03111 (4 B), c04170 (5) by its chip, or what the firmware wrote
    /// into the tree (/system: linux,revision and linux,serial).
    /// </summary>
    internal static BoardFacts Of(BoardPlan plan, SimOptions options)
    {
        var tree = plan.DeviceTree!;
        var chips = tree.Root.Compatible;
        var system = tree.Find("/system");
        var facts = chips.Contains("brcm,bcm2712")
            ? new BoardFacts { Revision = 0xc0_4170, ArmClock = 2_400_000_000, CoreClock = 910_000_000, Serial = 0x1000_0000_51ca_1e01 }
            : chips.Contains("brcm,bcm2711")
            ? new BoardFacts { Revision = 0xc0_3111, IsBcm2711 = true, DmaChannels = 0x07f5, ArmClock = 1_500_000_000, CoreClock = 500_000_000, Serial = 0x1000_0000_51ca_1e01 }
            : chips.Contains("brcm,bcm2836") ? new() { Revision = 0xa0_1041, ArmClock = 900_000_000, CoreClock = 250_000_000 }
            : chips.Contains("brcm,bcm2835") ? new() { Revision = 0x90_0032, ArmClock = 700_000_000, CoreClock = 250_000_000, Alias = 0x4000_0000 }
            : new BoardFacts();
        if (Number(system, "linux,revision") is { } revision) facts = facts with { Revision = (uint)revision };
        facts = facts with { Serial = options.Serial ?? Number(system, "linux,serial") ?? facts.Serial };
        var bootargs = tree.Find("/chosen")?["bootargs"];
        var (start, length, visible) = VideoCoreOf(plan.Ram, plan.Windows);
        byte[] maker = chips.Contains("brcm,bcm2712") ? [0xd8, 0x3a, 0xdd]
            : facts.IsBcm2711 ? [0xdc, 0xa6, 0x32] : [0xb8, 0x27, 0xeb];
        return facts with
        {
            MacAddress = [.. maker, (byte)(facts.Serial >> 16), (byte)(facts.Serial >> 8), (byte)facts.Serial],
            ArmMemory = (uint)start,
            VideoCoreMemory = (uint)length,
            VisibleMemory = (uint)visible,
            CommandLine = bootargs is null ? "" : System.Text.Encoding.ASCII.GetString(bootargs.Value.Span).TrimEnd('\0'),
        };
    }

    /// <summary>VideoCore's share: from the end of the RAM that starts at 0 to the next 256 MiB, and what of it no peripheral hides.</summary>
    internal static (ulong Start, ulong Length, ulong Visible) VideoCoreOf(IReadOnlyList<(ulong Start, ulong Length)> ram, IReadOnlyList<BusWindow> windows)
    {
        const ulong step = 256ul << 20, gibibyte = 1ul << 30;
        if (ram.Count == 0 || ram[0].Start != 0 || ram[0].Length >= gibibyte) return default;
        var start = ram[0].Length;
        var end = (start + step - 1) / step * step;
        var visible = end;
        foreach (var window in windows)
            if (window.Cpu >= start) visible = Math.Min(visible, window.Cpu);
        foreach (var range in ram)
            if (range.Start > start) visible = Math.Min(visible, range.Start);
        return (start, end - start, visible - start);
    }

    private static ulong? Number(DeviceTreeNode? node, string name) =>
        node?[name] is { } property && property.Value.Length is 4 or 8
            ? property.Value.Length == 4
                ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(property.Value.Span)
                : System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(property.Value.Span)
            : null;
}
