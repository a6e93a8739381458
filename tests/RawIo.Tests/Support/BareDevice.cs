using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device model with nothing around it, as a window: no bus, no MMU, every access counted.</summary>
internal sealed class BareDevice(Device device, long length) : FakeMmio(0x3f20_0000, length)
{
    public List<(char Kind, long Offset, ulong Value)> Log { get; } = [];

    public bool IsLogging { get; set; } = true;

    public int Reads => Log.Count(a => a.Kind == 'R');

    public int Writes => Log.Count(a => a.Kind == 'W');

    protected override ulong Read(long offset, int size)
    {
        device.CheckSize(offset, size, isWrite: false);
        var value = device.Read((int)offset, size);
        if (IsLogging) Log.Add(('R', offset, value));
        return value;
    }

    protected override void Write(long offset, int size, ulong value)
    {
        device.CheckSize(offset, size, isWrite: true);
        if (IsLogging) Log.Add(('W', offset, value));
        device.Write((int)offset, size, value);
    }

    protected override void OnForm(string form)
    {
        if (form == "block") throw new NotSupportedException("Registers are no memory.");
    }
}

/// <summary>What a bus does for a device, for models on a bench.</summary>
internal static class Bench
{
    /// <summary>Has a model without a machine answer as the hardware would; returns the errors it counts.</summary>
    public static GuestErrors BehaveAsHardware(this Device device)
    {
        var errors = new GuestErrors { Policy = FaultPolicy.Hardware };
        device.Errors = new DeviceErrors(errors, 0);
        return errors;
    }

    /// <summary>A device is never called with a size it does not take.</summary>
    public static void CheckSize(this Device device, long offset, int size, bool isWrite)
    {
        if (((int)device.Sizes & size) == 0) throw new BusFaultException("size", (ulong)offset, size, isWrite);
    }
}
