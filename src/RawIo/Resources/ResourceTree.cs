namespace RawIo;

/// <summary>Stub.</summary>
public sealed class ResourceTree
{
    /// <summary>An empty tree under one root.</summary>
    public ResourceTree(Resource root) => Root = root;

    /// <summary>The root.</summary>
    public Resource Root { get; }

    /// <summary>Claims (kernel: __request_region); throws <see cref="ResourceBusyException"/>.</summary>
    public Resource Request(ulong start, ulong size, string name, ResourceFlags flags = ResourceFlags.None) => throw new NotImplementedException();

    /// <summary>Gives back (kernel: __release_region). False (and a warning) when there is no exact BUSY match.</summary>
    public bool Release(ulong start, ulong size) => throw new NotImplementedException();

    /// <summary>kernel: insert_resource.</summary>
    public void Insert(Resource resource) => throw new NotImplementedException();

    /// <summary>Deepest resource that holds the address, or null.</summary>
    public Resource? Lookup(ulong address) => throw new NotImplementedException();

    /// <summary>All resources below the root in print order.</summary>
    public IEnumerable<Resource> All() => throw new NotImplementedException();

    /// <summary>/proc text.</summary>
    public string ToProcText(bool hideAddresses = false) => throw new NotImplementedException();
}
