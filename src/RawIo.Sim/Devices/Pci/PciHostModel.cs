namespace RawIo.Sim;

/// <summary>
/// The ports of PCI configuration mechanism #1, 0xcf8 to 0xcff, with the reset control of the ISA bridge at 0xcf9.
/// Sources: PCI Local Bus Specification 3.0, 3.2.2.3.2; Intel 82441FX (order 290549), 3.1; 82371SB PIIX3 (290550), 2.5.8.
/// </summary>
/// <remarks>
/// <para>No firmware has run: BARs are 0, COMMAND decodes nothing and PIRQRC routes nothing, as on QEMU's <c>pc</c> that was
/// started with <c>-S</c>. A driver assigns what it uses, in the range from 0xc0000000 to 0xfebfffff or ports from 0xc000
/// on, where firmware does so (RawIo.Drivers: <c>PciConfig.AssignBar</c> and <c>Enable</c>).</para>
/// <para>Offset 0 is CONFIG_ADDRESS, which only a 32-bit access reaches; RC takes only an 8-bit one; any
/// other finds nobody. Offsets 4 to 7 are CONFIG_DATA at any width; an access that crosses a register is cut by the bus. No
/// function, another bus than 0, or bit 31 clear: all ones. CONFIG_ADDRESS's reserved bits read 0 (QEMU 7.2: as written).</para>
/// </remarks>
public sealed class PciHostModel : Device
{
    private const int CONFIG_ADDRESS = 0, RC = 1, CONFIG_DATA = 4;
    private const uint ENABLE = 0x8000_0000, ADDRESS_BITS = 0x80ff_fffc;
    private const string NotSo = "CONFIG_ADDRESS takes only 32-bit accesses, RC only 8-bit ones";
    private const byte SRST = 0x02, RCPU = 0x04;

    private readonly SignalLine _reset;
    private uint _address;
    private byte _resetControl;

    /// <summary>The ports, with nothing on the bus but what is plugged into <see cref="Bus"/>.</summary>
    /// <param name="reset">The line that asks for the machine's reset, pulsed; a line of its own where null.</param>
    public PciHostModel(SignalLine? reset = null)
        : this(null, reset)
    {
    }

    internal PciHostModel(IBarMap? map, SignalLine? reset = null) => (Bus, _reset) = (new(map), reset ?? new());

    /// <summary>Bus 0.</summary>
    public PciBus Bus { get; }

    /// <inheritdoc/>
    public override string Name => "PCI configuration";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Two | AccessSizes.Four;

    /// <inheritdoc/>
    public override string LeavesOut => "what firmware does: BARs and interrupt routes are unassigned, as on QEMU under -S; buses behind bridges, special cycles, errors of the bus";

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (offset >= CONFIG_DATA) return Function is { } function ? function.Read(RegisterAt(offset), size) : BusLanes.Mask(size);
        if (offset == CONFIG_ADDRESS && size == 4) return _address;
        return offset == RC && size == 1 ? _resetControl : BadRead(offset, size, NotSo, BusLanes.Mask(size));
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (offset >= CONFIG_DATA)
        {
            Function?.Write(RegisterAt(offset), size, value);
        }
        else if (offset == CONFIG_ADDRESS && size == 4)
        {
            _address = (uint)value & ADDRESS_BITS;
        }
        else if (offset == RC && size == 1)
        {
            WriteResetControl((byte)value);
        }
        else
        {
            BadWrite(offset, size, NotSo);
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (_address, _resetControl) = (0, 0);

    /// <inheritdoc/>
    public override object Save() => (_address, _resetControl);

    /// <inheritdoc/>
    public override void Restore(object saved) => (_address, _resetControl) = ((uint, byte))saved;

    private PciFunction? Function => (_address & ENABLE) != 0 && (_address >> 16 & 0xff) == 0 ? Bus.Find((int)(_address >> 11 & 31), (int)(_address >> 8 & 7)) : null;

    private int RegisterAt(int offset) => (int)(_address & 0xfc) | offset & 3;

    private void WriteResetControl(byte value)
    {
        var rises = (value & ~_resetControl & RCPU) != 0;
        _resetControl = (byte)(value & (SRST | RCPU));
        if (!rises) return;
        // Either kind of reset asks the machine for its only one; the listener may reset this device too.
        _reset.Set(true);
        _reset.Set(false);
    }
}
