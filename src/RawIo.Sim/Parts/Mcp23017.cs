using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// An MCP23017, an I2C expander of two ports of eight pins with interrupts (Microchip DS20001952), at 0x20 to 0x27.
/// </summary>
/// <remarks>The first interrupt of a port is captured in INTF and INTCAP; further ones wait until GPIO or INTCAP is read. A pin that still differs from DEFVAL then interrupts again.</remarks>
public sealed class Mcp23017 : I2cPart, IPinOwner
{
    private const int IODIR = 0, IPOL = 1, GPINTEN = 2, DEFVAL = 3, INTCON = 4, IOCON = 5, GPPU = 6, INTF = 7, INTCAP = 8, GPIO = 9, OLAT = 10, Count = 11;

    private const byte BANK = 1 << 7, MIRROR = 1 << 6, SEQOP = 1 << 5, ODR = 1 << 2, INTPOL = 1 << 1;

    private readonly Pin[] _pins;
    private State _state;

    /// <summary>One with all its pins inputs.</summary>
    public Mcp23017()
    {
        _pins = [.. Enumerable.Range(0, 16).Select(i => new Pin($"GP{(i < 8 ? 'A' : 'B')}{i % 8}", this, i))];
        (IntA, IntB) = (new("INTA", this, 16), new("INTB", this, 17));
        PowerOn();
    }

    [InlineArray(2 * Count)]
    private struct Registers
    {
        private byte _first;
    }

    private struct State
    {
        /// <summary>Port A's registers, then port B's; IOCON is one.</summary>
        public Registers Register;
        public byte Control;

        /// <summary>The address pointer, and whether it was set in this transfer.</summary>
        public int Pointer;
        public bool HasPointer;

        /// <summary>What the pins were when they were last compared.</summary>
        public byte SeenA, SeenB;
    }

    /// <inheritdoc/>
    public override string Name => "MCP23017 expander";

    /// <summary>GPA0 to GPA7, then GPB0 to GPB7.</summary>
    public IReadOnlyList<Pin> Pins => _pins;

    /// <summary>The interrupt outputs: low while active unless INTPOL, or open drain with ODR; with MIRROR either tells of both ports.</summary>
    public Pin IntA { get; }

    /// <summary>The interrupt output of port B.</summary>
    public Pin IntB { get; }

    BiasedLock? IPinOwner.Gate => Gate;

    /// <inheritdoc/>
    public override object Save() => _state;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _state = (State)saved;
        DrivePins();
        // The levels that moved on the way there interrupt nobody.
        _state = (State)saved;
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    protected override void PowerOn()
    {
        _state = default;
        (Register(0, IODIR), Register(1, IODIR)) = (0xff, 0xff);
        DrivePins();
        (_state.SeenA, _state.SeenB) = (Levels(0), Levels(1));
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    protected internal override bool Start(bool isRead)
    {
        _state.HasPointer = isRead;
        return true;
    }

    /// <inheritdoc/>
    protected internal override bool Write(byte value)
    {
        if (!_state.HasPointer) (_state.Pointer, _state.HasPointer) = (value, true);
        else
        {
            if (Decode(_state.Pointer) is var (port, register)) WriteRegister(port, register, value);
            MoveOn();
        }
        return true;
    }

    /// <inheritdoc/>
    protected internal override byte Read()
    {
        var value = Decode(_state.Pointer) is var (port, register) ? ReadRegister(port, register) : (byte)0;
        MoveOn();
        return value;
    }

    void IPinOwner.PinChanged(int index, bool level)
    {
        if (index >= 16) return;
        Compare(index / 8);
        UpdateInterrupts();
    }

    void IPinOwner.PinGlitched(int index)
    {
    }

    private ref byte Register(int port, int register) => ref _state.Register[port * Count + register];

    /// <summary>Which register an address names (table 3-1: paired with BANK 0, apart with BANK 1).</summary>
    private (int Port, int Register)? Decode(int address) => (_state.Control & BANK) == 0
        ? address < 2 * Count ? (address & 1, address >> 1) : null
        : (address & 0xf) < Count && address < 0x20 ? (address >> 4, address & 0xf) : null;

    private void MoveOn()
    {
        var paired = (_state.Control & BANK) == 0;
        if ((_state.Control & SEQOP) != 0)
        {
            // Byte mode: the pointer stays, with paired registers it goes to and fro between the two.
            if (paired) _state.Pointer ^= 1;
            return;
        }
        _state.Pointer++;
        if (paired ? _state.Pointer >= 2 * Count : (_state.Pointer & 0xf) >= Count)
            _state.Pointer = paired || _state.Pointer > 0x10 ? 0 : 0x10;
    }

    private byte ReadRegister(int port, int register)
    {
        switch (register)
        {
            case IOCON: return _state.Control;
            case GPIO:
                var value = (byte)(Levels(port) ^ Register(port, IPOL));
                ClearInterrupt(port);
                return value;
            case INTCAP:
                value = Register(port, INTCAP);
                ClearInterrupt(port);
                return value;
            default: return Register(port, register);
        }
    }

    private void WriteRegister(int port, int register, byte value)
    {
        switch (register)
        {
            case INTF or INTCAP: return;
            case IOCON: _state.Control = (byte)(value & 0xfe); break;
            case GPIO: Register(port, OLAT) = value; break;
            default: Register(port, register) = value; break;
        }
        DrivePins();
        Compare(port);
        UpdateInterrupts();
    }

    private void ClearInterrupt(int port)
    {
        Register(port, INTF) = 0;
        Seen(port) = Levels(port);
        Compare(port);
        UpdateInterrupts();
    }

    private ref byte Seen(int port)
    {
        if (port == 0) return ref _state.SeenA;
        return ref _state.SeenB;
    }

    private byte Levels(int port)
    {
        var levels = 0;
        for (var i = 0; i < 8; i++)
            if (_pins[port * 8 + i].Level) levels |= 1 << i;
        return (byte)levels;
    }

    /// <summary>Looks whether a pin interrupts: one that changed, or with INTCON one that differs from DEFVAL.</summary>
    private void Compare(int port)
    {
        var levels = Levels(port);
        if (Register(port, INTF) != 0) return;
        var wrong = (Register(port, INTCON) & (levels ^ Register(port, DEFVAL))) | (~Register(port, INTCON) & (levels ^ Seen(port)));
        var flags = (byte)(wrong & Register(port, GPINTEN) & Register(port, IODIR));
        Seen(port) = levels;
        if (flags == 0) return;
        Register(port, INTF) = flags;
        Register(port, INTCAP) = (byte)(levels ^ Register(port, IPOL));
    }

    private void DrivePins()
    {
        for (var i = 0; i < 16; i++)
        {
            var (port, bit) = (i / 8, i % 8);
            var isInput = (Register(port, IODIR) >> bit & 1) != 0;
            _pins[i].PullByChip((Register(port, GPPU) >> bit & 1) != 0 ? PinPull.Up : PinPull.None);
            _pins[i].DriveByChip(isInput ? null : (Register(port, OLAT) >> bit & 1) != 0);
        }
    }

    /// <summary>Owns the two interrupt outputs.</summary>
    private void UpdateInterrupts()
    {
        var (a, b) = (Register(0, INTF) != 0, Register(1, INTF) != 0);
        if ((_state.Control & MIRROR) != 0) a = b = a || b;
        Drive(IntA, a);
        Drive(IntB, b);
    }

    private void Drive(Pin pin, bool active)
    {
        if ((_state.Control & ODR) != 0) pin.DriveByChip(active ? false : null);
        else pin.DriveByChip(active == ((_state.Control & INTPOL) != 0));
    }
}
