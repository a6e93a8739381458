using System.Device.Gpio;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A GpioController over our driver over a bare GPIO block: every access is written down, time moves by hand.</summary>
internal sealed class GpioRig : IDisposable
{
    public GpioRig(bool bcm2711 = false, GpioEdgeDetection detection = GpioEdgeDetection.Detectors)
    {
        Model = bcm2711 ? new Bcm2711GpioModel() : new Bcm2835GpioModel();
        Bus = new HookedBus(Model);
        Driver = new RawIoGpioDriver(bcm2711 ? "brcm,bcm2711-gpio" : "brcm,bcm2835-gpio", Bus,
            new RawIoGpioOptions { Time = Time, EdgeDetection = detection });
        Controller = new GpioController(Driver);
    }

    public Bcm2835GpioModel Model { get; }
    public HookedBus Bus { get; }
    public ManualTime Time { get; } = new();
    public RawIoGpioDriver Driver { get; }
    public GpioController Controller { get; }

    /// <summary>What callbacks were told, as "17 Rising".</summary>
    public List<string> Told { get; } = [];

    public Pin Pin(int pin) => Model.Pins[pin];

    public void Tell(object sender, PinValueChangedEventArgs e) => Told.Add($"{e.PinNumber} {e.ChangeType}");

    public void Listen(int pin, PinEventTypes edges = PinEventTypes.Rising | PinEventTypes.Falling) =>
        Controller.RegisterCallbackForPinValueChangedEvent(pin, edges, Tell);

    /// <summary>Time for one look.</summary>
    public void Look() => Time.AdvanceMilliseconds(1);

    /// <summary>The accesses of an action: "R34", "W1c=20000".</summary>
    public IEnumerable<string> Accesses(Action action)
    {
        Bus.Log.Clear();
        action();
        return [.. Bus.Log];
    }

    public void Dispose() => Controller.Dispose();
}

/// <summary>A window onto a model whose accesses something else may happen between, or instead of.</summary>
internal sealed class HookedBus(Device device) : FakeMmio(0x3f20_0000, 0xf4)
{
    public List<string> Log { get; } = [];

    /// <summary>Called after an access, with its log line.</summary>
    public Action<string>? After { get; set; }

    /// <summary>Whether the registers behind GPLEV and before GPPUD are missing, as in QEMU.</summary>
    public bool HasNoDetectors { get; set; }

    /// <summary>What every access throws.</summary>
    public Exception? Failure { get; set; }

    protected override ulong Read(long offset, int size)
    {
        if (Failure is not null) throw Failure;
        Assert.That(size, Is.EqualTo(4));
        var value = IsMissing(offset) ? 0 : device.Read((int)offset, size);
        Note($"R{offset:x}");
        return value;
    }

    protected override void Write(long offset, int size, ulong value)
    {
        if (Failure is not null) throw Failure;
        Assert.That(size, Is.EqualTo(4));
        if (!IsMissing(offset)) device.Write((int)offset, size, value);
        Note($"W{offset:x}={value:x}");
    }

    private bool IsMissing(long offset) => HasNoDetectors && offset is >= 0x40 and < 0x94;

    private void Note(string line)
    {
        Log.Add(line);
        After?.Invoke(line);
    }
}
