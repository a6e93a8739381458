namespace RawIo.Sim;

/// <summary>
/// A 24C32, an I2C EEPROM of 4096 bytes in pages of 32 (Microchip 24LC32A, DS21713; Atmel AT24C32), usually at 0x50 to
/// 0x57. A write is two bytes of address and up to a page; more wrap round within the page.
/// </summary>
/// <remarks>A stop after data begins the write cycle, in which it does not acknowledge its address; a repeated start instead drops the data. Unwritten, it holds 0xff.</remarks>
public sealed class Eeprom24C32 : I2cPart
{
    /// <summary>How many bytes it holds, and how many a page has.</summary>
    public const int Size = 4096, PageSize = 32;

    private readonly byte[] _memory = new byte[Size];
    private readonly byte[] _page = new byte[PageSize];
    private TimeSpan _writeCycle = TimeSpan.FromMilliseconds(5);
    private State _state;

    /// <summary>An empty one.</summary>
    public Eeprom24C32() => Array.Fill(_memory, (byte)0xff);

    private sealed record Saved(State State, byte[] Memory, byte[] Page);

    private struct State
    {
        /// <summary>The address counter, and how many bytes of a write have come: two of address, then data.</summary>
        public int Address, Came;

        /// <summary>Which bytes of the page were written to.</summary>
        public uint Touched;
        public long BusyUntil;
    }

    /// <inheritdoc/>
    public override string Name => "24C32 EEPROM";

    /// <summary>The write protect pin: high, it takes addresses and data but writes nothing.</summary>
    public bool WriteProtect { get; set; }

    /// <summary>How long a write cycle takes; 5 ms, the datasheet's maximum, unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than a second.</exception>
    public TimeSpan WriteCycle
    {
        get => _writeCycle;
        set
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromSeconds(1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A write cycle takes 0 to 1 s.");
            _writeCycle = value;
        }
    }

    /// <summary>Whether a write cycle is under way.</summary>
    public bool IsBusy => Now < _state.BusyUntil;

    /// <summary>A byte it holds, as a programmer would see it: no bus, no time.</summary>
    /// <param name="address">0 to 4095.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such byte.</exception>
    public byte this[int address]
    {
        get => _memory[Check(address)];
        set => _memory[Check(address)] = value;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _memory], [.. _page]);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (_state, var memory, var page) = (Saved)saved;
        memory.CopyTo(_memory, 0);
        page.CopyTo(_page, 0);
    }

    /// <inheritdoc/>
    protected override void PowerOn() => _state = default;

    /// <inheritdoc/>
    protected internal override bool Start(bool isRead)
    {
        Abandoned();
        return !IsBusy;
    }

    /// <inheritdoc/>
    protected internal override void Abandoned() => (_state.Came, _state.Touched) = (0, 0);

    /// <inheritdoc/>
    protected internal override bool Write(byte value)
    {
        if (_state.Came < 2)
        {
            // The upper four bits of the address are don't care.
            _state.Address = (_state.Address << 8 | value) & Size - 1;
            _state.Came++;
            return true;
        }
        var inPage = _state.Address % PageSize;
        _page[inPage] = value;
        _state.Touched |= 1u << inPage;
        _state.Address = _state.Address - inPage + (inPage + 1) % PageSize;
        return true;
    }

    /// <inheritdoc/>
    protected internal override byte Read()
    {
        var value = _memory[_state.Address];
        _state.Address = (_state.Address + 1) % Size;
        return value;
    }

    /// <inheritdoc/>
    protected internal override void Stop()
    {
        var touched = _state.Touched;
        Abandoned();
        if (touched == 0 || WriteProtect) return;
        var page = _state.Address - _state.Address % PageSize;
        for (var i = 0; i < PageSize; i++)
            if ((touched >> i & 1) != 0)
                _memory[page + i] = _page[i];
        _state.BusyUntil = Now + _writeCycle.Ticks * 100;
    }

    private static int Check(int address) => address is >= 0 and < Size
        ? address
        : throw new ArgumentOutOfRangeException(nameof(address), address, $"A 24C32 has bytes 0 to {Size - 1}.");
}
