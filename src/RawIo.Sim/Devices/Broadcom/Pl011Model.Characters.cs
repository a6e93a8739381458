namespace RawIo.Sim;

// Characters between the FIFOs and the shift registers, and what they do to the interrupts.
public sealed partial class Pl011Model : IUartFifos
{
    /// <summary>4 * UARTCLK / (64 * divisor) is the bit rate.</summary>
    private long BitTimes(int bits) => _state.Divisor < 64 || (Cr & UARTEN) == 0 ? 0 : (long)((Int128)bits * _state.Divisor * 1_000_000_000 / (4 * (Int128)_options.ClockFrequency));

    long IUartFifos.CharacterTime =>
        BitTimes(1 + 5 + (int)(_state.LcrH >> 5 & 3) + ((_state.LcrH & PEN) != 0 ? 1 : 0) + ((_state.LcrH & STP2) != 0 ? 2 : 1));

    long IUartFifos.IdleTime => BitTimes(32);

    bool IUartFifos.Listens => (Cr & (UARTEN | RXE)) == (UARTEN | RXE);

    bool IUartFifos.HasRoom => _state.Receive.Count < Depth;

    bool IUartFifos.IsLoopback => (Cr & LBE) != 0;

    bool IUartFifos.TryNext(out byte character)
    {
        character = 0;
        var isStopped = (Cr & (UARTEN | TXE)) != (UARTEN | TXE) || (_state.LcrH & BRK) != 0 || (Cr & CTSEn) != 0 && (ModemInputs & CTS) == 0;
        if (isStopped || _state.Transmit.Count == 0) return false;
        var wasAbove = _state.Transmit.Count > TransmitLevel || Line.IsInstant;
        character = (byte)(_state.Transmit.Pop(Depth) & WordMask);
        if (wasAbove && _state.Transmit.Count <= TransmitLevel) _state.Ris |= TXRIS;
        return true;
    }

    private uint WordMask => Line.IsInstant && (Cr & LBE) == 0 ? 0xffu : 0xffu >> 3 - (int)(_state.LcrH >> 5 & 3);

    void IUartFifos.Receive(SerialCharacter character)
    {
        if (_state.Receive.Count == Depth)
        {
            (_state.IsOverrun, _state.Rsr, _state.Ris) = (true, _state.Rsr | OE, _state.Ris | OERIS);
            return;
        }
        var flags = ((character.Fault & SerialFault.Framing) != 0 ? FrameError : 0)
            | ((character.Fault & SerialFault.Parity) != 0 && (_state.LcrH & PEN) != 0 ? ParityError : 0)
            | ((character.Fault & SerialFault.Break) != 0 ? BreakError : 0);
        // FERIS, PERIS and BERIS are these three, a bit lower.
        _state.Ris |= flags >> 1;
        var data = (flags & BreakError) != 0 ? 0 : character.Value & WordMask;
        _state.Receive.Push(data | flags | (_state.IsOverrun ? OverrunError : 0), Depth);
        _state.IsOverrun = false;
        if (_state.Receive.Count == ReceiveLevel) _state.Ris |= RXRIS;
    }

    void IUartFifos.ReceiveIdle() => _state.Ris |= RTRIS;

    /// <summary>Above the level the transmit interrupt goes, without anybody clearing it (DDI 0183, 2.8.3).</summary>
    private void WriteData(uint character)
    {
        _state.Transmit.Push(character, Depth);
        if (_state.Transmit.Count > TransmitLevel) _state.Ris &= ~TXRIS;
    }

    private uint ReadData()
    {
        var word = _state.Receive.Pop(Depth);
        // The overrun is not of this character: it stays until UARTECR is written.
        _state.Rsr = _state.Rsr & OE | word >> 8;
        if (_state.Receive.Count < ReceiveLevel) _state.Ris &= ~RXRIS;
        if (_state.Receive.Count == 0) EndIdle();
        Settle();
        return word;
    }

    private void EndIdle()
    {
        _state.Ris &= ~RTRIS;
        _shifter.StopIdle();
    }
}
