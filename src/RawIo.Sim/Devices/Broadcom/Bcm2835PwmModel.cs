namespace RawIo.Sim;

/// <summary>
/// The pulse width modulator of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 9): two channels that send pulses, balanced
/// or as mark and space, or the bits of words, out of a data register or a FIFO of eight words that they share (9.1; parts
/// have been seen that hold 16).
/// </summary>
/// <remarks>
/// <para>Time is the clock manager's PWM clock. A channel takes a new word each RNG cycles, from DAT or the FIFO, and begins with
/// the one that is there when it is enabled; a value written to DAT in between counts from the next. An empty FIFO ends
/// the sending: with RPTL the last word is sent again, else the output goes to SBIT and GAPO is set, and the next word written
/// is sent at once. Where both channels use the FIFO they take its words in turn as their periods end.</para>
/// <para>DREQ is asserted while DMAC has ENAB and the FIFO holds no more words than DMAC's threshold, and has room. QEMU 7.2 has no
/// model of this block.</para>
/// </remarks>
public sealed class Bcm2835PwmModel : Device
{
    private const int CTL = 0x00, STA = 0x04, DMAC = 0x08, RNG1 = 0x10, DAT1 = 0x14, FIF1 = 0x18, RNG2 = 0x20, DAT2 = 0x24;
    private const uint CtlBits = 0xbfff, CLRF1 = 1 << 6, ENAB = 1u << 31, DmacBits = ENAB | 0xffff, DmacAtReset = 0x0707;
    private const uint FULL1 = 1, EMPT1 = 1 << 1, WERR1 = 1 << 2, GAPO1 = 1 << 4, STA1 = 1 << 9, StaErrors = 0x13c;
    private const int FifoWords = 8, DreqNumber = 5;

    private readonly TimeProvider _time;
    private readonly Func<double> _hertz;
    private readonly Queue<uint> _fifo = new(FifoWords);
    private readonly SignalLine _dreq = new();
    private readonly PwmChannel[] _channels = new PwmChannel[2];
    private readonly DeviceTimer _timer;
    private State _state;

