namespace RawIo.Sim;

/// <summary>
/// The kernel's area of virtual addresses for ioremap: first fit from the bottom, an unmapped guard page after each
/// range, freed addresses used again.
/// </summary>
internal sealed class VmallocArea(ulong start, ulong length)
{
    private readonly List<(ulong Start, ulong End)> _used = []; // by address; the guard page is inside

    /// <summary>How many ranges are in use.</summary>
    public int Count => _used.Count;

    /// <summary>Takes a range of whole pages whose address is a multiple of the alignment.</summary>
    /// <exception cref="RawIoException">No gap is large enough (ENOMEM).</exception>
    public ulong Allocate(ulong size, ulong alignment)
    {
        if (size > length) throw Full(size);
        var need = size + SimRam.PageSize;
        var at = start;
        for (var i = 0; ; i++)
        {
            at = (at + alignment - 1) & ~(alignment - 1);
            var gapEnd = i < _used.Count ? _used[i].Start : start + length;
            if (at <= gapEnd && gapEnd - at >= need)
            {
                _used.Insert(i, (at, at + need));
                return at;
            }
            if (i == _used.Count) throw Full(size);
            at = _used[i].End;
        }
    }

    /// <summary>Gives a range back.</summary>
    public void Free(ulong address)
    {
        var index = _used.FindIndex(u => u.Start == address);
        if (index < 0) throw new ArgumentException($"Nothing was allocated at 0x{address:x}.", nameof(address));
        _used.RemoveAt(index);
    }

    private RawIoException Full(ulong size) => new(Errno.ENOMEM,
        $"No gap of 0x{size:x} bytes is left in the 0x{length:x} bytes of virtual addresses for ioremap: unmap something first.");
}
