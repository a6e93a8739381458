using System.Buffers.Binary;

namespace RawIo.Sim;

/// <summary>
/// Physical RAM: ranges of whole pages, stored little-endian. What was never written reads as zero and takes no
/// memory; the first write to a chunk of 64 KiB allocates it.
/// </summary>
internal sealed class SimRam
{
    public const int PageSize = 0x1000;
    private const int ChunkBits = 16;
    private const int GroupBits = 8;

    private static readonly byte[] s_neverWritten = new byte[1 << ChunkBits];

    private readonly Range[] _ranges;

    /// <param name="ranges">Start and length of each range, multiples of the page size, without overlap.</param>
    /// <exception cref="ArgumentException">A range is empty, not of whole pages, or overlaps another.</exception>
    public SimRam(IEnumerable<(ulong Start, ulong Length)> ranges)
    {
        _ranges = [.. ranges.OrderBy(r => r.Start).Select(r => new Range(r.Start, r.Length))];
        ulong free = 0;
        foreach (var range in _ranges)
        {
            if (range.Length == 0 || ((range.Start | range.Length) & (PageSize - 1)) != 0 || range.Start < free)
                throw new ArgumentException($"RAM at 0x{range.Start:x} of 0x{range.Length:x} bytes is empty, not of whole 4 KiB pages, or overlaps the range before it.");
            free = range.Start + range.Length;
        }
    }

    /// <summary>The ranges, by address.</summary>
    public IEnumerable<(ulong Start, ulong Length)> Ranges => _ranges.Select(r => (r.Start, r.Length));

    /// <summary>How many bytes of the host's memory the contents take.</summary>
    public long Allocated { get; private set; }

    public bool Contains(ulong address) => Find(address) is not null;

    /// <summary>Whether any byte of first to last, inclusive, is RAM.</summary>
    public bool Overlaps(ulong first, ulong last)
    {
        // Of the ranges that start up to the last byte, the highest reaches furthest.
        var at = LastUpTo(last);
        return at >= 0 && (first < _ranges[at].Start || first - _ranges[at].Start < _ranges[at].Length);
    }

    /// <summary>Reads an aligned value of 1, 2, 4 or 8 bytes; the address must be RAM.</summary>
    public ulong Read(ulong address, int size)
    {
        var at = Chunk(address, allocate: false);
        if (at is null) return 0;
        var bytes = at.AsSpan((int)(address & ((1 << ChunkBits) - 1)));
        return size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    /// <summary>Writes an aligned value of 1, 2, 4 or 8 bytes; the address must be RAM.</summary>
    public void Write(ulong address, int size, ulong value)
    {
        var bytes = Chunk(address, allocate: true).AsSpan((int)(address & ((1 << ChunkBits) - 1)));
        switch (size)
        {
            case 1: bytes[0] = (byte)value; break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value); break;
            default: BinaryPrimitives.WriteUInt64LittleEndian(bytes, value); break;
        }
    }

    /// <summary>The bytes from an address on, which must be RAM: as many as are in one piece. Not to be written to where asked for to read.</summary>
    public Span<byte> Span(ulong address, int most, bool isWrite)
    {
        var range = Find(address) ?? throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is no RAM.");
        var at = (int)(address & ((1 << ChunkBits) - 1));
        var length = Math.Min(Math.Min((ulong)most, range.Start + range.Length - address), (1ul << ChunkBits) - (ulong)at);
        return (Chunk(address, isWrite) ?? s_neverWritten).AsSpan(at, (int)length);
    }

    /// <summary>A copy of what was ever written.</summary>
    public object Save()
    {
        var chunks = new Dictionary<ulong, byte[]>();
        foreach (var range in _ranges)
            for (var group = 0; group < range.Groups.Length; group++)
                for (var i = 0; range.Groups[group] is { } chunkList && i < chunkList.Length; i++)
                    if (chunkList[i] is { } chunk) chunks[AddressOf(range, group, i)] = (byte[])chunk.Clone();
        return chunks;
    }

    /// <summary>Takes a copy back, but for whole pages of one range.</summary>
    public void Restore(object saved, (ulong Start, ulong Length) except)
    {
        var chunks = (Dictionary<ulong, byte[]>)saved;
        foreach (var range in _ranges)
            for (var group = 0; group < range.Groups.Length; group++)
                for (var i = 0; range.Groups[group] is { } chunkList && i < chunkList.Length; i++)
                    if (chunkList[i] is { } chunk) Restore(chunk, AddressOf(range, group, i), chunks, except);
    }

    private static void Restore(byte[] chunk, ulong address, Dictionary<ulong, byte[]> saved, (ulong Start, ulong Length) except)
    {
        var before = saved.GetValueOrDefault(address);
        for (var page = 0; page < chunk.Length; page += PageSize)
        {
            if (address + (ulong)page - except.Start < except.Length) continue;
            var now = chunk.AsSpan(page, PageSize);
            if (before is null) now.Clear();
            else before.AsSpan(page, PageSize).CopyTo(now);
        }
    }

    private static ulong AddressOf(Range range, int group, int chunk) =>
        (range.Start >> ChunkBits) + (ulong)((group << GroupBits) + chunk) << ChunkBits;

    private Range? Find(ulong address)
    {
        var at = LastUpTo(address);
        return at >= 0 && address - _ranges[at].Start < _ranges[at].Length ? _ranges[at] : null;
    }

    /// <summary>Which range is the last to start at an address or before it; -1 for none.</summary>
    private int LastUpTo(ulong address)
    {
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Start <= address) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    private byte[]? Chunk(ulong address, bool allocate)
    {
        var range = Find(address) ?? throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is no RAM.");
        // Chunks are counted from address 0, so that an aligned access never crosses from one to the next.
        var index = (address >> ChunkBits) - (range.Start >> ChunkBits);
        ref var group = ref range.Groups[index >> GroupBits];
        if (group is null)
        {
            if (!allocate) return null;
            group = new byte[]?[1 << GroupBits];
        }
        ref var chunk = ref group[index & ((1 << GroupBits) - 1)];
        if (chunk is null && allocate)
        {
            chunk = new byte[1 << ChunkBits];
            Allocated += chunk.Length;
        }
        return chunk;
    }

    private sealed class Range(ulong start, ulong length)
    {
        public readonly ulong Start = start;
        public readonly ulong Length = length;
        public readonly byte[]?[]?[] Groups = new byte[]?[(length >> (ChunkBits + GroupBits)) + 2][];
    }
}
