using System.Buffers.Binary;
using System.Text;

namespace RawIo.Gate;

/// <summary>Of an ELF64 object file what a disassembler needs: one section's bytes, its symbols, and the names its relocations refer to.</summary>
internal sealed class ElfObject
{
    private const int Rela = 4, SymbolTable = 2;
    private readonly byte[] _file;
    private readonly Dictionary<string, ulong> _starts = [];

    public ElfObject(byte[] file, string section)
    {
        _file = file;
        var sections = Sections();
        var names = sections[U16(0x3e)];
        var index = Array.FindIndex(sections, s => Text(names.Offset + s.Name) == section);
        if (index < 0) throw new InvalidDataException($"The object file has no section {section}.");
        Code = file.AsMemory((int)sections[index].Offset, (int)sections[index].Size);
        var symbols = Array.Find(sections, s => s.Type == SymbolTable);
        var text = sections[symbols.Link];
        for (var at = symbols.Offset; at < symbols.Offset + symbols.Size; at += 24)
        {
            if (U16(at + 6) != index || U32(at) == 0) continue;
            var name = Text(text.Offset + U32(at));
            _starts.TryAdd(name, U64(at + 8));
            Names.TryAdd(U64(at + 8), name);
        }
        foreach (var relocations in sections.Where(s => s.Type == Rela && s.Info == index))
            for (var at = relocations.Offset; at < relocations.Offset + relocations.Size; at += 24)
            {
                var symbol = symbols.Offset + 24 * (U64(at + 8) >> 32);
                References.TryAdd(U64(at), Text(text.Offset + U32(symbol)));
            }
    }

    /// <summary>The section.</summary>
    public ReadOnlyMemory<byte> Code { get; }

    /// <summary>What begins where.</summary>
    public SortedDictionary<ulong, string> Names { get; } = [];

    /// <summary>The symbol that the linker puts in at an offset.</summary>
    public Dictionary<ulong, string> References { get; } = [];

    /// <summary>Where a symbol is, and where the next one begins.</summary>
    public (ulong Start, ulong End)? Extent(string symbol)
    {
        if (!_starts.TryGetValue(symbol, out var start)) return null;
        foreach (var next in Names.Keys)
            if (next > start)
                return (start, next);
        return (start, (ulong)Code.Length);
    }

    private (uint Name, uint Type, ulong Offset, ulong Size, int Link, int Info)[] Sections()
    {
        if (U32(0) != 0x464c457f || _file[4] != 2) throw new InvalidDataException("This is no ELF64 file.");
        var table = U64(0x28);
        return [.. Enumerable.Range(0, U16(0x3c)).Select(i => table + (ulong)(64 * i))
            .Select(at => (U32(at), U32(at + 4), U64(at + 24), U64(at + 32), (int)U32(at + 40), (int)U32(at + 44)))];
    }

    private ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan((int)at));

    private uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan((int)at));

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan((int)at));

    private string Text(ulong at)
    {
        var rest = _file.AsSpan((int)at);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
