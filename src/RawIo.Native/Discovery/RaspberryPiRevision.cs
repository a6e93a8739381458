using System.Globalization;

namespace RawIo.Native;

/// <summary>A Raspberry Pi's revision code, decoded.</summary>
/// <remarks>Source: Raspberry Pi documentation, "Raspberry Pi revision codes". A value that it does not list is null, never guessed.</remarks>
public sealed record RaspberryPiRevision
{
    private const uint NewStyle = 1 << 23;

    // Bit 25, and bit 24 on boards before the new style.
    private const uint Warranty = 3 << 24;

    private static readonly string?[] s_types =
    [
        "A", "B", "A+", "B+", "2B", "Alpha", "CM1", null, "3B", "Zero", "CM3", null, "Zero W", "3B+", "3A+", null,
        "CM3+", "4B", "Zero 2 W", "400", "CM4", "CM4S", null, "5", "CM5", "500", "CM5 Lite", "CM0",
    ];

    private static readonly string[] s_makers = ["Sony UK", "Egoman", "Embest", "Sony Japan", "Embest", "Stadium"];
    private static readonly string[] s_processors = ["BCM2835", "BCM2836", "BCM2837", "BCM2711", "BCM2712"];

    private RaspberryPiRevision(uint code) => Code = code;

    /// <summary>The code itself, such as 0xc03114.</summary>
    public uint Code { get; }

    /// <summary>Whether its bits are fields (bit 23), as since the Raspberry Pi 2; else it is a number of a list.</summary>
    public bool IsNewStyle => (Code & NewStyle) != 0;

    /// <summary>"A", "B", "A+", "B+", "2B", "3B", "3B+", "3A+", "4B", "5", "400", "500", "Zero", "Zero W", "Zero 2 W", or a compute module as "CM4".</summary>
    public string? Type { get; private init; }

    /// <summary>The board's revision, such as "1.4".</summary>
    public string? Board { get; private init; }

    /// <summary>"BCM2835", "BCM2836", "BCM2837", "BCM2711" or "BCM2712".</summary>
    public string? Processor { get; private init; }

    /// <summary>RAM in MiB; null where the code does not tell (0015 stands for two sizes).</summary>
    public int? MemoryMiB { get; private init; }

    /// <summary>Who made it.</summary>
    public string? Manufacturer { get; private init; }

    /// <summary>Whether overclocking has voided the warranty.</summary>
    public bool IsWarrantyVoid => (Code & Warranty) != 0;

    /// <summary>The code in the form of /proc/cpuinfo: "c03114", "000e".</summary>
    public override string ToString() => Code.ToString(IsNewStyle ? "x6" : "x4", CultureInfo.InvariantCulture);

    /// <summary>Decodes a code.</summary>
    /// <returns>The code; null where it is of neither style: an old-style number that no board has.</returns>
    public static RaspberryPiRevision? Decode(uint code) => (code & NewStyle) != 0 ? DecodeFields(code) : DecodeNumber(code);

    private static RaspberryPiRevision DecodeFields(uint code)
    {
        var memory = (int)(code >> 20 & 7);
        return new(code)
        {
            Type = At(s_types, code >> 4 & 0xff),
            Board = $"1.{code & 0xf}",
            Processor = At(s_processors, code >> 12 & 0xf),
            Manufacturer = At(s_makers, code >> 16 & 0xf),
            MemoryMiB = memory < 7 ? 256 << memory : null,
        };

        static string? At(string?[] names, uint index) => index < (uint)names.Length ? names[index] : null;
    }

    private static RaspberryPiRevision? DecodeNumber(uint code)
    {
        (string Type, string Board, int? Memory, string Maker)? known = (code & ~Warranty) switch
        {
            0x02 or 0x03 => ("B", "1.0", 256, "Egoman"),
            0x04 => ("B", "2.0", 256, "Sony UK"),
            0x05 => ("B", "2.0", 256, "Qisda"),
            0x06 => ("B", "2.0", 256, "Egoman"),
            0x07 => ("A", "2.0", 256, "Egoman"),
            0x08 => ("A", "2.0", 256, "Sony UK"),
            0x09 => ("A", "2.0", 256, "Qisda"),
            0x0d or 0x0f => ("B", "2.0", 512, "Egoman"),
            0x0e => ("B", "2.0", 512, "Sony UK"),
            0x10 => ("B+", "1.2", 512, "Sony UK"),
            0x11 => ("CM1", "1.0", 512, "Sony UK"),
            0x12 => ("A+", "1.1", 256, "Sony UK"),
            0x13 => ("B+", "1.2", 512, "Embest"),
            0x14 => ("CM1", "1.0", 512, "Embest"),
            0x15 => ("A+", "1.1", null, "Embest"),
            _ => null,
        };
        return known is not var (type, board, memory, maker) ? null
            : new(code) { Type = type, Board = board, MemoryMiB = memory, Manufacturer = maker, Processor = "BCM2835" };
    }
}
