namespace RawIo.Native;

/// <summary>A set of ports, one bit each.</summary>
internal sealed class PortSet
{
    private const int Ports = 0x10000;
    private readonly ulong[] _bits = new ulong[Ports / 64];

    public void Add(int first, int count)
    {
        for (var port = first; port < first + count; port++) _bits[port >> 6] |= 1UL << (port & 63);
    }

    /// <summary>Leaves only what is in the other as well.</summary>
    public void Keep(PortSet other)
    {
        for (var i = 0; i < _bits.Length; i++) _bits[i] &= other._bits[i];
    }

    public PortSet Copy()
    {
        var copy = new PortSet();
        _bits.CopyTo(copy._bits, 0);
        return copy;
    }

    public void Clear() => Array.Clear(_bits);

    /// <summary>The ranges of ports in this set and not in the other, each as long as it can be.</summary>
    public IEnumerable<(int First, int Count)> Except(PortSet other)
    {
        var first = -1;
        for (var port = 0; port < Ports; port++)
        {
            var word = _bits[port >> 6] & ~other._bits[port >> 6];
            if (word == 0 && first < 0)
            {
                port |= 63; // on to the next word
                continue;
            }
            var isIn = (word & 1UL << (port & 63)) != 0;
            if (isIn && first < 0) first = port;
            if (isIn || first < 0) continue;
            yield return (first, port - first);
            first = -1;
        }
        if (first >= 0) yield return (first, Ports - first);
    }
}
