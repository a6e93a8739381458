namespace RawIo.Tool;

/// <summary>The 40-pin header of every Raspberry Pi since the B+: what each physical pin carries.</summary>
internal static class PiHeader
{
    /// <summary>By physical pin, 1 first: a GPIO number, or the rail's name.</summary>
    private static readonly string[] s_pins =
    [
        "3V3", "5V", "2", "5V", "3", "GND", "4", "14", "GND", "15",
        "17", "18", "27", "GND", "22", "23", "3V3", "24", "10", "GND",
        "9", "25", "11", "8", "GND", "7", "0", "1", "5", "GND",
        "6", "12", "13", "GND", "19", "16", "26", "20", "GND", "21",
    ];

    public const int Count = 40;

    /// <summary>The GPIO a physical pin carries; null for a rail.</summary>
    public static int? Gpio(int pin) => char.IsAsciiDigit(s_pins[pin - 1][^1]) && int.TryParse(s_pins[pin - 1], out var gpio) ? gpio : null;

    /// <summary>"GPIO16", or the rail's name.</summary>
    public static string Name(int pin) => Gpio(pin) is { } gpio ? $"GPIO{gpio}" : s_pins[pin - 1];

    /// <summary>The physical pin that carries a GPIO; null where none does.</summary>
    public static int? Pin(int gpio)
    {
        var at = Array.IndexOf(s_pins, $"{gpio}");
        return at < 0 ? null : at + 1;
    }
}
