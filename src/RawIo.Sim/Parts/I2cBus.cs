namespace RawIo.Sim;

/// <summary>A device with an I2C bus out of the chip.</summary>
public interface II2cMaster
{
    /// <summary>The bus.</summary>
    I2cBus Bus { get; }
}

/// <summary>
/// An I2C bus: parts at 7-bit addresses (UM10204, the I2C-bus specification), and a master's operations on them. The
/// chip's controller is the master; a test may be another between its transfers.
/// </summary>
/// <remarks>Nobody there is a bus of pull-ups: no acknowledge, and 0xff to read.</remarks>
public sealed class I2cBus
{
    /// <summary>The first and the last address a part may have; those below and above are reserved (UM10204, table 3).</summary>
    public const int FirstAddress = 0x03, LastAddress = 0x77;

    private readonly SortedDictionary<int, I2cPart> _parts = [];
    private BiasedLock? _gate;
    private Transfer _transfer;

    /// <summary>A bus without parts.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="time">The machine's time, which the parts get.</param>
    public I2cBus(string name, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(time);
        (Name, Time) = (name, time);
    }

    private sealed record Saved(Transfer Transfer, (int Address, I2cPart Part, object State)[] Parts);

    private struct Transfer
    {
        public bool IsBusy, IsRead;
        public I2cPart? Part;
    }

    /// <summary>The time that the parts get.</summary>
    internal TimeProvider Time { get; set; }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The parts by address, in ascending order.</summary>
    public IReadOnlyDictionary<int, I2cPart> Parts => _parts;

    /// <summary>Whether a transfer is under way: since a start, no stop yet.</summary>
    public bool IsBusy => _transfer.IsBusy;

    internal BiasedLock? Gate
    {
        get => _gate;
        set
        {
            _gate = value;
            foreach (var part in _parts.Values) part.SetGate(value);
        }
    }

    /// <summary>Plugs a part in, and powers it.</summary>
    /// <param name="address">Its 7-bit address, 0x03 to 0x77.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address is reserved.</exception>
    /// <exception cref="ArgumentException">A part has that address already, or this one is plugged in elsewhere.</exception>
    public void Plug(int address, I2cPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (address is < FirstAddress or > LastAddress)
            throw new ArgumentOutOfRangeException(nameof(address), address, $"A part's address is 0x{FirstAddress:x2} to 0x{LastAddress:x2}; the rest is reserved.");
        using var held = new HeldLock(_gate);
        if (_parts.TryGetValue(address, out var other))
            throw new ArgumentException($"{Name} has a {other.Name} at 0x{address:x2} already; unplug it first, or choose another address.", nameof(address));
        part.Plug(Time, _gate, Name);
        _parts.Add(address, part);
    }

    /// <summary>Pulls a part out. Nothing happens where there is none. A transfer with it goes on with nobody.</summary>
    public void Unplug(int address)
    {
        using var held = new HeldLock(_gate);
        if (!_parts.Remove(address, out var part)) return;
        if (_transfer.Part == part) _transfer.Part = null;
        part.Unplug();
    }

    /// <summary>A start, or within a transfer a repeated start, and the address byte.</summary>
    /// <param name="address">0 to 0x7f.</param>
    /// <param name="isRead">Whether bytes are to be read.</param>
    /// <returns>Whether a part acknowledged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address has more than 7 bits.</exception>
    public bool Start(int address, bool isRead)
    {
        if (address is < 0 or > 0x7f) throw new ArgumentOutOfRangeException(nameof(address), address, "An address has 7 bits.");
        using var held = new HeldLock(_gate);
        var before = _transfer.Part;
        _parts.TryGetValue(address, out var part);
        // A part that is no longer spoken to sees the start as the end of its transfer, though not as a stop.
        if (before is not null && before != part) before.Abandoned();
        if (part is not null && !part.Start(isRead)) part = null;
        _transfer = new() { IsBusy = true, IsRead = isRead, Part = part };
        return part is not null;
    }

    /// <summary>The master sends a byte.</summary>
    /// <returns>Whether the part acknowledged it.</returns>
    public bool Write(byte value)
    {
        using var held = new HeldLock(_gate);
        return _transfer is { Part: { } part, IsRead: false } && part.Write(value);
    }

    /// <summary>The master reads a byte, and acknowledges it where it wants another. The part lets go of the bus when it does not.</summary>
    public byte Read(bool acknowledge)
    {
        using var held = new HeldLock(_gate);
        if (_transfer is not { Part: { } part, IsRead: true }) return 0xff;
        var value = part.Read();
        // Not acknowledged, the part reads no further; it still sees the stop.
        if (!acknowledge) _transfer.IsRead = false;
        return value;
    }

    /// <summary>The master ends the transfer.</summary>
    public void Stop()
    {
        using var held = new HeldLock(_gate);
        var part = _transfer.Part;
        _transfer = default;
        part?.Stop();
    }

    /// <summary>How many nanoseconds parts held the clock low since this was last asked; <see cref="long.MaxValue"/> for ever.</summary>
    public long TakeStretch()
    {
        using var held = new HeldLock(_gate);
        var sum = 0L;
        foreach (var part in _parts.Values) sum = DeviceAlarm.Later(sum, part.TakeStretch());
        return sum;
    }

    /// <summary>The parts that are plugged in, with all they remember.</summary>
    internal object Save() => new Saved(_transfer, [.. _parts.Select(p => (p.Key, p.Value, p.Value.Save()))]);

    /// <summary>Goes back: parts that were plugged in then are again, with what they remembered, and others are not.</summary>
    internal void Restore(object saved)
    {
        var then = (Saved)saved;
        foreach (var (address, part) in _parts.ToArray())
            if (!then.Parts.Any(p => p.Address == address && p.Part == part))
                Unplug(address);
        foreach (var (address, part, _) in then.Parts)
            if (!_parts.ContainsKey(address))
                Plug(address, part);
        foreach (var (_, part, state) in then.Parts) part.Restore(state);
        _transfer = then.Transfer;
    }
}
