namespace RawIo.Fuzz;

/// <summary>Makes steps of bytes: any bytes are a tape, and the same bytes are the same steps.</summary>
internal ref struct Tape(ReadOnlySpan<byte> bytes, DeviceShape shape)
{
    /// <summary>Where control blocks and messages are put for devices that fetch them from RAM.</summary>
    private const int RamStart = 0x1000, RamWords = 256;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _offset;
    private byte _size = 4;

    /// <summary>The next step; false at the tape's end.</summary>
    public bool TryNext(out FuzzStep step)
    {
        step = default;
        if (_at >= _bytes.Length) return false;
        var op = Byte();
        step = op switch
        {
            < 96 => Access(StepKind.Read, strict: false),
            < 196 => Access(StepKind.Write, strict: false),
            < 218 => new(StepKind.Wait, Value: Time()),
            < 242 when shape.Stimuli.Count > 0 => new(StepKind.Outside, Byte() % shape.Stimuli.Count, Number(8)),
            < 246 => new(StepKind.PokeRam, RamStart + Byte() % RamWords * 4, Value().Value & uint.MaxValue, 4),
            < 248 => Byte() < 16 ? new FuzzStep(StepKind.Reset) : Again(),
            < 250 => Byte() < 128 ? new FuzzStep(StepKind.Mark) : Again(),
            < 252 => Byte() < 128 ? new FuzzStep(StepKind.Verify) : Again(),
            < 254 => Access(StepKind.Read, strict: true),
            _ => Access(StepKind.Write, strict: true),
        };
        return true;
    }

    private byte Byte() => _at < _bytes.Length ? _bytes[_at++] : (byte)0;

    private ulong Number(int bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes; i++) value |= (ulong)Byte() << 8 * i;
        return value;
    }

    private readonly FuzzStep Again() => new(StepKind.Read, _offset, Size: _size);

    private FuzzStep Access(StepKind kind, bool strict)
    {
        Aim();
        if (kind == StepKind.Read) return new(kind, _offset, Size: _size, Strict: strict);
        var (value, from) = Value();
        return new(kind, _offset, value, _size, strict, from);
    }

    private void Aim()
    {
        var how = Byte();
        if (how < 192 && shape.Registers.Count > 0)
            (_offset, _size) = shape.Registers[(shape.Registers.Count <= 256 ? Byte() : (int)Number(2)) % shape.Registers.Count];
        else if (how < 224)
        {
            // The same once more.
        }
        else if (how < 240)
            _offset = (int)(Number(2) % (ulong)shape.Length) & -_size;
        else
            (_offset, _size) = ((int)(Number(2) % (ulong)(shape.Length + 16)), (byte)(1 << (Byte() & 3)));
    }

    private (ulong Value, ValueKind From) Value() => (Byte() & 15) switch
    {
        0 => (0, ValueKind.Literal),
        1 => (ulong.MaxValue, ValueKind.Literal),
        2 or 3 => (1ul << (Byte() & 31), ValueKind.Literal),
        4 => (~(1ul << (Byte() & 31)), ValueKind.Literal),
        5 or 6 => (Byte(), ValueKind.Literal),
        7 => (Number(2), ValueKind.Literal),
        8 => (Number(4), ValueKind.Literal),
        9 => (0x5a00_0000 | Number(2), ValueKind.Literal), // the password of the Pi's clocks and watchdog
        10 => (0x5a00_0000 | Number(3), ValueKind.Literal),
        11 => (Pointer(), ValueKind.Literal),
        12 => (0, ValueKind.LastRead),
        13 => (1ul << (Byte() & 31), ValueKind.LastReadFlipped),
        14 => (0, ValueKind.LastWritten),
        _ => (Number(8), ValueKind.Literal),
    };

    /// <summary>The address of a control block or message in RAM, by one of the Pi's views of it, at times with a mailbox channel.</summary>
    private ulong Pointer()
    {
        var (where, how) = (Byte(), Byte());
        return (uint)(RamStart + where % (RamWords / 8) * 32) | (how & 3ul) << 30 | ((how & 0x10) != 0 ? 8ul : 0ul);
    }

    // Timers count 100 ns, as TimeSpan does.
    private ulong Time() => Byte() switch
    {
        < 32 => 0,
        < 112 => (1ul + Byte()) * 100,
        < 208 => Number(2) * 100, // up to 6.6 ms
        < 244 => Number(2) * 10_000, // up to 655 ms
        < 252 => Number(2) * 1_000_000, // up to a minute
        < 255 => Number(2) * 1_000_000_000, // up to 18 hours
        _ => 7_200_000_000_000 + Number(4) * 100,
    };
}
