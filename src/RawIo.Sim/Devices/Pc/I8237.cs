namespace RawIo.Sim;

/// <summary>One 8237A: its registers and its priorities. What a transfer moves is the board's (<see cref="I8237PairModel"/>).</summary>
internal sealed class I8237
{
    private const int STATUS = 8, COMMAND = 8, REQUEST = 9, SINGLE_MASK = 10, MODE = 11, CLEAR_FLIP_FLOP = 12, TEMPORARY = 13, MASTER_CLEAR = 13, CLEAR_MASK = 14, ALL_MASK = 15;
    private const byte COMMAND_MEMORY_TO_MEMORY = 0x01, COMMAND_HOLD_CHANNEL_0 = 0x02, COMMAND_DISABLE = 0x04, COMMAND_ROTATE = 0x10, COMMAND_DREQ_LOW = 0x40;

    private State _s;

    private struct State
    {
        public I8237Channel.Four Channels;
        public byte Command, Unmasked, Requests, TerminalCounts, Temporary;
        public bool High;

        /// <summary>The channel that keeps the bus, plus 1; 0 for none.</summary>
        public int InService;

        /// <summary>Rotating priority: the channel that comes first.</summary>
        public int First;
    }

    /// <summary>The DREQ pins, as levels; a channel with nothing plugged in never asks.</summary>
    public Func<int, bool> Dreq { get; init; } = _ => false;

    /// <summary>Which channels have a DREQ.</summary>
    public int Plugged { get; set; }

    public bool MovesMemory => (_s.Command & COMMAND_MEMORY_TO_MEMORY) != 0;

    public bool IsUnmasked(int channel) => (_s.Unmasked >> channel & 1) != 0;

    public ref I8237Channel Channel(int channel) => ref _s.Channels[channel];

    public byte Temporary
    {
        set => _s.Temporary = value;
    }

    public string? BrokenInvariant()
    {
        var masks = _s.Unmasked | _s.Requests | _s.TerminalCounts;
        return masks > 0xf || _s.First is < 0 or > 3 || _s.InService is < 0 or > 4 ? $"masks 0x{masks:x}, channel {_s.First} first, {_s.InService - 1} in service" : null;
    }

    public object Save() => _s;

    public void Restore(object saved) => _s = (State)saved;

    public void Reset() => _s = default;

    /// <summary>Reads a register; null where the data sheet calls the read illegal.</summary>
    public byte? Read(int register)
    {
        switch (register)
        {
            case < 8:
                var value = _s.Channels[register >> 1].Read((register & 1) != 0, _s.High);
                _s.High = !_s.High;
                return value;
            case STATUS:
                var status = (byte)(_s.TerminalCounts | Requesting << 4);
                _s.TerminalCounts = 0;
                return status;
            case TEMPORARY: return _s.Temporary;
            default: return null;
        }
    }

    public void Write(int register, byte value)
    {
        var bit = (byte)(1 << (value & 3));
        switch (register)
        {
            case < 8:
                _s.Channels[register >> 1].Write((register & 1) != 0, _s.High, value);
                _s.High = !_s.High;
                break;
            case COMMAND: _s.Command = value; break;
            case REQUEST: _s.Requests = (byte)((value & 4) != 0 ? _s.Requests | bit : _s.Requests & ~bit); break;
            case SINGLE_MASK: _s.Unmasked = (byte)((value & 4) == 0 ? _s.Unmasked | bit : _s.Unmasked & ~bit); break;
            case MODE: _s.Channels[value & 3].Mode = (byte)(value & 0xfc); break;
            case CLEAR_FLIP_FLOP: _s.High = false; break;
            case MASTER_CLEAR: MasterClear(); break;
            case CLEAR_MASK: _s.Unmasked = 0xf; break;
            case ALL_MASK: _s.Unmasked = (byte)(~value & 0xf); break;
        }
    }

    /// <summary>The channel to be served now; -1 for none.</summary>
    public int Next()
    {
        if ((_s.Command & COMMAND_DISABLE) != 0) return -1;
        if (_s.InService > 0 && Keeps(_s.InService - 1)) return _s.InService - 1;
        _s.InService = 0;
        return First(Asking);
    }

    /// <summary>The first by priority of some channels; -1 of none.</summary>
    private int First(int asking)
    {
        var first = (_s.Command & COMMAND_ROTATE) != 0 ? _s.First : 0;
        for (var i = 0; asking != 0 && i < 4; i++)
        {
            var channel = (first + i) & 3;
            if ((asking >> channel & 1) != 0) return channel;
        }
        return -1;
    }

