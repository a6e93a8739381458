using System.Text;

namespace RawIo.QTest;

/// <summary>Request lines, built in a buffer that is used again.</summary>
internal sealed class RequestBuffer
{
    private byte[] _bytes = new byte[1024];
    private int _count;

    /// <summary>The lines so far.</summary>
    public ReadOnlySpan<byte> Lines => _bytes.AsSpan(0, _count);

    /// <summary>How many bytes they have.</summary>
    public int Count => _count;

    public void Clear() => _count = 0;

    /// <summary>Adds a verb with its width's letter, and an address: "readl 0x3f200000".</summary>
    public void Line(ReadOnlySpan<byte> verb, int size, ulong address)
    {
        Start(verb, size, address);
        _bytes[_count++] = (byte)'\n';
    }

    /// <summary>Adds a verb with its width's letter, an address and a value: "writel 0x3f200000 0x1".</summary>
    public void Line(ReadOnlySpan<byte> verb, int size, ulong address, ulong value)
    {
        Start(verb, size, address);
        _bytes[_count++] = (byte)' ';
        Hex(value);
        _bytes[_count++] = (byte)'\n';
    }

    /// <summary>Adds a line as it is.</summary>
    public void Line(string text)
    {
        Ensure(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        _count += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_count));
        _bytes[_count++] = (byte)'\n';
    }

    private void Start(ReadOnlySpan<byte> verb, int size, ulong address)
    {
        Ensure(verb.Length + 48);
        verb.CopyTo(_bytes.AsSpan(_count));
        _count += verb.Length;
        _bytes[_count++] = size switch { 1 => (byte)'b', 2 => (byte)'w', 4 => (byte)'l', _ => (byte)'q' };
        _bytes[_count++] = (byte)' ';
        Hex(address);
    }

    private void Hex(ulong value)
    {
        _bytes[_count++] = (byte)'0';
        _bytes[_count++] = (byte)'x';
        value.TryFormat(_bytes.AsSpan(_count), out var count, "x");
        _count += count;
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _count < more) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + more));
    }
}
