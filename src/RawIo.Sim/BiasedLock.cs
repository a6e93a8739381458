using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// A re-entrant lock that costs its first thread two plain stores and no atomic operation. The first thread to enter
/// owns the fast way; the second to come takes that privilege away for good, and from then on everybody uses a Monitor.
/// </summary>
internal sealed class BiasedLock
{
    private const int Unowned = -1;
    private const int Revoked = -2;
    private const int MonitorToken = -1;

    private static int s_threads;

    // Reading this costs a tenth of what Environment.CurrentManagedThreadId does. 0 until the thread first comes here.
    [ThreadStatic]
    private static int t_thread;

    private readonly object _monitor = new();
    private int _owner = Unowned;
    private int _inside; // written by the owner alone
    private bool _shared;

    /// <summary>Enters; what it returns goes to <see cref="Exit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Enter()
    {
        if (Volatile.Read(ref _owner) != t_thread) return EnterSlow();
        var depth = _inside;
        Volatile.Write(ref _inside, depth + 1);
        // The processor may still do this load before the store above; the one barrier that makes up for it is the
        // process-wide one of the thread that sets the flag.
        if (!Volatile.Read(ref _shared) || depth > 0) return depth;
        Volatile.Write(ref _inside, 0);
        return EnterSlow();
    }

    /// <summary>Leaves.</summary>
    /// <param name="token">What <see cref="Enter"/> returned.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(int token)
    {
        // The depth comes back in a register: reading it again would wait for the store in Enter.
        if (token >= 0) Volatile.Write(ref _inside, token);
        else Monitor.Exit(_monitor);
    }

    /// <summary>Whether a second thread has come.</summary>
    public bool IsShared => Volatile.Read(ref _shared);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EnterSlow()
    {
        if (t_thread == 0) t_thread = Interlocked.Increment(ref s_threads);
        if (Volatile.Read(ref _owner) == Unowned && Interlocked.CompareExchange(ref _owner, t_thread, Unowned) == Unowned) return Enter();
        Monitor.Enter(_monitor);
        if (Volatile.Read(ref _owner) == Revoked) return MonitorToken;
        Volatile.Write(ref _shared, true);
        Interlocked.MemoryBarrierProcessWide();
        var spin = new SpinWait();
        while (Volatile.Read(ref _inside) != 0) spin.SpinOnce();
        Volatile.Write(ref _owner, Revoked);
        return MonitorToken;
    }
}
