namespace RawIo;

/// <summary>Which of many windows, that may overlap, is the first in the list to hold an address.</summary>
internal sealed class WindowIndex
{
    private static readonly Comparer<(ulong, UInt128, int)> ByPlace = Comparer<(ulong Space, UInt128 First, int)>.Create(
        static (a, b) => a.Space != b.Space ? a.Space.CompareTo(b.Space) : a.First.CompareTo(b.First));

    // From each place to the next one, in its space, this window is the first; -1 for none.
    private readonly List<(ulong Space, UInt128 First, int Window)> _from = [];

    public WindowIndex(DeviceTreeRange[] windows, AddressKind kind)
    {
        var mask = kind.NumberMask();
        var spans = new (ulong Space, UInt128 First, UInt128 Last)[windows.Length];
        var places = new List<(ulong Space, UInt128 First, int Opens)>(2 * windows.Length);
        for (var i = 0; i < windows.Length; i++)
        {
            var (start, size) = (windows[i].ChildAddress & mask, windows[i].Size);
            if (size == 0) continue;
            spans[i] = (kind.Space(windows[i].ChildAddress), start, size - 1 > mask - start ? mask : start + (size - 1));
            places.Add((spans[i].Space, start, i));
            if (spans[i].Last != mask) places.Add((spans[i].Space, spans[i].Last + 1, -1));
        }
        places.Sort(ByPlace);

        var open = new PriorityQueue<int, int>();
        for (var i = 0; i < places.Count; i++)
        {
            var (space, first, opens) = places[i];
            if (opens >= 0) open.Enqueue(opens, opens);
            if (i + 1 < places.Count && (places[i + 1].Space, places[i + 1].First) == (space, first)) continue;
            while (open.TryPeek(out var top, out _) && (spans[top].Space != space || spans[top].Last < first)) open.Dequeue();
            _from.Add((space, first, open.TryPeek(out var window, out _) ? window : -1));
        }
    }

    /// <summary>The window, or -1.</summary>
    public int Find(ulong space, UInt128 number)
    {
        var at = _from.BinarySearch((space, number, 0), ByPlace);
        if (at < 0) at = ~at - 1;
        return at >= 0 && _from[at].Space == space ? _from[at].Window : -1;
    }
}
