using static RawIo.Drivers.Uart16550Registers;

namespace RawIo.Drivers;

/// <summary>
/// A PC's serial port: a 16450 or 16550 UART on I/O ports, polled or by interrupt, as Linux's 8250 driver uses it
/// (drivers/tty/serial/8250).
/// </summary>
/// <remarks>One thread at a time. <see cref="Configure"/> comes first.</remarks>
public sealed partial class Uart16550 : IDisposable
{
    /// <summary>The crystal's rate through 16: divisor 1.</summary>
    public const int MaxBaudRate = 115_200;

    /// <summary>The characters in either FIFO.</summary>
    public const int FifoDepth = 16;

    /// <summary>How many ports it has.</summary>
    public const int PortCount = 8;

    private const byte ERBFI = 0x01, ETBEI = 0x02, ELSI = 0x04;
    private const byte FCR_ENABLE = 0x01, FCR_CLEAR = 0x06, IIR_NONE = 0x01, IIR_FIFOS = 0xc0;
    private const byte LCR_8BITS = 0x03, LCR_DLAB = 0x80, MCR_DTR = 0x01, MCR_RTS = 0x02, MCR_OUT2 = 0x08, MCR_LOOP = 0x10;
    private const byte LSR_DR = 0x01, LSR_ERRORS = 0x1e, LSR_THRE = 0x20, LSR_TEMT = 0x40;

