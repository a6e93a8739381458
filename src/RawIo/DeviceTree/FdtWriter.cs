using System.Buffers.Binary;
using System.Text;

namespace RawIo;

/// <summary>Writes a device tree as a flattened one, version 17 (Devicetree Specification 0.4, chapter 5).</summary>
internal sealed class FdtWriter
{
    private const int HeaderSize = 40;

    private readonly List<byte> _structure = [];
    private readonly List<byte> _strings = [];
    private readonly Dictionary<string, uint> _names = [];

    private FdtWriter()
    {
    }

    public static byte[] Write(DeviceTree tree)
    {
        var writer = new FdtWriter();
        writer.Node(tree.Root);
        Word(writer._structure, 9);
        return writer.Assemble(tree);
    }

    // A tree nests 64 deep at most.
    private void Node(DeviceTreeNode node)
    {
        Word(_structure, 1);
        _structure.AddRange(Encoding.ASCII.GetBytes(node.Name + '\0'));
        Pad();
        foreach (var property in node.Properties)
        {
            Word(_structure, 3);
            Word(_structure, (uint)property.Value.Length);
            Word(_structure, NameOf(property.Name));
            _structure.AddRange(property.Value.Span);
            Pad();
        }
        foreach (var child in node.Children) Node(child);
        Word(_structure, 2);
    }

    private uint NameOf(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        var offset = (uint)_strings.Count;
        _strings.AddRange(Encoding.ASCII.GetBytes(name + '\0'));
        return _names[name] = offset;
    }

    private byte[] Assemble(DeviceTree tree)
    {
        var structure = HeaderSize + 16 * (tree.Reservations.Count + 1);
        var strings = structure + _structure.Count;
        var all = new List<byte>();
        foreach (var word in (uint[])[0xd00dfeed, (uint)(strings + _strings.Count), (uint)structure, (uint)strings, HeaderSize, 17, 16,
                     tree.BootCpuId, (uint)_strings.Count, (uint)_structure.Count]) Word(all, word);
        foreach (var reservation in tree.Reservations)
        {
            Word(all, (uint)(reservation.Address >> 32));
            Word(all, (uint)reservation.Address);
            Word(all, (uint)(reservation.Size >> 32));
            Word(all, (uint)reservation.Size);
        }
        all.AddRange(new byte[16]);
        all.AddRange(_structure);
        all.AddRange(_strings);
        return all.ToArray();
    }

    private void Pad()
    {
        while (_structure.Count % 4 != 0) _structure.Add(0);
    }

    private static void Word(List<byte> to, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        to.AddRange(bytes);
    }
}
