using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RawIo.Tests;

/// <summary>Writes flattened device trees, and broken ones: nothing is checked, and tokens may be written by hand.</summary>
internal sealed class FdtBuilder
{
    public const uint BeginNode = 1, EndNode = 2, PropToken = 3, Nop = 4, EndToken = 9;

    private readonly ArrayBufferWriter<byte> _structure = new();
    private readonly ArrayBufferWriter<byte> _strings = new();
    private readonly ArrayBufferWriter<byte> _reservations = new();
    private readonly Dictionary<string, uint> _names = [];

    /// <summary>Opens a node; the root's name is "".</summary>
    public FdtBuilder Begin(string name = "") => Token(BeginNode).Text(name);

    public FdtBuilder End() => Token(EndNode);

    /// <summary>A property of cells; without any, an empty one.</summary>
    public FdtBuilder Prop(string name, params uint[] cells)
    {
        var bytes = new byte[cells.Length * 4];
        for (var i = 0; i < cells.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), cells[i]);
        return Prop(name, bytes);
    }

    /// <summary>A property of strings, each with its NUL.</summary>
    public FdtBuilder Prop(string name, string first, params string[] more) =>
        Prop(name, Encoding.UTF8.GetBytes(string.Concat(more.Prepend(first).Select(s => s + "\0"))));

    public FdtBuilder Prop(string name, byte[] value) =>
        Token(PropToken).Token((uint)value.Length).Token(NameOffset(name)).Bytes(value);

    /// <summary>Where a name is in the strings block; put there when it is new.</summary>
    public uint NameOffset(string name)
    {
        if (_names.TryGetValue(name, out var offset)) return offset;
        offset = (uint)_strings.WrittenCount;
        _strings.Write(Encoding.UTF8.GetBytes(name + "\0"));
        return _names[name] = offset;
    }

    /// <summary>A word of the structure block.</summary>
    public FdtBuilder Token(uint token)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, token);
        _structure.Write(word);
        return this;
    }

    /// <summary>Bytes of the structure block, padded to a word.</summary>
    public FdtBuilder Bytes(params byte[] bytes)
    {
        _structure.Write(bytes);
        while (_structure.WrittenCount % 4 != 0) _structure.Write([(byte)0]);
        return this;
    }

    public FdtBuilder Reserve(ulong address, ulong size)
    {
        Span<byte> entry = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(entry, address);
        BinaryPrimitives.WriteUInt64BigEndian(entry[8..], size);
        _reservations.Write(entry);
        return this;
    }

    /// <summary>The tree: header, reservations, structure, strings. The end token and the reservations' end are added.</summary>
    public byte[] Build(uint version = 17, uint bootCpu = 0)
    {
        Token(EndToken);
        Reserve(0, 0);
        var header = version >= 17 ? 40 : 36;
        var reservations = (header + 7) & ~7;
        var structure = reservations + _reservations.WrittenCount;
        var strings = structure + _structure.WrittenCount;
        var blob = new byte[strings + _strings.WrittenCount];
        uint[] fields =
        [
            0xd00dfeed, (uint)blob.Length, (uint)structure, (uint)strings, (uint)reservations,
            version, 16, bootCpu, (uint)_strings.WrittenCount, (uint)_structure.WrittenCount,
        ];
        for (var i = 0; i < header / 4; i++) Patch(blob, i * 4, fields[i]);
        _reservations.WrittenSpan.CopyTo(blob.AsSpan(reservations));
        _structure.WrittenSpan.CopyTo(blob.AsSpan(structure));
        _strings.WrittenSpan.CopyTo(blob.AsSpan(strings));
        return blob;
    }

    /// <summary>Builds and reads.</summary>
    public DeviceTree Tree() => DeviceTree.Parse(Build());

    /// <summary>Overwrites a word, such as a header field.</summary>
    public static byte[] Patch(byte[] blob, int offset, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(offset), value);
        return blob;
    }

    private FdtBuilder Text(string text) => Bytes(Encoding.UTF8.GetBytes(text + "\0"));
}
