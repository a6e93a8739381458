using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A range of ports with one device model behind it, its offset 0 at the first.</summary>
internal sealed class DevicePorts(Device device, int firstPort, int count) : FakePorts(firstPort, count)
{
    /// <summary>Every access: "in 60 = 55", "out 64 aa".</summary>
    public List<string> Log { get; } = [];

    protected override ulong In(int port, int size)
    {
        device.CheckSize(port - FirstPort, size, isWrite: false);
        var value = device.Read(port - FirstPort, size);
        Log.Add($"in {port:x} = {value:x2}");
        return value;
    }

    protected override void Out(int port, int size, ulong value)
    {
        device.CheckSize(port - FirstPort, size, isWrite: true);
        Log.Add($"out {port:x} {value:x2}");
        device.Write(port - FirstPort, size, value);
    }
}
