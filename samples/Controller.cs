using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Samples;

/// <summary>The same with GpioController of System.Device.Gpio: what is written for it runs on every machine here.</summary>
public static class Controller
{
    public static void Run(IHardware hw, TextWriter output, TimeSpan half)
    {
        using var controller = new GpioController(RawIoGpioDriver.Create(hw));
        var led = controller.OpenPin(16, PinMode.Output, PinValue.Low);
        var button = controller.OpenPin(17, PinMode.InputPullUp);

        for (var i = 0; i < 6; i++)
        {
            led.Toggle();
            output.WriteLine($"led {led.Read()}, button {(button.Read() == PinValue.Low ? "down" : "up")}");
            Thread.Sleep(half);
        }
    }
}
