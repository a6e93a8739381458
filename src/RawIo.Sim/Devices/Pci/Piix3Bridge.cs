namespace RawIo.Sim;

/// <summary>
/// The ISA bridge of a PC as QEMU's <c>pc</c> has one: Intel 82371SB PIIX3, function 0 (order 290550, 2.2). PIRQRC[A:D]
/// (2.2.10) lead the PCI interrupts to the inputs of the 8259 pair; its other registers keep what they are told.
/// </summary>
/// <remarks>
/// Several PIRQs, and ISA's own line, may share an input. A route to IRQ 0, 1, 2, 8 or 13, which the data sheet reserves, leads
/// nowhere (QEMU 7.2: there). Also by the data sheet: COMMAND is 0007h, of which special cycles and SERR# can be written (2.2.3; QEMU: 0
/// at first, all can), MBDMA is 04h (QEMU: 0ch, as PIIX's, whose bit 3 this part has not), no cache line size and no interrupt line, reserved registers read 0 (QEMU keeps everything from 0x40 on).
/// </remarks>
public sealed class Piix3Bridge : PciFunction
{
    private const int PIRQRCA = 0x60;
    private const byte NotRouted = 0x80;
    private const int Reserved = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 8 | 1 << 13;

    private readonly SignalLine?[] _outputs = new SignalLine?[16];
    private readonly Func<int, InterruptInput?> _input;
    private readonly PciBus _bus;

    /// <summary>The bridge after reset: nothing is routed.</summary>
    /// <param name="host">The bus it sits on.</param>
    /// <param name="input">The inputs of the interrupt controller, by the number of the ISA interrupt; null where it has none.</param>
    public Piix3Bridge(PciHostModel host, Func<int, InterruptInput?> input)
        : base(new(0x8086, 0x7000, 0x06_0100, 0x00) { SubsystemVendor = 0x1af4, SubsystemId = 0x1100, HeaderType = 0x80 })
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(input);
        (_bus, _input) = (host.Bus, input);
        _bus.IntxChanged += Route;
        Define(COMMAND, 2, 0x0007, 0x0108);
        Define(STATUS, 2, 0x0200, 0, clearedByOnes: 0x7800);
        Define(0x0c, 1, 0, 0);
        Define(INTERRUPT_LINE, 1, 0, 0);
        foreach (var (offset, size, atReset, writable) in (ReadOnlySpan<(int, int, uint, uint)>)
        [
            (0x4c, 1, 0x4d, 0xff), // IORT
            (0x4e, 2, 0x0003, 0x01ff), // XBCS
            (PIRQRCA, 4, 0x8080_8080, 0x8f8f_8f8f), // PIRQRC[A:D]
            (0x69, 1, 0x02, 0xfe), // TOM
            (0x6a, 1, 0, 0xd1), // MSTAT; of its upper half only the delayed transaction's error is there, which never comes
            (0x70, 1, 0x80, 0xef), // MBIRQ0
            (0x76, 2, 0x0404, 0x8787), // MBDMA[1:0]: no channel
            (0x78, 2, 0x0002, 0xffff), // PCSC
            (0x80, 1, 0, 0x7f), // APICBASE
            (0x82, 1, 0, 0x0f), // DLC
            (0xa0, 1, 0x08, 0x1f), // SMICNTL
            (0xa2, 2, 0, 0x01ff), // SMIEN
            (0xa4, 4, 0, 0xa000_ffff), // SEE
            (0xa8, 1, 0x0f, 0xff), // FTMR
            (0xac, 1, 0, 0xff), // CTLTMR
            (0xae, 1, 0, 0xff), // CTHTMR
        ]) Define(offset, size, atReset, writable);
    }

    /// <inheritdoc/>
    public override string Name => "PIIX3 ISA bridge";

    /// <inheritdoc/>
    public override string LeavesOut => "the IDE and USB functions, ACPI; what registers other than PIRQRC control";

    /// <inheritdoc/>
    protected override void ConfigurationWritten(int offset, int size) => Route();

    /// <summary>Owns the lines to the interrupt controller.</summary>
    private void Route()
    {
        var asserted = 0;
        for (var pirq = 0; pirq < 4; pirq++)
        {
            var route = (int)Register(PIRQRCA + pirq, 1);
            if ((route & NotRouted) == 0 && _bus.Pirq(pirq)) asserted |= 1 << (route & 15) & ~Reserved;
        }
        for (var irq = 0; irq < 16; irq++)
        {
            var on = (asserted >> irq & 1) != 0;
            if (on && _outputs[irq] is null)
            {
                _outputs[irq] = new();
                _input(irq)?.Connect(_outputs[irq]!);
            }
            _outputs[irq]?.Set(on);
        }
    }
}
