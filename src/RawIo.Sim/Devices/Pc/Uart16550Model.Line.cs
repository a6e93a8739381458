namespace RawIo.Sim;

// The two shift registers, time, and the pins.
public sealed partial class Uart16550Model
{
    /// <summary>The first moment at which something happens by itself.</summary>
    private long? NextDue
    {
        get
        {
            var due = Math.Min(Math.Min(_s.TxEnd ?? long.MaxValue, _s.RxEnd ?? long.MaxValue), Math.Min(_s.EmptyAt ?? long.MaxValue, _s.TimeoutAt ?? long.MaxValue));
            return due == long.MaxValue ? null : due;
        }
    }

    /// <summary>Time has passed, or a character is on the wire: from outside, or from a listener of this very line, whose character is taken by what sent to it.</summary>
    private void Look()
    {
        if (_busy) return;
        Settle();
        Finish();
    }

    private void ModemInputChanged()
    {
        using var held = new HeldLock(Gate);
        Look();
    }

    /// <summary>Works out what happened since the last look, each at its time.</summary>
    private void Settle()
    {
        _busy = true;
        var now = _clock.Now;
        while (NextDue is { } due && due <= now)
        {
            if (_s.TxEnd == due) EndTransmission(due);
            else if (_s.RxEnd == due) EndReception(due);
            else if (_s.EmptyAt == due) ShowEmpty();
            else (_s.TimeoutPending, _s.TimeoutAt) = (true, null);
        }
        _busy = false;
    }

    /// <summary>The last act of each access.</summary>
    private void Finish()
    {
        _busy = true;
        var now = _clock.Now;
        // What an access cleared drops the line, though the next character raises it at once: an edge-triggered input counts edges.
        UpdateInterrupt();
        StartTransmission(now);
        StartReception(now);
        UpdateModem();
        DriveOutputs();
        _busy = false;
        UpdateInterrupt();
        _alarm.Set(NextDue);
    }

    private ulong ReadRbr()
    {
        _s.TimeoutPending = false;
        if (_s.Rx.IsEmpty) return HasFifos ? 0ul : _s.Rbr;
        var value = _s.Rx.Pop();
        _s.LineErrors |= Bits(_s.Rx.TopFault);
        RestartTimeout(_clock.Now);
        return value;
    }

    private void WriteThr(byte value)
    {
        // Of what does not fit, the holding register keeps the last, the FIFO the first.
        if (!HasFifos) _s.Tx.Clear();
        else if (_s.Tx.Count == Uart16550Fifo.Depth) return;
        _s.Tx.Push(new(value, SerialFault.None));
        _s.HadTwo |= _s.Tx.Count >= 2;
        (_s.HoldingFull, _s.ThrePending, _s.EmptyAt) = (true, false, null);
    }

    private void StartTransmission(long at)
    {
        while (_s.TxEnd is null && !_s.Tx.IsEmpty)
        {
            if (!Line.IsInstant && CharacterTime is null) return;
            _s.Tsr = (byte)(_s.Tx.Pop() & WordMask);
            if (!Line.IsInstant) _s.TxEnd = at + CharacterTime;
            if (_s.Tx.IsEmpty)
            {
                if (Line.IsInstant || !HasFifos || _s.HadTwo) ShowEmpty();
                else _s.EmptyAt = _s.TxEnd - StopHalfBits * Divisor * 78125L / 18;
            }
            // The break acts on the pin alone; loopback takes the pin away.
            if (!Loops && (_s.Lcr & LCR_BREAK) == 0) Line.Transmit(_s.Tsr);
            if (Line.IsInstant && Loops) Take(new(_s.Tsr, SerialFault.None), at);
        }
    }

    private void EndTransmission(long at)
    {
        _s.TxEnd = null;
        if (Loops) Take(new(_s.Tsr, SerialFault.None), at);
        StartTransmission(at);
    }

    private void ShowEmpty()
    {
        (_s.EmptyAt, _s.HadTwo) = (null, false);
        if (!_s.HoldingFull) return;
        (_s.HoldingFull, _s.ThrePending) = (false, true);
    }

