namespace RawIo.Sim;

// What goes over the wire, phase by phase.
public sealed partial class Bcm2835I2cModel
{
    /// <summary>The start that waits begins: on an idle bus, or as a repeated one.</summary>
    private void TakeNext(long at)
    {
        _state.HasNext = false;
        _state.Transfer = _state.Next;
        _state.Left = _state.Transfer.Length;
        Enter(Phase.Address, at, clocks: 10);
    }

    /// <summary>Goes on where a byte waited for the FIFO.</summary>
    private void Resume(long at)
    {
        if (!_state.IsWaiting) return;
        _state.IsWaiting = false;
        NextByte(at);
    }

    private void NextByte(long at)
    {
        if (_state.Left == 0)
        {
            if (_state.HasNext) TakeNext(at);
            else Enter(Phase.Stop, at, clocks: 1);
            return;
        }
        _state.Phase = Phase.Byte;
        if (_state.Transfer.IsRead) _state.IsWaiting = _fifo.Count == FifoBytes;
        else _state.IsWaiting = !_fifo.TryDequeue(out _state.Shift);
        if (!_state.IsWaiting) Enter(Phase.Byte, at, clocks: 9);
    }

    /// <summary>A phase begins, once the part lets go of the clock.</summary>
    private void Enter(Phase phase, long at, int clocks)
    {
        var stretch = Bus.TakeStretch();
        var patience = (_state.ClktXorReset ^ ClktReset) * Period;
        if (stretch > patience && patience != 0) (_state.Phase, _state.Ends) = (Phase.TimedOut, DeviceAlarm.Later(at, patience));
        else (_state.Phase, _state.Ends) = (phase, DeviceAlarm.Later(DeviceAlarm.Later(at, stretch), clocks * Period));
    }

    /// <summary>Works out what has gone over the wire since the last look.</summary>
    private void Settle()
    {
        var now = _alarm.Now;
        while (IsActive && !_state.IsWaiting && _state.Ends <= now)
        {
            var at = _state.Ends;
            switch (_state.Phase)
            {
                case Phase.Address:
                    if (Bus.Start(_state.Transfer.Address, _state.Transfer.IsRead)) NextByte(at);
                    else GiveUp(at);
                    break;
                case Phase.Byte when _state.Transfer.IsRead:
                    _fifo.Enqueue(Bus.Read(acknowledge: _state.Left > 1));
                    _state.Left--;
                    NextByte(at);
                    break;
                case Phase.Byte:
                    _state.Left--;
                    if (Bus.Write(_state.Shift)) NextByte(at);
                    else GiveUp(at);
                    break;
                case Phase.Stop: End(0, at); break;
                case Phase.TimedOut: End(S_CLKT, at); break;
            }
        }
    }

    /// <summary>Nobody acknowledged: a stop, and no start that waits.</summary>
    private void GiveUp(long at)
    {
        _state.Events |= ERR;
        _state.HasNext = false;
        Enter(Phase.Stop, at, clocks: 1);
    }

    private void End(uint why, long at)
    {
        _state.Phase = Phase.Idle;
        _state.Events |= DONE | why;
        Bus.Stop();
        if (why == 0 && _state.HasNext) TakeNext(at);
        _state.HasNext = false;
    }
}
