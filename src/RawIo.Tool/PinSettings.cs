using RawIo.Drivers;

namespace RawIo.Tool;

/// <summary>What a pin is to become; null leaves it as it is.</summary>
internal sealed record PinSettings(GpioFunction? Function, bool? Level, GpioPull? Pull)
{
    /// <summary>Whether it changes nothing.</summary>
    public bool IsNone => this == new PinSettings(null, null, null);

    /// <summary>Reads the words of a command line.</summary>
    /// <exception cref="UsageException">A word is unknown, or two say the same thing.</exception>
    public static PinSettings Parse(IEnumerable<string> words)
    {
        var settings = new PinSettings(null, null, null);
        foreach (var word in words)
        {
            var next = word switch
            {
                "in" => settings.With(GpioFunction.Input),
                "out" => settings.With(GpioFunction.Output),
                "alt0" => settings.With(GpioFunction.Alt0),
                "alt1" => settings.With(GpioFunction.Alt1),
                "alt2" => settings.With(GpioFunction.Alt2),
                "alt3" => settings.With(GpioFunction.Alt3),
                "alt4" => settings.With(GpioFunction.Alt4),
                "alt5" => settings.With(GpioFunction.Alt5),
                "high" => settings.With(true),
                "low" => settings.With(false),
                "up" => settings.With(GpioPull.Up),
                "down" => settings.With(GpioPull.Down),
                "none" => settings.With(GpioPull.None),
                _ => throw new UsageException($"SETTING '{word}' is not known; it is in, out, alt0 to alt5, high, low, up, down or none."),
            };
            settings = next ?? throw new UsageException($"SETTING '{word}' contradicts or repeats another; give one function, one level and one resistor at most.");
        }
        return settings;
    }

    /// <summary>Sets the pin: what it drives and its resistor first, then the function.</summary>
    public void Apply(GpioBlock block, int pin)
    {
        if (Pull is { } pull) block.Driver.SetPull(pin, pull);
        if (Level is { } level) block.Drive(pin, level);
        if (Function is { } function) block.Driver.SetFunction(pin, function);
    }

    private PinSettings? With(GpioFunction function) => Function is null ? this with { Function = function } : null;

    private PinSettings? With(bool level) => Level is null ? this with { Level = level } : null;

    private PinSettings? With(GpioPull pull) => Pull is null ? this with { Pull = pull } : null;
}
