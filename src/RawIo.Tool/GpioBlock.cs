using RawIo.Drivers;

namespace RawIo.Tool;

/// <summary>A board's GPIO block, found in the device tree, claimed and mapped by the platform driver until disposed.</summary>
internal sealed class GpioBlock : IDisposable
{
    private readonly PlatformBus _bus;

    public GpioBlock(IHardware hardware)
    {
        _bus = new PlatformBus(hardware);
        try
        {
            Exception? failure = null;
            _bus.ProbeFailed += (_, error) => failure ??= error;
            var devices = _bus.Register(new Bcm2835GpioPlatformDriver());
            if (failure is RawIoException refusal) throw refusal;
            Driver = devices is [{ DriverData: Bcm2835Gpio driver }, ..] ? driver : throw new RawIoException(Errno.ENODEV,
                $"{hardware.Name} has no GPIO block; the Raspberry Pis have: sim:pi1, sim:pi3, sim:pi4.", failure!);
        }
        catch
        {
            _bus.Dispose();
            throw;
        }
    }

    public Bcm2835Gpio Driver { get; }

    public static string Name(GpioFunction function) => function switch
    {
        GpioFunction.Input => "in",
        GpioFunction.Output => "out",
        _ => function.ToString().ToLowerInvariant(),
    };

    public static string Level(bool level) => level ? "high" : "low";

    public void Dispose() => _bus.Dispose();
}
