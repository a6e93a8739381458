using System.Buffers.Binary;
using System.Text;

namespace RawIo;

/// <summary>A property of a device tree node: a name and bytes, which the reader of the property gives their meaning.</summary>
/// <remarks>Each way to read the bytes throws <see cref="MalformedInputException"/> when they have another shape; it names the node, the property, its length and, for a flattened tree, the value's byte offset (0 for a folder).</remarks>
public sealed class DeviceTreeProperty : INamed
{
    internal DeviceTreeProperty(DeviceTreeNode node, string name, ReadOnlyMemory<byte> value, long offset) =>
        (Node, Name, Value, Offset) = (node, name, value, offset);

    /// <summary>The node that has it.</summary>
    public DeviceTreeNode Node { get; }

    /// <summary>The name, such as "reg".</summary>
    public string Name { get; }

    /// <summary>The raw bytes.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Whether it has no value: its presence is what it says.</summary>
    public bool IsEmpty => Value.IsEmpty;

    /// <summary>Where the value starts in the flattened tree; 0 for a folder.</summary>
    internal long Offset { get; }

    /// <summary>The value as one string (UTF-8; a byte that is not UTF-8 becomes U+FFFD).</summary>
    /// <exception cref="MalformedInputException">It is empty, has no NUL at its end or one before that.</exception>
    public string AsString()
    {
        var bytes = Value.Span;
        if (bytes.IndexOf((byte)0) != bytes.Length - 1 || bytes.IsEmpty) throw Shape("one NUL-terminated string");
        return Encoding.UTF8.GetString(bytes[..^1]);
    }

    /// <summary>The value as a list of strings, as <see cref="AsString"/> reads each; an empty value has none.</summary>
    /// <exception cref="MalformedInputException">The last one has no NUL.</exception>
    public IReadOnlyList<string> AsStrings()
    {
        var bytes = Value.Span;
        if (bytes.IsEmpty) return [];
        if (bytes[^1] != 0) throw Shape("NUL-terminated strings");
        var strings = new List<string>();
        while (!bytes.IsEmpty)
        {
            var length = bytes.IndexOf((byte)0);
            strings.Add(Encoding.UTF8.GetString(bytes[..length]));
            bytes = bytes[(length + 1)..];
        }
        return strings;
    }

    /// <summary>The value as one cell.</summary>
    /// <exception cref="MalformedInputException">It is not 4 bytes long.</exception>
    public uint AsUInt32() =>
        Value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value.Span) : throw Shape("one cell of 4 bytes");

    /// <summary>The value as one number of two cells, the first the upper half.</summary>
    /// <exception cref="MalformedInputException">It is not 8 bytes long.</exception>
    public ulong AsUInt64() =>
        Value.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(Value.Span) : throw Shape("one number of 8 bytes");

    /// <summary>The value as cells: big-endian 32-bit numbers.</summary>
    /// <exception cref="MalformedInputException">Its length is no multiple of 4.</exception>
    public IReadOnlyList<uint> AsCells() => Cells();

    internal uint[] Cells()
    {
        if (Value.Length % 4 != 0) throw Shape("cells of 4 bytes");
        var bytes = Value.Span;
        var cells = new uint[bytes.Length / 4];
        for (var i = 0; i < cells.Length; i++) cells[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 4)..]);
        return cells;
    }

    /// <summary>Whether the value is this text and its NUL.</summary>
    internal bool Is(ReadOnlySpan<byte> text) =>
        Value.Length == text.Length + 1 && Value.Span[^1] == 0 && Value.Span[..^1].SequenceEqual(text);

    /// <summary>The exception for a value that is not what it should be.</summary>
    internal MalformedInputException Shape(string expected) => Error($"{Value.Length} bytes, not {expected}");

    internal MalformedInputException Error(string what) =>
        new($"{Node.Path}: property '{Name}': {what}", Offset, "byte");
}
