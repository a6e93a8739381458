namespace RawIo.Drivers;

/// <summary>
/// An I2C controller of a Raspberry Pi (BCM2835 ARM Peripherals, chapter 3), by polling or by interrupts. One transfer
/// at a time. A write and a read are joined by a repeated start, as drivers/i2c/busses/i2c-bcm2835.c does it.
/// </summary>
public sealed class Bcm2835I2c
{
    /// <summary>The most bytes of one message: DLEN has 16 bits.</summary>
    public const int MaxLength = 0xffff;

    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private readonly long _core;
    private readonly IInterrupt? _interrupt;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the block's registers. It touches nothing: the clock stays what it is until <see cref="SetClock"/>.</summary>
    /// <param name="registers">A window of at least 0x20 bytes from C.</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <param name="coreHertz">The core clock: 250 MHz on a Pi 1 to 3, 500 MHz on a Pi 4.</param>
    /// <param name="interrupt">The block's interrupt, for <see cref="WriteReadAsync"/>; all of a Pi's controllers share one.</param>
    /// <exception cref="ArgumentException">The window is too short, or there is no such clock.</exception>
    public Bcm2835I2c(IMmio registers, TimeProvider time, long coreHertz = 250_000_000, IInterrupt? interrupt = null)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(coreHertz, 2);
        if (registers.Length < 0x20)
            throw new ArgumentException($"The I2C controller's registers take 0x20 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time, _core, _interrupt) = (registers, time, coreHertz, interrupt);
    }

    /// <summary>How long a transfer waits for the next byte by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>Sets the clock: one write of DIV, to the next even divisor that makes it no faster.</summary>
    /// <param name="hertz">100,000 for standard mode, 400,000 for fast mode.</param>
    /// <returns>The clock it really has.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The divisor would be below 2 or above 65534.</exception>
    public long SetClock(long hertz)
    {
        var divisor = hertz < 1 ? 0 : (_core + hertz - 1) / hertz;
        divisor += divisor % 2;
        if (divisor is < 2 or > 0xfffe)
            throw new ArgumentOutOfRangeException(nameof(hertz), hertz, $"The clock is {(_core + 0xfffd) / 0xfffe} to {_core / 2} Hz.");
        I2cRegisters.DIV.Write(_registers, (uint)divisor);
        return _core / divisor;
    }

    /// <summary>Whether a part acknowledges an address: a write of no bytes.</summary>
    /// <param name="address">0 to 0x7f.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address has more than 7 bits.</exception>
    /// <exception cref="RawIoException">The controller did not go on, or the clock was held too long (ETIMEDOUT).</exception>
    public bool IsPresent(int address)
    {
        try
        {
            WriteRead(address, [], []);
            return true;
        }
        catch (RawIoException error) when (error.Errno == Errno.ENXIO)
        {
            return false;
        }
    }

    /// <summary>Writes to a part, polling.</summary>
    /// <inheritdoc cref="WriteRead"/>
    public void Write(int address, ReadOnlySpan<byte> write) => WriteRead(address, write, []);

    /// <summary>Reads from a part, polling.</summary>
    /// <inheritdoc cref="WriteRead"/>
    public void Read(int address, Span<byte> read)
    {
        if (read.Length > 0) WriteRead(address, [], read);
    }

    /// <summary>Writes to a part and reads from it after a repeated start, polling. Of two empty spans only the address is sent.</summary>
    /// <param name="address">The part's address, 0 to 0x7f.</param>
    /// <param name="write">What to write; empty to read only.</param>
    /// <param name="read">What to read; empty to write only.</param>
    /// <exception cref="ArgumentException">The address has more than 7 bits, or there are more than 65535 bytes; nothing was touched.</exception>
    /// <exception cref="RawIoException">Nobody acknowledged (ENXIO), the part held the clock too long or the controller did not go on (ETIMEDOUT). The bus is free again.</exception>
    public void WriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        var progress = new I2cProgress(_registers, Check(address, write.Length, read.Length), write.Length, read.Length);
        try
        {
            progress.Begin(write);
            var deadline = new Deadline(_time, _timeout);
            while (!progress.Serve(write, read))
            {
                if (progress.HasMoved) deadline.Restart();
                else if (deadline.HasPassed()) throw deadline.Exception($"The transfer with 0x{address:x2} did not go on");
            }
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>As <see cref="WriteRead"/>, by interrupts.</summary>
    /// <param name="address">The part's address, 0 to 0x7f.</param>
    /// <param name="write">What to write; empty to read only.</param>
    /// <param name="read">What to read; empty to write only.</param>
    /// <param name="cancellationToken">Ends it before its time; the bus is free again.</param>
    /// <exception cref="ArgumentException">The address has more than 7 bits, or there are more than 65535 bytes; nothing was touched.</exception>
    /// <exception cref="InvalidOperationException">The driver was made without an interrupt.</exception>
    /// <exception cref="RawIoException">Nobody acknowledged (ENXIO), the part held the clock too long or no interrupt came (ETIMEDOUT).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask WriteReadAsync(int address, ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken = default)
    {
        var progress = new I2cProgress(_registers, Check(address, write.Length, read.Length), write.Length, read.Length);
        var wait = new InterruptWait(_interrupt, _time, _timeout);
        try
        {
            progress.Begin(write.Span);
            while (!progress.Serve(write.Span, read.Span))
            {
                wait.Enable();
                await wait.ForNext($"The transfer with 0x{address:x2}", cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            progress.End();
            wait.Enable();
        }
    }

    private static int Check(int address, int writes, int reads)
    {
        if (address is < 0 or > 0x7f) throw new ArgumentOutOfRangeException(nameof(address), address, "An address has 7 bits.");
        if (writes > MaxLength || reads > MaxLength)
            throw new ArgumentException($"A message has at most {MaxLength} bytes; these have {writes} to write and {reads} to read.");
        return address;
    }
}
