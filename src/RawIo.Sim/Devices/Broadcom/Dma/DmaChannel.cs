using static RawIo.Sim.DmaRegisters;

namespace RawIo.Sim;

/// <summary>One channel of <see cref="Bcm2835DmaModel"/>: fetches control blocks and moves what they say, a bounded piece at a time.</summary>
internal sealed partial class DmaChannel
{
    private const long FetchNanoseconds = 200, WordNanoseconds = 32, WaitNanoseconds = 4;
    private const int FirstChunk = 256, Doublings = 6, LargestChunk = FirstChunk << Doublings, MostPieces = 64;

    // 64 MiB on.
    private const int FastPieces = 1024, Slower = 64;

    private readonly Bcm2835DmaModel _model;
    private readonly TimeProvider _time;
    private readonly QuietBus _bus;
    private readonly int _number;
    private readonly DeviceTimer _timer;
    private int _wanted;
    private bool _isRunning;
    private State _state;

    public DmaChannel(Bcm2835DmaModel model, TimeProvider time, IBusMaster bus, int number, bool isLite)
    {
        (_model, _time, _timer, _bus, _number, IsLite) = (model, time, new(time, Run), new QuietBus(bus), number, isLite);
    }

    /// <summary>What a channel remembers; the default is the reset state.</summary>
    public struct State
    {
        public uint Cs, ConblkAd, Ti, SourceAd, DestAd, Stride, NextConbk, Errors;

        /// <summary>Bytes left of the row, whole rows left after it, and bytes of each row.</summary>
        public uint Left, Rows, RowLength;

        /// <summary>Which word of a 128-bit access is next.</summary>
        public uint Beat;

        /// <summary>Whether TI holds a control block's, and whether that block is still being worked at.</summary>
        public bool HasTi, IsLoaded;

        /// <summary>Pieces made of the block.</summary>
        public int Pieces;

        /// <summary>Whether the timer runs, and the time stamp it runs to.</summary>
        public bool IsArmed;
        public long Due;
    }

    public bool IsLite { get; }

    public bool IsInterrupting => (_state.Cs & INT) != 0;

    public string? BrokenInvariant()
    {
        if (_isRunning) return "it runs between accesses";
        if (_state.IsArmed && !CanRun) return $"its timer runs with CS 0x{_state.Cs:x}";
        return _state.Left > _state.RowLength || _state.Beat > 3 || _state.Rows > 0x3fff ? $"{_state.Left} bytes of {_state.RowLength} and {_state.Rows} rows are left, beat {_state.Beat}" : null;
    }

    public State Save() => _state;

    public void Restore(State state)
    {
        _state = state;
        if (!_state.IsArmed) _timer.Stop();
        else Set(_state.Due - _time.GetTimestamp());
        Want();
    }

    public void Reset()
    {
        _state = default;
        Kick();
    }

    public uint Read(int register) => register switch
    {
        CS => Status(),
        CONBLK_AD => _state.ConblkAd,
        TI => _state.Ti,
        SOURCE_AD => _state.SourceAd,
        DEST_AD => _state.DestAd,
        TXFR_LEN => _state.Rows << 16 | _state.Left,
        STRIDE => _state.Stride,
        NEXTCONBK => _state.NextConbk,
        _ => _state.Errors | (uint)_number << 8 | VERSION2 | (IsLite ? LITE : 0),
    };

    public void WriteCs(uint value)
    {
        if ((value & RESET) != 0) _state = default;
        _state.Cs = _state.Cs & ~(value & (END | INT)) & ~CsWritable | value & CsWritable;
        if ((value & ABORT) != 0 && _state.IsLoaded) Next();
        Kick();
    }

    public void WriteConblkAd(uint value)
    {
        // A block that was paused is dropped for the new one.
        (_state.ConblkAd, _state.IsLoaded) = (value, false);
        Kick();
    }

    public void WriteNextConbk(uint value) => _state.NextConbk = value;

