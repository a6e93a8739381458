using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>The use of a descriptor for a while: until it is disposed the number is not closed, so it cannot come to mean another file.</summary>
internal readonly ref struct DescriptorLease : IDisposable
{
    private readonly SafeHandle _handle;

    /// <summary>Takes the lease.</summary>
    /// <exception cref="ObjectDisposedException">The handle was closed; the exception names <paramref name="owner"/>.</exception>
    public DescriptorLease(SafeHandle handle, object owner)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, owner);
        var added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    /// <summary>The descriptor.</summary>
    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Gives the lease back.</summary>
    public void Dispose() => _handle.DangerousRelease();
}
