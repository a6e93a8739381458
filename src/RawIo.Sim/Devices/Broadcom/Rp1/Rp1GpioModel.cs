namespace RawIo.Sim;

/// <summary>
/// The GPIO of RP1, the Pi 5's I/O chip (RP1 Peripherals, chapter 3; drivers/pinctrl/pinctrl-rp1.c): 54 pins in banks of 28, 6 and 20;
/// functions and interrupts in IO_BANK, levels in SYS_RIO, pads in PADS_BANK, 64 KiB from one to the next and 16 KiB from bank to bank.
/// </summary>
/// <remarks>
/// Every register shows at four addresses: as it is, and where a write exchanges (0x1000), sets (0x2000) or clears (0x3000)
/// its ones; reads are the same at all. An edge is one of the input after INOVER, and a pad whose IE is 0 gives a low input; the
/// filtered edges come without the filter's delay. Function 5 is SYS_RIO; others drive nothing. QEMU has no Pi 5.
/// </remarks>
public sealed class Rp1GpioModel : Device, IPinOwner, IPinBank
{
    private const int IO_BANK = 0, SYS_RIO = 1, PADS_BANK = 2;
    private const int INTR = 0x100, PROC0_INTE = 0x104, PCIE_INTS = 0x124;
    private const int RIO_OUT = 0x00, RIO_OE = 0x04, RIO_NOSYNC_IN = 0x08, RIO_SYNC_IN = 0x0c;
    private const int BankCount = 3, Targets = 3, PcieTarget = 2;

    private static readonly int[] s_first = [0, 28, 34, 54];

    private readonly Pin[] _pins;
    private readonly SignalLine[] _interrupts = [new(), new(), new()];
    private readonly Rp1Pin[] _state = new Rp1Pin[54];

    // By bank and target (the two processors of RP1, PCIe): INTE and INTF.
    private readonly uint[] _enable = new uint[BankCount * Targets], _force = new uint[BankCount * Targets], _voltage = new uint[BankCount];

    /// <summary>The block after power-on, its pins joined to nothing.</summary>
    public Rp1GpioModel()
    {
        _pins = [.. Enumerable.Range(0, 54).Select(i => new Pin($"GPIO{i}", this, i))];
        Reset();
    }

    private sealed record Saved(Rp1Pin[] Pins, uint[] Enable, uint[] Force, uint[] Voltage);

    /// <inheritdoc/>
    public override string Name => "RP1 GPIO";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["raspberrypi,rp1-gpio"];

    /// <summary>0x2c000: from IO_BANK0 to the end of PADS_BANK2, which the device tree gives as three ranges.</summary>
    public override int DecodedLength => 0x2_c000;

    /// <inheritdoc/>
    public override string LeavesOut => "Functions but SYS_RIO drive no pin. The input filter's time, drive strength, slew rate, Schmitt trigger and voltage are kept and do nothing.";

    /// <summary>The pads, by number: wire, pull, drive and watch them.</summary>
    public IReadOnlyList<Pin> Pins => _pins;

    /// <summary>A line for each bank: high while PCIE_INTS is not 0.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => _interrupts;

    BiasedLock? IPinOwner.Gate => Gate;

