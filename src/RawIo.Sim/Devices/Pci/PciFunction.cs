using System.Buffers.Binary;

namespace RawIo.Sim;

/// <summary>What a PCI function says it is.</summary>
/// <param name="Vendor">Vendor ID.</param>
/// <param name="DeviceId">Device ID.</param>
/// <param name="ClassCode">Class, subclass and interface: 0xff0000 belongs to no class.</param>
/// <param name="Revision">Revision ID.</param>
public sealed record PciIdentity(ushort Vendor, ushort DeviceId, int ClassCode, byte Revision)
{
    /// <summary>Subsystem vendor ID.</summary>
    public ushort SubsystemVendor { get; init; }

    /// <summary>Subsystem ID.</summary>
    public ushort SubsystemId { get; init; }

    /// <summary>Header type: 0, with bit 7 where the slot has several functions.</summary>
    public byte HeaderType { get; init; }

    /// <summary>The interrupt pin: 1 for INTA# to 4 for INTD#; 0 for none.</summary>
    public byte InterruptPin { get; init; }
}

/// <summary>
/// A function on a PCI bus, reached by its 256 bytes of configuration space, which are its offsets: a type 0 header
/// (PCI Local Bus Specification 3.0, 6.1 to 6.2), base address registers that map what is behind them while COMMAND
/// lets them, an interrupt pin. A register that is not there reads 0 and ignores writes, as the specification asks.
/// </summary>
public abstract class PciFunction : Device
{
    private protected const int COMMAND = 0x04, STATUS = 0x06, BAR0 = 0x10, INTERRUPT_LINE = 0x3c;
    private protected const ushort COMMAND_IO = 0x001, COMMAND_MEMORY = 0x002, COMMAND_MASTER = 0x004, COMMAND_SERR = 0x100, COMMAND_NO_INTX = 0x400;
    private const byte STATUS_INTERRUPT = 0x08;

    private readonly byte[] _config = new byte[Length], _writable = new byte[Length], _clearedByOnes = new byte[Length], _atReset = new byte[Length];
    private bool _asserts;

    /// <summary>How many bytes of configuration space a function has.</summary>
    public const int Length = 0x100;

