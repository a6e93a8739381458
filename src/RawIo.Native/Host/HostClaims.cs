using System.Collections.Concurrent;

namespace RawIo.Native;

/// <summary>
/// Who holds which memory, or which ports, of this machine: one for the whole process, however many
/// <see cref="HostMachine"/>s there are.
/// </summary>
internal sealed class HostClaims
{
    private static readonly ConcurrentDictionary<(HostFiles Files, ResourceFlags Type), HostClaims> s_all = new();

    private readonly Lock _lock = new();
    private readonly HostFiles _files;
    private readonly KernelTree _kernel;
    private readonly ProcessLocks _locks;
    private readonly HashSet<Resource> _claims = [];

    private HostClaims(HostFiles files, ResourceFlags type)
    {
        var isMemory = type == ResourceFlags.Mem;
        _files = files;
        _kernel = new(files, isMemory ? "/proc/iomem" : "/proc/ioports", type);
        _locks = new(files, isMemory ? "rawio-iomem.lock" : "rawio-ioports.lock");
    }

    public static HostClaims Of(HostFiles files, ResourceFlags type) =>
        s_all.GetOrAdd((files, type), static key => new(key.Files, key.Type));

    /// <summary>The tree as it is now.</summary>
    public ResourceTree Tree
    {
        get
        {
            lock (_lock) _kernel.Refresh(_claims);
            return _kernel.Tree;
        }
    }

    /// <summary>What shares an address with a range, as it is now.</summary>
    public IReadOnlyList<Resource> Touching(ulong start, long length)
    {
        lock (_lock)
        {
            _kernel.Refresh(_claims);
            return [.. _kernel.Touching(start, length)];
        }
    }

    /// <summary>Claims a range for this process.</summary>
    /// <param name="start">The first address or port.</param>
    /// <param name="length">How many.</param>
    /// <param name="name">Who claims.</param>
    /// <param name="isShared">Whether the kernel's driver shares the range by design, as it does GPIO through /dev/gpiomem.</param>
    /// <param name="force">Whether to go on where a kernel driver or another process is in the way. What crosses a driver's range is then not in the tree.</param>
    /// <param name="warn">Told what was overridden, and what could not be checked.</param>
    /// <exception cref="ResourceBusyException">Somebody holds part of it; nothing was claimed.</exception>
    public Resource Request(ulong start, long length, string name, bool isShared, bool force, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(name);
        var warnings = new List<string>();
        Resource claim;
        lock (_lock)
        {
            _kernel.Refresh(_claims);
            claim = Claim(start, length, name, isShared, force, warnings);
            try
            {
                if (!_locks.TryTake(start, length, out var holder, out var noLock)) Yield(claim, holder!, force, warnings);
                if (noLock is not null) warnings.Add(noLock);
            }
            catch
            {
                _kernel.Tree.Remove(claim);
                throw;
            }
            if (_kernel.Blind is { } blind && !isShared) warnings.Add($"{blind} '{name}' claims 0x{claim.Start:x}-0x{claim.End:x} all the same.");
            _claims.Add(claim);
        }
        try
        {
            foreach (var warning in warnings) warn(warning);
        }
        catch
        {
            Release(claim);
            throw;
        }
        return claim;
    }

    /// <summary>Gives a claim back.</summary>
    public void Release(Resource claim)
    {
        lock (_lock)
        {
            if (!_claims.Remove(claim)) return;
            // Its children move up: of a forced claim they are the kernel's own.
            _kernel.Tree.Remove(claim);
            _locks.Release(claim.Start, (long)claim.Size);
        }
    }

    private Resource Claim(ulong start, long length, string name, bool isShared, bool force, List<string> warnings)
    {
        var end = start + (ulong)length - 1;
        // Not the tree alone knows: a claim that a driver's range crosses is not in it.
        if (_claims.FirstOrDefault(c => c.Start <= end && start <= c.End) is { } mine)
            throw new ResourceBusyException(
                $"Cannot claim 0x{start:x}-0x{end:x} for '{name}': '{mine.Name}' holds 0x{mine.Start:x}-0x{mine.End:x}. It has to give that back first.", mine);
        try
        {
            return _kernel.Tree.Request(start, (ulong)length, name);
        }
        catch (ResourceBusyException refusal)
        {
            if (!isShared && !force) throw new ResourceBusyException($"{refusal.Message} {KernelHolder.Remedy(_files, refusal.Holder)}", refusal.Holder);
            var claim = new Resource(start, end, name, _kernel.Tree.Root.Flags | ResourceFlags.Busy);
            _ = _kernel.Place(claim);
            if (!isShared) warnings.Add($"'{name}' takes 0x{start:x}-0x{end:x} by force from '{refusal.Holder.Name}', which holds 0x{refusal.Holder.Start:x}-0x{refusal.Holder.End:x} and does not know.");
            return claim;
        }
    }

    private static void Yield(Resource claim, string holder, bool force, List<string> warnings)
    {
        var range = $"0x{claim.Start:x}-0x{claim.End:x}";
        if (!force)
            throw new ResourceBusyException($"Cannot claim {range} for '{claim.Name}': {holder} holds part of it. Let it end first, or use force.",
                new Resource(claim.Start, claim.End, holder, claim.Flags));
        warnings.Add($"'{claim.Name}' takes {range} by force from {holder}, which holds part of it and does not know.");
    }
}