    public void WriteDebug(uint value) => _state.Errors &= ~value;

    public bool IsBusy => _state.IsLoaded && (_state.Cs & ACTIVE) != 0;

    /// <summary>Sees to it that the timer runs exactly while there is something to do.</summary>
    public void Kick()
    {
        if (_isRunning) return;
        Want();
        if (!CanRun || IsHeld)
        {
            _state.IsArmed = false;
            _timer.Stop();
        }
        else if (!_state.IsArmed)
        {
            Arm(_time.GetTimestamp());
        }
    }

    private bool CanRun => (_state.Cs & ACTIVE) != 0 && _model.IsEnabled(_number) && (_state.IsLoaded || _state.ConblkAd != 0);

    private bool IsPaced => (_state.Ti & (SRC_DREQ | DEST_DREQ)) != 0 && PERMAP(_state.Ti) != 0;

    private bool IsRequested => _model.IsRequested(PERMAP(_state.Ti));

    private bool IsHeld => _state.IsLoaded && IsPaced && _state.Left != 0 && !IsRequested;

    private uint Status()
    {
        var status = _state.Cs;
        if (_state.HasTi && (PERMAP(_state.Ti) == 0 || IsRequested)) status |= DREQ;
        if (_state.IsLoaded && !CanRun) status |= PAUSED;
        if (CanRun && IsHeld) status |= DREQ_STOPS_DMA;
        if (_state.Errors != 0) status |= ERROR;
        return status;
    }

    /// <summary>Has the device whose request paces the block keep its line up to date.</summary>
    private void Want()
    {
        var wanted = _state.IsLoaded && CanRun && IsPaced ? PERMAP(_state.Ti) : 0;
        if (wanted == _wanted) return;
        var before = _wanted;
        _wanted = wanted;
        if (before != 0) _model.Want(before, false);
        if (wanted != 0) _model.Want(wanted, true);
    }

    private void Arm(long start)
    {
        (_state.IsArmed, _state.Due) = (true, start + Duration());
        Set(_state.Due - _time.GetTimestamp());
    }

    /// <summary>How long the next piece takes, as time stamps count.</summary>
    private long Duration()
    {
        var nanoseconds = FetchNanoseconds;
        if (_state.IsLoaded)
        {
            var words = Math.Min(Chunk, (_state.Left + 3L) / 4 + _state.Rows * ((_state.RowLength + 3L) / 4));
            nanoseconds = words * (WordNanoseconds + 2 * WaitNanoseconds * WAITS(_state.Ti));
            if (!IsPaced && _state.Pieces > FastPieces) nanoseconds *= Slower;
        }
        return (nanoseconds * _time.TimestampFrequency + 999_999_999) / 1_000_000_000;
    }

    private void Set(long ticks)
    {
        var due = TimeSpan.FromTicks(Math.Max(1, (Math.Max(0, ticks) * TimeSpan.TicksPerSecond + _time.TimestampFrequency - 1) / _time.TimestampFrequency));
        _timer.Set(due);
    }

    private void Run()
    {
        // On a clock that follows the host's this may come late: the pieces whose time has passed are made up for.
        var (now, due) = (_time.GetTimestamp(), _state.Due);
        (_state.IsArmed, _isRunning) = (false, true);
        var room = LargestChunk;
        for (var pieces = 0; pieces < MostPieces && room > 0 && CanRun && !IsHeld && due <= now; pieces++)
        {
            if (_state.IsLoaded) room -= Move();
            else Fetch();
            due += Duration();
        }
        _isRunning = false;
        Want();
        if (!CanRun || IsHeld) _timer.Stop();
        else Arm(Math.Max(due, now) - Duration());
        _model.UpdateInterrupts();
    }

