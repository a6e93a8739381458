using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>
/// The pages of a mapping. They are unmapped when nothing refers to them any more, so never under a thread that is
/// about to touch them; <see cref="Retire"/> takes the device away at once and leaves inert memory in its place.
/// </summary>
internal sealed class MappingHandle : SafeHandle
{
    private readonly Lock _lock = new();
    private readonly List<WeakReference<NativeMmio>> _windows = [];
    private bool _retired;

    public MappingHandle(nint pages, long length) : base(-1, ownsHandle: true)
    {
        Length = length;
        SetHandle(pages);
    }

    /// <summary>How many bytes are mapped: whole pages.</summary>
    public long Length { get; }

    /// <summary>Whether the mapping was given back.</summary>
    public bool Retired => _retired;

    public override bool IsInvalid => handle == -1;

    /// <summary>The first page.</summary>
    public unsafe byte* Pages => (byte*)handle;

    /// <summary>Takes note of a window, which has to be told of the end.</summary>
    /// <exception cref="ObjectDisposedException">The mapping was given back.</exception>
    public void Add(NativeMmio window)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_retired, window);
            if (_windows.Count == _windows.Capacity) _windows.RemoveAll(static w => !w.TryGetTarget(out _));
            _windows.Add(new(window));
        }
    }

    /// <summary>Ends the mapping: when it returns, no access through any window reaches the device.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            if (_retired) return;
            Volatile.Write(ref _retired, true);
            foreach (var reference in _windows)
                if (reference.TryGetTarget(out var window)) window.End();
            _windows.Clear();
            // Only no memory for the kernel's own bookkeeping can make this fail; the pages then go with the handle.
            _ = Kernel.MapInert(handle, Length);
        }
    }

    protected override bool ReleaseHandle() => Kernel.Unmap(handle, Length);
}
