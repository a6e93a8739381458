namespace RawIo.Sim;

/// <summary>
/// An SPI flash memory of Winbond's W25Q family (W25Q32JV datasheet, revision G): pages of 256 bytes, sectors of 4 KiB,
/// blocks of 32 and 64 KiB. Programming only clears bits; erasing sets them.
/// </summary>
/// <remarks>
/// <para>Program, erase and status writes begin when the chip select goes high after a whole byte, and take the typical
/// times of the datasheet, in which only the status can be read. A program of more than a page wraps round within it.</para>
/// <para>Left out: SFDP (0x5a, which reads 0), dual and quad transfers, suspend, security registers, individual block locks.</para>
/// </remarks>
public sealed class SpiFlash : SpiBytePart
{
    private const byte WRSR1 = 0x01, PP = 0x02, READ = 0x03, WRDI = 0x04, RDSR1 = 0x05, WREN = 0x06, FAST_READ = 0x0b, WRSR3 = 0x11,
        RDSR3 = 0x15, ERASE_4K = 0x20, WRSR2 = 0x31, RDSR2 = 0x35, UNIQUE_ID = 0x4b, VOLATILE_WREN = 0x50, ERASE_32K = 0x52,
        ERASE_CHIP = 0x60, RESET_ENABLE = 0x66, RDID = 0x90, RESET = 0x99, JEDEC_ID = 0x9f, RELEASE = 0xab, POWER_DOWN = 0xb9,
        ERASE_CHIP_TOO = 0xc7, ERASE_64K = 0xd8;

    private const byte BUSY = 1, WEL = 1 << 1, SRP = 1 << 7, Manufacturer = 0xef;
    private const int PageSize = 256;

    private readonly FlashArray _array;
    private readonly byte _capacityCode;
    private readonly byte[] _page = new byte[PageSize];
    private State _state;

