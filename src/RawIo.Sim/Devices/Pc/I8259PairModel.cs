namespace RawIo.Sim;

/// <summary>
/// The PC's two interrupt controllers, 8259A, the second behind input 2 of the first (Intel 8259A datasheet, order
/// number 231468), and the two registers that make an input edge- or level-triggered (82371SB PIIX3 datasheet, ELCR1
/// and ELCR2).
/// </summary>
/// <remarks>
/// <para>Offsets count from port 0x20: the first's 0 and 1, the second's 0x80 and 0x81 (ports 0xa0, 0xa1), ELCR 0x4b0
/// and 0x4b1 (ports 0x4d0, 0x4d1).</para>
/// <para>Unless initialized by ICW1 to ICW4 a controller latches requests but asserts no INT; its registers are 0 then.
/// The datasheet leaves both open. The ISR is cleared by ICW1, which it does not say either.</para>
/// <para>Where QEMU 7.2 differs, the datasheet is followed: an edge whose line falls before the acknowledge is lost,
/// and the acknowledge then finds a spurious level 7 (Edge and Level Triggered Modes; QEMU: IRR keeps it); after ICW1 a line that is high
/// already needs a new edge (ICW1, ICW2; QEMU: a device that asserts it again is enough); in special mask mode a
/// non-specific EOI passes masked levels over (End of Interrupt; QEMU: does not); in special fully nested mode a slave in service
/// locks out what is less urgent than it (The Special Fully Nested Mode; QEMU: does not); ICW3 says which inputs have slaves, and a slave
/// answers to the number in its own (ICW3; QEMU: input 2, whatever ICW3 says); an input whose ELCR bit is
/// set requests at once while it is high (QEMU: at its next change).</para>
/// </remarks>
public sealed class I8259PairModel : Device, IInterruptController
{
    private const int MASTER = 0x00, SLAVE = 0x80, ELCR1 = 0x4b0, ELCR2 = 0x4b1;

    // Timer, keyboard and cascade of the one, the clock chip and the coprocessor of the other are always edges (PIIX3).
    private const byte MasterElcr = 0xf8, SlaveElcr = 0xde;

    private const int Cascade = 2;

    private readonly InterruptInput[] _inputs = [.. Enumerable.Range(0, 16).Select(irq => new InterruptInput($"IRQ {irq}"))];
    private readonly bool _hasElcr;
    private readonly I8259 _master, _slave;

    /// <summary>The pair after power-on.</summary>
    /// <param name="hasElcr">Whether ELCR decides between edge and level, as since EISA; else ICW1's LTIM does, as in the AT.</param>
    public I8259PairModel(bool hasElcr = true)
    {
        _hasElcr = hasElcr;
        _master = new(_inputs[..8], hasElcr ? MasterElcr : null, isMaster: true);
        _slave = new(_inputs[8..], hasElcr ? SlaveElcr : null, isMaster: false);
        _inputs[Cascade].Connect(_slave.Output);
    }

    private sealed record Saved(I8259.State Master, I8259.State Slave);

    /// <inheritdoc/>
    public override string Name => "8259A pair";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["intel,i8259"];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <inheritdoc/>
    public override string LeavesOut => "the three-byte vectors of the MCS-80/85 mode, buffered mode (it shows on no register)";

    /// <summary>INTR: what the CPU sees.</summary>
    public SignalLine Interrupt => _master.Output;

    /// <summary>An input: 0 to 15 but 2, which is the second controller.</summary>
    public InterruptInput? Input(IReadOnlyList<uint> specifier)
    {
        ArgumentNullException.ThrowIfNull(specifier);
        return specifier.Count == 1 && specifier[0] < 16 && specifier[0] != Cascade ? _inputs[(int)specifier[0]] : null;
    }

    /// <summary>The inputs that are wired to devices: all but the cascade.</summary>
    public IReadOnlyList<InterruptInput?> Inputs => [.. _inputs.Select((input, irq) => irq == Cascade ? null : input)];

    /// <summary>The CPU's two acknowledge cycles.</summary>
    /// <returns>The vector: the request's, or level 7's where it went away (spurious). 0xff where an input with a slave was acknowledged and no slave has its number.</returns>
    public byte Acknowledge()
    {
        using var held = new HeldLock(Gate);
        foreach (var input in _inputs) input.Line.Sample();
        var level = _master.Accept();
        var vector = level >= 0 && _master.IsCascaded && (_master.Icw3 >> level & 1) != 0
            ? VectorOfSlave(level)
            : _master.VectorOf(level < 0 ? 7 : level);
        _slave.EndAcknowledge();
        _master.EndAcknowledge();
        return vector;
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => offset switch
    {
        MASTER or MASTER + 1 => _master.Read((offset & 1) != 0),
        SLAVE or SLAVE + 1 => _slave.Read((offset & 1) != 0),
        ELCR1 when _hasElcr => _master.Elcr,
        ELCR2 when _hasElcr => _slave.Elcr,
        _ => BadRead(offset, size, "no register is there", 0xff),
    };

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        switch (offset)
        {
            case MASTER or MASTER + 1: _master.Write((offset & 1) != 0, (byte)value); break;
            case SLAVE or SLAVE + 1: _slave.Write((offset & 1) != 0, (byte)value); break;
            case ELCR1 when _hasElcr: _master.Elcr = (byte)value; break;
            case ELCR2 when _hasElcr: _slave.Elcr = (byte)value; break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _slave.Reset();
        _master.Reset();
    }

    internal override string? BrokenInvariant() => _master.BrokenInvariant() ?? _slave.BrokenInvariant();

    /// <inheritdoc/>
    public override object Save() => new Saved(_master.Saved, _slave.Saved);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (master, slave) = (Saved)saved;
        // The slave first: its INT is an input of the master.
        _slave.Restore(slave);
        _master.Restore(master);
    }

    private byte VectorOfSlave(int number)
    {
        if (!_slave.IsCascaded || (_slave.Icw3 & 7) != number) return 0xff;
        var level = _slave.Accept();
        return _slave.VectorOf(level < 0 ? 7 : level);
    }
}
