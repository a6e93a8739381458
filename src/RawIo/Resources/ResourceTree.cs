namespace RawIo;

/// <summary>
/// Who holds which addresses or ports: one root and everything claimed or known below it (kernel/resource.c, shown
/// as <c>/proc/iomem</c> and <c>/proc/ioports</c>). Siblings never overlap, are in address order and lie inside
/// their parent.
/// </summary>
/// <remarks>
/// Every member may be called from any thread; one lock guards the tree. Enumerations are snapshots. The links and
/// bounds of a <see cref="Resource"/> are those of the moment they are read.
/// </remarks>
public sealed partial class ResourceTree
{
    private readonly object _gate = new();

    /// <summary>A tree under one root.</summary>
    /// <param name="root">The whole range, such as <c>new Resource(0, 0xffff, "PCI IO", ResourceFlags.Io)</c>. Its type is inherited by claims.</param>
    /// <exception cref="ArgumentException">The root lies in a tree already.</exception>
    public ResourceTree(Resource root) : this(root, addressesHidden: false)
    {
    }

    internal ResourceTree(Resource root, bool addressesHidden)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Parent is not null)
            throw new ArgumentException($"{root} lies in a tree already; a root must stand alone.", nameof(root));
        (Root, AddressesHidden) = (root, addressesHidden);
    }

    /// <summary>
    /// A warning as the kernel would log it, such as "Trying to free nonexistent resource
    /// &lt;0000000000001000-0000000000001fff&gt;". Raised on the thread that caused it, outside the lock.
    /// </summary>
    public event Action<string>? Warning;

    /// <summary>The whole range. It holds everything and is not printed.</summary>
    public Resource Root { get; }

    /// <summary>
    /// Whether this is the view of a reader without CAP_SYS_ADMIN, parsed from text that shows zeros for every
    /// address: names and nesting are known, in the order of the text, and every range is 0 to 0. Such a tree can be
    /// listed and printed; what asks for an address, or changes the tree, throws <see cref="RawIoException"/> (EPERM).
    /// </summary>
    public bool AddressesHidden { get; }

    /// <summary>Finds the deepest resource below the root that holds an address.</summary>
    /// <param name="address">The address or port.</param>
    /// <returns>The resource, or null where nothing below the root holds the address.</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public Resource? Lookup(ulong address)
    {
        ThrowIfHidden();
        lock (_gate)
        {
            Resource? found = null;
            for (var r = LastFrom(Root, address); r is not null && address <= r.End; r = LastFrom(r, address)) found = r;
            return found;
        }
    }

    /// <summary>All resources below the root, parents before children, in address order: the order of <c>/proc</c>.</summary>
    /// <returns>A snapshot.</returns>
    public IEnumerable<Resource> All()
    {
        lock (_gate)
        {
            var all = new List<Resource>();
            for (var r = Root.Child; r is not null; r = Next(r, Root)) all.Add(r);
            return all;
        }
    }

    /// <summary>The resource after <paramref name="r"/> in print order, inside <paramref name="top"/>; null at the end.</summary>
    private static Resource? Next(Resource r, Resource top, bool skipChildren = false)
    {
        if (!skipChildren && r.Child is not null) return r.Child;
        while (r.Sibling is null)
        {
            if (r.Parent is null || r.Parent == top) return null;
            r = r.Parent;
        }

        return r.Sibling;
    }

    private bool IsBelowRoot(Resource resource)
    {
        var r = resource.Parent;
        while (r is not null && r != Root) r = r.Parent;
        return r is not null;
    }

    private void ThrowIfHidden()
    {
        if (AddressesHidden)
            throw new RawIoException(Errno.EPERM,
                "The addresses of this tree are hidden: its text was read without CAP_SYS_ADMIN. Read it as root.");
    }
}
