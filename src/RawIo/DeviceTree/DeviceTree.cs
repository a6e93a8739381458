namespace RawIo;

/// <summary>Stub.</summary>
public sealed class DeviceTree
{
    private DeviceTree(DeviceTreeNode root) => Root = root;

    /// <summary>The root node.</summary>
    public DeviceTreeNode Root { get; }

    /// <summary>The /model.</summary>
    public string? Model => throw new NotImplementedException();

    /// <summary>Reads a flattened tree.</summary>
    public static DeviceTree Parse(ReadOnlyMemory<byte> blob) => throw new NotImplementedException();

    /// <summary>Reads a .dtb file.</summary>
    public static DeviceTree Load(string path) => throw new NotImplementedException();

    /// <summary>Reads /proc/device-tree or a copy of it.</summary>
    public static DeviceTree FromFolder(string path) => throw new NotImplementedException();

    /// <summary>By path or alias.</summary>
    public DeviceTreeNode? Find(string pathOrAlias) => throw new NotImplementedException();

    /// <summary>By phandle.</summary>
    public DeviceTreeNode? FindPhandle(uint phandle) => throw new NotImplementedException();

    /// <summary>All nodes, in document order, the root first.</summary>
    public IEnumerable<DeviceTreeNode> Nodes => throw new NotImplementedException();
}

/// <summary>Stub.</summary>
public sealed class DeviceTreeNode
{
    /// <summary>"gpio@7e200000".</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>"/soc/gpio@7e200000".</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>The parent; null for the root.</summary>
    public DeviceTreeNode? Parent => throw new NotImplementedException();

    /// <summary>Children in document order.</summary>
    public IReadOnlyList<DeviceTreeNode> Children => throw new NotImplementedException();

    /// <summary>compatible, most specific first; empty if none.</summary>
    public IReadOnlyList<string> Compatible => throw new NotImplementedException();

    /// <summary>status is absent, "okay" or "ok", here and in every parent.</summary>
    public bool IsAvailable => throw new NotImplementedException();

    /// <summary>reg, as CPU addresses, named by reg-names or else the node's name; entries that cannot be translated are left out.</summary>
    public IReadOnlyList<Resource> Resources => throw new NotImplementedException();

    /// <summary>reg, untranslated: the addresses on the node's own bus.</summary>
    public IReadOnlyList<DeviceTreeReg> Reg => throw new NotImplementedException();

    /// <summary>Property by name, or null.</summary>
    public DeviceTreeProperty? this[string name] => throw new NotImplementedException();
}

/// <summary>One reg entry on the node's bus.</summary>
public readonly record struct DeviceTreeReg(UInt128 Address, UInt128 Size);

/// <summary>Stub.</summary>
public sealed class DeviceTreeProperty
{
    /// <summary>The name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The raw bytes.</summary>
    public ReadOnlyMemory<byte> Value => throw new NotImplementedException();
}
