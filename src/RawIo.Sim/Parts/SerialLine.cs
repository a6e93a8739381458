namespace RawIo.Sim;

/// <summary>
/// The cable of a serial port: what is outside puts characters on it and takes what the chip sent. A character takes
/// its time on the wire by the chip's bit rate, unless <see cref="IsInstant"/>.
/// </summary>
/// <remarks>All members may be called from any thread. Handlers run inside the chip, under its machine's lock: they note the character and return.</remarks>
public sealed partial class SerialLine
{
    private readonly Queue<SerialCharacter> _toChip = [];
    private readonly Queue<byte> _fromChip = [];

    /// <summary>So many characters are kept for <see cref="Receive"/>; of more the oldest are lost.</summary>
    public const int Capacity = 1 << 20;

    /// <summary>
    /// Whether characters take no time, wait on the wire until the chip has room for them, and pass whole whatever word
    /// length the chip is set to, as on QEMU's. Set it before anything is sent.
    /// </summary>
    public bool IsInstant { get; set; }

    /// <summary>Called with each character that the chip sends, when its start bit is on the wire.</summary>
    public event Action<byte>? Sent;

    /// <summary>Called when the chip begins a break (true) and ends it (false).</summary>
    public event Action<bool>? BreakSent;

    /// <summary>The inputs of the chip that the other end drives: clear to send, data set ready, ring, carrier. A line is asserted where its level is true.</summary>
    public SignalLine Cts { get; } = new();

    /// <summary>Data set ready, driven by the other end.</summary>
    public SignalLine Dsr { get; } = new();

    /// <summary>Ring indicator, driven by the other end.</summary>
    public SignalLine Ri { get; } = new();

    /// <summary>Data carrier detect, driven by the other end.</summary>
    public SignalLine Dcd { get; } = new();

    /// <summary>Request to send, driven by the chip.</summary>
    public SignalLine Rts { get; } = new();

    /// <summary>Data terminal ready, driven by the chip.</summary>
    public SignalLine Dtr { get; } = new();

    /// <summary>Puts characters on the wire to the chip; they wait their turn.</summary>
    public void Send(params ReadOnlySpan<byte> characters)
    {
        using var held = new HeldLock(Gate);
        foreach (var character in characters) _toChip.Enqueue(new(character, SerialFault.None));
        if (characters.Length > 0) Arrived?.Invoke();
    }

    /// <summary>Puts a character on the wire that the chip will find at fault, as noise or a wrong bit rate make it.</summary>
    /// <param name="character">What the chip makes of it; 0 for a break.</param>
    /// <param name="fault">Which fault it shows.</param>
    public void SendFaulty(byte character, SerialFault fault)
    {
        using var held = new HeldLock(Gate);
        _toChip.Enqueue(new(character, fault));
        Arrived?.Invoke();
    }

    /// <summary>Takes what the chip has sent since the last call.</summary>
    public byte[] Receive()
    {
        using var held = new HeldLock(Gate);
        byte[] sent = [.. _fromChip];
        _fromChip.Clear();
        return sent;
    }

    /// <summary>How many characters wait on the wire to the chip.</summary>
    public int Waiting
    {
        get
        {
            using var held = new HeldLock(Gate);
            return _toChip.Count;
        }
    }

    /// <summary>The lock of the machine whose chip it is plugged into.</summary>
    internal BiasedLock? Gate { get; set; }

    /// <summary>A character was put on the wire to the chip; the chip's.</summary>
    internal Action? Arrived { get; set; }

    /// <summary>The next character for the chip, if any.</summary>
    internal bool TryTake(out SerialCharacter character)
    {
        if (!_toChip.TryDequeue(out character)) return false;
        if (_toChip.Count == LowWater) Drained?.Invoke();
        return true;
    }

    /// <summary>The chip sends a character.</summary>
    internal void Transmit(byte character)
    {
        if (_fromChip.Count == Capacity) _fromChip.Dequeue();
        _fromChip.Enqueue(character);
        Sent?.Invoke(character);
    }

    /// <summary>The chip begins or ends a break.</summary>
    internal void TransmitBreak(bool on) => BreakSent?.Invoke(on);

    /// <summary>What is on the wire, for a snapshot.</summary>
    internal object Save() => (_toChip.ToArray(), _fromChip.ToArray());

    /// <summary>Goes back to a snapshot.</summary>
    internal void Restore(object saved)
    {
        var (toChip, fromChip) = ((SerialCharacter[], byte[]))saved;
        _toChip.Clear();
        foreach (var character in toChip) _toChip.Enqueue(character);
        _fromChip.Clear();
        foreach (var character in fromChip) _fromChip.Enqueue(character);
        if (_toChip.Count <= LowWater) Drained?.Invoke();
    }
}

/// <summary>What is wrong with a character on a serial line.</summary>
[Flags]
public enum SerialFault
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>The parity bit is wrong.</summary>
    Parity = 1,
    /// <summary>There is no stop bit.</summary>
    Framing = 2,
    /// <summary>The line is low for a whole character and longer.</summary>
    Break = 4,
}

/// <summary>A character on its way to a chip.</summary>
internal readonly record struct SerialCharacter(byte Value, SerialFault Fault);
