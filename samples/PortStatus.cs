namespace RawIo.Samples;

/// <summary>A port of a PC: the status of its keyboard controller. Reading it changes nothing, so it is not claimed; a driver would (RequestRegion).</summary>
public static class PortStatus
{
    public static void Run(IHardware hw, TextWriter output)
    {
        using var ports = hw.OpenPorts(0x64, 1);
        var status = ports.In8(0x64);
        output.WriteLine($"0x{status:x2}: a byte is {((status & 0x01) != 0 ? "" : "not ")}waiting");
    }
}
