namespace RawIo.Sim;

/// <summary>What a UART's shift registers ask the UART around them.</summary>
internal interface IUartFifos
{
    /// <summary>How long a character takes on the wire in ns; 0 where there is no bit rate.</summary>
    long CharacterTime { get; }

    /// <summary>How long the wire is still before <see cref="ReceiveIdle"/>, in ns; 0 where nothing counts it.</summary>
    long IdleTime { get; }

    /// <summary>Whether the receiver is on.</summary>
    bool Listens { get; }

    /// <summary>Whether the receive FIFO takes one more.</summary>
    bool HasRoom { get; }

    /// <summary>Whether the transmitter feeds the receiver instead of the cable.</summary>
    bool IsLoopback { get; }

    /// <summary>Takes the next character from the transmit FIFO, where there is one and the transmitter may go on.</summary>
    bool TryNext(out byte character);

    /// <summary>A character has arrived, or what should be one.</summary>
    void Receive(SerialCharacter character);

    /// <summary>No character has arrived for <see cref="IdleTime"/> after the last.</summary>
    void ReceiveIdle();
}

/// <summary>
/// A UART's two shift registers: a character takes its time between FIFO and cable. A line that is instant has no
/// time: what is written is out, and what is outside comes in as there is room.
/// </summary>
internal sealed class UartShifter
{
    private readonly IUartFifos _fifos;
    private readonly SerialLine _line;
    private readonly Action _changed;
    private NanoClock _clock;
    private readonly DeviceTimer _timer;
    private State _state;

    /// <summary>The shift registers after power-on: nothing moves.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="fifos">The UART.</param>
    /// <param name="line">The cable.</param>
    /// <param name="changed">What the UART does when time or the cable have changed something: it drives its lines.</param>
    public UartShifter(TimeProvider time, IUartFifos fifos, SerialLine line, Action changed)
    {
        (_timer, _fifos, _line, _changed) = (new(time, Update), fifos, line, changed);
        _clock = new(time);
        line.Arrived = () => Update();
    }

    private sealed record Saved(State State, NanoClock Clock, object Line);

    private struct State
    {
        public bool IsSending, IsArriving, IsArrivingLost, IsIdleCounting;
        public byte Sending;
        public SerialCharacter Arriving;

        /// <summary>When what moves is through, and when the wire will have been still for long.</summary>
        public long SendEnd, ArriveEnd, IdleEnd;
    }

    /// <summary>Whether a character is being shifted out.</summary>
    public bool IsSending => _state.IsSending;

    /// <summary>Whether a character is being shifted in.</summary>
    public bool IsReceiving => _state.IsArriving;

    public object Save() => new Saved(_state, _clock, _line.Save());

    public void Restore(object saved)
    {
        (_state, _clock, var line) = (Saved)saved;
        _line.Restore(line);
        Arm();
    }

    public void Reset()
    {
        _state = default;
        _clock.Restart();
        Arm();
    }

    /// <summary>Works out what happened since the last look, and starts what can start. The UART calls it before an access and after it.</summary>
    public void Run()
    {
        var now = _clock.Now;
        while (NextEnd() is var end && end <= now)
        {
            if (_state.IsSending && _state.SendEnd == end) EndSending(end);
            else if (_state.IsArriving && _state.ArriveEnd == end) EndArriving(end);
            else
            {
                _state.IsIdleCounting = false;
                _fifos.ReceiveIdle();
            }
        }
        Start(now);
        Arm();
    }

    /// <summary>The receive FIFO is empty, or its interrupt told of: nobody waits for the wire to be still.</summary>
    public void StopIdle() => _state.IsIdleCounting = false;

    /// <summary>The receiver sees what the transmitter itself did to the line: a break in loopback.</summary>
    public void Inject(SerialCharacter character) => Deliver(character, _clock.Now);

    private void Update()
    {
        Run();
        _changed();
    }

    private void Start(long now)
    {
        if (_line.IsInstant)
        {
            while (_fifos.TryNext(out var character))
            {
                _line.Transmit(character);
                if (_fifos.IsLoopback && _fifos.Listens) Deliver(new(character, SerialFault.None), now);
            }
            while (_fifos.IsLoopback || _fifos.Listens && _fifos.HasRoom)
            {
                if (!_line.TryTake(out var arrived)) break;
                if (!_fifos.IsLoopback) Deliver(arrived, now);
            }
            return;
        }
        StartSending(now);
        StartArriving(now);
    }

    private void StartSending(long now)
    {
        if (_state.IsSending || _fifos.CharacterTime == 0 || !_fifos.TryNext(out var character)) return;
        (_state.IsSending, _state.Sending, _state.SendEnd) = (true, character, now + _fifos.CharacterTime);
        _line.Transmit(character);
    }

    private void StartArriving(long now)
    {
        if (_state.IsArriving || _fifos.CharacterTime == 0 || !_line.TryTake(out var character)) return;
        (_state.IsArriving, _state.Arriving, _state.ArriveEnd) = (true, character, now + _fifos.CharacterTime);
        _state.IsArrivingLost = !_fifos.Listens || _fifos.IsLoopback;
        _state.IsIdleCounting = false;
    }

    private void EndSending(long at)
    {
        _state.IsSending = false;
        if (_fifos.IsLoopback && _fifos.Listens) Deliver(new(_state.Sending, SerialFault.None), at);
        StartSending(at);
    }

    private void EndArriving(long at)
    {
        _state.IsArriving = false;
        if (!_state.IsArrivingLost) Deliver(_state.Arriving, at);
        StartArriving(at);
    }

    private void Deliver(SerialCharacter character, long at)
    {
        _fifos.Receive(character);
        (_state.IsIdleCounting, _state.IdleEnd) = (_fifos.IdleTime > 0, at + _fifos.IdleTime);
    }

    private long NextEnd()
    {
        var next = long.MaxValue;
        if (_state.IsSending) next = _state.SendEnd;
        if (_state.IsArriving) next = Math.Min(next, _state.ArriveEnd);
        if (_state.IsIdleCounting) next = Math.Min(next, _state.IdleEnd);
        return next;
    }

    private void Arm()
    {
        var next = NextEnd();
        if (next == long.MaxValue)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(next));
    }
}
