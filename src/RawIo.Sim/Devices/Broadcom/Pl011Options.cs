namespace RawIo.Sim;

/// <summary>How a PL011 is built into a chip.</summary>
public sealed record Pl011Options
{
    /// <summary>UARTCLK in Hz; 48 MHz on a Raspberry Pi (its firmware's init_uart_clock).</summary>
    public long ClockFrequency { get; init; } = 48_000_000;

    /// <summary>What the four peripheral ID registers say: bits 23 to 20 are the revision, and from 3 on (r1p5) the FIFOs have 32 entries instead of 16.</summary>
    public uint PeripheralId { get; init; } = 0x0034_1011;

    /// <summary>Whether the IrDA part is there; on BCM2835 it is not, and UARTILPR reads 0 (BCM2835 ARM Peripherals, 13.4).</summary>
    public bool HasIrDA { get; init; } = true;

    /// <summary>How many bytes it decodes where that is more than its node says, to have the ID registers at 0xfe0; else 0.</summary>
    public int DecodedLength { get; init; }

    /// <summary>The number of its transmit request at the DMA controller: 12 on BCM2835.</summary>
    public int TransmitRequest { get; init; } = 12;

    /// <summary>The number of its receive request at the DMA controller: 14 on BCM2835.</summary>
    public int ReceiveRequest { get; init; } = 14;

    /// <summary>
    /// As a device tree has it. The Pi's nodes are 0x200 bytes long. On BCM2835 to 2837 nobody else is in the page; on
    /// BCM2711 four more UARTs are, so that there the ID registers cannot be seen.
    /// </summary>
    internal static Pl011Options Of(DeviceTreeNode? node, DeviceTree? tree)
    {
        var isBroadcom = tree?.Root.Compatible.Any(c => c.StartsWith("brcm,bcm2", StringComparison.Ordinal)) ?? false;
        var isAlone = isBroadcom && !tree!.Root.Compatible.Contains("brcm,bcm2711");
        var id = node?["arm,primecell-periphid"] is { Value.Length: 4 } given ? given.AsUInt32() : new Pl011Options().PeripheralId;
        return new() { PeripheralId = id, HasIrDA = !isBroadcom, DecodedLength = isAlone ? 0x1000 : 0 };
    }
}
