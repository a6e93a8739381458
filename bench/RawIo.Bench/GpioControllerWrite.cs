using System.Device.Gpio;
using BenchmarkDotNet.Attributes;
using RawIo.Drivers;

namespace RawIo.Bench;

/// <summary>System.Device.Gpio's controller over <see cref="RawIoGpioDriver"/>, on registers that are an array: what the layers cost beside the bus.</summary>
[MemoryDiagnoser]
public class GpioControllerWrite
{
    private readonly PinValuePair[] _pairs = [new(2, 1), new(3, 0), new(4, 1), new(40, 1)];
    private RawIoGpioDriver _driver = null!;
    private GpioController _controller = null!;
    private GpioPin _pin = null!;
    private Bcm2835Gpio _gpio = null!;

    [GlobalSetup]
    public void Setup()
    {
        var registers = new ArrayRegisters(0xa0);
        _gpio = new Bcm2835Gpio(registers);
        _driver = new RawIoGpioDriver(_gpio);
        _controller = new GpioController(_driver);
        foreach (var pin in new[] { 2, 3, 4, 40 }) _controller.OpenPin(pin, PinMode.Output);
        _pin = _controller.OpenPin(17, PinMode.Output);
    }

    [GlobalCleanup]
    public void Cleanup() => _controller.Dispose();

    /// <summary>Without System.Device.Gpio.</summary>
    [Benchmark(Baseline = true)]
    public void Bcm2835GpioWrite() => _gpio.Write(17, true);

    /// <summary>The controller keeps the value in a dictionary, which is the allocation.</summary>
    [Benchmark]
    public void Write() => _controller.Write(17, PinValue.High);

    [Benchmark]
    public void PinToggle() => _pin.Toggle();

    [Benchmark]
    public PinValue Read() => _controller.Read(17);

    [Benchmark]
    public void WriteFourPins() => _controller.Write(_pairs);

    [Benchmark]
    public void ReadFourPins() => _controller.Read(_pairs);
}