    private readonly IPortIo _ports;
    private readonly PortRegion? _region;
    private readonly TimeProvider _time;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);
    private Uart16550Errors _errors;
    private bool _disposed;

    /// <summary>Claims the port's eight I/O ports under the name "serial". It touches nothing.</summary>
    /// <param name="hardware">The machine.</param>
    /// <param name="firstPort">0x3f8 for COM1, 0x2f8 for COM2.</param>
    /// <exception cref="ResourceBusyException">Somebody holds one of them.</exception>
    public Uart16550(IHardware hardware, int firstPort)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        _region = hardware.RequestRegion(firstPort, PortCount, "serial");
        (_ports, _time) = (_region.Ports, hardware.Time);
    }

    /// <summary>Uses ports that somebody else has opened and will close. It touches nothing.</summary>
    /// <param name="ports">A range whose first port is RBR's, of 8 at least.</param>
    /// <param name="time">The clock for timeouts.</param>
    /// <exception cref="ArgumentException">The range is too short.</exception>
    public Uart16550(IPortIo ports, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(time);
        if (ports.Count < PortCount) throw new ArgumentException($"A 16550 has {PortCount} ports; the range has {ports.Count}.", nameof(ports));
        (_ports, _time) = (ports, time);
    }

    /// <summary>How long a polled wait lasts at most by the machine's time; 1 s unless told.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>Whether <see cref="Configure"/> found working FIFOs: a 16550A; else a 16450 or a 16550 with its fault.</summary>
    public bool HasFifos { get; private set; }

    /// <summary>The divisor for a bit rate: 115200 through it, rounded; at most 3 percent off, as a receiver bears.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No divisor comes that near.</exception>
    public static int DivisorFor(int baudRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baudRate, 1);
        var divisor = Math.Clamp((int)((MaxBaudRate + (long)baudRate / 2) / baudRate), 1, 0xffff);
        var off = Math.Abs((double)MaxBaudRate / divisor / baudRate - 1);
        return off <= 0.03 ? divisor : throw new ArgumentOutOfRangeException(nameof(baudRate), baudRate,
            $"A 16550 makes 115200 bit/s through 1 to 65535; the nearest is {MaxBaudRate / divisor} bit/s.");
    }

    /// <summary>Sets the port up, without interrupts: FIFOs on and empty, DTR, RTS and OUT2 on, what was pending taken back.</summary>
    /// <param name="baudRate">2 to 115200 bit/s.</param>
    /// <param name="dataBits">5 to 8.</param>
    /// <param name="parity">The parity bit.</param>
    /// <param name="stopBits">1 or 2; 2 means 1½ with five data bits.</param>
    /// <param name="trigger">The received characters that interrupt: 1, 4, 8 or 14. Fewer do after four characters' time.</param>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be set so; nothing was touched.</exception>
    public void Configure(int baudRate, int dataBits = 8, Uart16550Parity parity = Uart16550Parity.None, int stopBits = 1, int trigger = 8)
    {
        var divisor = DivisorFor(baudRate);
        if (dataBits is < 5 or > 8) throw new ArgumentOutOfRangeException(nameof(dataBits), dataBits, "A character has 5 to 8 data bits.");
        if (stopBits is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(stopBits), stopBits, "A character has 1 or 2 stop bits.");
        if (((byte)parity & ~0x38) != 0) throw new ArgumentOutOfRangeException(nameof(parity), parity, "It is none of the parities.");
        var level = trigger switch
        {
            1 => 0x00,
            4 => 0x40,
            8 => 0x80,
            14 => 0xc0,
            _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "The FIFO interrupts at 1, 4, 8 or 14 characters."),
        };
        var lcr = (byte)(dataBits - 5 | (stopBits == 2 ? 0x04 : 0) | (byte)parity);
        LCR.Write(Ports, lcr);
        IER.Write(Ports, 0);
        LCR.Write(Ports, (byte)(lcr | LCR_DLAB));
        DLL.Write(Ports, (byte)divisor);
        DLM.Write(Ports, (byte)(divisor >> 8));
        LCR.Write(Ports, lcr);
        FCR.Write(Ports, 0);
        FCR.Write(Ports, (byte)(FCR_ENABLE | FCR_CLEAR | level));
        MCR.Write(Ports, MCR_DTR | MCR_RTS | MCR_OUT2);
        LSR.Consume(Ports);
        RBR.Consume(Ports);
        HasFifos = (IIR.Consume(Ports) & IIR_FIFOS) == IIR_FIFOS;
        MSR.Consume(Ports);
        _errors = Uart16550Errors.None;
    }

    /// <summary>What was wrong with characters received since the last call.</summary>
    public Uart16550Errors TakeErrors()
    {
        ReadLineStatus();
        var errors = _errors;
        _errors = Uart16550Errors.None;
        return errors;
    }

    /// <summary>Takes a received character if one waits: a read, and a second if there is.</summary>
    public bool TryRead(out byte character)
    {
        var waits = (ReadLineStatus() & LSR_DR) != 0;
        character = waits ? RBR.Consume(Ports) : (byte)0;
        return waits;
    }

    /// <summary>Reads as many characters as fit, polling.</summary>
    /// <exception cref="RawIoException">The next did not come in time (ETIMEDOUT); those before it are in the destination.</exception>
    public void Read(Span<byte> destination)
    {
        foreach (ref var character in destination)
        {
            var deadline = new Deadline(_time, _timeout);
            while (!TryRead(out character))
                if (deadline.HasPassed()) throw deadline.Exception("No character came");
        }
    }

    /// <summary>Writes characters, polling: a FIFO's worth each time the transmitter is empty. The last may be on their way yet.</summary>
    /// <exception cref="RawIoException">The transmitter took no more in time (ETIMEDOUT).</exception>
    public void Write(ReadOnlySpan<byte> characters)
    {
        while (characters.Length > 0)
        {
            WaitFor(LSR_THRE, "The transmitter did not take the characters");
            Fill(ref characters);
        }
    }

    /// <summary>Waits until the last stop bit is out.</summary>
    /// <exception cref="RawIoException">It did not come in time (ETIMEDOUT).</exception>
    public void Drain() => WaitFor(LSR_TEMT, "The transmitter did not become empty");

    /// <summary>Gives the ports back, where they were claimed. A second call does nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        _region?.Dispose();
    }

    private IPortIo Ports => _disposed ? throw new ObjectDisposedException(nameof(Uart16550)) : _ports;

    private byte ReadLineStatus()
    {
        var status = LSR.Consume(Ports);
        _errors |= (Uart16550Errors)(status & LSR_ERRORS);
        return status;
    }

    private void Fill(ref ReadOnlySpan<byte> characters)
    {
        var count = Math.Min(HasFifos ? FifoDepth : 1, characters.Length);
        foreach (var character in characters[..count]) THR.Write(Ports, character);
        characters = characters[count..];
    }

    private void WaitFor(byte bit, string otherwise)
    {
        var deadline = new Deadline(_time, _timeout);
        while ((ReadLineStatus() & bit) == 0)
            if (deadline.HasPassed()) throw deadline.Exception(otherwise);
    }
}