    /// <summary>Whether a channel has the bus and nothing but its terminal count takes it.</summary>
    public bool IsInBlock(int channel) =>
        _s.InService == channel + 1 && (MovesMemory && channel == 0 || _s.Channels[channel].Service == I8237Channel.Block);

    /// <summary>Counts a transfer of a channel, and of memory to memory the other's too; true at its end (TC).</summary>
    public bool Count(int channel)
    {
        var end = _s.Channels[channel].StepCount();
        if ((_s.Command & COMMAND_ROTATE) != 0) _s.First = channel + 1 & 3;
        _s.InService = end || _s.Channels[channel].Service is I8237Channel.Single or I8237Channel.Cascade ? 0 : channel + 1;
        if (!end) return false;
        var bit = 1 << channel;
        _s.TerminalCounts |= (byte)bit;
        _s.Requests &= (byte)~bit;
        if (!_s.Channels[channel].Autoinitializes) _s.Unmasked &= (byte)~bit;
        return true;
    }

    /// <summary>
    /// One byte from channel 0's address to channel 1's. Channel 1's count ends it; channel 0's runs beside it and only
    /// starts its own registers anew.
    /// </summary>
    public void CountMemoryToMemory()
    {
        if ((_s.Command & COMMAND_HOLD_CHANNEL_0) == 0) _s.Channels[0].StepAddress();
        _s.Channels[1].StepAddress();
        _s.Channels[0].StepCount();
        _s.InService = 1;
        if (!Count(1))
        {
            _s.InService = 1;
            return;
        }
        _s.Requests &= 0xfe;
    }

    /// <summary>Whether a channel that was just chosen is chosen again and again to its end, if no request changes.</summary>
    public bool IsSteady(int channel) =>
        MovesMemory && channel == 0 || _s.Channels[channel].Service is I8237Channel.Demand or I8237Channel.Block
        || ((_s.Command & COMMAND_ROTATE) == 0 ? First(Asking) == channel : Asking == 1 << channel);

    /// <summary>How many transfers a channel makes before its last.</summary>
    public int BeforeLast(int channel) =>
        MovesMemory && channel == 0 ? Math.Min(_s.Channels[0].Count, _s.Channels[1].Count) : _s.Channels[channel].Count;

    /// <summary>How far a channel's address goes with each transfer: 1, -1, or 0 where it is held.</summary>
    public int Step(int channel) =>
        MovesMemory && channel == 0 && (_s.Command & COMMAND_HOLD_CHANNEL_0) != 0 ? 0 : (_s.Channels[channel].Mode & 0x20) == 0 ? 1 : -1;

    /// <summary>Counts so many transfers at once, none of them the last.</summary>
    public void CountBeforeLast(int channel, int transfers)
    {
        var ofMemory = MovesMemory && channel == 0;
        for (var i = channel; i <= (ofMemory ? 1 : channel); i++)
        {
            _s.Channels[i].Address += (ushort)(Step(i) * transfers);
            _s.Channels[i].Count -= (ushort)transfers;
        }
        if ((_s.Command & COMMAND_ROTATE) != 0) _s.First = channel + (ofMemory ? 2 : 1) & 3;
        _s.InService = !ofMemory && _s.Channels[channel].Service is (I8237Channel.Single or I8237Channel.Cascade) ? 0 : channel + 1;
    }

    /// <summary>The channels with DREQ or a software request, as the status shows them.</summary>
    private int Requesting
    {
        get
        {
            int asking = _s.Requests;
            for (var i = 0; i < 4; i++)
                if ((Plugged >> i & 1) != 0 && Dreq(i) != ((_s.Command & COMMAND_DREQ_LOW) != 0)) asking |= 1 << i;
            return asking;
        }
    }

    /// <summary>The channels that ask and are heard: a mask keeps a DREQ off, but no software request.</summary>
    private int Asking => _s.Requests | Requesting & _s.Unmasked;

    /// <summary>Whether a channel that has the bus keeps it: in block mode to its end, in demand mode while it asks.</summary>
    private bool Keeps(int channel) =>
        IsInBlock(channel) || (Asking >> channel & 1) != 0;

    private void MasterClear()
    {
        (_s.Command, _s.TerminalCounts, _s.Requests, _s.Temporary, _s.High, _s.Unmasked) = (0, 0, 0, 0, false, 0);
        (_s.InService, _s.First) = (0, 0);
    }
}
