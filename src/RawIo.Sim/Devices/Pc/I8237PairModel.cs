namespace RawIo.Sim;

/// <summary>
/// The DMA controllers of a PC: two Intel 8237A (data sheet 231466), the second for words, and the page registers beside
/// them. Sources: the data sheet; IBM PC AT Technical Reference, "Direct memory access" and the DMA page registers' map.
/// </summary>
/// <remarks>
/// <para>Offsets are ports: 0x00 to 0x0f, 0x81 to 0x8f, 0xc0 to 0xdf. Channels 0 to 3 reach memory only through channel 4: their
/// driver, or the firmware before it, sets that to cascade mode and unmasks it. A transfer takes 1.25 us (five clocks of
/// the AT's 4 MHz), memory to memory 2 us; addresses wrap within their 64 KiB, or 128 KiB of words.</para>
/// <para>Where QEMU 7.2 differs, the data sheet is followed: memory to memory, rotating priority and DREQ's polarity work (QEMU: a
/// command with any of them is ignored as a whole); software requests move data; status keeps TC until it is
/// read or cleared; the current registers follow each byte written (QEMU: the address at its high byte, and from then on the count
/// too); reading 9 is illegal (QEMU: the mask). 0x84 to 0x86, 0x88 and 0x8c to 0x8e keep a byte as IBM's do (QEMU: nobody there).</para>
/// </remarks>
public sealed partial class I8237PairModel : Device
{
    private const int Pages = 0x80, Second = 0xc0;
    private const int CascadeChannel = 0;
    private const long TransferTime = 1250, MemoryToMemoryTime = 2000;

    // What is made up at one look; a machine that was not looked at for longer than 0.16 s of transfers loses time.
    private const int TransfersAtOnce = 1 << 17;

    private readonly I8237[] _chips;
    private readonly byte[] _pages = new byte[16];
    private readonly (IDmaPeripheral? Peripheral, SignalLine? Line)[] _plugged = new (IDmaPeripheral?, SignalLine?)[8];
    private readonly bool[] _wanted = new bool[8];
    private readonly IBusMaster _memory;
    private readonly NanosecondClock _clock;
    private readonly DeviceAlarm _alarm;
    private long? _nextAt;
    private bool _busy;