    /// <inheritdoc/>
    public override object Save() => new Saved([.. _state], [.. _enable], [.. _force], [.. _voltage]);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (pins, enable, force, voltage) = (Saved)saved;
        for (var i = 0; i < pins.Length; i++)
        {
            // The world outside is as it is now: the level is the pad's, and the edges are those that were saved.
            _state[i] = pins[i] with { Level = _pins[i].Level };
            DrivePad(i);
        }
        for (var i = 0; i < pins.Length; i++) _state[i].Edges = pins[i].Edges;
        enable.CopyTo(_enable, 0);
        force.CopyTo(_force, 0);
        voltage.CopyTo(_voltage, 0);
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        var (block, bank, register) = Decode(offset);
        return Get(block, bank, register) ?? BadRead(offset, size, "no register is there");
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var (block, bank, register) = Decode(offset);
        if (Get(block, bank, register) is not { } old)
        {
            BadWrite(offset, size, "no register is there");
            return;
        }
        var word = (offset >> 12 & 3) switch
        {
            0 => (uint)value,
            1 => old ^ (uint)value,
            2 => old | (uint)value,
            _ => old & ~(uint)value,
        };
        if (!Set(block, bank, register, word)) BadWrite(offset, size, "the register is read-only");
        else UpdateInterrupts();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_enable);
        Array.Clear(_force);
        Array.Clear(_voltage);
        for (var i = 0; i < _state.Length; i++)
        {
            _state[i] = new() { Ctrl = Rp1Pin.CtrlAtReset, Pad = IsPulledUp(i) ? Rp1Pin.PadPullUp : Rp1Pin.PadPullDown, Level = _pins[i].Level };
            DrivePad(i);
            _state[i].Edges = 0;
        }
        UpdateInterrupts();
    }

    void IPinOwner.PinChanged(int index, bool level)
    {
        ref var pin = ref _state[index];
        var was = pin.Input;
        pin.Level = level;
        pin.Detect(was);
        UpdateInterrupts();
    }

    void IPinOwner.PinGlitched(int index)
    {
        _state[index].Glitch();
        UpdateInterrupts();
    }

    private static (int Block, int Bank, int Register) Decode(int offset) => (offset >> 16, offset >> 14 & 3, offset & 0xfff);

    /// <summary>At reset, by the datasheet in bank 0. Of the others it says nothing: so pinctrl shows, on a Pi 5, pads that nobody has touched.</summary>
    private static bool IsPulledUp(int pin) => pin is < 9 or 30 or 31 or 52;

    private static int CountOf(int bank) => s_first[bank + 1] - s_first[bank];

    private static uint MaskOf(int bank) => (1u << CountOf(bank)) - 1;

    private uint? Get(int block, int bank, int register)
    {
        if (bank >= BankCount) return null;
        var pin = s_first[bank] + (block == PADS_BANK ? (register >> 2) - 1 : register >> 3);
        switch (block)
        {
            case IO_BANK when register < 8 * CountOf(bank): return (register & 4) == 0 ? _state[pin].Status : _state[pin].Ctrl;
            case IO_BANK when register == INTR: return Raw(bank);
            case IO_BANK when register is >= PROC0_INTE and <= PCIE_INTS:
                var target = (register - PROC0_INTE) / 12;
                return ((register - PROC0_INTE) / 4 % 3) switch
                {
                    0 => _enable[bank * Targets + target],
                    1 => _force[bank * Targets + target],
                    _ => Pending(bank, target),
                };
            case SYS_RIO when register <= RIO_SYNC_IN: return Gather(bank, register);
            case PADS_BANK when register == 0: return _voltage[bank];
            case PADS_BANK when register <= 4 * CountOf(bank): return _state[pin].Pad;
            default: return null;
        }
    }

    private uint Gather(int bank, int register)
    {
        var bits = 0u;
        for (var i = 0; i < CountOf(bank); i++)
        {
            ref readonly var pin = ref _state[s_first[bank] + i];
            if (register switch { RIO_OUT => pin.Out, RIO_OE => pin.OutputEnable, _ => pin.Input }) bits |= 1u << i;
        }
        return bits;
    }

    private bool Set(int block, int bank, int register, uint value)
    {
        switch (block)
        {
            case IO_BANK when register < 8 * CountOf(bank):
                if ((register & 4) == 0) return false;
                WriteCtrl(s_first[bank] + (register >> 3), value);
                return true;
            case IO_BANK when register != INTR && (register - PROC0_INTE) / 4 % 3 != 2:
                var target = bank * Targets + (register - PROC0_INTE) / 12;
                if ((register - PROC0_INTE) / 4 % 3 == 0) _enable[target] = value & MaskOf(bank);
                else _force[target] = value & MaskOf(bank);
                return true;
            case SYS_RIO when register is RIO_OUT or RIO_OE:
                for (var i = 0; i < CountOf(bank); i++) WriteRio(s_first[bank] + i, register == RIO_OE, (value >> i & 1) != 0);
                return true;
            case PADS_BANK when register == 0:
                _voltage[bank] = value & 1;
                return true;
            case PADS_BANK:
                WritePad(s_first[bank] + (register >> 2) - 1, value & Rp1Pin.PadBits);
                return true;
            default:
                return false;
        }
    }

    private void WriteCtrl(int index, uint value)
    {
        ref var pin = ref _state[index];
        var was = pin.Input;
        pin.Ctrl = value & Rp1Pin.CtrlBits & ~Rp1Pin.IRQRESET;
        pin.Detect(was);
        DrivePad(index);
        if ((value & Rp1Pin.IRQRESET) != 0) pin.Edges = 0;
    }

    private void WriteRio(int index, bool isEnable, bool value)
    {
        ref var pin = ref _state[index];
        if ((isEnable ? pin.OutputEnable : pin.Out) == value) return;
        if (isEnable) pin.OutputEnable = value;
        else pin.Out = value;
        DrivePad(index);
    }

    private void WritePad(int index, uint value)
    {
        ref var pin = ref _state[index];
        var was = pin.Input;
        pin.Pad = value;
        pin.Detect(was);
        DrivePad(index);
    }

    private void DrivePad(int index)
    {
        // What this changes at the pad comes back through PinChanged.
        _pins[index].PullByChip(_state[index].Pull);
        _pins[index].DriveByChip(_state[index].Driven);
    }

    private uint Raw(int bank)
    {
        var bits = 0u;
        for (var i = 0; i < CountOf(bank); i++)
            if (_state[s_first[bank] + i].Interrupt) bits |= 1u << i;
        return bits;
    }

    private uint Pending(int bank, int target) => Raw(bank) & _enable[bank * Targets + target] | _force[bank * Targets + target];

    /// <summary>Owns the lines.</summary>
    private void UpdateInterrupts()
    {
        for (var bank = 0; bank < BankCount; bank++) _interrupts[bank].Set(Pending(bank, PcieTarget) != 0);
    }
}