    /// <summary>The modulator after power-on: both channels off.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="hertz">The clock's rate; whoever changes it calls <see cref="ClockChanging"/> before and <see cref="ClockChanged"/> after.</param>
    public Bcm2835PwmModel(TimeProvider time, Func<double> hertz)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(hertz);
        (_time, _timer, _hertz) = (time, new(time, Alarm), hertz);
        _state.Since = time.GetTimestamp();
        (_dreq.WantChanged, _dreq.Settle) = (Alarm, Settle);
    }

    private struct State
    {
        public uint Status, DmacXorReset;

        /// <summary>The clock's cycles up to a time stamp, at a rate that has been since.</summary>
        public double Cycles;
        public long Since;
    }

    private sealed record Saved(State State, PwmChannel[] Channels, uint[] Fifo);

    /// <inheritdoc/>
    public override string Name => "BCM2835 PWM";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-pwm"];

    /// <inheritdoc/>
    public override string LeavesOut => "No GPIO pin gets the output: ask the model for level and duty. BERR is never set, and PANIC asks nobody.";

    /// <summary>DREQ 5.</summary>
    public override IReadOnlyList<DmaRequest> DmaRequests => field ??= [new(DreqNumber, _dreq)];

    /// <summary>The level at a channel's output now.</summary>
    /// <param name="channel">1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public bool Level(int channel)
    {
        using var held = new HeldLock(Gate);
        Settle();
        return At(channel).Level(Cycle);
    }

    /// <summary>The part of the time, 0 to 1, that a channel's output is high with the word it sends now.</summary>
    /// <param name="channel">1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public double Duty(int channel)
    {
        using var held = new HeldLock(Gate);
        Settle();
        return At(channel).Duty();
    }

    /// <summary>How often a channel begins a word, in Hz: the clock by RNG; 0 while it is off.</summary>
    /// <param name="channel">1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public double Frequency(int channel)
    {
        using var held = new HeldLock(Gate);
        return At(channel).IsOn ? _hertz() / At(channel).Range : 0;
    }

    /// <summary>To be called before the clock's rate changes.</summary>
    public void ClockChanging()
    {
        Settle();
        (_state.Cycles, _state.Since) = (Now, _time.GetTimestamp());
    }

    /// <summary>To be called after the clock's rate has changed.</summary>
    public void ClockChanged() => Arm();

    internal override string? BrokenInvariant()
    {
        if (_fifo.Count > FifoWords) return $"the FIFO holds {_fifo.Count}";
        return _dreq.Level != ((Dmac & ENAB) != 0 && _fifo.Count < FifoWords && _fifo.Count <= (Dmac & 0xff)) ? $"DREQ is {_dreq.Level} with DMAC 0x{Dmac:x} and {_fifo.Count} words" : null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, [.. _channels], [.. _fifo]);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (_state, var channels, var fifo) = (Saved)saved;
        channels.CopyTo(_channels, 0);
        _fifo.Clear();
        foreach (var word in fifo) _fifo.Enqueue(word);
        UpdateRequest();
        Arm();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Settle();
        switch (offset)
        {
            case CTL: return _channels[0].Control | _channels[1].Control << 8;
            case STA:
                return _state.Status | (_fifo.Count == FifoWords ? FULL1 : 0) | (_fifo.Count == 0 ? EMPT1 : 0)
                    | (_channels[0].IsSending ? STA1 : 0) | (_channels[1].IsSending ? STA1 << 1 : 0);
            case DMAC: return Dmac;
            case RNG1: return _channels[0].Range;
            case DAT1: return _channels[0].Data;
            case RNG2: return _channels[1].Range;
            case DAT2: return _channels[1].Data;
            case FIF1: return BadRead(offset, size, "the FIFO's input cannot be read");
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Settle();
        var word = (uint)value;
        switch (offset)
        {
            case CTL: Control(word & CtlBits); break;
            case STA: _state.Status &= ~(word & StaErrors); break;
            case DMAC: _state.DmacXorReset = (word & DmacBits) ^ DmacAtReset; break;
            case RNG1: SetRange(ref _channels[0], word); break;
            case DAT1: SetData(ref _channels[0], word); break;
            case FIF1: Put(word); break;
            case RNG2: SetRange(ref _channels[1], word); break;
            case DAT2: SetData(ref _channels[1], word); break;
            default: BadWrite(offset, size, "no register is there"); return;
        }
        UpdateRequest();
        Arm();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _state = new() { Since = _time.GetTimestamp() };
        Array.Clear(_channels);
        _fifo.Clear();
        UpdateRequest();
        Arm();
    }

    private uint Dmac => _state.DmacXorReset ^ DmacAtReset;

    private double Now => _state.Cycles + (double)(_time.GetTimestamp() - _state.Since) / _time.TimestampFrequency * _hertz();

    // A whole cycle is one also where the product of time and rate falls short of it by a rounding.
    private ulong Cycle => (ulong)(Now + 1e-6);

    private ref PwmChannel At(int channel)
    {
        if (channel is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(channel), channel, "The channels are 1 and 2.");
        return ref _channels[channel - 1];
    }

    private void Control(uint value)
    {
        if ((value & CLRF1) != 0) _fifo.Clear();
        value &= ~CLRF1;
        for (var i = 0; i < 2; i++)
        {
            ref var channel = ref _channels[i];
            var wasOn = channel.IsOn;
            var usedFifo = channel.UsesFifo;
            channel.Control = value >> 8 * i & 0xff;
            if (!channel.IsOn) channel.HasWord = false;
            else if (!wasOn || channel.UsesFifo != usedFifo) Begin(ref channel);
        }
    }

    private void SetRange(ref PwmChannel channel, uint value)
    {
        var wasOn = channel.IsOn;
        channel.Range = value;
        if (channel.IsOn && !wasOn) Begin(ref channel);
    }

    private void SetData(ref PwmChannel channel, uint value)
    {
        channel.Data = value;
        // A channel that has sent nothing yet, for its range was 0, has nothing to finish either.
        if (channel is { IsOn: true, UsesFifo: false, HasWord: false }) Begin(ref channel);
    }

    private void Put(uint word)
    {
        if (_fifo.Count == FifoWords)
        {
            _state.Status |= WERR1;
            return;
        }
        _fifo.Enqueue(word);
        foreach (ref var channel in _channels.AsSpan())
            if (channel is { IsOn: true, UsesFifo: true, HasWord: false }) Begin(ref channel);
    }

    private void Begin(ref PwmChannel channel)
    {
        channel.Start = Cycle;
        channel.HasWord = channel.UsesFifo ? _fifo.TryDequeue(out channel.Word) : true;
        if (!channel.UsesFifo) channel.Word = channel.Data;
    }

    /// <summary>Works out which words were sent since the last look. Of many periods that end alike, all are gone through in one step.</summary>
    private void Settle()
    {
        var now = Cycle;
        while (true)
        {
            var next = -1;
            for (var i = 0; i < 2; i++)
                if (_channels[i].IsSending && End(i) <= now && (next < 0 || End(i) < End(next))) next = i;
            if (next < 0) break;
            Turn(next, now);
        }
        UpdateRequest();
    }

    private ulong End(int channel) => _channels[channel].Start + _channels[channel].Range;

    private void Turn(int index, ulong now)
    {
        ref var channel = ref _channels[index];
        if (channel.UsesFifo && _fifo.TryDequeue(out var word))
        {
            (channel.Word, channel.Start) = (word, End(index));
            return;
        }
        if (channel.UsesFifo && (channel.Control & PwmChannel.RPTL) == 0)
        {
            channel.HasWord = false;
            _state.Status |= GAPO1 << index;
            return;
        }
        channel.Start += (now - channel.Start) / channel.Range * channel.Range;
        if (!channel.UsesFifo) channel.Word = channel.Data;
    }

    /// <summary>Owns the line.</summary>
    private void UpdateRequest() => _dreq.Set((Dmac & ENAB) != 0 && _fifo.Count < FifoWords && _fifo.Count <= (Dmac & 0xff));

    /// <summary>Sets the alarm for the next word that is taken out of the FIFO, where somebody waits for the request.</summary>
    private void Arm()
    {
        var next = ulong.MaxValue;
        if (_dreq.IsWanted && !_dreq.Level && (Dmac & ENAB) != 0)
            for (var i = 0; i < 2; i++)
                if (_channels[i].IsSending && _channels[i].UsesFifo) next = Math.Min(next, End(i));
        if (next == ulong.MaxValue || _hertz() <= 0)
        {
            _timer.Stop();
            return;
        }
        var due = TimeSpan.FromTicks((long)Math.Clamp(Math.Ceiling((next - Now) / _hertz() * TimeSpan.TicksPerSecond), 1, TimeSpan.TicksPerDay));
        _timer.Set(due);
    }

    private void Alarm()
    {
        Settle();
        Arm();
    }
}
