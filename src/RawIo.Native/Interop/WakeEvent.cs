using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>Something a thread in poll(2) can be woken by (an eventfd). Once signalled it stays so.</summary>
internal sealed class WakeEvent : IDisposable
{
    private readonly Descriptor _event;

    /// <summary>Makes one.</summary>
    /// <exception cref="RawIoException">The process has no descriptor left.</exception>
    public WakeEvent()
    {
        var fd = Kernel.EventFd(out var errno);
        if (fd < 0) throw new RawIoException(errno, $"Cannot make an eventfd to be woken by ({errno}): close files, or raise the limit (ulimit -n).");
        _event = new(fd);
    }

    /// <summary>What to poll: readable once signalled.</summary>
    public DescriptorLease Lease(object owner) => _event.Lease(owner);

    /// <summary>Wakes whoever polls it, now and later.</summary>
    public void Signal()
    {
        using var lease = Lease(this);
        var one = 1UL;
        // Full (EAGAIN) means signalled too.
        _ = Kernel.Write(lease.Number, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in one)), out _);
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _event.Dispose();
}
