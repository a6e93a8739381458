namespace RawIo;

/// <summary>
/// The I/O permission bitmap of a process. Kernel code needs none; the first <c>ioperm</c> or <c>iopl</c> says that
/// this is a user-space driver, and from then on only granted ports may be touched.
/// </summary>
internal sealed class PortPermissions
{
    private readonly Lock _lock = new();
    private readonly ulong[] _granted = new ulong[0x10000 / 64];
    private volatile bool _userSpace;
    private volatile int _level;

    public void Grant(int first, int count, bool on)
    {
        lock (_lock)
        {
            for (var port = first; port < first + count; port++)
            {
                var bit = 1UL << (port & 63);
                if (on) _granted[port >> 6] |= bit;
                else _granted[port >> 6] &= ~bit;
            }
            _userSpace = true;
        }
    }

    public void SetLevel(int level)
    {
        _level = level;
        _userSpace = true;
    }

    public void Check(ulong port, int size)
    {
        if (port > 0x10000UL - (ulong)size)
            throw new ArgumentOutOfRangeException(nameof(port), port, $"An access of {size} bytes at port 0x{port:x} leaves 0 to 0xffff.");
        if (!_userSpace || _level == 3) return;
        for (var p = (int)port; p < (int)port + size; p++)
        {
            if ((Volatile.Read(ref _granted[p >> 6]) & 1UL << (p & 63)) == 0)
                throw new RawIoException(Errno.EPERM, $"Port 0x{p:x4} is not granted: call ioperm(0x{p:x}, 1, 1) or iopl(3) first.");
        }
    }
}
