namespace RawIo.Native;

/// <summary>
/// Which thread has the right to which ports. The kernel keeps rights by the thread (TIF_IO_BITMAP, and the level of
/// iopl), and a thread passes on what it has to those it starts; so a grant is given to each thread at its first access and
/// taken back from each at its next, and a thread not seen before may hold whatever was ever given.
/// </summary>
internal sealed class PortRights(IPortKernel kernel)
{
    /// <summary>Where <see cref="IPortIo.Pause"/> writes: it goes with every grant.</summary>
    public const int PausePort = 0x80;

    private readonly Lock _lock = new();
    private readonly List<NativePorts> _open = [];
    private readonly PortSet _given = new(); // by ioperm, at any time
    private readonly PortSet _wanted = new(); // by what is open now
    private bool _levelGiven;
    private int _era; // goes up when something is taken back

    private static long s_lastTicket;

    [ThreadStatic]
    private static Dictionary<PortRights, Holding>? t_holdings;

    /// <summary>The rights on this machine.</summary>
    public static PortRights Host { get; } = new(new HostPortKernel(hasInstructions: true));

    /// <summary>The rights where a folder stands for the machine: its ports are a file, never this machine's.</summary>
    public static PortRights StandIn { get; } = new(new HostPortKernel(hasInstructions: false));

    public IPortKernel Kernel => kernel;

    /// <summary>Whether the calling thread needs no call of <see cref="Acquire"/> before an access.</summary>
    public static bool IsHeld(NativePorts ports) => NativePorts.t_ticket == Volatile.Read(ref ports.Ticket);

    /// <summary>Opens a grant: the calling thread has the right when this returns <see cref="Errno.None"/>, else nothing has changed.</summary>
    public Errno Open(NativePorts ports)
    {
        lock (_lock)
        {
            _open.Add(ports);
            ports.Ticket = NewTicket();
            Reckon();
            TakeBack();
            var errno = Give(ports);
            if (errno != Errno.None) Forget(ports);
            else if (ports.Way == PortAccess.IoPl) _levelGiven = true;
            else Mark(ports, _given);
            return errno;
        }
    }

    /// <summary>Gives the calling thread its right to a grant, and takes from it what was closed since it last was here.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    /// <exception cref="RawIoException">The kernel says no on this thread.</exception>
    public void Acquire(NativePorts ports)
    {
        lock (_lock)
        {
            TakeBack();
            ports.ThrowIfClosed();
            var errno = Give(ports);
            if (errno != Errno.None) throw PortRefusal.Of(ports.Way, ports.FirstPort, ports.Count, errno);
        }
    }

    /// <summary>Closes a grant. The calling thread loses the right at once, another at its next port call.</summary>
    public void Close(NativePorts ports)
    {
        lock (_lock) Forget(ports);
    }

    /// <summary>Takes from the calling thread what was closed since it last was here.</summary>
    public void Settle()
    {
        lock (_lock) TakeBack();
    }

    private void Forget(NativePorts ports)
    {
        _open.Remove(ports);
        Reckon();
        _era++;
        Volatile.Write(ref ports.Ticket, -1);
        foreach (var other in _open) Volatile.Write(ref other.Ticket, NewTicket());
        TakeBack();
    }

    private static long NewTicket() => Interlocked.Increment(ref s_lastTicket);

    private void Reckon()
    {
        _wanted.Clear();
        foreach (var ports in _open)
            if (ports.Way == PortAccess.IoPerm) Mark(ports, _wanted);
    }

    private static void Mark(NativePorts ports, PortSet set)
    {
        set.Add(ports.FirstPort, ports.Count);
        set.Add(PausePort, 1);
    }

    private Errno Give(NativePorts ports)
    {
        var holding = OfThisThread();
        if (!holding.Ports.Contains(ports))
        {
            var errno = ports.Way == PortAccess.IoPl ? GiveLevel(holding) : GiveRange(holding, ports);
            if (errno != Errno.None) return errno;
            holding.Ports.Add(ports);
        }
        NativePorts.t_ticket = ports.Ticket;
        return Errno.None;
    }

    private Errno GiveLevel(Holding holding)
    {
        holding.MayHaveLevel = true;
        return kernel.IoPl(3);
    }

    private Errno GiveRange(Holding holding, NativePorts ports)
    {
        Mark(ports, holding.MayHave);
        var errno = kernel.IoPerm(ports.FirstPort, ports.Count, true);
        return errno == Errno.None ? kernel.IoPerm(PausePort, 1, true) : errno;
    }

    /// <remarks>A refusal to take back is nothing to act on: an access checks that its grant is open before the right matters.</remarks>
    private void TakeBack()
    {
        var holding = OfThisThread();
        if (holding.Era == _era) return;
        foreach (var (first, count) in holding.MayHave.Except(_wanted)) _ = kernel.IoPerm(first, count, false);
        holding.MayHave.Keep(_wanted);
        if (holding.MayHaveLevel && !_open.Exists(ports => ports.Way == PortAccess.IoPl))
        {
            _ = kernel.IoPl(0);
            holding.MayHaveLevel = false;
        }
        holding.Ports.RemoveAll(ports => !_open.Contains(ports));
        (holding.Era, NativePorts.t_ticket) = (_era, 0);
    }

    private Holding OfThisThread()
    {
        t_holdings ??= [];
        if (t_holdings.TryGetValue(this, out var holding)) return holding;
        holding = new() { MayHave = _given.Copy(), MayHaveLevel = _levelGiven };
        t_holdings.Add(this, holding);
        return holding;
    }

    /// <summary>What a thread was given of what is open, what it may have beside, and the era it has settled up to.</summary>
    private sealed class Holding
    {
        public List<NativePorts> Ports { get; } = [];

        public required PortSet MayHave { get; init; }

        public required bool MayHaveLevel { get; set; }

        public int Era { get; set; } = -1;
    }
}
