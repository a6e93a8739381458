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
    private NativeMmio? _owner;
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

    /// <summary>
    /// Takes note of a window, which has to be told of the end. The first is the owner: it lives as long as any other, for
    /// a machine ends its mappings by their owners.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The mapping was given back.</exception>
    public void Add(NativeMmio window)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_retired, window);
            if (_windows.Count == _windows.Capacity) _windows.RemoveAll(static w => !w.TryGetTarget(out _));
            _owner ??= window;
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
            Kernel.MapInert(handle, Length);
        }
        GC.KeepAlive(this); // collected now, it would unmap what MapInert is about to replace
    }

    protected override bool ReleaseHandle() => Kernel.Unmap(handle, Length);
}
