using System.Globalization;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Notes what a part on an SPI bus sees: [ selected, ] deselected, bytes in hex, the bits of a broken byte in parentheses.</summary>
internal sealed class SpiScope : SpiPart
{
    private string _log = "", _bits = "";

    public string Log => _log + (_bits.Length > 0 ? $"({_bits})" : "");

    /// <summary>What it answers each byte with.</summary>
    public byte Answer { get; set; }

    /// <summary>The modes it understands.</summary>
    public int[] Modes { get; init; } = [0, 3];

    public override string Name => "scope";

    protected internal override bool Takes(int mode) => Modes.Contains(mode);

    protected internal override void Selected() => _log += "[";

    protected internal override void Deselected()
    {
        (_log, _bits) = (Log + "]", "");
    }

    protected internal override bool Clock(bool mosi)
    {
        var answer = (Answer >> 7 - _bits.Length & 1) != 0;
        _bits += mosi ? "1" : "0";
        if (_bits.Length == 8) (_log, _bits) = (_log + Convert.ToByte(_bits, 2).ToString("x2", CultureInfo.InvariantCulture), "");
        return answer;
    }

    public override object Save() => (_log, _bits);

    public override void Restore(object saved) => (_log, _bits) = ((string, string))saved;
}
