namespace RawIo;

/// <summary>What a span holds of one kind of resource (kernel: <c>REGION_DISJOINT</c>, <c>REGION_INTERSECTS</c>, <c>REGION_MIXED</c>).</summary>
public enum RegionIntersects
{
    /// <summary>Nothing of that kind.</summary>
    Disjoint,
    /// <summary>That kind, and otherwise only holes.</summary>
    Intersects,
    /// <summary>That kind, and something else beside it.</summary>
    Mixed,
}

public sealed partial class ResourceTree
{
    /// <summary>
    /// Says whether a span holds only, partly or none of one kind of resource (kernel: <c>region_intersects</c>).
    /// A resource of another kind counts as that kind where resources inside it, which are, cover all of it that
    /// lies in the span.
    /// </summary>
    /// <param name="start">The first address.</param>
    /// <param name="size">The size of the span, at least 1.</param>
    /// <param name="flags">The kind: all these bits must be set.</param>
    /// <returns>What the span holds. Holes between resources count as nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0 or the span leaves 64 bits.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public RegionIntersects Intersects(ulong start, ulong size, ResourceFlags flags)
    {
        ThrowIfHidden();
        var end = LastAddress(start, size);
        var (ofKind, other) = (false, false);
        lock (_gate)
        {
            for (var top = LastFrom(Root, start) ?? Root.Child; top is not null && top.Start <= end; top = top.Sibling)
            {
                if (top.End < start) continue;
                var covered = Covers(top, Math.Max(start, top.Start), Math.Min(end, top.End), flags, ref ofKind);
                other |= !covered;
            }
        }

        if (!ofKind) return RegionIntersects.Disjoint;
        return other ? RegionIntersects.Mixed : RegionIntersects.Intersects;
    }

    /// <summary>Whether resources of the kind, from <paramref name="top"/> down, cover a span of it without a gap.</summary>
    private static bool Covers(Resource top, ulong start, ulong end, ResourceFlags flags, ref bool any)
    {
        var gap = false;
        for (var r = top; r is not null;)
        {
            var matches = r.Start <= end && r.End >= start && (r.Flags & flags) == flags;
            if (matches)
            {
                any = true;
                gap |= r.Start > start;
                if (r.End >= end) return !gap;
                start = r.End + 1;
            }

            if (r == top && r.Child is null) break;
            r = Next(r, top, skipChildren: matches && r != top);
        }

        return false;
    }
}
