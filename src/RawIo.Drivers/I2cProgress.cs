namespace RawIo.Drivers;

/// <summary>How far a transfer of <see cref="Bcm2835I2c"/> is, whoever tells it when to go on.</summary>
internal sealed class I2cProgress(IMmio registers, int address, int writes, int reads)
{
    private const int FifoBytes = 16;

    private static readonly uint s_start = (uint)(I2cRegisters.I2CEN.Mask | I2cRegisters.ST.Mask | I2cRegisters.INTD.Mask),
        s_events = (uint)(I2cRegisters.StretchTimeout.Mask | I2cRegisters.ERR.Mask | I2cRegisters.DONE.Mask);

    private int _written, _read;
    private bool _isReading;

    /// <summary>Whether the last <see cref="Serve"/> moved a byte.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>Starts the write, or the read where there is nothing to write.</summary>
    public void Begin(ReadOnlySpan<byte> write)
    {
        I2cRegisters.C.Write(registers, (uint)I2cRegisters.CLEAR.Mask);
        I2cRegisters.S.Write(registers, s_events);
        I2cRegisters.A.Write(registers, (uint)address);
        if (writes == 0 && reads > 0)
        {
            StartReading();
            return;
        }
        I2cRegisters.DLEN.Write(registers, (uint)writes);
        while (_written < Math.Min(writes, FifoBytes)) I2cRegisters.TxFIFO.Write(registers, write[_written++]);
        I2cRegisters.C.Write(registers, s_start | (_written < writes ? (uint)I2cRegisters.INTT.Mask : 0));
        if (_written == writes && reads > 0) StartReading();
    }

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether the transfer is over.</returns>
    /// <exception cref="RawIoException">It failed: ENXIO or ETIMEDOUT.</exception>
    public bool Serve(ReadOnlySpan<byte> write, Span<byte> read)
    {
        HasMoved = false;
        var status = I2cRegisters.S.Read(registers);
        if (I2cRegisters.ERR.IsSet(status))
            throw new RawIoException(Errno.ENXIO,
                $"0x{address:x2} did not acknowledge, {I2cRegisters.DLEN.Read(registers)} bytes before the end. Is the part there, powered, and not busy?");
        if (I2cRegisters.StretchTimeout.IsSet(status))
            throw new RawIoException(Errno.ETIMEDOUT, $"The part at 0x{address:x2} held the clock longer than CLKT lets it; raise CLKT, or lower the clock.");
        if (_isReading)
        {
            // Until the read is under way the FIFO holds what is still to be written: RXD alone says nothing.
            var isDone = I2cRegisters.DONE.IsSet(status);
            if (isDone && I2cRegisters.TA.IsSet(status))
            {
                // The write was over before the read was asked for: a stop and a new start, and its DONE is not the read's.
                I2cRegisters.S.Write(registers, (uint)I2cRegisters.DONE.Mask);
                return false;
            }
            while ((isDone || I2cRegisters.RXR.IsSet(status)) && _read < reads && I2cRegisters.RXD.IsSet(I2cRegisters.S.Read(registers)))
            {
                read[_read++] = (byte)I2cRegisters.FIFO.Consume(registers);
                HasMoved = true;
            }
            if (!isDone) return false;
            if (_read < reads) throw new RawIoException(Errno.EIO, $"The transfer with 0x{address:x2} ended after {_read} of {reads} bytes.");
            return true;
        }
        while (_written < writes && I2cRegisters.TXD.IsSet(status))
        {
            I2cRegisters.TxFIFO.Write(registers, write[_written++]);
            HasMoved = true;
            if (_written == writes)
            {
                if (reads > 0) StartReading();
                else I2cRegisters.C.Write(registers, (uint)(I2cRegisters.I2CEN.Mask | I2cRegisters.INTD.Mask));
            }
            status = I2cRegisters.S.Read(registers);
        }
        return !_isReading && I2cRegisters.DONE.IsSet(status);
    }

    /// <summary>Switches the controller off, which ends what may still be under way, and clears its events.</summary>
    public void End()
    {
        I2cRegisters.C.Write(registers, (uint)I2cRegisters.CLEAR.Mask);
        I2cRegisters.S.Write(registers, s_events);
    }

    /// <summary>With a write under way this waits for its end and becomes a repeated start.</summary>
    private void StartReading()
    {
        _isReading = true;
        I2cRegisters.DLEN.Write(registers, (uint)reads);
        I2cRegisters.C.Write(registers, s_start | (uint)(I2cRegisters.READ.Mask | I2cRegisters.INTR.Mask));
    }
}
