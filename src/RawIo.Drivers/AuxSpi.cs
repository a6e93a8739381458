namespace RawIo.Drivers;

/// <summary>
/// SPI1 or SPI2 of a Raspberry Pi (BCM2835 ARM Peripherals, section 2.3), by polling, in words of up to three bytes as
/// Linux's spi-bcm2835aux.c has it. AUX_ENABLES has to have it on. Modes 0 and 2 only: its clock phase cannot be moved.
/// </summary>
public sealed class AuxSpi
{
    private const int FifoWords = 4, BytesPerWord = 3;

    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private readonly long _system;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the block's registers. It touches nothing until a transfer.</summary>
    /// <param name="registers">A window of at least 0x40 bytes from CNTL0.</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <param name="systemHertz">The system clock: 250 MHz on a Pi 1 to 3, 500 MHz on a Pi 4.</param>
    /// <exception cref="ArgumentException">The window is too short, or there is no such clock.</exception>
    public AuxSpi(IMmio registers, TimeProvider time, long systemHertz = 250_000_000)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(systemHertz, 2);
        if (registers.Length < 0x40)
            throw new ArgumentException($"An auxiliary SPI's registers take 0x40 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time, _system) = (registers, time, systemHertz);
    }

    /// <summary>How long a transfer waits for the next word by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>Sends bytes and takes as many in at the same time, polling.</summary>
    /// <param name="connection">To whom and how.</param>
    /// <param name="write">What to send.</param>
    /// <param name="read">What comes in; as long as <paramref name="write"/>, or empty where nobody wants it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the connection has no such chip select, mode or clock; nothing was touched.</exception>
    /// <exception cref="RawIoException">AUX_ENABLES has the controller off (ENODEV), or it did not go on (ETIMEDOUT) and is stopped.</exception>
    public void Transfer(SpiConnection connection, ReadOnlySpan<byte> write, Span<byte> read)
    {
        var control = Check(connection, write.Length, read.Length);
        var (sent, received) = (0, 0);
        AuxSpiRegisters.CNTL1.Write(_registers, (uint)AuxSpiRegisters.MsbFirstIn.Mask);
        AuxSpiRegisters.CNTL0.Write(_registers, control);
        if (!AuxSpiRegisters.Enable.IsSet(AuxSpiRegisters.CNTL0.Read(_registers)))
            throw new RawIoException(Errno.ENODEV, "The auxiliary SPI takes no settings: set its bit of AUX_ENABLES (0x7e215004: bit 1 for SPI1, 2 for SPI2).");
        try
        {
            var deadline = new Deadline(_time, _timeout);
            while (received < write.Length)
            {
                if (Serve(write, read, ref sent, ref received)) deadline.Restart();
                else if (deadline.HasPassed()) throw deadline.Exception($"The auxiliary SPI sent {received} of {write.Length} bytes and no more");
            }
        }
        finally
        {
            AuxSpiRegisters.CNTL1.Write(_registers, 0);
            AuxSpiRegisters.CNTL0.Write(_registers, (uint)(AuxSpiRegisters.ClearFifo.Mask | AuxSpiRegisters.ChipSelects.Mask));
        }
    }

    private bool Serve(ReadOnlySpan<byte> write, Span<byte> read, ref int sent, ref int received)
    {
        var status = AuxSpiRegisters.STAT.Read(_registers);
        if (!AuxSpiRegisters.RxEmpty.IsSet(status) && received < sent)
        {
            var word = AuxSpiRegisters.IO.Consume(_registers);
            var bytes = Math.Min(BytesPerWord, write.Length - received);
            for (var i = 0; i < bytes && read.Length > 0; i++) read[received + i] = (byte)(word >> 8 * (bytes - 1 - i));
            received += bytes;
            return true;
        }
        // No more on the way than come back into the receive FIFO: what does not fit there is lost.
        if (sent == write.Length || AuxSpiRegisters.TxFull.IsSet(status) || sent - received >= FifoWords * BytesPerWord) return false;
        var count = Math.Min(BytesPerWord, write.Length - sent);
        var next = (uint)count * 8 << 24;
        for (var i = 0; i < count; i++) next |= (uint)write[sent + i] << 16 - 8 * i;
        sent += count;
        if (sent < write.Length) AuxSpiRegisters.TXHOLD.Write(_registers, next);
        else AuxSpiRegisters.TxIO.Write(_registers, next);
        return true;
    }

    private uint Check(SpiConnection connection, int writes, int reads)
    {
        if (reads != 0 && reads != writes)
            throw new ArgumentException($"As many bytes come in as go out: {writes} go out, and there is room for {reads}; or give no room at all.");
        if (connection.ChipSelect is < 0 or > 2)
            throw new ArgumentOutOfRangeException(nameof(connection), connection.ChipSelect, "The chip selects are 0 to 2.");
        if (connection.Mode is not (0 or 2))
            throw new ArgumentOutOfRangeException(nameof(connection), connection.Mode, "The auxiliary SPIs have modes 0 and 2.");
        if (connection.Hertz < 1) throw new ArgumentOutOfRangeException(nameof(connection), connection.Hertz, "A clock has at least 1 Hz.");
        var speed = (uint)Math.Clamp((_system + 2 * connection.Hertz - 1) / (2 * connection.Hertz) - 1, 0, 0xfff);
        var control = (uint)(AuxSpiRegisters.Enable.Mask | AuxSpiRegisters.VariableWidth.Mask | AuxSpiRegisters.MsbFirstOut.Mask);
        control |= (uint)(connection.Mode == 0 ? AuxSpiRegisters.InRising.Mask : AuxSpiRegisters.Cpol.Mask | AuxSpiRegisters.OutRising.Mask);
        return speed << AuxSpiRegisters.Speed.Low | (7u & ~(1u << connection.ChipSelect)) << AuxSpiRegisters.ChipSelects.Low | control;
    }
}