    /// <summary>An erased memory.</summary>
    /// <param name="name">What the datasheet calls it.</param>
    /// <param name="megabits">8 to 128, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that size with addresses of three bytes.</exception>
    public SpiFlash(string name = "W25Q32", int megabits = 32)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (megabits is < 8 or > 128 || !System.Numerics.BitOperations.IsPow2(megabits))
            throw new ArgumentOutOfRangeException(nameof(megabits), megabits, "A flash has 8, 16, 32, 64 or 128 megabits.");
        Name = name + " flash";
        _array = new(megabits << 17);
        _capacityCode = (byte)System.Numerics.BitOperations.Log2((uint)_array.Size);
    }

    private sealed record Saved(State State, byte[] Page, object Array);

    private struct State
    {
        public int Came, Address;
        public byte Command;
        public bool WriteEnabled, VolatileEnabled, IsDown, ResetEnabled;

        /// <summary>The three status registers, without BUSY and WEL, and those that are being written.</summary>
        public byte Status1, Status2, Status3, New1, New2;

        /// <summary>Bytes of a page that came, and when what is under way will be done.</summary>
        public int PageBytes;
        public long BusyUntil;
        public bool WasBusy;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>How many bytes it holds.</summary>
    public int Size => _array.Size;

    /// <summary>The /WP pin, high unless set: low, with SRP in the status, the status cannot be written.</summary>
    public bool WriteProtectPin { get; set; } = true;

    /// <summary>Whether it programs, erases or writes its status.</summary>
    public bool IsBusy => Now < _state.BusyUntil;

    /// <summary>A byte it holds, as a programmer would see it: no bus, no time, no erasing.</summary>
    /// <param name="address">0 to <see cref="Size"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such byte.</exception>
    public byte this[int address]
    {
        get => _array[Check(address)];
        set => _array[Check(address)] = value;
    }

    /// <inheritdoc/>
    protected override object SaveState() => new Saved(_state, [.. _page], _array.Save());

    /// <inheritdoc/>
    protected override void RestoreState(object saved)
    {
        (_state, var page, var array) = (Saved)saved;
        page.CopyTo(_page, 0);
        _array.Restore(array);
    }

    /// <inheritdoc/>
    protected override void PowerOn() => _state = new() { Status1 = _state.Status1, Status2 = _state.Status2, Status3 = _state.Status3 };

    /// <inheritdoc/>
    protected internal override void Selected()
    {
        base.Selected();
        Settle();
        (_state.Came, _state.Address, _state.PageBytes) = (0, 0, 0);
        _state.WasBusy = IsBusy;
    }

    /// <inheritdoc/>
    protected override byte NextByte()
    {
        if (_state.Came == 0 || (_state.IsDown && _state.Command != RELEASE)) return 0;
        Settle();
        if (_state.Command is RDSR1 or RDSR2 or RDSR3)
            return _state.Command == RDSR1 ? (byte)(_state.Status1 | (IsBusy ? BUSY : 0) | (_state.WriteEnabled ? WEL : 0))
                : _state.Command == RDSR2 ? _state.Status2 : _state.Status3;
        if (_state.WasBusy) return 0;
        var at = _state.Came - 1;
        return _state.Command switch
        {
            JEDEC_ID => at switch { 0 => Manufacturer, 1 => 0x40, 2 => _capacityCode, _ => 0 },
            RDID when at >= 3 => (at - 3 + _state.Address & 1) == 0 ? Manufacturer : (byte)(_capacityCode - 1),
            RELEASE when at >= 3 => (byte)(_capacityCode - 1),
            UNIQUE_ID when at is >= 4 and < 12 => (byte)(0xd1 + at),
            READ when at >= 3 => _array[_state.Address++ & Size - 1],
            FAST_READ when at >= 4 => _array[_state.Address++ & Size - 1],
            _ => 0,
        };
    }

    /// <inheritdoc/>
    protected override void ByteCame(byte value)
    {
        var at = _state.Came - 1;
        if (_state.Came++ == 0) _state.Command = value;
        else if (at < 3 && _state.Command is not (WRSR1 or WRSR2 or WRSR3)) _state.Address = _state.Address << 8 | value;
        else if (_state.Command == PP) _page[_state.PageBytes++ % PageSize] = value;
        if (at == 0) (_state.New1, _state.New2) = (value, _state.Status2);
        if (at == 1) _state.New2 = value;
    }

    /// <inheritdoc/>
    protected internal override void Deselected()
    {
        // A command that breaks off within a byte is not executed.
        if (_state.Came == 0 || !IsAtByteBoundary || _state.WasBusy) return;
        var (command, bytes) = (_state.Command, _state.Came);
        if (_state.IsDown)
        {
            if (command == RELEASE) _state.IsDown = false;
            return;
        }
        var armed = _state.ResetEnabled;
        _state.ResetEnabled = command == RESET_ENABLE && bytes == 1;
        switch (command)
        {
            case WREN when bytes == 1: _state.WriteEnabled = true; break;
            case VOLATILE_WREN when bytes == 1: _state.VolatileEnabled = true; break;
            case WRDI when bytes == 1: _state.WriteEnabled = false; break;
            case POWER_DOWN when bytes == 1: _state.IsDown = true; break;
            case RESET when armed && bytes == 1: (_state.WriteEnabled, _state.VolatileEnabled) = (false, false); break;
            case WRSR1 when bytes is 2 or 3: WriteStatus((byte)(_state.New1 & 0xfc), _state.New2, _state.Status3); break;
            case WRSR2 when bytes == 2: WriteStatus(_state.Status1, _state.New1, _state.Status3); break;
            case WRSR3 when bytes == 2: WriteStatus(_state.Status1, _state.Status2, _state.New1); break;
            case PP when bytes > 4: Program(); break;
            case ERASE_4K when bytes == 4: Erase(4 << 10, 45); break;
            case ERASE_32K when bytes == 4: Erase(32 << 10, 120); break;
            case ERASE_64K when bytes == 4: Erase(64 << 10, 150); break;
            case ERASE_CHIP or ERASE_CHIP_TOO when bytes == 1: Erase(Size, 10_000L * Size >> 22); break;
        }
    }

    /// <summary>What was under way is done: the write enable goes with it.</summary>
    private void Settle()
    {
        if (_state.BusyUntil == 0 || IsBusy) return;
        (_state.BusyUntil, _state.WriteEnabled) = (0, false);
    }

    private void WriteStatus(byte status1, byte status2, byte status3)
    {
        if (!_state.WriteEnabled && !_state.VolatileEnabled) return;
        var isVolatile = !_state.WriteEnabled;
        _state.VolatileEnabled = false;
        if ((_state.Status1 & SRP) != 0 && !WriteProtectPin) return;
        (_state.Status1, _state.Status2, _state.Status3) = (status1, status2, status3);
        if (!isVolatile) Begin(10_000_000);
    }

    private void Program()
    {
        if (!_state.WriteEnabled) return;
        var address = _state.Address & Size - 1;
        if (IsProtected(address, 1))
        {
            _state.WriteEnabled = false;
            return;
        }
        // Of more than a page the last 256 bytes count.
        for (var i = Math.Max(0, _state.PageBytes - PageSize); i < _state.PageBytes; i++)
        {
            var at = (address & ~(PageSize - 1)) | (address + i & PageSize - 1);
            _array[at] &= _page[i % PageSize];
        }
        Begin(400_000);
    }

    private void Erase(int length, long milliseconds)
    {
        if (!_state.WriteEnabled) return;
        var start = _state.Address & Size - 1 & ~(length - 1);
        if (IsProtected(start, length))
        {
            _state.WriteEnabled = false;
            return;
        }
        _array.Erase(start, length);
        Begin(milliseconds * 1_000_000);
    }

    private void Begin(long nanoseconds) => _state.BusyUntil = Now + nanoseconds;

    /// <summary>Whether BP, TB, SEC and CMP protect any of some bytes (the datasheet's tables of status register memory protection).</summary>
    private bool IsProtected(int start, int length)
    {
        var blocks = _state.Status1 >> 2 & 7;
        var (isBottom, isSectors, isComplement) = ((_state.Status1 & 0x20) != 0, (_state.Status1 & 0x40) != 0, (_state.Status2 & 0x40) != 0);
        var guarded = blocks switch
        {
            0 => 0,
            7 => Size,
            _ when isSectors => Math.Min(4 << 10 << blocks - 1, 32 << 10),
            _ => Math.Min(Math.Max(64 << 10, Size / 64) << blocks - 1, Size),
        };
        var (low, high) = isBottom ? (0, guarded) : (Size - guarded, Size);
        return isComplement ? start < low || start + length > high : start < high && start + length > low;
    }

    private int Check(int address) => address >= 0 && address < Size
        ? address
        : throw new ArgumentOutOfRangeException(nameof(address), address, $"A {Name} has bytes 0 to {Size - 1}.");
}
