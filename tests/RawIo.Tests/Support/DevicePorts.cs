using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A range of ports with one device model behind it, whose offset 0 is at <paramref name="start"/>; the first of the range where that is not given.</summary>
public sealed class DevicePorts(Device device, int firstPort, int count, int? start = null) : IPortIo
{
    /// <summary>Every access: "in 60 = 55", "out 64 aa".</summary>
    public List<string> Log { get; } = [];

    public int FirstPort => firstPort;

    public int Count => count;

    public byte In8(int port)
    {
        var value = (byte)In(port, 1);
        Log.Add($"in {port:x} = {value:x2}");
        return value;
    }

    public ushort In16(int port) => (ushort)In(port, 2);

    public uint In32(int port) => (uint)In(port, 4);

    public void Out8(int port, byte value)
    {
        Log.Add($"out {port:x} {value:x2}");
        Out(port, 1, value);
    }

    public void Out16(int port, ushort value) => Out(port, 2, value);

    public void Out32(int port, uint value) => Out(port, 4, value);

    public void InRep(int port, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = In8(port);
    }

    public void InRep(int port, Span<ushort> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = In16(port);
    }

    public void InRep(int port, Span<uint> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = In32(port);
    }

    public void OutRep(int port, ReadOnlySpan<byte> source)
    {
        foreach (var value in source) Out8(port, value);
    }

    public void OutRep(int port, ReadOnlySpan<ushort> source)
    {
        foreach (var value in source) Out16(port, value);
    }

    public void OutRep(int port, ReadOnlySpan<uint> source)
    {
        foreach (var value in source) Out32(port, value);
    }

    public void Pause()
    {
    }

    private ulong In(int port, int size)
    {
        AccessCheck.Port(port, size, firstPort, count);
        return device.Read(port - (start ?? firstPort), size);
    }

    private void Out(int port, int size, ulong value)
    {
        AccessCheck.Port(port, size, firstPort, count);
        device.Write(port - (start ?? firstPort), size, value);
    }
}
