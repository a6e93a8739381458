namespace RawIo;

/// <summary>A device tree: what hardware there is, where it is and how it is connected, as firmware tells the kernel.</summary>
/// <remarks>
/// Read from a flattened tree (<see cref="Parse"/>, <see cref="Load"/>) or from the folder the kernel makes of one
/// (<see cref="FromFolder"/>). Names are printable ASCII of at most 255 bytes, nodes nest at most 64 deep, and no
/// two children and no two properties of a node share a name; a tree that breaks one of these is malformed.
/// Reading takes time and memory linear in the input. A tree never changes and may be used by several threads.
/// Format: Devicetree Specification 0.4, chapter 5.
/// </remarks>
public sealed class DeviceTree
{
    private readonly List<DeviceTreeNode> _nodes = [];
    private readonly Dictionary<uint, DeviceTreeNode> _phandles = [];
    private DeviceTreeReservation[] _reservations = [];
    private IReadOnlyDictionary<string, string>? _aliases;

    internal DeviceTree()
    {
        Root = new DeviceTreeNode(this, null, "");
        _nodes.Add(Root);
    }

    /// <summary>The root node.</summary>
    public DeviceTreeNode Root { get; }

    /// <summary>The board's name in words: <c>/model</c>, or null.</summary>
    /// <exception cref="MalformedInputException">It is not one string.</exception>
    public string? Model => Root["model"]?.AsString();

    /// <summary>What the board is, most specific first: the root's <c>compatible</c>.</summary>
    /// <exception cref="MalformedInputException">It is not made of strings.</exception>
    public IReadOnlyList<string> Compatible => Root.Compatible;

    /// <summary>All nodes, in document order, the root first.</summary>
    public IEnumerable<DeviceTreeNode> Nodes => _nodes;

    /// <summary>The physical id of the processor that boots; 0 for a folder, which does not tell.</summary>
    public uint BootCpuId { get; internal init; }

    /// <summary>The memory reservation block, in order; empty for a folder, which does not have it.</summary>
    public IReadOnlyList<DeviceTreeReservation> Reservations
    {
        get => _reservations;
        internal init => _reservations = [.. value];
    }

    /// <summary>The nodes under <c>/reserved-memory</c> that are available. One with <c>reg</c> says where it is; one with <c>size</c> leaves the place to the kernel.</summary>
    public IReadOnlyList<DeviceTreeNode> ReservedMemory =>
        Root.FindChild("reserved-memory") is { } parent ? [.. parent.Children.Where(node => node.IsAvailable)] : [];

    /// <summary>System RAM: <c>reg</c> of the available nodes under the root whose <c>device_type</c> is "memory", as the kernel takes it. Entries of no size are left out (firmware fills them in).</summary>
    /// <exception cref="MalformedInputException">A <c>reg</c> has the wrong length.</exception>
    public IReadOnlyList<Resource> Memory
    {
        get
        {
            var memory = new List<Resource>();
            foreach (var node in Root.Children)
            {
                if (node["device_type"]?.Is("memory"u8) != true || !node.IsAvailable) continue;
                foreach (var entry in node.Resources)
                    memory.Add(new Resource(entry.Start, entry.End, "System RAM", ResourceFlags.Mem | ResourceFlags.SysRam));
            }
            return memory;
        }
    }

    /// <summary>The short names of <c>/aliases</c>, and the paths they stand for.</summary>
    /// <exception cref="MalformedInputException">One is not a string.</exception>
    public IReadOnlyDictionary<string, string> Aliases
    {
        get
        {
            if (_aliases is not null) return _aliases;
            var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in Root.FindChild("aliases")?.Properties ?? [])
                if (property.Name is not ("phandle" or "linux,phandle" or "name")) aliases.Add(property.Name, property.AsString());
            return _aliases = aliases;
        }
    }

    /// <summary>Reads a flattened device tree, version 17, or 16 of which it is an extension.</summary>
    /// <param name="blob">The whole of it; what follows its own total size is ignored. It is not copied: it must not change while the tree is in use.</param>
    /// <exception cref="MalformedInputException">It is truncated, contradicts itself, or is no device tree; <see cref="MalformedInputException.Position"/> is the byte offset.</exception>
    public static DeviceTree Parse(ReadOnlyMemory<byte> blob) => FdtReader.Read(blob);

    /// <summary>Reads a .dtb file.</summary>
    /// <param name="path">The file; at most 64 MiB of it are read.</param>
    /// <exception cref="MalformedInputException">As for <see cref="Parse"/>.</exception>
    /// <exception cref="RawIoException">The file is not there (ENOENT), is a folder (EINVAL), may not be read (EACCES) or fails (EIO).</exception>
    public static DeviceTree Load(string path) => Parse(DeviceTreeFile.Read(path));

    /// <summary>Reads <c>/proc/device-tree</c> (<c>/sys/firmware/devicetree/base</c>) or a copy of it: folders are nodes, files are properties.</summary>
    /// <remarks>
    /// Folders have no order, so nodes and properties come sorted by name. Symbolic links inside are not followed.
    /// The <c>name</c> files that the kernel adds are left out. A file whose size is 0 is an empty property and is
    /// not opened.
    /// </remarks>
    /// <param name="path">The folder of the root node.</param>
    /// <exception cref="MalformedInputException">A name or the depth is not a device tree's; the offset is 0.</exception>
    /// <exception cref="RawIoException">The folder is not there (ENOENT) or a file (EINVAL), something in it may not be read (EACCES) or fails (EIO).</exception>
    public static DeviceTree FromFolder(string path) => DeviceTreeFolder.Read(path);

    /// <summary>The node at a path ("/soc/gpio@7e200000"), of an alias ("serial0"), or below an alias ("soc/gpio").</summary>
    /// <param name="pathOrAlias">Parts of it may lack their unit address where only one node can be meant.</param>
    /// <returns>The node; null where there is none or more than one.</returns>
    /// <exception cref="MalformedInputException">The alias is not a string.</exception>
    public DeviceTreeNode? Find(string pathOrAlias)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrAlias);
        if (pathOrAlias[0] == '/') return Descend(Root, pathOrAlias);
        var slash = pathOrAlias.IndexOf('/');
        var alias = slash < 0 ? pathOrAlias : pathOrAlias[..slash];
        if (Root.FindChild("aliases")?[alias]?.AsString() is not ['/', ..] path) return null;
        return Descend(Root, path) is { } node ? Descend(node, pathOrAlias[alias.Length..]) : null;
    }

    /// <summary>The node that has that phandle, or null.</summary>
    /// <param name="phandle">The number.</param>
    public DeviceTreeNode? FindPhandle(uint phandle) => _phandles.GetValueOrDefault(phandle);

    /// <summary>Appends a node that was read, in document order.</summary>
    internal void Add(DeviceTreeNode node) => _nodes.Add(node);

    /// <summary>Enters a phandle; false when another node has it.</summary>
    internal bool TryAddPhandle(uint phandle, DeviceTreeNode node) =>
        _phandles.TryAdd(phandle, node) || _phandles[phandle] == node;

    private static DeviceTreeNode? Descend(DeviceTreeNode from, string path)
    {
        var node = from;
        foreach (var part in path.AsSpan().Split('/'))
        {
            if (part.Start.Value == part.End.Value) continue;
            if (node.FindChild(path[part]) is not { } child) return null;
            node = child;
        }
        return node;
    }
}