    private void Fetch()
    {
        var at = _state.ConblkAd;
        _state.Ti = Load(at, 4) & (IsLite ? TiLiteBits : TiBits);
        _state.SourceAd = Load(at + 4, 4);
        _state.DestAd = Load(at + 8, 4);
        var length = Load(at + 12, 4);
        _state.Stride = IsLite ? 0 : Load(at + 16, 4);
        _state.NextConbk = Load(at + 20, 4) & ~0x1fu;
        var is2D = (_state.Ti & TDMODE) != 0;
        _state.RowLength = length & (IsLite || is2D ? 0xffffu : 0x3fff_ffffu);
        (_state.Left, _state.Rows, _state.Beat, _state.Pieces) = (_state.RowLength, is2D && _state.RowLength != 0 ? length >> 16 & 0x3fff : 0, 0, 0);
        _state.HasTi = _state.IsLoaded = true;
    }

    private int Chunk => IsPaced ? 1 : FirstChunk << Math.Min(_state.Pieces, Doublings);

    /// <summary>Moves a piece; returns how many words that was at most.</summary>
    private int Move()
    {
        var chunk = Chunk;
        var words = chunk;
        // What is written may be this very channel's registers: look anew before each word.
        for (; words > 0 && _state.IsLoaded && CanRun && _state.Left != 0 && !IsHeld;)
        {
            if (MoveTogether(words) is > 0 and var together)
            {
                words -= together;
                continue;
            }
            MoveWord();
            words--;
        }
        _state.Pieces++;
        if (!_state.IsLoaded || _state.Left != 0 || !CanRun) return chunk;
        _state.Cs |= END | ((_state.Ti & INTEN) != 0 ? INT : 0);
        Next();
        return chunk;
    }

    private void Next()
    {
        (_state.IsLoaded, _state.IsArmed, _state.Left, _state.Rows, _state.ConblkAd) = (false, false, 0, 0, _state.NextConbk);
        if (_state.ConblkAd == 0) _state.Cs &= ~ACTIVE;
    }

    private void MoveWord()
    {
        var ti = _state.Ti;
        var size = Math.Min(4, _state.Left);
        var source = _state.SourceAd + ((ti & (SRC_INC | SRC_WIDTH)) == SRC_WIDTH ? 4 * _state.Beat : 0);
        var destination = _state.DestAd + ((ti & (DEST_INC | DEST_WIDTH)) == DEST_WIDTH ? 4 * _state.Beat : 0);
        Advance(size);
        var value = (ti & SRC_IGNORE) != 0 ? 0 : Load(source, (int)size);
        if ((ti & DEST_IGNORE) == 0) Store(destination, (int)size, value);
    }

    private void Advance(uint size)
    {
        if ((_state.Ti & SRC_INC) != 0) _state.SourceAd += size;
        if ((_state.Ti & DEST_INC) != 0) _state.DestAd += size;
        _state.Left -= size;
        _state.Beat = _state.Beat + 1 & 3;
        if (_state.Left != 0 || _state.Rows == 0) return;
        (_state.Left, _state.Beat) = (_state.RowLength, 0);
        _state.Rows--;
        _state.SourceAd += (uint)(short)_state.Stride;
        _state.DestAd += (uint)(short)(_state.Stride >> 16);
    }

    private uint Load(uint address, int size)
    {
        if (size == 4 && (address & 3) == 0) return LoadAligned(address, 4);
        var value = 0u;
        for (var i = 0; i < size; i++) value |= (LoadAligned(address + (uint)i, 1) & 0xff) << 8 * i;
        return value;
    }

    private uint LoadAligned(uint address, int size)
    {
        if (!_bus.TryRead(address, size, out var value)) _state.Errors |= READ_ERROR;
        return (uint)value;
    }

    // Writes are posted: nobody tells the channel what became of them.
    private void Store(uint address, int size, uint value)
    {
        if (size == 4 && (address & 3) == 0)
        {
            _bus.TryWrite(address, 4, value);
            return;
        }
        for (var i = 0; i < size; i++) _bus.TryWrite(address + (uint)i, 1, value >> 8 * i & 0xff);
    }
}
