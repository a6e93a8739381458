using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>
/// A machine's physical addresses, mapped a page at a time as they are touched: device memory by ioremap; the RAM of a
/// simulated machine, which ioremap refuses, as a debugger sees it. On real hardware what is written is claimed first,
/// and stays so; a read is a look.
/// </summary>
internal sealed class AddressSpace(IHardware hardware) : IDisposable
{
    private const long Page = 0x1000;

    private readonly List<MemRegion> _claims = [];
    private IMmio? _window;
    private long _page;
    private bool _isGuarded = true;

    /// <summary>All of it, its offsets the addresses.</summary>
    public IMmio Memory => new AddressWindow(this, 0, Length);

    private long Length => (long)Math.Min(hardware.Memory.Root.End, long.MaxValue - 1) + 1;

    /// <summary>The window that has an access, and where in it.</summary>
    public (IMmio Io, long At) Enter(long address, bool write = false, long size = 1)
    {
        if (write && hardware is not SimMachine) Claim((ulong)address, (ulong)size);
        var page = address & ~(Page - 1);
        if (_window is null || _page != page)
        {
            Unmap();
            _window = Map((ulong)page);
            _page = page;
        }
        return (_window, address - page);
    }

    /// <summary>One read. Where nothing answers, and real hardware would end the program, it is a fault that can be told.</summary>
    public ulong Read(long address, int size)
    {
        var (io, at) = Enter(address);
        if (_isGuarded && io is IGuardedMmio guarded)
        {
            try
            {
                return guarded.TryRead(at, size, out var value)
                    ? value
                    : throw new BusFaultException($"Nothing answers a read of {size} bytes at 0x{address:x}: the bus reports an error.", (ulong)address, size, isWrite: false);
            }
            catch (RawIoException error) when (error.Errno == Errno.ENOSYS)
            {
                // Without librawio a read is a plain one.
                _isGuarded = false;
            }
        }
        return io.Read(at, size);
    }

    /// <summary>How much of a block is in the page where it starts.</summary>
    public static int Piece(long address, long length) => (int)Math.Min(length, Page - (address & (Page - 1)));

    /// <summary>Unmaps and gives back what was claimed.</summary>
    public void Dispose()
    {
        Unmap();
        foreach (var claim in _claims) claim.Dispose();
        _claims.Clear();
    }

    private IMmio Map(ulong page) => hardware is SimMachine machine && machine.IsRam(page)
        ? machine.PhysicalMemory.Window((long)page, Page)
        : hardware.IoRemap(page, Page);

    private void Unmap()
    {
        (_window as IMmioMapping)?.Dispose();
        _window = null;
    }

    /// <summary>Claims what of a range is not claimed yet.</summary>
    private void Claim(ulong start, ulong length)
    {
        for (var (at, end) = (start, start + length); at < end;)
        {
            if (_claims.Find(c => c.Resource.Contains(at)) is { } held)
            {
                at = held.Resource.End + 1;
                continue;
            }
            var next = _claims.Where(c => c.Resource.Start > at).Select(c => c.Resource.Start).Append(end).Min();
            _claims.Add(hardware.RequestMemRegion(at, (long)(Math.Min(next, end) - at), "rawio"));
            at = next;
        }
    }
}