    private void ClearTransmitter()
    {
        _s.Tx.Clear();
        ShowEmpty();
        // As on QEMU, and as the data sheet says of a change of FCR0: the interrupt comes anew.
        _s.ThrePending = true;
    }

    private void StartReception(long at)
    {
        if (Line.IsInstant)
        {
            while (!Loops && _s.Rx.Count < (HasFifos ? Uart16550Fifo.Depth : 1) && Line.TryTake(out var character)) Take(character, at);
        }
        else if (_s.RxEnd is null && CharacterTime is { } time && Line.TryTake(out _s.Shifting))
        {
            _s.RxEnd = at + time;
        }
    }

    private void EndReception(long at)
    {
        _s.RxEnd = null;
        if (!Loops) Take(_s.Shifting, at);
        StartReception(at);
    }

    /// <summary>A whole character is in the receiver's shift register.</summary>
    private void Take(SerialCharacter character, long at)
    {
        character = character with { Value = (byte)(character.Value & WordMask) };
        if (HasFifos && _s.Rx.Count == Uart16550Fifo.Depth)
        {
            _s.LineErrors |= LSR_OE;
            return;
        }
        if (!HasFifos)
        {
            if (!_s.Rx.IsEmpty) _s.LineErrors |= LSR_OE;
            _s.Rx.Clear();
            _s.Rbr = character.Value;
        }
        _s.Rx.Push(character);
        _s.FaultInFifo |= HasFifos && character.Fault != SerialFault.None;
        if (_s.Rx.Count == 1) _s.LineErrors |= Bits(character.Fault);
        RestartTimeout(at);
    }

    private void RestartTimeout(long at) =>
        _s.TimeoutAt = HasFifos && !_s.Rx.IsEmpty && !_s.TimeoutPending && CharacterTime is { } time ? at + 4 * time : null;

    private void ClearReceiver()
    {
        _s.Rx.Clear();
        (_s.TimeoutPending, _s.TimeoutAt, _s.FaultInFifo) = (false, null, false);
    }

    private static byte Bits(SerialFault fault) => (byte)(((fault & SerialFault.Parity) != 0 ? LSR_PE : 0)
        | ((fault & SerialFault.Framing) != 0 ? LSR_FE : 0) | ((fault & SerialFault.Break) != 0 ? LSR_BI : 0));

    /// <summary>What the modem inputs show, as in the upper half of MSR: in loopback the outputs.</summary>
    private byte ModemInputs()
    {
        var (cts, dsr, ri, dcd) = Loops
            ? ((_s.Mcr & MCR_RTS) != 0, (_s.Mcr & MCR_DTR) != 0, (_s.Mcr & MCR_OUT1) != 0, (_s.Mcr & MCR_OUT2) != 0)
            : (Line.Cts.Level, Line.Dsr.Level, Line.Ri.Level, Line.Dcd.Level);
        return (byte)((cts ? MSR_CTS : 0) | (dsr ? MSR_DSR : 0) | (ri ? MSR_RI : 0) | (dcd ? MSR_DCD : 0));
    }

    /// <summary>Keeps the inputs' changes; of the ring indicator's only its end.</summary>
    private void UpdateModem()
    {
        var inputs = ModemInputs();
        var changed = (inputs ^ _s.Inputs) >> 4;
        if ((inputs & MSR_RI) != 0) changed &= ~MSR_TERI;
        _s.Deltas |= (byte)changed;
        _s.Inputs = inputs;
    }

    private void DriveOutputs()
    {
        Line.Dtr.Set((_s.Mcr & (MCR_DTR | MCR_LOOP)) == MCR_DTR);
        Line.Rts.Set((_s.Mcr & (MCR_RTS | MCR_LOOP)) == MCR_RTS);
        var breakOut = (_s.Lcr & LCR_BREAK) != 0 && !Loops;
        if (breakOut == _s.BreakOut) return;
        _s.BreakOut = breakOut;
        Line.TransmitBreak(breakOut);
    }
}
