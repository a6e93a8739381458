namespace RawIo.Drivers;

/// <summary>The registers of QEMU's teaching device (docs/specs/edu.txt), by offset in BAR 0.</summary>
public static class EduRegisters
{
    /// <summary>0xRRrr00ed: major and minor version, and what it is.</summary>
    public static ReadOnlyRegister<uint> Identification { get; } = new("identification", 0x00);

    /// <summary>Gives back what was written, inverted.</summary>
    public static ReadWriteRegister<uint> Liveness { get; } = new("card liveness check", 0x04, writeActs: true);

    /// <summary>Takes n, and gives n! when it is done.</summary>
    public static ReadWriteRegister<uint> Factorial { get; } = new("factorial computation", 0x08, writeActs: true);

    /// <summary>Bit 0: computing. Bit 7: an interrupt when it is done.</summary>
    public static ReadWriteRegister<uint> Status { get; } = new("status", 0x20);

    /// <summary>Which interrupts there are: 0x001 the factorial's, 0x100 the DMA's.</summary>
    public static ReadOnlyRegister<uint> InterruptStatus { get; } = new("interrupt status", 0x24);

    /// <summary>Raises interrupts.</summary>
    public static WriteOnlyRegister<uint> InterruptRaise { get; } = new("interrupt raise", 0x60);

    /// <summary>Takes interrupts back.</summary>
    public static WriteOnlyRegister<uint> InterruptAcknowledge { get; } = new("interrupt acknowledge", 0x64);

    /// <summary>Where the DMA reads.</summary>
    public static ReadWriteRegister<ulong> DmaSource { get; } = new("DMA source address", 0x80);

    /// <summary>Where the DMA writes.</summary>
    public static ReadWriteRegister<ulong> DmaDestination { get; } = new("DMA destination address", 0x88);

    /// <summary>How many bytes.</summary>
    public static ReadWriteRegister<ulong> DmaCount { get; } = new("DMA transfer count", 0x90);

    /// <summary>Bit 0: start, and still going. Bit 1: to RAM. Bit 2: an interrupt at the end.</summary>
    public static ReadWriteRegister<ulong> DmaCommand { get; } = new("DMA command", 0x98, writeActs: true);

    /// <summary>All of them.</summary>
    public static RegisterMap Map { get; } = new("edu", Identification, Liveness, Factorial, Status, InterruptStatus, InterruptRaise, InterruptAcknowledge,
        DmaSource, DmaDestination, DmaCount, DmaCommand);
}

/// <summary>QEMU's teaching device: a PCI function 1234:11e8 with registers, an interrupt and a DMA engine. One thread at a time.</summary>
public sealed class Edu
{
    /// <summary>The vendor ID.</summary>
    public const ushort VendorId = 0x1234;

    /// <summary>The device ID.</summary>
    public const ushort DeviceId = 0x11e8;

    /// <summary>The bytes of its buffer, which the DMA fills and empties.</summary>
    public const int BufferLength = 4096;

    private const ulong BufferStart = 0x4_0000;
    private const uint Computing = 0x01, InterruptWhenDone = 0x80, FactorialInterrupt = 0x001, DmaInterrupt = 0x100;
    private const ulong Start = 1, ToRam = 2, InterruptAtEnd = 4;

    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over BAR 0.</summary>
    /// <param name="registers">A window of at least 0xa0 bytes from its start.</param>
    /// <param name="time">The machine's time, for timeouts.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    /// <exception cref="RawIoException">Something else is there (ENODEV).</exception>
    public Edu(IMmio registers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < 0xa0) throw new ArgumentException($"The registers take 0xa0 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time) = (registers, time);
        var identification = EduRegisters.Identification.Read(registers);
        if ((identification & 0xffff) != 0x00ed)
            throw new RawIoException(Errno.ENODEV, $"The identification is 0x{identification:x8}, not an edu's 0x....00ed: is the BAR enabled in COMMAND?");
        Version = new((int)(identification >> 24), (int)(identification >> 16 & 0xff));
    }

