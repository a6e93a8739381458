namespace RawIo.Drivers;

/// <summary>
/// SPI0 of a Raspberry Pi (BCM2835 ARM Peripherals, chapter 10), by polling (section 10.6.1) or by interrupts (10.6.2).
/// One transfer at a time; the chip select is active for all of it.
/// </summary>
public sealed class Bcm2835Spi
{
    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private readonly long _core;
    private readonly IInterrupt? _interrupt;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the block's registers. It touches nothing until a transfer.</summary>
    /// <param name="registers">A window of at least 0x18 bytes from CS.</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <param name="coreHertz">The core clock: 250 MHz on a Pi 1 to 3, 500 MHz on a Pi 4.</param>
    /// <param name="interrupt">The block's interrupt, for <see cref="TransferAsync"/>.</param>
    /// <exception cref="ArgumentException">The window is too short, or there is no such clock.</exception>
    public Bcm2835Spi(IMmio registers, TimeProvider time, long coreHertz = 250_000_000, IInterrupt? interrupt = null)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(coreHertz, 2);
        if (registers.Length < 0x18)
            throw new ArgumentException($"SPI0's registers take 0x18 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time, _core, _interrupt) = (registers, time, coreHertz, interrupt);
    }

    /// <summary>How long a transfer waits for the next byte by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>The clock that a connection gets: the core clock divided by the next even number, at most 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The connection asks for no clock above 0 Hz.</exception>
    public long ClockOf(SpiConnection connection) => _core / Divisor(connection.Hertz);

    /// <summary>Sends bytes and takes as many in at the same time, polling.</summary>
    /// <param name="connection">To whom and how.</param>
    /// <param name="write">What to send.</param>
    /// <param name="read">What comes in; as long as <paramref name="write"/>, or empty where nobody wants it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the connection has no such chip select, mode or clock; nothing was touched.</exception>
    /// <exception cref="RawIoException">The controller did not go on (ETIMEDOUT); it is stopped.</exception>
    public void Transfer(SpiConnection connection, ReadOnlySpan<byte> write, Span<byte> read)
    {
        var control = Check(connection, write.Length, read.Length);
        var (sent, received) = (0, 0);
        Begin(connection, control);
        try
        {
            var deadline = new Deadline(_time, _timeout);
            while (received < write.Length)
            {
                if (Serve(write, read, ref sent, ref received)) deadline.Restart();
                else if (deadline.HasPassed()) throw deadline.Exception($"SPI0 sent {received} of {write.Length} bytes and no more");
            }
            while (!SpiRegisters.DONE.IsSet(SpiRegisters.CS.Read(_registers)))
                if (deadline.HasPassed())
                    throw deadline.Exception("SPI0 was not done");
        }
        finally
        {
            End();
        }
    }

    /// <summary>Sends bytes, then takes others in, within one transfer: a command and its answer.</summary>
    /// <param name="connection">To whom and how.</param>
    /// <param name="write">What to send first.</param>
    /// <param name="read">What comes in after it, while zeros go out.</param>
    /// <exception cref="ArgumentException">The connection has no such chip select, mode or clock; nothing was touched.</exception>
    /// <exception cref="RawIoException">The controller did not go on (ETIMEDOUT); it is stopped.</exception>
    public void WriteRead(SpiConnection connection, ReadOnlySpan<byte> write, Span<byte> read)
    {
        var data = new byte[write.Length + read.Length];
        write.CopyTo(data);
        Transfer(connection, data, data);
        data.AsSpan(write.Length).CopyTo(read);
    }

    /// <summary>As <see cref="Transfer"/>, by interrupts.</summary>
    /// <param name="connection">To whom and how.</param>
    /// <param name="write">What to send.</param>
    /// <param name="read">What comes in; as long as <paramref name="write"/>, or empty where nobody wants it.</param>
    /// <param name="cancellationToken">Ends it before its time; the controller is stopped.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the connection has no such chip select, mode or clock; nothing was touched.</exception>
    /// <exception cref="InvalidOperationException">The driver was made without an interrupt.</exception>
    /// <exception cref="RawIoException">No interrupt came in time (ETIMEDOUT); the controller is stopped.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask TransferAsync(SpiConnection connection, ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken = default)
    {
        var control = Check(connection, write.Length, read.Length);
        var wait = new InterruptWait(_interrupt, _time, _timeout);
        var (sent, received) = (0, 0);
        try
        {
            Begin(connection, control | (uint)(SpiRegisters.INTR.Mask | SpiRegisters.INTD.Mask));
            while (true)
            {
                while (Serve(write.Span, read.Span, ref sent, ref received))
                {
                }
                if (received == write.Length && SpiRegisters.DONE.IsSet(SpiRegisters.CS.Read(_registers))) return;
                wait.Enable();
                await wait.ForNext($"SPI0, {received} of {write.Length} bytes along,", cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            End();
            wait.Enable();
        }
    }

    /// <summary>Moves a byte, where one can move: a read of CS, and one of the FIFO or a write to it.</summary>
    private bool Serve(ReadOnlySpan<byte> write, Span<byte> read, ref int sent, ref int received)
    {
        var status = SpiRegisters.CS.Read(_registers);
        if (SpiRegisters.RXD.IsSet(status) && received < sent)
        {
            var value = (byte)SpiRegisters.FIFO.Consume(_registers);
            if (read.Length > 0) read[received] = value;
            received++;
            return true;
        }
        if (sent == write.Length || !SpiRegisters.TXD.IsSet(status)) return false;
        SpiRegisters.TxFIFO.Write(_registers, write[sent++]);
        return true;
    }

    private uint Check(SpiConnection connection, int writes, int reads)
    {
        if (reads != 0 && reads != writes)
            throw new ArgumentException($"As many bytes come in as go out: {writes} go out, and there is room for {reads}; or give no room at all.");
        if (connection.ChipSelect is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(connection), connection.ChipSelect, "SPI0's chip selects are 0 to 2.");
        if (connection.Mode is < 0 or > 3)
            throw new ArgumentOutOfRangeException(nameof(connection), connection.Mode, "The modes are 0 to 3.");
        Divisor(connection.Hertz);
        return (uint)(connection.ChipSelect | connection.Mode << SpiRegisters.CPHA.Low);
    }

    private void Begin(SpiConnection connection, uint control)
    {
        SpiRegisters.CLK.Write(_registers, (uint)Divisor(connection.Hertz) & 0xffff);
        // The clock's idle level has to stand before the chip select goes active.
        SpiRegisters.CS.Write(_registers, control & 0xf | (uint)SpiRegisters.CLEAR.Mask);
        SpiRegisters.CS.Write(_registers, control | (uint)SpiRegisters.TA.Mask);
    }

    private void End() => SpiRegisters.CS.Write(_registers, (uint)SpiRegisters.CLEAR.Mask);

    private long Divisor(long hertz)
    {
        if (hertz < 1) throw new ArgumentOutOfRangeException(nameof(hertz), hertz, "A clock has at least 1 Hz.");
        var divisor = (_core + hertz - 1) / hertz;
        return Math.Clamp(divisor + divisor % 2, 2, 65536);
    }
}
