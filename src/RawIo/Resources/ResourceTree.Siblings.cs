namespace RawIo;

// The list of siblings, as the kernel has it, and beside a long one a sorted set to find places in it by.
public sealed partial class ResourceTree
{
    private const int Few = 32;

    private static readonly IComparer<Resource> s_byStart = Comparer<Resource>.Create(static (a, b) => a.Start.CompareTo(b.Start));

    /// <summary>The last child of a parent that begins at an address or before it; null where none does.</summary>
    private static Resource? LastFrom(Resource parent, ulong address)
    {
        if (parent.Index is null)
        {
            Resource? last = null;
            var steps = 0;
            for (var r = parent.Child; r is not null && r.Start <= address && steps <= Few; (last, r) = (r, r.Sibling)) steps++;
            if (steps <= Few) return last;
            parent.Index = new(Children(parent), s_byStart);
        }
        return parent.Child is { } first && first.Start <= address ? parent.Index.GetViewBetween(first, new(address, address, null)).Max : null;
    }

    /// <summary>Links a resource beside its siblings under a parent (kernel: __request_resource), or names the conflict.</summary>
    /// <param name="parent">Where it goes.</param>
    /// <param name="added">The resource.</param>
    /// <param name="previous">A child of the parent that lies before it, as a hint; null for none. Afterwards the last that does.</param>
    private static Resource? Link(Resource parent, Resource added, ref Resource? previous)
    {
        if (added.Start < parent.Start || added.End > parent.End) return parent;
        if (previous is null || (previous.Sibling is { } after && after.End < added.Start)) previous = LastFrom(parent, added.Start);
        if (previous is not null && previous.End >= added.Start)
        {
            var conflict = previous;
            previous = PreviousSibling(conflict);
            return conflict;
        }
        var next = previous is null ? parent.Child : previous.Sibling;
        if (next is not null && next.Start <= added.End) return next;
        (added.Parent, added.Sibling) = (parent, next);
        Attach(parent, previous, added);
        parent.Index?.Add(added);
        return null;
    }

    private static Resource? Link(Resource parent, Resource added)
    {
        Resource? first = null;
        return Link(parent, added, ref first);
    }

    /// <summary>Takes a resource out of the list of its siblings, and puts others, which are linked to what comes after it, in its place.</summary>
    private static void Unlink(Resource resource, Resource? replacement)
    {
        var parent = resource.Parent!;
        var after = resource.Sibling;
        Attach(parent, PreviousSibling(resource), replacement);
        parent.Index?.Remove(resource);
        for (var r = replacement; r != after; r = r!.Sibling) parent.Index?.Add(r!);
        (resource.Parent, resource.Sibling) = (null, null);
    }

    private static void Attach(Resource parent, Resource? previous, Resource? resource)
    {
        if (previous is null) parent.Child = resource;
        else previous.Sibling = resource;
    }

    private static Resource? PreviousSibling(Resource resource) =>
        resource == resource.Parent!.Child ? null : LastFrom(resource.Parent, resource.Start - 1);

    private static IEnumerable<Resource> Children(Resource parent)
    {
        for (var r = parent.Child; r is not null; r = r.Sibling) yield return r;
    }
}
