namespace RawIo.Tests;

/// <summary>A controller with faults: nothing plugged in, or nothing there at all.</summary>
public sealed class StubController : IPortIo
{
    private byte? _buffer;
    private byte _pending;

    /// <summary>No chip: every read is 0xff.</summary>
    public bool Floating { get; init; }

    /// <summary>Whether something is plugged in (and echoes ACK).</summary>
    public bool AnswerDevices { get; init; } = true;

    /// <summary>A clock to move by a millisecond with each status read.</summary>
    public KeyboardTestTime? Time { get; init; }

    public byte CommandByte { get; private set; } = 0x47;

    public int StatusReads { get; private set; }

    public int FirstPort => 0x60;

    public int Count => 5;

    public byte In8(int port)
    {
        if (port == 0x64)
        {
            StatusReads++;
            Time?.Advance(1);
            return Floating ? (byte)0xff : (byte)(_buffer is null ? 0x1c : 0x1d);
        }
        var value = Floating ? (byte)0xff : _buffer ?? 0;
        _buffer = null;
        return value;
    }

    public void Out8(int port, byte value)
    {
        if (port == 0x64)
        {
            _pending = value;
            _buffer = value switch { 0x20 => CommandByte, 0xaa => 0x55, 0xa9 or 0xab => 0, _ => _buffer };
            return;
        }
        if (_pending == 0x60) CommandByte = value;
        else if (AnswerDevices) _buffer = 0xfa;
        _pending = 0;
    }

    public ushort In16(int port) => throw new NotSupportedException();

    public uint In32(int port) => throw new NotSupportedException();

    public void Out16(int port, ushort value) => throw new NotSupportedException();

    public void Out32(int port, uint value) => throw new NotSupportedException();

    public void InRep(int port, Span<byte> destination) => throw new NotSupportedException();

    public void InRep(int port, Span<ushort> destination) => throw new NotSupportedException();

    public void InRep(int port, Span<uint> destination) => throw new NotSupportedException();

    public void OutRep(int port, ReadOnlySpan<byte> source) => throw new NotSupportedException();

    public void OutRep(int port, ReadOnlySpan<ushort> source) => throw new NotSupportedException();

    public void OutRep(int port, ReadOnlySpan<uint> source) => throw new NotSupportedException();

    public void Pause()
    {
    }
}
