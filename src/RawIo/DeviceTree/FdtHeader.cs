using System.Buffers.Binary;

namespace RawIo;

/// <summary>The header of a flattened device tree, checked: every block lies inside the tree and on none of the others (Devicetree Specification 0.4, 5.2).</summary>
internal readonly struct FdtHeader
{
    private const uint Magic = 0xd00dfeed;
    private const int SizeV16 = 36;
    private const int SizeV17 = 40;

    /// <summary>Where the structure block starts and where it ends at the latest.</summary>
    public int StructStart { get; private init; }
    public int StructEnd { get; private init; }

    /// <summary>Whether the end is what the header says (version 17), not only a bound.</summary>
    public bool HasStructSize { get; private init; }

    public int StringsStart { get; private init; }
    public int StringsEnd { get; private init; }

    /// <summary>Where the memory reservation block starts and where it ends at the latest.</summary>
    public int ReservationsStart { get; private init; }
    public int ReservationsEnd { get; private init; }

    public uint BootCpuId { get; private init; }

    public static FdtHeader Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 8) throw TreeAssembler.Error(blob.Length, "the input ends inside a device tree's header");
        if (Field(blob, 0) != Magic) throw TreeAssembler.Error(0, $"0x{Field(blob, 0):x8} is not a device tree's magic, 0x{Magic:x8}");
        var total = Field(blob, 4);
        if (total > (uint)blob.Length)
            throw TreeAssembler.Error(4, $"a total size of {total} bytes, but there are {blob.Length}");
        if (total < SizeV16) throw TreeAssembler.Error(4, $"a total size of {total} bytes is smaller than the header");

        var version = Field(blob, 20);
        if (version < 16) throw TreeAssembler.Error(20, $"version {version}; 16 and 17 can be read");
        if (Field(blob, 24) is > 17 or < 1) throw TreeAssembler.Error(24, $"compatible back to version {Field(blob, 24)}; 16 and 17 can be read");
        var header = version >= 17 ? SizeV17 : SizeV16;
        if (total < header) throw TreeAssembler.Error(4, $"a total size of {total} bytes is smaller than the header");

        var limit = (int)total;
        var structure = Start(blob, 8, "structure", 4, header, limit);
        var strings = Start(blob, 12, "strings", 1, header, limit);
        var reservations = Start(blob, 16, "memory reservation", 8, header, limit);
        var stringsEnd = End(blob, 32, "strings", strings, limit);
        // A strings block of no bytes is in nobody's way.
        var wall = stringsEnd > strings ? strings : structure;
        var structEnd = version >= 17 ? End(blob, 36, "structure", structure, limit)
            : Before(structure, limit, wall, reservations);

        if (stringsEnd > strings && strings < structEnd && structure < stringsEnd)
            throw TreeAssembler.Error(12, "the strings block overlaps the structure block");
        if ((reservations >= structure && reservations < structEnd) || (reservations >= strings && reservations < stringsEnd))
            throw TreeAssembler.Error(16, "the memory reservation block overlaps another block");

        return new FdtHeader
        {
            StructStart = structure, StructEnd = structEnd, HasStructSize = version >= 17,
            StringsStart = strings, StringsEnd = stringsEnd,
            ReservationsStart = reservations, ReservationsEnd = Before(reservations, limit, structure, wall),
            BootCpuId = Field(blob, 28),
        };
    }

    private static uint Field(ReadOnlySpan<byte> blob, int offset) => BinaryPrimitives.ReadUInt32BigEndian(blob[offset..]);

    private static int Start(ReadOnlySpan<byte> blob, int field, string name, int alignment, int header, int limit)
    {
        var start = Field(blob, field);
        if (start < header || start > limit) throw TreeAssembler.Error(field, $"the {name} block at {start} is not between the header and the end at {limit}");
        if (start % alignment != 0) throw TreeAssembler.Error(field, $"the {name} block at {start} is not aligned to {alignment} bytes");
        return (int)start;
    }

    private static int End(ReadOnlySpan<byte> blob, int field, string name, int start, int limit)
    {
        var size = Field(blob, field);
        return size <= limit - start ? start + (int)size
            : throw TreeAssembler.Error(field, $"the {name} block at {start} of {size} bytes runs past the end at {limit}");
    }

    /// <summary>The end of a block that does not tell its size: the start of the next one, or the end of the tree.</summary>
    private static int Before(int start, int end, int first, int second)
    {
        if (first > start) end = Math.Min(end, first);
        if (second > start) end = Math.Min(end, second);
        return end;
    }
}
