using System.Diagnostics.CodeAnalysis;

namespace RawIo;

// What drivers do: claim a range and give it back.
public sealed partial class ResourceTree
{
    // IORESOURCE_TYPE_BITS and IORESOURCE_EXT_TYPE_BITS: what a claim inherits from what it lies in.
    private const ResourceFlags InheritedBits = Resource.TypeBits | ResourceFlags.SysRam;

    /// <summary>
    /// Claims a range (kernel: <c>__request_region</c>). The claim goes into the deepest resource that holds all of
    /// it and is not BUSY. Where the claim and its holder are both <see cref="ResourceFlags.Muxed"/>, waits until
    /// the holder gives back; otherwise a holder means refusal.
    /// </summary>
    /// <param name="start">The first address or port.</param>
    /// <param name="size">How many; 0 is refused, as is a range that leaves the root.</param>
    /// <param name="name">Who claims.</param>
    /// <param name="flags">Added to BUSY and the type bits of what the claim lies in.</param>
    /// <returns>The claim.</returns>
    /// <exception cref="ResourceBusyException">The range is held, crosses a bound, or is empty; the message says by what.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public Resource Request(ulong start, ulong size, string name, ResourceFlags flags = ResourceFlags.None) =>
        Request(start, size, name, flags, CancellationToken.None);

    /// <summary>Claims as <see cref="Request(ulong, ulong, string, ResourceFlags)"/> does; a wait for a muxed holder can be called off.</summary>
    /// <param name="start">The first address or port.</param>
    /// <param name="size">How many; 0 is refused, as is a range that leaves the root.</param>
    /// <param name="name">Who claims.</param>
    /// <param name="flags">Added to BUSY and the type bits of what the claim lies in.</param>
    /// <param name="cancellationToken">Ends the wait. For a timeout, use a <see cref="CancellationTokenSource"/> with a delay.</param>
    /// <returns>The claim.</returns>
    /// <exception cref="OperationCanceledException">The wait was called off; nothing was claimed.</exception>
    /// <exception cref="ResourceBusyException">The range is held, crosses a bound, or is empty; the message says by what.</exception>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public Resource Request(ulong start, ulong size, string name, ResourceFlags flags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfHidden();
        // Registered outside the lock: its disposal waits for a callback that runs, and that takes the lock.
        using var wake = cancellationToken.Register(static tree => ((ResourceTree)tree!).WakeMuxedWaiters(), this);
        lock (_gate)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Claim(start, size, name, flags, out var claim, out var conflict)) return claim;
                if ((conflict.Flags & flags & ResourceFlags.Muxed) == 0)
                    throw new ResourceBusyException(Refusal(start, size, name, conflict), conflict);
                // From the root again after the wait: what the search had descended into may be gone.
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Claims a range, or says what is in the way. It never waits, not even for a muxed holder.</summary>
    /// <param name="start">The first address or port.</param>
    /// <param name="size">How many; 0 is refused, as is a range that leaves the root.</param>
    /// <param name="name">Who claims.</param>
    /// <param name="flags">Added to BUSY and the type bits of what the claim lies in.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="conflict">What is in the way: the root for an empty range and for one that leaves the root.</param>
    /// <returns>Whether the range was claimed.</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public bool TryRequest(ulong start, ulong size, string name, ResourceFlags flags,
        [NotNullWhen(true)] out Resource? claim, [NotNullWhen(false)] out Resource? conflict)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfHidden();
        lock (_gate) return Claim(start, size, name, flags, out claim, out conflict);
    }

    /// <summary>
    /// Gives a claim back (kernel: <c>__release_region</c>): the BUSY resource with exactly this range, looked for
    /// inside what is not BUSY. What lies in the claim goes with it. Whoever waits for a muxed claim tries again.
    /// </summary>
    /// <param name="start">The first address or port of the claim.</param>
    /// <param name="size">Its size.</param>
    /// <returns>False, after <see cref="Warning"/>, when there is no such claim; the tree is then unchanged.</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public bool Release(ulong start, ulong size)
    {
        ThrowIfHidden();
        var end = unchecked(start + size - 1);
        if (size != 0 && end >= start)
        {
            lock (_gate)
            {
                if (FindClaim(start, end) is { } claim)
                {
                    _recent = null;
                    Unlink(claim, claim.Sibling);
                    Monitor.PulseAll(_gate);
                    return true;
                }
            }
        }

        Warning?.Invoke(Nonexistent(start, end));
        return false;
    }

    /// <summary>
    /// Gives a claim back: this one, and never another of the same range that came after it. What lies in it goes
    /// with it. Whoever waits for a muxed claim tries again.
    /// </summary>
    /// <param name="claim">What <see cref="Request(ulong, ulong, string, ResourceFlags)"/> returned.</param>
    /// <returns>False, after <see cref="Warning"/>, when it is no longer in this tree; the tree is then unchanged.</returns>
    /// <exception cref="RawIoException">The addresses are hidden (EPERM).</exception>
    public bool Release(Resource claim)
    {
        if (ReleaseResource(claim)) return true;
        Warning?.Invoke(Nonexistent(claim.Start, claim.End));
        return false;
    }

    private static string Nonexistent(ulong start, ulong end) => $"Trying to free nonexistent resource <{start:x16}-{end:x16}>";

    private Resource? FindClaim(ulong start, ulong end)
    {
        var r = LastFrom(Root, start);
        while (r is not null && r.End >= end && (r.Flags & ResourceFlags.Busy) == 0) r = LastFrom(r, start);
        return r is not null && r.Start == start && r.End == end ? r : null;
    }

    private bool Claim(ulong start, ulong size, string name, ResourceFlags flags,
        [NotNullWhen(true)] out Resource? claim, [NotNullWhen(false)] out Resource? conflict)
    {
        (claim, conflict) = (null, Root);
        var end = unchecked(start + size - 1);
        if (size == 0 || end < start) return false;
        var added = new Resource(start, end, name, flags);
        for (var parent = Root; ; parent = conflict)
        {
            added.Flags = (parent.Flags & InheritedBits) | ResourceFlags.Busy | flags;
            conflict = Link(parent, added);
            if (conflict is null)
            {
                claim = added;
                return true;
            }

            if (conflict == parent || (conflict.Flags & ResourceFlags.Busy) != 0) return false;
        }
    }

    private void WakeMuxedWaiters()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private string Refusal(ulong start, ulong size, string name, Resource conflict)
    {
        if (size == 0) return $"Cannot claim 0 bytes at 0x{start:x} for '{name}': a claim needs a size of at least 1.";
        var end = unchecked(start + size - 1);
        return Refusal(end < start ? $"0x{start:x} and 0x{size:x} from there" : $"0x{start:x}-0x{end:x}", $"'{name}'", conflict);
    }

    private string Refusal(string range, string who, Resource conflict)
    {
        var bounds = $"0x{conflict.Start:x}-0x{conflict.End:x}";
        var holder = conflict.Name ?? "<BAD>";
        if (conflict == Root) return $"Cannot claim {range} for {who}: it leaves {bounds}, which is all there is ('{holder}').";
        return (conflict.Flags & ResourceFlags.Busy) != 0
            ? $"Cannot claim {range} for {who}: '{holder}' holds {bounds}. It has to give that back first."
            : $"Cannot claim {range} for {who}: it crosses the bounds of '{holder}', {bounds}. Claim inside or outside it.";
    }
}
