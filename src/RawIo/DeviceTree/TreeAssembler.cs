using System.Buffers.Binary;
using System.Text;

namespace RawIo;

/// <summary>Puts a tree together in document order and holds it to the limits that <see cref="DeviceTree"/> states, whatever it is read from.</summary>
internal sealed class TreeAssembler(DeviceTree tree)
{
    internal const int MaxDepth = 64;
    internal const int MaxName = 255;

    /// <summary>Opens a child.</summary>
    public DeviceTreeNode AddNode(DeviceTreeNode parent, ReadOnlySpan<byte> name, long offset)
    {
        if (name.IsEmpty || name.Contains((byte)'/'))
            throw Error(offset, $"a node under {parent.Path} whose name is empty or has a '/'");
        var node = new DeviceTreeNode(tree, parent, Name(name, offset));
        if (!parent.TryAdd(node)) throw Error(offset, $"a second node {node.Path}");
        tree.Add(node);
        return node;
    }

    /// <summary>Adds a property to the node; its name has been through <see cref="Name"/>.</summary>
    public void AddProperty(DeviceTreeNode node, string name, ReadOnlyMemory<byte> value, long offset)
    {
        var property = new DeviceTreeProperty(node, name, value, offset);
        if (!node.TryAdd(property)) throw property.Error("a second one of that name");
        if (name is not ("phandle" or "linux,phandle")) return;
        if (value.Length != 4) throw property.Shape("one cell of 4 bytes");
        var phandle = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
        if (phandle is 0 or uint.MaxValue) return;
        if (!tree.TryAddPhandle(phandle, node))
            throw property.Error($"0x{phandle:x} is the phandle of {tree.FindPhandle(phandle)!.Path} too");
        if (node.Phandle is null || name == "phandle") node.Phandle = phandle;
    }

    /// <summary>A node's or property's name: printable ASCII, no blank, 255 bytes at most. The bound keeps names that share bytes of the strings block linear.</summary>
    public static string Name(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.IsEmpty) throw Error(offset, "an empty name");
        if (bytes.Length > MaxName) throw Error(offset, $"a name of {bytes.Length} bytes; {MaxName} is the limit");
        var bad = bytes.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e);
        return bad < 0 ? Encoding.ASCII.GetString(bytes) : throw Error(offset + bad, $"byte 0x{bytes[bad]:x2} in a name");
    }

    public static MalformedInputException Error(long offset, string what) => new(what, offset, "byte");
}
