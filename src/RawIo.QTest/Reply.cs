using System.Buffers;
using System.Globalization;
using System.Text;

namespace RawIo.QTest;

/// <summary>One reply line, built in a buffer that is used again and sent in one write.</summary>
internal sealed class Reply
{
    private readonly ArrayBufferWriter<byte> _line = new(256);

    /// <summary>The reply so far.</summary>
    public ReadOnlySpan<byte> Line => _line.WrittenSpan;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _line.ResetWrittenCount();

    /// <summary>Adds text as it is.</summary>
    public void Text(ReadOnlySpan<byte> text) => _line.Write(text);

    /// <summary>Adds a number; <paramref name="format"/> as .NET has it: "x4", "x16", "d".</summary>
    public void Number(ulong value, ReadOnlySpan<char> format)
    {
        value.TryFormat(_line.GetSpan(32), out var count, format, CultureInfo.InvariantCulture);
        _line.Advance(count);
    }

    /// <summary>Adds bytes as hexadecimal digits.</summary>
    public void Hex(ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, _line.GetSpan(bytes.Length * 2), out var count);
        _line.Advance(count);
    }

    /// <summary>Adds bytes as base64.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, _line.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var count);
        _line.Advance(count);
    }

    /// <summary>Makes the reply a failure, whatever it was before.</summary>
    public void Fail(string reason)
    {
        Clear();
        Text("FAIL "u8);
        _line.Write(Encoding.UTF8.GetBytes(OneLine.Of(reason)));
    }

    /// <summary>Makes the reply a failure about a word of the line, which is shown, cut and cleaned.</summary>
    public void Fail(ReadOnlySpan<byte> reason, ReadOnlySpan<byte> word)
    {
        Clear();
        Text("FAIL "u8);
        Text(reason);
        Text(" '"u8);
        foreach (var letter in word[..Math.Min(word.Length, 40)])
        {
            var place = _line.GetSpan(1);
            place[0] = letter is >= 0x20 and < 0x7f ? letter : (byte)'?';
            _line.Advance(1);
        }
        Text(word.Length > 40 ? "...'"u8 : "'"u8);
    }
}
