namespace RawIo.Drivers;

/// <summary>
/// The UART of a Raspberry Pi's serial console, ARM's PL011 (DDI 0183). It claims nothing: it takes a window of the
/// registers, and the interrupt where there is one. One thread may write while another reads.
/// </summary>
public sealed class Pl011
{
    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private readonly IInterrupt? _interrupt;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the block's registers. It touches nothing: <see cref="Configure"/> does.</summary>
    /// <param name="registers">A window of at least 0x4c bytes from UARTDR.</param>
    /// <param name="time">The machine's time, for the timeouts.</param>
    /// <param name="interrupt">Its interrupt, which <see cref="ReadAsync"/> waits for; null where there is none. It stays its owner's.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Pl011(IMmio registers, TimeProvider time, IInterrupt? interrupt = null)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < 0x4c)
            throw new ArgumentException($"The PL011's registers take 0x4c bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time, _interrupt) = (registers, time, interrupt);
    }

    /// <summary>How long the transmitter may be full, or busy, before that counts as an error, by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>How many characters came with a framing error; they are delivered.</summary>
    public long FramingErrors { get; private set; }

    /// <summary>How many characters came with a parity error; they are delivered.</summary>
    public long ParityErrors { get; private set; }

    /// <summary>How many breaks came; they are no characters.</summary>
    public long Breaks { get; private set; }

    /// <summary>How often characters were lost because nobody read them.</summary>
    public long Overruns { get; private set; }

    /// <summary>
    /// Sets it up and switches it on, in the manual's order (DDI 0183, 3.3.8): off, the character in transit awaited,
    /// FIFOs emptied, divisors, line control, on. Characters that waited either way are lost.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the device was not touched.</exception>
    /// <exception cref="RawIoException">What was being sent does not come to its end (ETIMEDOUT).</exception>
    public void Configure(Pl011Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var divisor = settings.Divisor;
        Stop();
        // Emptied is what is switched, and the FIFOs may be off already.
        Pl011Registers.UARTLCR_H.Write(_registers, (uint)Pl011Registers.FEN.Mask);
        Pl011Registers.UARTLCR_H.Write(_registers, 0);
        // With the FIFO empty, busy means a character in transit.
        WaitWhile(Pl011Registers.BUSY, "The PL011 did not come to the end of what it was sending");
        Pl011Registers.UARTICR.Write(_registers, 0x7ff);
        Pl011Registers.UARTRSR.Write(_registers, 0);
        Pl011Registers.UARTDMACR.Write(_registers, 0);
        // The receive interrupt at the least level, so that what comes is soon read; the time-out brings the rest.
        Pl011Registers.UARTIFLS.Write(_registers, 0);
        Pl011Registers.UARTIBRD.Write(_registers, divisor >> 6);
        Pl011Registers.UARTFBRD.Write(_registers, divisor & 0x3f);
        var line = Pl011Registers.WLEN.Set((uint)Pl011Registers.FEN.Mask, (uint)(settings.DataBits - 5));
        if (settings.Parity != SerialParity.None) line |= (uint)Pl011Registers.PEN.Mask;
        if (settings.Parity == SerialParity.Even) line |= (uint)Pl011Registers.EPS.Mask;
        if (settings.StopBits == 2) line |= (uint)Pl011Registers.STP2.Mask;
        Pl011Registers.UARTLCR_H.Write(_registers, line);
        var control = Pl011Registers.UARTEN.Mask | Pl011Registers.TXE.Mask | Pl011Registers.RXE.Mask | Pl011Registers.RTS.Mask;
        if (settings.FlowControl) control |= Pl011Registers.RTSEn.Mask | Pl011Registers.CTSEn.Mask;
        if (settings.Loopback) control |= Pl011Registers.LBE.Mask;
        Pl011Registers.UARTCR.Write(_registers, (uint)control);
    }

    /// <summary>Switches it off and its interrupts too: two writes. A character in transit is still completed.</summary>
    public void Stop()
    {
        Pl011Registers.UARTIMSC.Write(_registers, 0);
        Pl011Registers.UARTCR.Write(_registers, 0);
    }

    /// <summary>Sends characters, waiting for room in the FIFO. It returns when the last is in the FIFO; <see cref="Flush"/> waits until it is out.</summary>
    /// <exception cref="RawIoException">No room came in time (ETIMEDOUT): flow control holds it, or it is off. What came before is sent.</exception>
    public void Write(ReadOnlySpan<byte> characters)
    {
        foreach (var character in characters)
        {
            WaitWhile(Pl011Registers.TXFF, "The PL011's transmit FIFO stayed full");
            Pl011Registers.UARTDR_TX.Write(_registers, character);
        }
    }

    /// <summary>Waits until the last character is out, with its stop bit.</summary>
    /// <exception cref="RawIoException">It did not come to its end in time (ETIMEDOUT).</exception>
    public void Flush() => WaitWhile(Pl011Registers.BUSY, "The PL011 did not come to the end of what it was sending");

    /// <summary>Takes what has been received, without waiting.</summary>
    /// <param name="destination">Where it goes; what does not fit stays.</param>
    /// <returns>How many characters; 0 where none wait.</returns>
    public int Read(Span<byte> destination)
    {
        var count = 0;
        while (count < destination.Length && !Pl011Registers.RXFE.IsSet(Pl011Registers.UARTFR.Read(_registers)))
        {
            var word = Pl011Registers.UARTDR.Consume(_registers);
            if (Pl011Registers.OE.IsSet(word)) Overruns++;
            if (Pl011Registers.BE.IsSet(word))
            {
                Breaks++;
                continue;
            }
            if (Pl011Registers.FE.IsSet(word)) FramingErrors++;
            if (Pl011Registers.PE.IsSet(word)) ParityErrors++;
            destination[count++] = (byte)word;
        }
        return count;
    }

    /// <summary>Takes what has been received, waiting by interrupt until there is something. One reader at a time.</summary>
    /// <param name="destination">Where it goes; what does not fit stays for the next call.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost by it.</param>
    /// <returns>How many characters, at least 1; 0 only for an empty destination.</returns>
    /// <exception cref="InvalidOperationException">The driver was made without an interrupt.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var interrupt = _interrupt ?? throw new InvalidOperationException("This PL011 has no interrupt to wait for: give the constructor one, or poll with Read.");
        if (destination.IsEmpty) return 0;
        while (true)
        {
            var count = Read(destination.Span);
            if (count > 0) return count;
            // What came since the look has left its mark in UARTRIS, and interrupts as soon as it is enabled.
            Pl011Registers.UARTIMSC.Write(_registers, (uint)(Pl011Registers.RXIM.Mask | Pl011Registers.RTIM.Mask));
            interrupt.Enable();
            await interrupt.WaitAsync(cancellationToken).ConfigureAwait(false);
            // A break alone empties the FIFO again; the line must be low before it is waited for anew.
            Pl011Registers.UARTIMSC.Write(_registers, 0);
        }
    }

    private void WaitWhile(BitField flag, string what)
    {
        if (!flag.IsSet(Pl011Registers.UARTFR.Read(_registers))) return;
        var deadline = new Deadline(_time, _timeout);
        while (flag.IsSet(Pl011Registers.UARTFR.Read(_registers)))
            if (deadline.HasPassed()) throw deadline.Exception(what);
    }
}
