using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RawIo.Native;

/// <summary>Something a thread in poll(2) can be woken by (an eventfd). Once signalled it stays so.</summary>
internal sealed class WakeEvent : IDisposable
{
    /// <summary>Makes one.</summary>
    /// <exception cref="RawIoException">The process has no descriptor left.</exception>
    public WakeEvent()
    {
        var fd = Kernel.EventFd(out var errno);
        if (fd < 0) throw new RawIoException(errno, $"Cannot make an eventfd to be woken by ({errno}): close files, or raise the limit (ulimit -n).");
        Handle = new(fd, ownsHandle: true);
    }

    /// <summary>Readable once signalled.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Wakes whoever polls it, now and later.</summary>
    public void Signal()
    {
        using var lease = new DescriptorLease(Handle, this);
        var one = 1UL;
        // Full (EAGAIN) means signalled too.
        _ = Kernel.Write(lease.Descriptor, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in one)), out _);
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => Handle.Dispose();
}
