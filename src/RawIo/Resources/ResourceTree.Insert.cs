namespace RawIo;

// What firmware, buses and machines do: put known ranges into the tree, move them, take them out.
public sealed partial class ResourceTree
{
    /// <summary>
    /// Puts a known range into the tree (kernel: <c>insert_resource</c>), as deep as what holds it goes, BUSY or not.
    /// What it covers, also a resource of the same range, becomes its child.
    /// </summary>
    /// <param name="resource">The range; in no tree yet.</param>
    /// <exception cref="ResourceBusyException">It overlaps another resource partly, or leaves the root; the tree is unchanged.</exception>
    /// <exception cref="ArgumentException">It lies in a tree already, or has children of its own and covers others.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public void Insert(Resource resource)
    {
        CheckLoose(resource);
        lock (_gate)
        {
            if (InsertOrConflict(resource) is { } conflict) throw Busy(resource, conflict);
        }
    }

    /// <summary>
    /// Puts a range into the tree and widens it until it covers every resource it would have overlapped partly
    /// (kernel: <c>insert_resource_expand_to_fit</c>).
    /// </summary>
    /// <param name="resource">The range; in no tree yet. Its bounds may have grown afterwards.</param>
    /// <exception cref="ResourceBusyException">It leaves the root; the tree and the range are unchanged.</exception>
    /// <exception cref="ArgumentException">It lies in a tree already, or has children of its own and covers others.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public void InsertExpandToFit(Resource resource)
    {
        CheckLoose(resource);
        lock (_gate)
        {
            var (start, end) = (resource.Start, resource.End);
            if (start < Root.Start || end > Root.End) throw Busy(resource, Root);
            try
            {
                while (InsertOrConflict(resource) is { } conflict)
                    (resource.Start, resource.End) =
                        (Math.Min(resource.Start, conflict.Start), Math.Max(resource.End, conflict.End));
            }
            catch (ArgumentException)
            {
                (resource.Start, resource.End) = (start, end);
                throw;
            }
        }
    }

    /// <summary>Puts a range directly under the root (kernel: <c>request_resource</c> on the root); nothing may be in its way.</summary>
    /// <param name="resource">The range; in no tree yet. Its flags are kept, BUSY is not added.</param>
    /// <exception cref="ResourceBusyException">It overlaps a child of the root or leaves the root; the tree is unchanged.</exception>
    /// <exception cref="ArgumentException">It lies in a tree already.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public void RequestResource(Resource resource)
    {
        CheckLoose(resource);
        lock (_gate)
        {
            if (Link(Root, resource) is { } conflict) throw Busy(resource, conflict);
        }
    }

    /// <summary>Takes a resource out, with everything in it (kernel: <c>release_resource</c>). It keeps its children.</summary>
    /// <param name="resource">A resource of this tree.</param>
    /// <returns>False when it is not in this tree (the kernel's EINVAL).</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public bool ReleaseResource(Resource resource) => TakeOut(resource, withChildren: true);

    /// <summary>Takes a resource out; its children move up to its place (kernel: <c>remove_resource</c>).</summary>
    /// <param name="resource">A resource of this tree.</param>
    /// <returns>False when it is not in this tree (the kernel's EINVAL).</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public bool Remove(Resource resource) => TakeOut(resource, withChildren: false);

    /// <summary>Moves and resizes a resource in its place (kernel: <c>adjust_resource</c>).</summary>
    /// <param name="resource">A resource of this tree, or its root.</param>
    /// <param name="start">Its new first address.</param>
    /// <param name="size">Its new size, at least 1.</param>
    /// <exception cref="ResourceBusyException">It would meet a sibling, leave its parent or uncover a child: the holder named. Nothing has changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0 or the range leaves 64 bits.</exception>
    /// <exception cref="ArgumentException">The resource is not in this tree.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public void Adjust(Resource resource, ulong start, ulong size)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ThrowIfHidden();
        var end = LastAddress(start, size);
        lock (_gate)
        {
            if (resource != Root && !IsBelowRoot(resource))
                throw new ArgumentException($"{resource} is not in this tree; insert it first.", nameof(resource));
            if (AdjustConflict(resource, start, end) is { } conflict)
                throw new ResourceBusyException(
                    $"Cannot adjust {resource} to 0x{start:x}-0x{end:x}: {conflict} is in the way.", conflict);
            (resource.Start, resource.End) = (start, end);
            Monitor.PulseAll(_gate);
        }
    }

    private static Resource? AdjustConflict(Resource resource, ulong start, ulong end)
    {
        if (resource.Parent is { } parent)
        {
            if (start < parent.Start || end > parent.End) return parent;
            if (resource.Sibling is { } next && next.Start <= end) return next;
            if (PreviousSibling(resource) is { } previous && start <= previous.End) return previous;
        }

        for (var child = resource.Child; child is not null; child = child.Sibling)
        {
            if (child.Start < start || child.End > end) return child;
        }

        return null;
    }

    private Resource? InsertOrConflict(Resource added)
    {
        var (parent, previous) = Near(added);
        Resource? first;
        while (true)
        {
            first = Link(parent, added, ref previous);
            if (first is null) return Remember(added, previous);
            if (first == parent) return first;
            if (first.Start > added.Start || first.End < added.End) break;
            if (first.Start == added.Start && first.End == added.End) break;
            (parent, previous) = (first, null);
        }

        var last = first;
        for (var r = first; r is not null && r.Start <= added.End; last = r, r = r.Sibling)
        {
            if (r.Start < added.Start || r.End > added.End) return r;
        }

        if (added.Child is not null)
            throw new ArgumentException($"{added} has children and would adopt {first}; insert it without children.", nameof(added));
        (added.Parent, added.Child, added.Sibling) = (parent, first, last.Sibling);
        last.Sibling = null;
        for (var r = first; r is not null; r = r.Sibling)
        {
            r.Parent = added;
            parent.Index?.Remove(r);
        }
        Attach(parent, previous, added);
        parent.Index?.Add(added);
        return Remember(added, previous);
    }

    private bool TakeOut(Resource resource, bool withChildren)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ThrowIfHidden();
        lock (_gate)
        {
            if (!IsBelowRoot(resource)) return false;
            _recent = null;
            var (parent, replacement) = (resource.Parent!, resource.Sibling);
            if (!withChildren && resource.Child is { } child)
            {
                replacement = child;
                for (; ; child = child.Sibling)
                {
                    child.Parent = parent;
                    if (child.Sibling is null) break;
                }

                child.Sibling = resource.Sibling;
                (resource.Child, resource.Index) = (null, null);
            }

            Unlink(resource, replacement);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    private void CheckLoose(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ThrowIfHidden();
        if (resource.Parent is not null || resource == Root)
            throw new ArgumentException($"{resource} lies in a tree already; take it out first.", nameof(resource));
    }

    private ResourceBusyException Busy(Resource resource, Resource conflict) => new(
        Refusal($"0x{resource.Start:x}-0x{resource.End:x}", $"'{resource.Name ?? "<BAD>"}'", conflict), conflict);

    private static ulong LastAddress(ulong start, ulong size)
    {
        if (size == 0 || unchecked(start + size - 1) < start)
            throw new ArgumentOutOfRangeException(nameof(size), size,
                $"0x{size:x} from 0x{start:x} is not a range of at least 1 that ends within 64 bits.");
        return start + size - 1;
    }
}
