namespace RawIo.Tests;

/// <summary>A controller with faults: nothing plugged in, or nothing there at all.</summary>
internal sealed class StubController() : FakePorts(0x60, 5)
{
    private byte? _buffer;
    private byte _pending;

    /// <summary>No chip: every read is 0xff.</summary>
    public bool Floating { get; init; }

    /// <summary>Whether something is plugged in (and echoes ACK).</summary>
    public bool AnswerDevices { get; init; } = true;

    /// <summary>A clock to move by a millisecond with each status read.</summary>
    public ManualTime? Time { get; init; }

    public byte CommandByte { get; private set; } = 0x47;

    public int StatusReads { get; private set; }

    protected override ulong In(int port, int size)
    {
        if (size != 1) throw new NotSupportedException();
        if (port == 0x64)
        {
            StatusReads++;
            Time?.AdvanceMilliseconds(1);
            return Floating ? 0xffu : _buffer is null ? 0x1cu : 0x1du;
        }
        var value = Floating ? (byte)0xff : _buffer ?? 0;
        _buffer = null;
        return value;
    }

    protected override void Out(int port, int size, ulong value)
    {
        if (size != 1) throw new NotSupportedException();
        if (port == 0x64)
        {
            _pending = (byte)value;
            _buffer = value switch { 0x20 => CommandByte, 0xaa => 0x55, 0xa9 or 0xab => 0, _ => _buffer };
            return;
        }
        if (_pending == 0x60) CommandByte = (byte)value;
        else if (AnswerDevices) _buffer = 0xfa;
        _pending = 0;
    }

    protected override void OnForm(string form)
    {
        if (form == "rep") throw new NotSupportedException();
    }
}
