using System.Buffers.Binary;

namespace RawIo;

/// <summary>Reads a flattened device tree in one pass, without recursion.</summary>
internal sealed class FdtReader
{
    private const uint BeginNode = 1;
    private const uint EndNode = 2;
    private const uint Prop = 3;
    private const uint Nop = 4;
    private const uint End = 9;

    private readonly ReadOnlyMemory<byte> _blob;
    private readonly FdtHeader _header;
    private readonly DeviceTree _tree;
    private readonly TreeAssembler _assembler;
    private readonly Dictionary<uint, string> _names = [];
    private int _position;

    private FdtReader(ReadOnlyMemory<byte> blob)
    {
        _blob = blob;
        _header = FdtHeader.Read(blob.Span);
        _tree = new DeviceTree { BootCpuId = _header.BootCpuId, Reservations = ReadReservations() };
        _assembler = new TreeAssembler(_tree);
        _position = _header.StructStart;
    }

    public static DeviceTree Read(ReadOnlyMemory<byte> blob)
    {
        var reader = new FdtReader(blob);
        reader.ReadRoot();
        reader.ReadNodes();
        reader.ReadEnd();
        return reader._tree;
    }

    private List<DeviceTreeReservation> ReadReservations()
    {
        var list = new List<DeviceTreeReservation>();
        for (var at = _header.ReservationsStart; ; at += 16)
        {
            if (_header.ReservationsEnd - at < 16)
                throw TreeAssembler.Error(at, "the memory reservation block has no end, or runs into another block");
            var bytes = _blob.Span.Slice(at, 16);
            var (address, size) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
            if (address == 0 && size == 0) return list;
            if (size > 0 && size - 1 > ulong.MaxValue - address)
                throw TreeAssembler.Error(at, $"a memory reservation at 0x{address:x} of 0x{size:x} bytes runs past 64 bits");
            list.Add(new DeviceTreeReservation(address, size));
        }
    }

    private void ReadRoot()
    {
        var (token, at) = NextToken();
        if (token != BeginNode) throw TreeAssembler.Error(at, $"token {token} where the root node should begin");
        if (!NodeName().IsEmpty) throw TreeAssembler.Error(at + 4, "the root node has a name");
    }

    private void ReadNodes()
    {
        var node = _tree.Root;
        for (var depth = 1; ;)
        {
            var (token, at) = NextToken();
            switch (token)
            {
                case BeginNode:
                    if (++depth > TreeAssembler.MaxDepth)
                        throw TreeAssembler.Error(at, $"nodes nested deeper than {TreeAssembler.MaxDepth}");
                    node = _assembler.AddNode(node, NodeName(), at + 4);
                    break;
                case EndNode:
                    depth--;
                    if (node.Parent is null) return;
                    node = node.Parent;
                    break;
                case Prop:
                    if (node.Children.Count > 0)
                        throw TreeAssembler.Error(at, $"a property of {node.Path} after its child nodes");
                    ReadProperty(node, at);
                    break;
                default:
                    throw TreeAssembler.Error(at, $"token 0x{token:x} inside node {node.Path}");
            }
        }
    }

    private void ReadEnd()
    {
        var (token, at) = NextToken();
        if (token != End) throw TreeAssembler.Error(at, $"token 0x{token:x} after the root node, where the tree should end");
        if (_header.HasStructSize && _position != _header.StructEnd)
            throw TreeAssembler.Error(_position, $"{_header.StructEnd - _position} bytes of the structure block after its end");
    }

    private void ReadProperty(DeviceTreeNode node, int at)
    {
        if (_header.StructEnd - _position < 8) throw Truncated();
        var length = Word(_position);
        var name = PropertyName(Word(_position + 4), _position + 4);
        _position += 8;
        if (length > (uint)(_header.StructEnd - _position))
            throw TreeAssembler.Error(at + 4, $"property '{name}' of {node.Path} has {length} bytes, but {_header.StructEnd - _position} are left");
        _assembler.AddProperty(node, name, _blob.Slice(_position, (int)length), _position);
        Advance((int)length);
    }

    private string PropertyName(uint offset, int at)
    {
        if (_names.TryGetValue(offset, out var known)) return known;
        if (offset >= (uint)(_header.StringsEnd - _header.StringsStart))
            throw TreeAssembler.Error(at, $"a property name at {offset} of the strings block, which has {_header.StringsEnd - _header.StringsStart} bytes");
        var start = _header.StringsStart + (int)offset;
        // One byte more than a name may have tells a name that is too long from one that has no end.
        var bytes = _blob.Span[start..Math.Min(_header.StringsEnd, start + TreeAssembler.MaxName + 1)];
        var length = bytes.IndexOf((byte)0);
        if (length < 0)
            throw TreeAssembler.Error(start, bytes.Length > TreeAssembler.MaxName
                ? $"a property name longer than {TreeAssembler.MaxName} bytes"
                : "a property name that runs out of the strings block");
        return _names[offset] = TreeAssembler.Name(bytes[..length], start);
    }

    private ReadOnlySpan<byte> NodeName()
    {
        var bytes = _blob.Span[_position.._header.StructEnd];
        var length = bytes.IndexOf((byte)0);
        if (length < 0) throw TreeAssembler.Error(_position, "a node name that runs out of the structure block");
        Advance(length + 1);
        return bytes[..length];
    }

    /// <summary>The next token that is not NOP, and where it is.</summary>
    private (uint Token, int At) NextToken()
    {
        while (true)
        {
            if (_header.StructEnd - _position < 4) throw Truncated();
            var token = Word(_position);
            _position += 4;
            if (token != Nop) return (token, _position - 4);
        }
    }

    /// <summary>Steps over bytes and the padding to the next word, which may lie past the end only if nothing is read there.</summary>
    private void Advance(int bytes) => _position = Math.Min(_position + ((bytes + 3) & ~3), _header.StructEnd);

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(_blob.Span[at..]);

    private MalformedInputException Truncated() =>
        TreeAssembler.Error(_position, $"the structure block stops at {_header.StructEnd} inside the tree");
}
