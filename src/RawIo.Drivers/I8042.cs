namespace RawIo.Drivers;

/// <summary>
/// The PC's keyboard controller by polling, as Linux's i8042 driver does it (drivers/input/serio/i8042.c): every
/// write waits until the controller has taken the last one, every read of a reply until there is one.
/// </summary>
/// <remarks>
/// One thread at a time, and no interrupt handler beside it: whoever reads port 0x60 takes the byte. A wait that takes
/// too long throws <see cref="RawIoException"/> with ETIMEDOUT that names what was waited for; it is bounded by the
/// machine's time and by a count of polls, so that it ends on a clock that stands still too.
/// </remarks>
public sealed partial class I8042 : IDisposable
{
    /// <summary>How long a wait lasts at most, as in Linux: half a second.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    // A port access takes about a microsecond: a clock that moves at all moves within so many polls.
    private const int StandstillLimit = 100_000;

    // What a keyboard and a mouse hold at most, with room to spare.
    private const int BufferSize = 64;

    private readonly IPortIo _data;
    private readonly IPortIo _command;
    private readonly PortRegion? _dataRegion;
    private readonly PortRegion? _commandRegion;
    private readonly TimeProvider _time;
    private bool _disposed;

    /// <summary>Claims ports 0x60 and 0x64 as the kernel does, one port each, under the name "keyboard".</summary>
    /// <exception cref="ResourceBusyException">Somebody holds one of them; nothing stays claimed.</exception>
    public I8042(IHardware hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        _time = hardware.Time;
        _dataRegion = hardware.RequestRegion(I8042Registers.DataPort, 1, "keyboard");
        try
        {
            _commandRegion = hardware.RequestRegion(I8042Registers.CommandPort, 1, "keyboard");
        }
        catch
        {
            _dataRegion.Dispose();
            throw;
        }
        (_data, _command) = (_dataRegion.Ports, _commandRegion.Ports);
    }

    /// <summary>Uses ports that somebody else has opened and will close.</summary>
    /// <param name="ports">A range that holds 0x60 and 0x64.</param>
    /// <param name="time">The clock for timeouts.</param>
    public I8042(IPortIo ports, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(time);
        (_data, _command, _time) = (ports, ports, time);
    }

    /// <summary>How long a wait lasts at most, by the machine's time.</summary>
    public TimeSpan WaitTimeout { get; set; } = DefaultTimeout;

    /// <summary>The status register (kernel: <c>i8042_read_status</c>).</summary>
    public I8042Status ReadStatus() => (I8042Status)Command.In8(I8042Registers.CommandPort);

    /// <summary>The output buffer, at once: the last byte again where it is empty (kernel: <c>i8042_read_data</c>).</summary>
    public byte ReadData() => Data.In8(I8042Registers.DataPort);

    /// <summary>A command, at once (kernel: <c>i8042_write_command</c>).</summary>
    public void WriteCommand(byte value) => Command.Out8(I8042Registers.CommandPort, value);

    /// <summary>A data byte, at once (kernel: <c>i8042_write_data</c>).</summary>
    public void WriteData(byte value) => Data.Out8(I8042Registers.DataPort, value);

    /// <summary>Waits until the controller has taken what was written: IBF is clear (kernel: <c>i8042_wait_write</c>).</summary>
    /// <exception cref="RawIoException">ETIMEDOUT.</exception>
    public void WaitWrite()
    {
        if (!Wait(s => !s.HasFlag(I8042Status.InputBufferFull), out _))
            throw TimedOut("the keyboard controller to take the last byte (IBF clear)");
    }

    /// <summary>Waits for a byte and takes it (kernel: <c>i8042_wait_read</c>).</summary>
    /// <exception cref="RawIoException">ETIMEDOUT.</exception>
    public byte WaitReadData() => WaitReadData("a byte");

    /// <summary>Takes the byte that waits, if any, and tells whose it is.</summary>
    /// <returns>False where the buffer is empty.</returns>
    public bool TryRead(out byte value, out bool fromAux)
    {
        var status = ReadStatus();
        fromAux = status.HasFlag(I8042Status.AuxData);
        var full = status.HasFlag(I8042Status.OutputBufferFull);
        value = full ? ReadData() : (byte)0;
        return full;
    }

    /// <summary>Throws away what waits in the buffer (kernel: <c>i8042_flush</c>).</summary>
    /// <returns>How many bytes there were.</returns>
    /// <exception cref="RawIoException">EIO: the buffer never empties; there is no controller.</exception>
    public int Flush()
    {
        for (var count = 0; count < BufferSize; count++)
            if (!TryRead(out _, out _)) return count;
        throw new RawIoException(Errno.EIO,
            $"The keyboard controller's buffer did not empty in {BufferSize} reads: there is no i8042 at port 0x60, or a device floods it.");
    }

    /// <summary>A command without parameters (waits for the controller first).</summary>
    /// <exception cref="RawIoException">ETIMEDOUT.</exception>
    public void Execute(byte command)
    {
        WaitWrite();
        WriteCommand(command);
    }

    /// <summary>A command with one parameter byte.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT.</exception>
    public void Execute(byte command, byte parameter)
    {
        Execute(command);
        WaitWrite();
        WriteData(parameter);
    }

    /// <summary>A command and its one-byte answer. Scan codes that wait are thrown away first, so that the answer is the answer.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT, or EIO where the buffer never empties.</exception>
    public byte Query(byte command)
    {
        Flush();
        Execute(command);
        return WaitReadData($"the answer to controller command 0x{command:x2} ");
    }

    /// <summary>The command byte: commands 0x20 and 0x60.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT.</exception>
    public I8042CommandByte CommandByte
    {
        get => (I8042CommandByte)Query(0x20);
        set => Execute(0x60, (byte)value);
    }

    /// <summary>Command 0xaa. Some controllers lose the command byte over it: write it again.</summary>
    /// <returns>The answer; 0x55 is passed.</returns>
    public byte SelfTest() => Query(0xAA);

    /// <summary>Command 0xab: the keyboard's two lines.</summary>
    /// <returns>0 is passed; 1 to 4 name the stuck line.</returns>
    public byte TestKeyboardInterface() => Query(0xAB);

    /// <summary>Command 0xa9: the auxiliary device's two lines.</summary>
    /// <returns>0 is passed; 1 to 4 name the stuck line.</returns>
    public byte TestAuxInterface() => Query(0xA9);

    /// <summary>Gives the ports back, where they were claimed. A second call does nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        _commandRegion?.Dispose();
        _dataRegion?.Dispose();
    }

    private IPortIo Data => _disposed ? throw new ObjectDisposedException(nameof(I8042)) : _data;

    private IPortIo Command => _disposed ? throw new ObjectDisposedException(nameof(I8042)) : _command;

    private byte WaitReadData(string what)
    {
        if (!Wait(s => s.HasFlag(I8042Status.OutputBufferFull), out _)) throw TimedOut($"{what} (OBF set)");
        return ReadData();
    }

    private bool Wait(Func<I8042Status, bool> come, out I8042Status status)
    {
        var deadline = new Deadline(_time, WaitTimeout, StandstillLimit);
        do
        {
            status = ReadStatus();
            if (come(status)) return true;
        }
        while (!deadline.HasPassed());
        return false;
    }

    private RawIoException TimedOut(string what) =>
        new(Errno.ETIMEDOUT, $"Waited {WaitTimeout.TotalMilliseconds:0} ms in vain for {what}; the status is 0x{(byte)ReadStatus():x2}.");
}
