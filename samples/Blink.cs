using RawIo.Drivers;

namespace RawIo.Samples;

/// <summary>Pin 16 of any Raspberry Pi: the device tree tells where its GPIO is.</summary>
public static class Blink
{
    public static void Run(IHardware hw, TextWriter output, TimeSpan half)
    {
        using var bus = new PlatformBus(hw);
        bus.Register(new Bcm2835GpioPlatformDriver());
        var gpio = bus.Find<Bcm2835Gpio>();

        gpio.SetFunction(16, GpioFunction.Output);
        for (var i = 0; i < 6; i++)
        {
            gpio.Write(16, i % 2 == 0);
            output.WriteLine(gpio.Read(16) ? "on" : "off");
            Thread.Sleep(half);
        }
        gpio.SetFunction(16, GpioFunction.Input);
    }
}
