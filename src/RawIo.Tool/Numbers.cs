using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace RawIo.Tool;

/// <summary>Numbers as people write them: 0x3f20_0034, 1_000, 0b1010; and as the tool prints them.</summary>
internal static class Numbers
{
    private const string Ways = "write it as 0x3f200034, 52 or 0b110100";

    /// <summary>Reads a number; false where it is none or does not fit 64 bits.</summary>
    public static bool TryParse(string text, out ulong value)
    {
        value = 0;
        var (radix, digits) = text switch
        {
            ['0', 'x' or 'X', ..] => (16u, text[2..]),
            ['0', 'b' or 'B', ..] => (2u, text[2..]),
            _ => (10u, text),
        };
        // A separator stands between digits, or after the 0x.
        if (digits.Length == 0 || digits[^1] == '_' || (radix == 10 && digits[0] == '_')) return false;
        foreach (var c in digits)
        {
            if (c == '_') continue;
            var digit = char.IsAsciiDigit(c) ? (uint)(c - '0') : char.IsAsciiHexDigit(c) ? (uint)(c | 0x20) - 'a' + 10 : uint.MaxValue;
            if (digit >= radix || value > (ulong.MaxValue - digit) / radix) return false;
            value = value * radix + digit;
        }
        return true;
    }

    /// <summary>A number argument.</summary>
    public static Argument<ulong> Argument(string name, string description, ulong min, ulong max) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, name, min, max),
    };

    /// <summary>A number option.</summary>
    public static Option<ulong> Option(string name, string alias, string helpName, string description, ulong initial, ulong min, ulong max) => new(name, alias)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse(result, name, min, max),
    };

    /// <summary>The width option, in bits.</summary>
    public static Option<int> Width(int initial, params int[] widths)
    {
        var list = string.Join('|', widths);
        return new("--width", "-w")
        {
            Description = "The access's width in bits.",
            HelpName = list,
            DefaultValueFactory = _ => initial,
            CustomParser = result =>
            {
                var text = Token(result);
                if (TryParse(text, out var bits) && bits <= 64 && widths.Contains((int)bits)) return (int)bits;
                result.AddError($"--width '{text}' is no width of an access; it is one of {list}.");
                return 0;
            },
        };
    }

    /// <summary>A value with all the digits of its width.</summary>
    public static string Hex(ulong value, int bits) => "0x" + value.ToString($"x{bits / 4}", CultureInfo.InvariantCulture);

    /// <summary>An address: eight digits, or sixteen where it needs them.</summary>
    public static string Address(ulong address) => Hex(address, address > uint.MaxValue ? 64 : 32);

    /// <summary>A port: four digits.</summary>
    public static string Port(ulong port) => Hex(port, 16);

    private static ulong Parse(ArgumentResult result, string name, ulong min, ulong max)
    {
        var text = Token(result);
        if (!TryParse(text, out var value))
            result.AddError($"{name} '{text}' is not a number up to 0x{max:x}; {Ways}.");
        else if (value < min || value > max)
            result.AddError($"{name} {text} is out of range: it is {Limit(min)} to {Limit(max)}.");
        return value;
    }

    private static string Limit(ulong value) => value < 10 ? $"{value}" : $"0x{value:x}";

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
}
