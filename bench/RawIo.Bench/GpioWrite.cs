using System.Device.Gpio;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using RawIo.Drivers;

namespace RawIo.Bench;

/// <summary>A pin written: RawIo's drivers beside the one that System.Device.Gpio has for the Raspberry Pi, all on the same pages of memory.</summary>
public class GpioWrite
{
    private const int Times = 512;
    private const int Pin = 17;

    private MappedPages _pages = null!;
    private Bcm2835Gpio _gpio = null!;
    private Action<int, PinValue> _theirWrite = null!;
    private GpioController _theirController = null!, _ourController = null!;
    private GpioPin _ourPin = null!;

    [GlobalSetup]
    public void Setup()
    {
        _pages = new(4096);
        var theirs = PeerOn(_pages.Pointer);
        var ours = new RawIoGpioDriver(_gpio = new Bcm2835Gpio(_pages.Mapping));
        (_theirController, _ourController) = (new(theirs), new(ours));
        _theirController.OpenPin(Pin, PinMode.Output);
        _ourPin = _ourController.OpenPin(Pin, PinMode.Output);
        _theirWrite = WriteOf(theirs);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _ourController.Dispose();
        // Its own driver would unmap pages that it did not map.
        _pages.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void TheirDriver()
    {
        for (var i = 0; i < Times; i++) _theirWrite(Pin, PinValue.High);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("pin write by `Bcm2835Gpio`", 0.2, Of = nameof(TheirDriver), Reference = "System.Device.Gpio's RaspberryPi3LinuxDriver",
        Reached = 1.1, Limit = "on x64 its write is one plain store to memory, as ours is; the bus accesses more are arm64's")]
    public void OurGpio()
    {
        for (var i = 0; i < Times; i++) _gpio.Write(Pin, true);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void TheirControllerWrite()
    {
        for (var i = 0; i < Times; i++) _theirController.Write(Pin, PinValue.High);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("pin write by `Bcm2835Gpio`", 0.2, Of = nameof(TheirControllerWrite), Reference = "GpioController.Write over its own driver")]
    public void OurGpioBesideController() => OurGpio();

    /// <summary>The controller keeps the value in a dictionary, which is the allocation.</summary>
    [Benchmark(OperationsPerInvoke = Times)]
    [Bound("`GpioController.Write` over `RawIoGpioDriver`", 1, Of = nameof(TheirControllerWrite), Reference = "the same over its own driver", Allocates = true)]
    public void OurControllerWrite()
    {
        for (var i = 0; i < Times; i++) _ourController.Write(Pin, PinValue.High);
    }

    /// <summary>Their driver asks the kernel for this.</summary>
    [Benchmark(OperationsPerInvoke = Times)]
    public void OurToggle()
    {
        for (var i = 0; i < Times; i++) _ourPin.Toggle();
    }

    /// <summary>The driver that maps /dev/gpiomem itself, given other pages instead.</summary>
    private static unsafe GpioDriver PeerOn(nint registers)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var type = typeof(GpioController).Assembly.GetType("System.Device.Gpio.Drivers.RaspberryPi3LinuxDriver", throwOnError: true)!;
        var driver = (GpioDriver)Activator.CreateInstance(type, nonPublic: true)!;
        var field = type.GetField("_registerViewPointer", Any)!;
        field.SetValue(driver, Pointer.Box((void*)registers, field.FieldType));
        return driver;
    }

    private static Action<int, PinValue> WriteOf(GpioDriver driver) => driver.GetType()
        .GetMethod("Write", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(int), typeof(PinValue)])!.CreateDelegate<Action<int, PinValue>>(driver);
}
