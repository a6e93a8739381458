namespace RawIo.Tests;

/// <summary>Ports over an array that write down every access: "in8@60", "out16@64=1234", "pause".</summary>
internal sealed class MemoryPorts(int first, int count) : IPortIo
{
    private readonly byte[] _bytes = new byte[count];

    public List<string> Accesses { get; } = [];

    public int FirstPort => first;

    public int Count => count;

    public byte In8(int port) => (byte)In(port, 1);
    public ushort In16(int port) => (ushort)In(port, 2);
    public uint In32(int port) => In(port, 4);
    public void Out8(int port, byte value) => Out(port, 1, value);
    public void Out16(int port, ushort value) => Out(port, 2, value);
    public void Out32(int port, uint value) => Out(port, 4, value);

    public void InRep(int port, Span<byte> destination)
    {
        foreach (ref var item in destination) item = In8(port);
    }

    public void InRep(int port, Span<ushort> destination)
    {
        foreach (ref var item in destination) item = In16(port);
    }

    public void InRep(int port, Span<uint> destination)
    {
        foreach (ref var item in destination) item = In32(port);
    }

    public void OutRep(int port, ReadOnlySpan<byte> source)
    {
        foreach (var item in source) Out8(port, item);
    }

    public void OutRep(int port, ReadOnlySpan<ushort> source)
    {
        foreach (var item in source) Out16(port, item);
    }

    public void OutRep(int port, ReadOnlySpan<uint> source)
    {
        foreach (var item in source) Out32(port, item);
    }

    public void Pause() => Accesses.Add("pause");

    private uint In(int port, int size)
    {
        AccessCheck.Port(port, size, first, count);
        Accesses.Add($"in{size * 8}@{port:x}");
        uint value = 0;
        for (var i = size - 1; i >= 0; i--) value = value << 8 | _bytes[port - first + i];
        return value;
    }

    private void Out(int port, int size, uint value)
    {
        AccessCheck.Port(port, size, first, count);
        Accesses.Add($"out{size * 8}@{port:x}={value:x}");
        for (var i = 0; i < size; i++) _bytes[port - first + i] = (byte)(value >> (8 * i));
    }
}
