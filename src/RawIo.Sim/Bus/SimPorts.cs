using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>An opened range of the machine's ports.</summary>
internal sealed class SimPorts(SimMachine machine, PortBus bus, BiasedLock gate, int first, int count) : IPortGrant
{
    /// <summary>The kernel's paused accesses write to the port of power-on self-test codes.</summary>
    private const int DelayPort = 0x80;

    private bool _closed;

    public int FirstPort => first;

    public int Count => count;

    public byte In8(int port) => (byte)In(port, 1);

    public ushort In16(int port) => (ushort)In(port, 2);

    public uint In32(int port) => In(port, 4);

    public void Out8(int port, byte value) => Out(port, 1, value);

    public void Out16(int port, ushort value) => Out(port, 2, value);

    public void Out32(int port, uint value) => Out(port, 4, value);

    public void InRep(int port, Span<byte> destination)
    {
        Check(port, 1);
        foreach (ref var value in destination) value = (byte)In(port, 1);
    }

    public void InRep(int port, Span<ushort> destination)
    {
        Check(port, 2);
        foreach (ref var value in destination) value = (ushort)In(port, 2);
    }

    public void InRep(int port, Span<uint> destination)
    {
        Check(port, 4);
        foreach (ref var value in destination) value = In(port, 4);
    }

    public void OutRep(int port, ReadOnlySpan<byte> source)
    {
        Check(port, 1);
        foreach (var value in source) Out(port, 1, value);
    }

    public void OutRep(int port, ReadOnlySpan<ushort> source)
    {
        Check(port, 2);
        foreach (var value in source) Out(port, 2, value);
    }

    public void OutRep(int port, ReadOnlySpan<uint> source)
    {
        Check(port, 4);
        foreach (var value in source) Out(port, 4, value);
    }

    public void Pause()
    {
        ThrowIfGone();
        using var held = new HeldLock(gate);
        // The write takes its time on the bus whether or not anybody answers.
        if (bus.Find(DelayPort) is not null) bus.Write(DelayPort, 1, 0);
    }

    public void Dispose() => Volatile.Write(ref _closed, true);

    // The lock by hand, as for a mapping's accesses: MmuPath.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint In(int port, int size)
    {
        AccessCheck.Port(port, size, first, count);
        var token = gate.Enter();
        try
        {
            ThrowIfGone();
            return bus.Read(port, size);
        }
        finally
        {
            gate.Exit(token);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Out(int port, int size, uint value)
    {
        AccessCheck.Port(port, size, first, count);
        var token = gate.Enter();
        try
        {
            ThrowIfGone();
            bus.Write(port, size, value);
        }
        finally
        {
            gate.Exit(token);
        }
    }

    private void Check(int port, int size)
    {
        ThrowIfGone();
        AccessCheck.Port(port, size, first, count);
    }

    private void ThrowIfGone()
    {
        if (Volatile.Read(ref _closed)) ThrowClosed();
        machine.ThrowIfDisposed();
    }

    [DoesNotReturn]
    private static void ThrowClosed() => throw new ObjectDisposedException(nameof(SimPorts), "The ports were given back.");
}
