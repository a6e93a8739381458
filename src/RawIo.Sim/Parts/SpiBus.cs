namespace RawIo.Sim;

/// <summary>A device with an SPI bus out of the chip.</summary>
public interface ISpiMaster
{
    /// <summary>The bus.</summary>
    SpiBus Bus { get; }
}

/// <summary>
/// An SPI bus: a part at each chip select, and a master's operations: the mode, the levels of the chip selects, words
/// out and in at once. The first bit of a word is its highest; a master that shifts the lowest out first turns it round.
/// </summary>
/// <remarks>Where no part is selected MISO reads as 0, by the pull-down of a Pi's pin. Two that are selected at once both drive it, and high wins.</remarks>
public sealed class SpiBus
{
    private readonly Socket[] _sockets;
    private BiasedLock? _gate;
    private int _mode;

    /// <summary>A bus without parts, its chip selects high.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="chipSelects">How many chip selects it has.</param>
    /// <param name="time">The machine's time, which the parts get.</param>
    public SpiBus(string name, int chipSelects, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(chipSelects, 1);
        ArgumentNullException.ThrowIfNull(time);
        (Name, Time, _sockets) = (name, time, new Socket[chipSelects]);
        foreach (ref var socket in _sockets.AsSpan()) socket.Level = true;
    }

    private sealed record Saved(int Mode, Socket[] Sockets, object?[] Parts);

    private struct Socket
    {
        public SpiPart? Part;
        public bool Level, IsSelected, Late;
    }

    /// <summary>The time that the parts get.</summary>
    internal TimeProvider Time { get; set; }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>How many chip selects it has.</summary>
    public int ChipSelects => _sockets.Length;

    /// <summary>The mode: CPOL in bit 1, CPHA in bit 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of 0 to 3.</exception>
    public int Mode
    {
        get => _mode;
        set
        {
            if (value is < 0 or > 3) throw new ArgumentOutOfRangeException(nameof(value), value, "The modes are 0 to 3: CPOL in bit 1, CPHA in bit 0.");
            _mode = value;
        }
    }

    internal BiasedLock? Gate
    {
        get => _gate;
        set
        {
            _gate = value;
            foreach (var socket in _sockets) socket.Part?.SetGate(value);
        }
    }

    /// <summary>The part at a chip select, if any.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chip select.</exception>
    public SpiPart? PartAt(int chipSelect) => _sockets[Check(chipSelect)].Part;

    /// <summary>Whether a chip select is high.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chip select.</exception>
    public bool Level(int chipSelect) => _sockets[Check(chipSelect)].Level;

    /// <summary>Plugs a part in, and powers it.</summary>
    /// <param name="chipSelect">Which chip select it gets.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chip select.</exception>
    /// <exception cref="ArgumentException">There is a part already, or this one is plugged in elsewhere.</exception>
    public void Plug(int chipSelect, SpiPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        using var held = new HeldLock(_gate);
        ref var socket = ref _sockets[Check(chipSelect)];
        if (socket.Part is { } other)
            throw new ArgumentException($"{Name} has a {other.Name} at chip select {chipSelect} already; unplug it first, or choose another.", nameof(chipSelect));
        part.Plug(Time, _gate, Name);
        // Only an edge of the chip select begins a transfer.
        socket = new() { Part = part, Level = socket.Level };
    }

    /// <summary>Pulls a part out. Nothing happens where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chip select.</exception>
    public void Unplug(int chipSelect)
    {
        using var held = new HeldLock(_gate);
        ref var socket = ref _sockets[Check(chipSelect)];
        var part = socket.Part;
        socket = new() { Level = socket.Level };
        part?.Unplug();
    }

    /// <summary>Drives a chip select.</summary>
    /// <param name="chipSelect">Which.</param>
    /// <param name="level">High or low.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chip select.</exception>
    public void Drive(int chipSelect, bool level)
    {
        using var held = new HeldLock(_gate);
        ref var socket = ref _sockets[Check(chipSelect)];
        if (socket.Level == level) return;
        socket.Level = level;
        if (socket.Part is not { } part) return;
        (socket.IsSelected, socket.Late) = (level == part.IsSelectedHigh, false);
        if (socket.IsSelected) part.Selected();
        else part.Deselected();
    }

    /// <summary>Shifts a word out and one in.</summary>
    /// <param name="word">The word, in the low bits; its highest goes first.</param>
    /// <param name="bits">How many bits it has, 0 to 32.</param>
    /// <returns>The word that came in, its first bit the highest.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A word has 0 to 32 bits.</exception>
    public uint Transfer(uint word, int bits)
    {
        if (bits is < 0 or > 32) throw new ArgumentOutOfRangeException(nameof(bits), bits, "A word has 0 to 32 bits.");
        using var held = new HeldLock(_gate);
        var answer = 0u;
        for (var bit = bits - 1; bit >= 0; bit--)
        {
            var mosi = (word >> bit & 1) != 0;
            var miso = false;
            foreach (ref var socket in _sockets.AsSpan())
            {
                if (!socket.IsSelected) continue;
                var part = socket.Part!;
                var takes = part.Takes(_mode);
                miso |= part.Clock(takes ? mosi : socket.Late);
                socket.Late = mosi;
            }
            answer = answer << 1 | (miso ? 1u : 0u);
        }
        return answer;
    }

    /// <summary>The parts that are plugged in, with all they remember.</summary>
    internal object Save() => new Saved(_mode, [.. _sockets], [.. _sockets.Select(s => s.Part?.Save())]);

    /// <summary>Goes back: parts that were plugged in then are again, with what they remembered, and others are not.</summary>
    internal void Restore(object saved)
    {
        var then = (Saved)saved;
        for (var i = 0; i < _sockets.Length; i++)
            if (_sockets[i].Part != then.Sockets[i].Part)
                Unplug(i);
        for (var i = 0; i < _sockets.Length; i++)
            if (_sockets[i].Part is null && then.Sockets[i].Part is { } part)
                Plug(i, part);
        (_mode, var sockets) = (then.Mode, then.Sockets);
        sockets.CopyTo(_sockets, 0);
        for (var i = 0; i < _sockets.Length; i++) _sockets[i].Part?.Restore(then.Parts[i]!);
    }

    private int Check(int chipSelect) => chipSelect >= 0 && chipSelect < _sockets.Length
        ? chipSelect
        : throw new ArgumentOutOfRangeException(nameof(chipSelect), chipSelect, $"The chip selects of {Name} are 0 to {_sockets.Length - 1}.");
}
