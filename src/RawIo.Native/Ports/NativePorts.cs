using System.Runtime.CompilerServices;

namespace RawIo.Native;

/// <summary>
/// Ports by the instructions, with the right from ioperm or iopl. Opened once, it works on every thread: each gets the
/// right at its first access.
/// </summary>
/// <remarks>
/// <see cref="Pause"/> writes port 0x80, the right to which goes with every grant. Disposing takes the right back, but for
/// what other open grants need: on the calling thread at once, on another at its next port call. The ports are then
/// out of reach through this object on all of them.
/// </remarks>
internal sealed class NativePorts : IPortGrant
{
    /// <summary>
    /// The ticket of what the calling thread last used, of whatever kernel, so that a look at it costs next to nothing. Here,
    /// where nothing static has to be made first.
    /// </summary>
    [ThreadStatic]
    internal static long t_ticket;

    /// <summary>Another one whenever anything is taken back, which a thread gets when it has settled; -1 when closed.</summary>
    internal long Ticket;

    private readonly PortRights _rights;
    private readonly IPortKernel _kernel;
    // Straight to the instruction, past the interface that tests stand behind.
    private readonly bool _isHost;
    private bool _closed;

    private NativePorts(PortRights rights, PortAccess way, int first, int count)
    {
        (_rights, _kernel, _isHost) = (rights, rights.Kernel, rights.Kernel is HostPortKernel);
        (Way, FirstPort, Count) = (way, first, count);
    }

    /// <summary><see cref="PortAccess.IoPerm"/> or <see cref="PortAccess.IoPl"/>.</summary>
    public PortAccess Way { get; }

    public int FirstPort { get; }

    public int Count { get; }

    /// <summary>Opens a range, which has been checked.</summary>
    /// <returns>Null where the kernel says no; nothing has then changed.</returns>
    public static NativePorts? TryOpen(PortRights rights, PortAccess way, int first, int count, out Errno errno)
    {
        var ports = new NativePorts(rights, way, first, count);
        errno = rights.Open(ports);
        return errno == Errno.None ? ports : null;
    }

    public byte In8(int port)
    {
        var at = At(port, 1);
        return _isHost ? LibRawIo.In8(at) : _kernel.In8(at);
    }

    public ushort In16(int port)
    {
        var at = At(port, 2);
        return _isHost ? LibRawIo.In16(at) : _kernel.In16(at);
    }

    public uint In32(int port)
    {
        var at = At(port, 4);
        return _isHost ? LibRawIo.In32(at) : _kernel.In32(at);
    }

    public void Out8(int port, byte value)
    {
        var at = At(port, 1);
        if (_isHost) LibRawIo.Out8(at, value);
        else _kernel.Out8(at, value);
    }

    public void Out16(int port, ushort value)
    {
        var at = At(port, 2);
        if (_isHost) LibRawIo.Out16(at, value);
        else _kernel.Out16(at, value);
    }

    public void Out32(int port, uint value)
    {
        var at = At(port, 4);
        if (_isHost) LibRawIo.Out32(at, value);
        else _kernel.Out32(at, value);
    }

    public void InRep(int port, Span<byte> destination) => _kernel.Ins(At(port, 1), destination);

    public void InRep(int port, Span<ushort> destination) => _kernel.Ins(At(port, 2), destination);

    public void InRep(int port, Span<uint> destination) => _kernel.Ins(At(port, 4), destination);

    public void OutRep(int port, ReadOnlySpan<byte> source) => _kernel.Outs(At(port, 1), source);

    public void OutRep(int port, ReadOnlySpan<ushort> source) => _kernel.Outs(At(port, 2), source);

    public void OutRep(int port, ReadOnlySpan<uint> source) => _kernel.Outs(At(port, 4), source);

    public void Pause()
    {
        if (!PortRights.IsHeld(this)) Enter(FirstPort, 1);
        _kernel.Out8(PortRights.PausePort, 0);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, true)) return;
        _rights.Close(this);
    }

    internal void ThrowIfClosed()
    {
        if (Volatile.Read(ref _closed)) throw new ObjectDisposedException(nameof(NativePorts), "The ports were given back.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ushort At(int port, int size)
    {
        if (!PortRights.IsHeld(this) || (ulong)(uint)(port - FirstPort) + (uint)size > (uint)Count) Enter(port, size);
        return (ushort)port;
    }

    private void Enter(int port, int size)
    {
        if (Volatile.Read(ref _closed)) GaveBack();
        AccessCheck.Port(port, size, FirstPort, Count);
        _rights.Acquire(this);
    }

    private void GaveBack()
    {
        _rights.Settle();
        ThrowIfClosed();
    }
}
