namespace RawIo.QTest;

/// <summary>A range of a qtest server's ports.</summary>
internal sealed class QTestPorts(QTestMachine machine, int first, int count) : IPortGrant
{
    private const int PostPort = 0x80;

    private volatile bool _closed;

    public int FirstPort => first;

    public int Count => count;

    public byte In8(int port) => (byte)Connection(port, 1).In(port, 1);

    public ushort In16(int port) => (ushort)Connection(port, 2).In(port, 2);

    public uint In32(int port) => Connection(port, 4).In(port, 4);

    public void Out8(int port, byte value) => Connection(port, 1).Out(port, 1, value);

    public void Out16(int port, ushort value) => Connection(port, 2).Out(port, 2, value);

    public void Out32(int port, uint value) => Connection(port, 4).Out(port, 4, value);

    public void InRep(int port, Span<byte> destination) => Connection(port, 1).InRep(port, destination);

    public void InRep(int port, Span<ushort> destination) => Connection(port, 2).InRep(port, destination);

    public void InRep(int port, Span<uint> destination) => Connection(port, 4).InRep(port, destination);

    public void OutRep(int port, ReadOnlySpan<byte> source) => Connection(port, 1).OutRep(port, source);

    public void OutRep(int port, ReadOnlySpan<ushort> source) => Connection(port, 2).OutRep(port, source);

    public void OutRep(int port, ReadOnlySpan<uint> source) => Connection(port, 4).OutRep(port, source);

    public void Pause()
    {
        ThrowIfGone();
        machine.Connection.Out(PostPort, 1, 0);
    }

    public void Dispose() => _closed = true;

    private QTestConnection Connection(int port, int size)
    {
        ThrowIfGone();
        AccessCheck.Port(port, size, first, count);
        return machine.Connection;
    }

    private void ThrowIfGone()
    {
        machine.ThrowIfDisposed();
        ObjectDisposedException.ThrowIf(_closed, this);
    }
}
