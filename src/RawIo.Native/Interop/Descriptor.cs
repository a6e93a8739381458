using Microsoft.Win32.SafeHandles;

namespace RawIo.Native;

/// <summary>An open file that several threads use: given back, it is refused to all at once, and closed when the last who uses it has let go.</summary>
internal sealed class Descriptor(int fd) : IDisposable
{
    private readonly SafeFileHandle _handle = new(fd, ownsHandle: true);
    private volatile bool _closed; // the handle's own IsClosed stays false while a lease is held

    /// <summary>Whether it was given back.</summary>
    public bool IsClosed => _closed;

    /// <summary>Takes a lease.</summary>
    /// <exception cref="ObjectDisposedException">It was given back; the exception names <paramref name="owner"/>.</exception>
    public DescriptorLease Lease(object owner)
    {
        ObjectDisposedException.ThrowIf(_closed, owner);
        return new(_handle);
    }

    public void Dispose()
    {
        _closed = true;
        _handle.Dispose();
    }
}

/// <summary>The use of a descriptor for a while: until it is disposed the number is not closed, so it cannot come to mean another file. The default is the use of none.</summary>
internal readonly ref struct DescriptorLease : IDisposable
{
    private readonly SafeFileHandle? _handle;

    public DescriptorLease(SafeFileHandle handle)
    {
        var added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    /// <summary>The descriptor; -1, which poll(2) passes over, for none.</summary>
    public int Number => _handle is null ? -1 : (int)_handle.DangerousGetHandle();

    /// <summary>Gives the lease back.</summary>
    public void Dispose() => _handle?.DangerousRelease();
}