    /// <summary>The version it says it has: 1.0.</summary>
    public Version Version { get; }

    /// <summary>How long a polled wait lasts at most by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>The liveness check: whether a value comes back inverted.</summary>
    public bool IsAlive(uint value)
    {
        EduRegisters.Liveness.Write(_registers, value);
        return EduRegisters.Liveness.Read(_registers) == ~value;
    }

    /// <summary>n! of 32 bits, polling.</summary>
    /// <exception cref="RawIoException">It took too long (ETIMEDOUT).</exception>
    public uint Factorial(uint n)
    {
        EduRegisters.Status.Write(_registers, 0);
        EduRegisters.Factorial.Write(_registers, n);
        var deadline = new Deadline(_time, _timeout);
        while ((EduRegisters.Status.Read(_registers) & Computing) != 0)
            if (deadline.HasPassed()) throw deadline.Exception("The factorial was not computed");
        return EduRegisters.Factorial.Read(_registers);
    }

    /// <summary>n! of 32 bits, by interrupt.</summary>
    /// <param name="n">The number.</param>
    /// <param name="interrupt">The device's.</param>
    /// <param name="cancellationToken">Ends the wait; the device goes on computing.</param>
    public async ValueTask<uint> FactorialAsync(uint n, IInterrupt interrupt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interrupt);
        EduRegisters.Status.Write(_registers, InterruptWhenDone);
        EduRegisters.Factorial.Write(_registers, n);
        await WaitFor(FactorialInterrupt, interrupt, cancellationToken).ConfigureAwait(false);
        return EduRegisters.Factorial.Read(_registers);
    }

    /// <summary>Copies RAM into the device's buffer, by its DMA.</summary>
    /// <param name="busAddress">The first byte's bus address, which the device reaches: 28 bits unless QEMU was told otherwise.</param>
    /// <param name="offset">Where in the buffer.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="interrupt">The device's.</param>
    /// <param name="cancellationToken">Ends the wait; the transfer goes on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the buffer.</exception>
    public ValueTask CopyToDevice(ulong busAddress, int offset, int count, IInterrupt interrupt, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, count);
        return Transfer(busAddress, BufferStart + (ulong)offset, count, 0, interrupt, cancellationToken);
    }

    /// <summary>Copies the device's buffer to RAM, by its DMA.</summary>
    /// <param name="offset">Where in the buffer.</param>
    /// <param name="busAddress">The first byte's bus address, which the device reaches.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="interrupt">The device's.</param>
    /// <param name="cancellationToken">Ends the wait; the transfer goes on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the buffer.</exception>
    public ValueTask CopyFromDevice(int offset, ulong busAddress, int count, IInterrupt interrupt, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, count);
        return Transfer(BufferStart + (ulong)offset, busAddress, count, ToRam, interrupt, cancellationToken);
    }

    private async ValueTask Transfer(ulong source, ulong destination, int count, ulong direction, IInterrupt interrupt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(interrupt);
        EduRegisters.DmaSource.Write(_registers, source);
        EduRegisters.DmaDestination.Write(_registers, destination);
        EduRegisters.DmaCount.Write(_registers, (ulong)count);
        EduRegisters.DmaCommand.Write(_registers, Start | direction | InterruptAtEnd);
        await WaitFor(DmaInterrupt, interrupt, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WaitFor(uint bit, IInterrupt interrupt, CancellationToken cancellationToken)
    {
        while (true)
        {
            await interrupt.WaitAsync(cancellationToken).ConfigureAwait(false);
            var status = EduRegisters.InterruptStatus.Read(_registers);
            EduRegisters.InterruptAcknowledge.Write(_registers, status);
            interrupt.Enable();
            if ((status & bit) != 0) return;
        }
    }

    private static void CheckRange(int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > BufferLength - offset) throw new ArgumentOutOfRangeException(nameof(count), count, $"0x{count:x} bytes at 0x{offset:x} leave the buffer of 0x{BufferLength:x}.");
    }
}