    /// <summary>The controllers after reset: every channel masked.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="memory">Where transfers go.</param>
    public I8237PairModel(TimeProvider time, IBusMaster memory)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(memory);
        (_clock, _memory) = (new(time), memory);
        _alarm = new(time, Look);
        _chips = [new() { Dreq = i => _plugged[i].Line!.Sample() }, new() { Dreq = i => i == CascadeChannel ? HoldsForFirst : _plugged[4 + i].Line!.Sample() }];
        _chips[1].Plugged = 1 << CascadeChannel;
    }

    /// <inheritdoc/>
    public override string Name => "8237A DMA controllers";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <inheritdoc/>
    public override string LeavesOut =>
        "EOP from outside, DACK's polarity and the timing bits, DREQ of channels with nothing plugged in (never asserted, at either polarity)";

    /// <summary>Plugs a device into a channel.</summary>
    /// <param name="channel">0 to 3, or 5 to 7.</param>
    /// <param name="peripheral">The device.</param>
    /// <param name="request">Its DREQ.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel, or it is the cascade's.</exception>
    /// <exception cref="ArgumentException">The channel is taken.</exception>
    public void Connect(int channel, IDmaPeripheral peripheral, SignalLine request)
    {
        ArgumentNullException.ThrowIfNull(peripheral);
        ArgumentNullException.ThrowIfNull(request);
        if (channel is < 0 or > 7 or 4) throw new ArgumentOutOfRangeException(nameof(channel), channel, "A device goes on channel 0 to 3 or 5 to 7; 4 is the cascade's.");
        using var held = new HeldLock(Gate);
        if (_plugged[channel].Line is not null) throw new ArgumentException($"Channel {channel} has a device.", nameof(channel));
        _plugged[channel] = (peripheral, request);
        _chips[channel >> 2].Plugged |= 1 << (channel & 3);
        request.Changed += _ => Look();
        Look();
    }

    /// <summary>Plugs a device into the channels of its <see cref="Device.DmaRequests"/>.</summary>
    /// <exception cref="ArgumentException">It is no <see cref="IDmaPeripheral"/>, or a channel is taken.</exception>
    public void Connect(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device is not IDmaPeripheral peripheral) throw new ArgumentException($"{device.Name} has no DMA acknowledge: its model is no IDmaPeripheral.", nameof(device));
        foreach (var request in device.DmaRequests) Connect(request.Number, peripheral, request.Line);
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Look();
        if (offset is > Pages and < Pages + 16) return _pages[offset - Pages];
        var value = Find(offset, out var register)?.Read(register);
        Finish();
        return value ?? BadRead(offset, size, "the data sheet calls this read illegal");
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Look();
        if (offset is > Pages and < Pages + 16) _pages[offset - Pages] = (byte)value;
        else if (Find(offset, out var register) is { } chip) chip.Write(register, (byte)value);
        else BadWrite(offset, size, "no register is there");
        Finish();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (var chip in _chips) chip.Reset();
        _pages.AsSpan().Clear();
        Finish();
    }

    internal override string? BrokenInvariant() =>
        _busy ? "it is busy between accesses" : _chips[0].BrokenInvariant() ?? _chips[1].BrokenInvariant() ?? (Chosen(out _) is null != _nextAt is null ? $"the next transfer is at {_nextAt}" : null);

    /// <inheritdoc/>
    public override object Save() => (_chips[0].Save(), _chips[1].Save(), _pages.ToArray(), _nextAt - _clock.Now);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (first, second, pages, wait) = ((object, object, byte[], long?))saved;
        _nextAt = wait + _clock.Now;
        _chips[0].Restore(first);
        _chips[1].Restore(second);
        pages.CopyTo(_pages, 0);
        WatchRequests();
        _alarm.SetAnew(Due);
    }

    /// <summary>HRQ of the first controller, where the second lets it through as it is.</summary>
    private bool HoldsForFirst => _chips[1].Channel(CascadeChannel).Service == I8237Channel.Cascade && _chips[0].Next() >= 0;

    private I8237? Find(int offset, out int register)
    {
        // A0 is not wired to the second: it has every register twice.
        register = offset < 16 ? offset : offset - Second >> 1;
        return offset is >= 0 and < 16 ? _chips[0] : offset is >= Second and < Second + 32 ? _chips[1] : null;
    }

    private void Look()
    {
        if (_busy) return;
        var now = _clock.Now;
        _busy = true;
        for (var left = TransfersAtOnce; _nextAt <= now;)
        {
            if (left <= 0) _nextAt = now + TransferTime;
            else if (Chosen(out var channel) is { } chip) left -= Serve(chip, channel, now, left);
            else _nextAt = null;
        }
        _busy = false;
        Finish();
    }

    /// <summary>Makes the transfers of one channel that are due by now: one, or of a block as many as it has. How many it were.</summary>
    private int Serve(I8237 chip, int channel, long now, int most)
    {
        var ofMemory = chip.MovesMemory && channel == 0;
        var time = ofMemory ? MemoryToMemoryTime : TransferTime;
        var count = 0;
        do
        {
            if (Together(chip, channel, (int)Math.Min(most - count, (now - _nextAt!.Value) / time + 1)) is > 0 and var together)
            {
                _nextAt += together * time;
                count += together;
                continue;
            }
            if (ofMemory) MoveMemory(chip);
            else Transfer(chip, channel);
            _nextAt += time;
            count++;
        }
        while (_nextAt <= now && count < most && chip.IsInBlock(channel));
        return count;
    }

    /// <summary>The last act of each access.</summary>
    private void Finish()
    {
        if (_busy) return;
        _busy = true;
        WatchRequests();
        if (Chosen(out _) is null) _nextAt = null;
        else _nextAt ??= _clock.Now + TransferTime;
        _busy = false;
        _alarm.Set(Due);
    }

    /// <summary>When to look: at the next transfer where a device takes part in it, else when all are through.</summary>
    private long? Due
    {
        get
        {
            if (_nextAt is null || Chosen(out var channel) is not { } chip) return null;
            var asks = _plugged[(chip == _chips[1] ? 4 : 0) + channel].Line is not null;
            return asks ? _nextAt : _nextAt + (chip.MovesMemory ? chip.Channel(1) : chip.Channel(channel)).Count * TransferTime;
        }
    }

    /// <summary>The controller and channel that have the bus next.</summary>
    private I8237? Chosen(out int channel)
    {
        channel = _chips[1].Next();
        if (channel != CascadeChannel || !HoldsForFirst) return channel < 0 ? null : _chips[1];
        channel = _chips[0].Next();
        return _chips[0];
    }

    private void Transfer(I8237 chip, int number)
    {
        var (wide, at) = (chip == _chips[1], number + (chip == _chips[1] ? 4 : 0));
        ref var channel = ref chip.Channel(number);
        var (address, size, peripheral) = (Address(at), wide ? 2 : 1, _plugged[at].Peripheral);
        if (channel.Kind == I8237Channel.ToMemory)
        {
            _memory.TryWrite(address, size, peripheral?.ReadDma(at) ?? 0xffff);
        }
        else if (channel.Kind == I8237Channel.FromMemory)
        {
            var value = _memory.TryRead(address, size, out var read) ? read : 0xffff;
            peripheral?.WriteDma(at, (ushort)(wide ? value : value & 0xff));
        }
        channel.StepAddress();
        if (chip.Count(number)) peripheral?.TerminalCount(at);
    }

    private void MoveMemory(I8237 chip)
    {
        var first = chip == _chips[1] ? 4 : 0;
        var value = _memory.TryRead(Address(first), 1, out var read) ? (byte)read : (byte)0xff;
        chip.Temporary = value;
        _memory.TryWrite(Address(first + 1), 1, value);
        chip.CountMemoryToMemory();
    }

    /// <summary>The memory address of a channel: with a page of 8 bits, or of 7 above an address of words.</summary>
    private uint Address(int channel)
    {
        var page = _pages[channel switch { 0 => 7, 1 => 3, 2 => 1, 3 => 2, 4 => 15, 5 => 11, 6 => 9, _ => 10 }];
        var address = _chips[channel >> 2].Channel(channel & 3).Address;
        return channel < 4 ? (uint)(page << 16 | address) : (uint)((page & 0xfe) << 16 | address << 1);
    }

    /// <summary>Waits for the requests that would be served, and for no others.</summary>
    private void WatchRequests()
    {
        for (var i = 0; i < 8; i++)
        {
            var wanted = _plugged[i].Line is not null && _chips[i >> 2].IsUnmasked(i & 3);
            if (wanted == _wanted[i]) continue;
            _wanted[i] = wanted;
            _plugged[i].Line!.Want(wanted);
        }
    }
}