    /// <summary>A function after reset.</summary>
    /// <param name="identity">What it says it is.</param>
    /// <param name="bars">Its base address registers.</param>
    /// <exception cref="ArgumentException">Two of them take the same register.</exception>
    protected PciFunction(PciIdentity identity, params IReadOnlyList<PciBar> bars)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(bars);
        (Identity, Bars) = (identity, bars);
        var taken = 0;
        foreach (var bar in bars)
        {
            var registers = (bar.Kind == PciBarKind.Memory64 ? 3 : 1) << bar.Index;
            if ((taken & registers) != 0) throw new ArgumentException($"Two base address registers take register {bar.Index}.", nameof(bars));
            taken |= registers;
            var at = BAR0 + 4 * bar.Index;
            BinaryPrimitives.WriteUInt32LittleEndian(_atReset.AsSpan(at), bar.Flags);
            BinaryPrimitives.WriteUInt32LittleEndian(_writable.AsSpan(at), (uint)bar.AddressMask);
            if (bar.Kind == PciBarKind.Memory64) BinaryPrimitives.WriteUInt32LittleEndian(_writable.AsSpan(at + 4), (uint)(bar.AddressMask >> 32));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_atReset.AsSpan(0x00), identity.Vendor);
        BinaryPrimitives.WriteUInt16LittleEndian(_atReset.AsSpan(0x02), identity.DeviceId);
        BinaryPrimitives.WriteUInt32LittleEndian(_atReset.AsSpan(0x08), (uint)identity.ClassCode << 8 | identity.Revision);
        _atReset[0x0e] = identity.HeaderType;
        BinaryPrimitives.WriteUInt16LittleEndian(_atReset.AsSpan(0x2c), identity.SubsystemVendor);
        BinaryPrimitives.WriteUInt16LittleEndian(_atReset.AsSpan(0x2e), identity.SubsystemId);
        _atReset[0x3d] = identity.InterruptPin;
        Define(COMMAND, 2, 0, COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_SERR | COMMAND_NO_INTX);
        // Errors of the bus: parity, system error, master and target abort.
        Define(STATUS, 2, 0, 0, clearedByOnes: 0xf900);
        Define(0x0c, 1, 0, 0xff);
        Define(INTERRUPT_LINE, 1, 0, 0xff);
        _atReset.CopyTo(_config, 0);
    }

    /// <summary>What it says it is.</summary>
    public PciIdentity Identity { get; }

    /// <summary>Its base address registers.</summary>
    public IReadOnlyList<PciBar> Bars { get; }

    /// <summary>Its interrupt pin, as the bus sees it: not while COMMAND's interrupt disable is set.</summary>
    public SignalLine Intx { get; } = new();

    /// <inheritdoc/>
    public override string Name => $"PCI {Identity.Vendor:x4}:{Identity.DeviceId:x4}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Two | AccessSizes.Four;

    /// <summary>The bus it sits on.</summary>
    internal PciBus? Bus { get; set; }

    /// <summary>Whether the function may read and write memory by itself.</summary>
    protected bool IsBusMaster => (Register(COMMAND, 2) & COMMAND_MASTER) != 0;

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Look();
        ulong value = 0;
        for (var i = 0; i < size; i++) value |= (ulong)_config[offset + i] << 8 * i;
        return value;
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Look();
        for (var i = 0; i < size; i++)
        {
            var (at, data) = (offset + i, (byte)(value >> 8 * i));
            _config[at] = (byte)((_config[at] & ~_writable[at] | data & _writable[at]) & ~(data & _clearedByOnes[at]));
        }
        if (offset < BAR0 + 6 * 4) Bus?.UpdateMappings();
        ConfigurationWritten(offset, size);
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _atReset.CopyTo(_config, 0);
        _asserts = false;
        ResetFunction();
        Bus?.UpdateMappings();
        ConfigurationWritten(0, Length);
        UpdateInterrupt();
    }

    internal override string? BrokenInvariant()
    {
        for (var i = 0; i < Length; i++)
        {
            var changes = _writable[i] | _clearedByOnes[i] | (i == STATUS ? STATUS_INTERRUPT : 0);
            if (((_config[i] ^ _atReset[i]) & ~changes) != 0) return $"the read-only bits of register 0x{i:x} are 0x{_config[i]:x}";
        }
        return Intx.Level != (_asserts && (Register(COMMAND, 2) & COMMAND_NO_INTX) == 0) ? $"INTx is {Intx.Level} and the function asserts it: {_asserts}" : null;
    }

    /// <inheritdoc/>
    public override object Save() => ((byte[])_config.Clone(), _asserts, SaveFunction());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (config, asserts, function) = ((byte[], bool, object?))saved;
        config.CopyTo(_config, 0);
        _asserts = asserts;
        Bus?.UpdateMappings();
        RestoreFunction(function);
        ConfigurationWritten(0, Length);
        UpdateInterrupt();
    }

    /// <summary>The address a BAR decodes now; null while COMMAND does not let it.</summary>
    internal ulong? Address(PciBar bar)
    {
        var at = BAR0 + 4 * bar.Index;
        if ((Register(COMMAND, 2) & (bar.Kind == PciBarKind.Io ? COMMAND_IO : COMMAND_MEMORY)) == 0) return null;
        var value = Register(at, 4) | (bar.Kind == PciBarKind.Memory64 ? (ulong)Register(at + 4, 4) << 32 : 0);
        return value & bar.AddressMask & (bar.Kind == PciBarKind.Io ? 0xffff_fffc : ~0xful);
    }

    /// <summary>Defines a register beside the header, as its datasheet has it.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="atReset">Its value after reset.</param>
    /// <param name="writable">The bits that keep what is written.</param>
    /// <param name="clearedByOnes">The bits that a 1 clears.</param>
    protected void Define(int offset, int size, uint atReset, uint writable, uint clearedByOnes = 0)
    {
        for (var i = 0; i < size; i++)
        {
            _config[offset + i] = _atReset[offset + i] = (byte)(atReset >> 8 * i);
            _writable[offset + i] = (byte)(writable >> 8 * i);
            _clearedByOnes[offset + i] = (byte)(clearedByOnes >> 8 * i);
        }
    }

    /// <summary>A register's value without side effects.</summary>
    protected uint Register(int offset, int size)
    {
        uint value = 0;
        for (var i = 0; i < size; i++) value |= (uint)_config[offset + i] << 8 * i;
        return value;
    }

    /// <summary>Asserts the interrupt pin, or lets it go.</summary>
    protected void Assert(bool on)
    {
        _asserts = on;
        UpdateInterrupt();
    }

    /// <summary>Time may have changed something in the function.</summary>
    protected virtual void Look()
    {
    }

    /// <summary>Registers have been written, BARs mapped anew.</summary>
    protected virtual void ConfigurationWritten(int offset, int size)
    {
    }

    /// <summary>Resets what is behind the configuration space.</summary>
    protected virtual void ResetFunction()
    {
    }

    /// <summary>Everything else the function remembers.</summary>
    protected virtual object? SaveFunction() => null;

    /// <summary>Goes back to what <see cref="SaveFunction"/> kept.</summary>
    protected virtual void RestoreFunction(object? saved)
    {
    }

    /// <summary>Owns the pin and the status bit that shows it.</summary>
    private void UpdateInterrupt()
    {
        _config[STATUS] = (byte)(_config[STATUS] & ~STATUS_INTERRUPT | (_asserts ? STATUS_INTERRUPT : 0));
        Intx.Set(_asserts && (Register(COMMAND, 2) & COMMAND_NO_INTX) == 0);
    }
}
