using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Metal;

/// <summary>System.Device.Gpio's controller on the real block. The kernel's pinctrl-bcm2835 holds it: our driver claims it by force, and notices edges by their levels: the detectors are the kernel's, and QEMU has none (GPREN0 and the like read 0 after any write, GPEDS0 0 after an edge, GPPUD 0).</summary>
internal static class PiControllerChecks
{
    private const int Output = 17, Input = 22;

    public static IEnumerable<Check> All() =>
    [
        Check.Of(The_controllers_driver_names_the_holder),
        Check.Of(A_controller_opens_writes_reads_and_toggles),
        Check.Of(A_controller_tells_edges_to_callbacks_and_waits),
    ];

    private static HostMachine Forced() => HostMachine.Open(new() { Force = true, Warn = static _ => { } });

    private static void The_controllers_driver_names_the_holder()
    {
        using var host = HostMachine.Open();
        Assert.That(Assert.Throws<ResourceBusyException>(() => RawIoGpioDriver.Create(host))!.Message, Does.Contain("3f200000.gpio"));
    }

    private static void A_controller_opens_writes_reads_and_toggles()
    {
        using var host = Forced();
        using var controller = new GpioController(RawIoGpioDriver.Create(host));
        using var look = host.IoRemap(0x3f200000, 0xb4);
        Assert.That(controller.PinCount, Is.EqualTo(54));
        controller.OpenPin(Output, PinMode.Output, PinValue.High);
        Assert.That(look.Read32(0x04) >> 21 & 7, Is.EqualTo(1), "GPFSEL1");
        Assert.That(look.Read32(0x34) >> Output & 1, Is.EqualTo(1), "GPLEV0");
        Assert.That(controller.Read(Output) == PinValue.High, Is.True);
        controller.Write(Output, PinValue.Low);
        Assert.That(look.Read32(0x34) >> Output & 1, Is.Zero);
        controller.Toggle(Output);
        Assert.That(controller.Read(Output) == PinValue.High, Is.True);
        controller.Toggle(Output);
        Assert.That(controller.Read(Output) == PinValue.Low, Is.True);
        Assert.That(controller.GetPinMode(Output) == PinMode.Output, Is.True);
        controller.SetPinMode(Output, PinMode.Input);
        Assert.That(look.Read32(0x04) >> 21 & 7, Is.Zero);
        controller.ClosePin(Output);
    }

    private static void A_controller_tells_edges_to_callbacks_and_waits()
    {
        using var host = Forced();
        using var driver = RawIoGpioDriver.Create(host);
        Assert.That(driver.EdgeDetection == GpioEdgeDetection.Levels, Is.True, "the kernel's driver is there");
        using var controller = new GpioController(driver);
        using var registers = host.IoRemap(0x3f200000, 0xb4);
        // Somebody outside moves the pin: QEMU keeps the level that an output had when it becomes an input.
        var outside = new Bcm2835Gpio(registers);
        void Move(bool level)
        {
            outside.SetFunction(Input, GpioFunction.Output);
            outside.Write(Input, level);
            outside.SetFunction(Input, GpioFunction.Input);
        }
        Move(false);
        controller.OpenPin(Input, PinMode.Input);
        var seen = new List<PinEventTypes>();
        using var came = new SemaphoreSlim(0);
        void OnChange(object sender, PinValueChangedEventArgs e)
        {
            lock (seen) seen.Add(e.ChangeType);
            came.Release();
        }
        controller.RegisterCallbackForPinValueChangedEvent(Input, PinEventTypes.Rising | PinEventTypes.Falling, OnChange);
        foreach (var level in new[] { true, false, true })
        {
            Move(level);
            Assert.That(came.Wait(TimeSpan.FromSeconds(10)), Is.True, $"no edge to {level}");
        }
        controller.UnregisterCallbackForPinValueChangedEvent(Input, OnChange);
        Assert.That(string.Join(' ', seen), Is.EqualTo("Rising Falling Rising"));

        var wait = Task.Run(() => controller.WaitForEvent(Input, PinEventTypes.Falling, TimeSpan.FromSeconds(20)));
        Assert.That(wait.Wait(200), Is.False);
        Move(false);
        Assert.That(wait.Result.TimedOut, Is.False);
        Assert.That(controller.WaitForEvent(Input, PinEventTypes.Falling, TimeSpan.FromMilliseconds(200)).TimedOut, Is.True);
    }
}
