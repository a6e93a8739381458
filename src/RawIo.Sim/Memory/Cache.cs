using System.Numerics;

namespace RawIo.Sim;

/// <summary>
/// One cache: set-associative, 64-byte lines, write-back, allocating on reads and writes, the least recently used
/// line evicted. It keeps tags and counts, not data: the contents are always those of the RAM, so a driver sees
/// coherent memory and the counters say what a cache would have done.
/// </summary>
public sealed class Cache
{
    /// <summary>The line size in bytes.</summary>
    public const int LineSize = 64;

    private readonly ulong[] _tags; // line number + 1; 0 is an empty way. The first of a set is the most recent.
    private readonly bool[] _dirty;
    private readonly int _ways;
    private readonly ulong _setMask;

    internal Cache(int size, int ways)
    {
        var sets = size / LineSize / ways;
        if (sets < 1 || !BitOperations.IsPow2(sets) || sets * ways * LineSize != size)
            throw new ArgumentException($"A cache of {size} bytes cannot have {ways} ways: the number of 64-byte sets must be a power of two.");
        (Size, Ways, _ways, _setMask) = (size, ways, ways, (ulong)sets - 1);
        _tags = new ulong[sets * ways];
        _dirty = new bool[sets * ways];
    }

    /// <summary>Its size in bytes.</summary>
    public int Size { get; }

    /// <summary>Its ways.</summary>
    public int Ways { get; }

    /// <summary>Accesses that found their line.</summary>
    public long Hits { get; private set; }

    /// <summary>Accesses that did not.</summary>
    public long Misses { get; private set; }

    /// <summary>Lines put out to make room.</summary>
    public long Evictions { get; private set; }

    /// <summary>Those of them that had been written and went to the next level.</summary>
    public long WriteBacks { get; private set; }

    /// <summary>Uses the line that holds the address.</summary>
    /// <param name="address">A physical address.</param>
    /// <param name="isWrite">Whether the line becomes dirty.</param>
    /// <param name="writtenBack">The address of the dirty line that had to go, if any.</param>
    /// <returns>Whether the line was there.</returns>
    internal bool Access(ulong address, bool isWrite, out ulong? writtenBack)
    {
        writtenBack = null;
        var line = address / LineSize;
        var first = (int)(line & _setMask) * _ways;
        var tags = _tags.AsSpan(first, _ways);
        var dirty = _dirty.AsSpan(first, _ways);
        var way = tags.IndexOf(line + 1);
        var hit = way >= 0;
        if (hit)
        {
            Hits++;
        }
        else
        {
            Misses++;
            way = _ways - 1;
            if (tags[way] != 0)
            {
                Evictions++;
                if (dirty[way])
                {
                    WriteBacks++;
                    writtenBack = (tags[way] - 1) * LineSize;
                }
            }
            dirty[way] = false;
        }
        var isDirty = dirty[way] || isWrite;
        tags[..way].CopyTo(tags[1..]);
        dirty[..way].CopyTo(dirty[1..]);
        (tags[0], dirty[0]) = (line + 1, isDirty);
        return hit;
    }
}

/// <summary>The caches between the processor and RAM. Device memory goes past them.</summary>
public sealed class CacheHierarchy
{
    internal CacheHierarchy(Cache l1, Cache l2) => (L1, L2) = (l1, l2);

    /// <summary>The first-level data cache.</summary>
    public Cache L1 { get; }

    /// <summary>The second level.</summary>
    public Cache L2 { get; }

    /// <summary>One access; says what the caches said.</summary>
    internal string Access(ulong address, bool isWrite)
    {
        var hit = L1.Access(address, isWrite, out var victim);
        if (victim is { } line) L2.Access(line, isWrite: true, out _);
        if (hit) return "L1 hit";
        return L2.Access(address, isWrite: false, out _) ? "L1 miss, L2 hit" : "L1 miss, L2 miss";
    }
}
