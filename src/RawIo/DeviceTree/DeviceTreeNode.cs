namespace RawIo;

/// <summary>A node of a device tree: a device, a bus or a group.</summary>
/// <remarks>A node never changes and may be used by several threads. A member that decodes a property throws <see cref="MalformedInputException"/> when the property has not the shape it should have.</remarks>
public sealed partial class DeviceTreeNode : INamed
{
    private readonly NamedList<DeviceTreeNode> _children = new();
    private readonly NamedList<DeviceTreeProperty> _properties = new();
    private readonly int _baseLength;
    private IReadOnlyList<string>? _compatible;

    internal DeviceTreeNode(DeviceTree tree, DeviceTreeNode? parent, string name)
    {
        (Tree, Parent, Name) = (tree, parent, name);
        var at = name.IndexOf('@');
        _baseLength = at < 0 ? name.Length : at;
    }

    /// <summary>"gpio@7e200000"; empty for the root.</summary>
    public string Name { get; }

    /// <summary>The name without its unit address: "gpio".</summary>
    public string BaseName => Name[.._baseLength];

    /// <summary>What follows the "@" in the name, "7e200000"; null where there is none.</summary>
    public string? UnitAddress => _baseLength == Name.Length ? null : Name[(_baseLength + 1)..];

    /// <summary>"/soc/gpio@7e200000"; "/" for the root. Put together at each call.</summary>
    public string Path
    {
        get
        {
            if (Parent is null) return "/";
            var names = new Stack<string>();
            for (var node = this; node.Parent is not null; node = node.Parent) names.Push(node.Name);
            return "/" + string.Join('/', names);
        }
    }

    /// <summary>The parent; null for the root.</summary>
    public DeviceTreeNode? Parent { get; }

    /// <summary>Children in document order.</summary>
    public IReadOnlyList<DeviceTreeNode> Children => _children;

    /// <summary>Properties in document order.</summary>
    public IReadOnlyList<DeviceTreeProperty> Properties => _properties;

    /// <summary>The number others refer to this node by (<c>phandle</c>, or <c>linux,phandle</c> of older trees); null where there is none. The numbers 0 and 0xffffffff mean none.</summary>
    public uint? Phandle { get; internal set; }

    /// <summary><c>compatible</c>, most specific first; empty if there is none.</summary>
    /// <exception cref="MalformedInputException">It is not made of strings.</exception>
    public IReadOnlyList<string> Compatible => _compatible ??= this["compatible"]?.AsStrings() ?? [];

    /// <summary>Whether <c>status</c> is absent, "okay" or "ok", here and in every parent.</summary>
    public bool IsAvailable
    {
        get
        {
            for (var node = this; node is not null; node = node.Parent)
                if (node["status"] is { } status && !status.Is("okay"u8) && !status.Is("ok"u8)) return false;
            return true;
        }
    }

    /// <summary>How many cells an address takes on the bus this node is: <c>#address-cells</c>, 2 if absent. Not inherited (Devicetree Specification 0.4, 2.3.5).</summary>
    /// <exception cref="MalformedInputException">It is not one cell from 0 to 4.</exception>
    public int AddressCells => CellCount("#address-cells", 2);

    /// <summary>How many cells a size takes on the bus this node is: <c>#size-cells</c>, 1 if absent. Not inherited.</summary>
    /// <exception cref="MalformedInputException">It is not one cell from 0 to 4.</exception>
    public int SizeCells => CellCount("#size-cells", 1);

    /// <summary>The property of that name, or null.</summary>
    /// <param name="name">Such as "reg".</param>
    public DeviceTreeProperty? this[string name] => _properties.Find(name);

    /// <summary>The tree it is in.</summary>
    public DeviceTree Tree { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    internal bool TryAdd(DeviceTreeNode child) => _children.TryAdd(child);

    internal bool TryAdd(DeviceTreeProperty property) => _properties.TryAdd(property);

    /// <summary>The child of that name, or else the only one of that name without its unit address.</summary>
    internal DeviceTreeNode? FindChild(string name)
    {
        if (_children.Find(name) is { } exact) return exact;
        if (name.Contains('@')) return null;
        DeviceTreeNode? found = null;
        foreach (var child in _children)
        {
            if (!child.Name.AsSpan(0, child._baseLength).SequenceEqual(name)) continue;
            if (found is not null) return null;
            found = child;
        }
        return found;
    }

    private int CellCount(string name, int absent)
    {
        if (this[name] is not { } property) return absent;
        var count = property.AsUInt32();
        return count <= 4 ? (int)count : throw property.Error($"{count} cells; 0 to 4 can be read");
    }
}
