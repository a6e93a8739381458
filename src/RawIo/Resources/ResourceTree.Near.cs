namespace RawIo;

// Ranges that are inserted in address order are found a place next to the one before, without a search from the root.
public sealed partial class ResourceTree
{
    private Resource? _recent; // inserted last, and nothing was taken out since
    private Resource? _beforeRecent; // its sibling before it, then

    private Resource? Remember(Resource inserted, Resource? previous)
    {
        (_recent, _beforeRecent) = (inserted, previous);
        return null;
    }

    /// <summary>A resource that holds more than the range, and a child of it that lies before the range, if it is cheap to tell.</summary>
    private (Resource Parent, Resource? Before) Near(Resource added)
    {
        if (_recent is null) return (Root, null);
        Resource? below = null;
        var at = _recent;
        while (at != Root && (!Holds(at, added) || (at.Start == added.Start && at.End == added.End))) (below, at) = (at, at.Parent!);
        if (below is null) return (at, null);
        if (below.End < added.Start) return (at, below);
        var isStillBefore = below == _recent && _beforeRecent?.Sibling == below && _beforeRecent.End < added.Start;
        return (at, isStillBefore ? _beforeRecent : null);
    }

    private static bool Holds(Resource outer, Resource inner) => outer.Start <= inner.Start && inner.End <= outer.End;
}
