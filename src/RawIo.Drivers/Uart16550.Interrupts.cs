using static RawIo.Drivers.Uart16550Registers;

namespace RawIo.Drivers;

// By interrupt, and the self test.
public sealed partial class Uart16550
{
    /// <summary>Reads what has come, waiting for the interrupt until something has.</summary>
    /// <param name="interrupt">The port's: of COM1 the ISA interrupt 4, of COM2 3.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <returns>How many, at least 1; 0 for an empty destination.</returns>
    public async ValueTask<int> ReadAsync(IInterrupt interrupt, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interrupt);
        if (destination.IsEmpty) return 0;
        IER.Write(Ports, ERBFI | ELSI);
        try
        {
            while (true)
            {
                var count = 0;
                while (count < destination.Length && TryRead(out var character)) destination.Span[count++] = character;
                if (count > 0) return count;
                await Next(interrupt, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            IER.Write(Ports, 0);
        }
    }

    /// <summary>Writes characters, a FIFO's worth with each interrupt. The last may be on their way yet.</summary>
    /// <param name="interrupt">The port's.</param>
    /// <param name="characters">What to write.</param>
    /// <param name="cancellationToken">Ends the wait; what the FIFO has goes out.</param>
    public async ValueTask WriteAsync(IInterrupt interrupt, ReadOnlyMemory<byte> characters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interrupt);
        IER.Write(Ports, ETBEI);
        try
        {
            while (true)
            {
                if ((ReadLineStatus() & LSR_THRE) != 0)
                {
                    var rest = characters.Span;
                    Fill(ref rest);
                    characters = characters[^rest.Length..];
                }
                if (characters.IsEmpty) return;
                await Next(interrupt, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            IER.Write(Ports, 0);
        }
    }

    /// <summary>
    /// Tries the port by itself, in loopback: the modem lines, and characters of eight bits with every bit both ways, however
    /// the port is set up. The outputs are off meanwhile, and what comes from outside is lost.
    /// </summary>
    /// <remarks>It may come before <see cref="Configure"/>: firmware, or power-on, has left a bit rate.</remarks>
    /// <returns>What is wrong; null where nothing is.</returns>
    public string? SelfTest()
    {
        var lcr = LCR.Read(Ports);
        LCR.Write(Ports, LCR_8BITS);
        var (mcr, ier) = (MCR.Read(Ports), IER.Read(Ports));
        try
        {
            IER.Write(Ports, 0);
            MCR.Write(Ports, MCR_LOOP);
            return TestModemLines() ?? TestCharacters();
        }
        finally
        {
            MCR.Write(Ports, mcr);
            // The inputs have changed from the outputs' to the line's: no news to whoever waits for theirs.
            MSR.Consume(Ports);
            IER.Write(Ports, ier);
            LCR.Write(Ports, lcr);
        }
    }

    private string? TestModemLines()
    {
        // DTR comes back as DSR, RTS as CTS, OUT1 as RI, OUT2 as DCD.
        ReadOnlySpan<(byte Output, byte Input)> pairs = [(0x00, 0x00), (0x01, 0x20), (0x02, 0x10), (0x04, 0x40), (0x08, 0x80), (0x0f, 0xf0)];
        foreach (var (output, input) in pairs)
        {
            MCR.Write(Ports, (byte)(MCR_LOOP | output));
            var seen = (byte)(MSR.Consume(Ports) & 0xf0);
            if (seen != input) return $"with the modem outputs 0x{output:x2} the inputs are 0x{seen:x2} and not 0x{input:x2}";
        }
        return null;
    }

    private string? TestCharacters()
    {
        while (TryRead(out _)) { }
        foreach (var sent in (ReadOnlySpan<byte>)[0x00, 0x55, 0xaa, 0xff])
        {
            var deadline = new Deadline(_time, _timeout);
            THR.Write(Ports, sent);
            byte received;
            while (!TryRead(out received))
                if (deadline.HasPassed()) return $"0x{sent:x2} did not come back";
            if (received != sent) return $"0x{sent:x2} came back as 0x{received:x2}";
        }
        return null;
    }

    /// <summary>Waits for an interrupt and answers it at the chip: an edge-triggered controller hears of the next only once none is left.</summary>
    private async ValueTask Next(IInterrupt interrupt, CancellationToken cancellationToken)
    {
        await interrupt.WaitAsync(cancellationToken).ConfigureAwait(false);
        var source = IIR.Consume(Ports);
        if ((source & 0x0f) == 0x06) ReadLineStatus();
        if ((source & 0x0f) == 0x00) MSR.Consume(Ports);
        interrupt.Enable();
    }
}
