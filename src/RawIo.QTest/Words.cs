namespace RawIo.QTest;

/// <summary>The words of a line: what stands between blanks.</summary>
internal ref struct Words(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The next word; empty where there is none.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _rest = _rest.TrimStart(" \t"u8);
        var end = _rest.IndexOfAny((byte)' ', (byte)'\t');
        if (end < 0) end = _rest.Length;
        var word = _rest[..end];
        _rest = _rest[end..];
        return word;
    }

    /// <summary>
    /// A number as C's <c>strtoull</c> reads it in base 0, and nothing after it: 0x hexadecimal, 0 octal, else
    /// decimal; a sign is allowed, and a minus counts down from 2^64.
    /// </summary>
    public static bool TryNumber(ReadOnlySpan<byte> word, out ulong value)
    {
        value = 0;
        var negative = word.StartsWith("-"u8);
        if (negative || word.StartsWith("+"u8)) word = word[1..];
        uint radix = 10;
        if (word.Length > 2 && word[0] == '0' && (word[1] | 0x20) == 'x')
        {
            radix = 16;
            word = word[2..];
        }
        else if (word.Length > 1 && word[0] == '0')
        {
            radix = 8;
        }
        if (word.IsEmpty) return false;
        foreach (var digit in word)
        {
            var nibble = Nibble(digit);
            if (nibble < 0 || nibble >= radix) return false;
            if (value > (ulong.MaxValue - (uint)nibble) / radix) return false;
            value = value * radix + (uint)nibble;
        }
        if (negative) value = 0 - value;
        return true;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
