using RawIo.Drivers;

namespace RawIo.Tool;

/// <summary>A machine's GPIO block, found in the device tree.</summary>
internal sealed class GpioBlock
{
    private static readonly string[] s_known = ["brcm,bcm2711-gpio", "brcm,bcm2835-gpio"];

    private readonly Target _target;
    private readonly Bcm2835Gpio _levels;

    public GpioBlock(Target target)
    {
        var found = target.Devices.FirstOrDefault(d => d.Compatible.Any(s_known.Contains)) ?? throw new RawIoException(Errno.ENODEV,
            $"{target.Hardware.Name} has no GPIO block that is known here; the Raspberry Pis 1 to 4 have: sim:pi1, sim:pi2, sim:pi3, sim:pi4.");
        _target = target;
        Driver = On(target.Memory);
        _levels = target.Undo is null ? Driver : On(target.PlainMemory);

        Bcm2835Gpio On(IMmio memory) =>
            Bcm2835Gpio.Create(found.Compatible.First(s_known.Contains), memory.Window((long)found.Start, found.Length));
    }

    /// <summary>Where --undo is given, what it writes is restored.</summary>
    public Bcm2835Gpio Driver { get; }

    /// <summary>Drives a pin. Its latch cannot be read, but while the pin is an output its level tells.</summary>
    public void Drive(int pin, bool level)
    {
        if (_target.Undo is { } undo && Driver.GetFunction(pin) == GpioFunction.Output)
        {
            var old = Driver.Read(pin);
            undo.Add(() => _levels.Write(pin, old));
        }
        _levels.Write(pin, level);
    }

    public static string Name(GpioFunction function) => function switch
    {
        GpioFunction.Input => "in",
        GpioFunction.Output => "out",
        _ => function.ToString().ToLowerInvariant(),
    };

    public static string Level(bool level) => level ? "high" : "low";
}
