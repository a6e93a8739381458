using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>What the kernel-named functions keep for one machine: claims by address, since they are given back by address, and the opened ports.</summary>
internal sealed class KernelState
{
    private static readonly ConditionalWeakTable<IHardware, KernelState> States = [];
    private static readonly AsyncLocal<KernelState?> CurrentState = new();

    private readonly IHardware _hardware;
    private readonly Lazy<IPortGrant> _ports;

    private KernelState(IHardware hardware)
    {
        _hardware = hardware;
        _ports = new Lazy<IPortGrant>(() => hardware.OpenPorts(0, 0x10000), LazyThreadSafetyMode.PublicationOnly);
    }

    public static KernelState Current => CurrentState.Value ?? throw new InvalidOperationException(
        "No machine is chosen: call LinuxKernel.On(hardware) first.");

    /// <summary>The chosen machine's barriers, where it has its own.</summary>
    public static IDeviceBarriers? Barriers => CurrentState.Value?._hardware as IDeviceBarriers;

    public IHardware Hardware => _hardware;

    public ConcurrentDictionary<(ulong Start, ulong Length), MemRegion> MemRegions { get; } = new();

    public ConcurrentDictionary<(ulong Start, ulong Length), PortRegion> PortRegions { get; } = new();

    public PortPermissions Permissions { get; } = new();

    public static IDisposable Enter(IHardware hardware)
    {
        var previous = CurrentState.Value;
        CurrentState.Value = States.GetValue(hardware, static h => new KernelState(h));
        return new Leave(previous);
    }

    /// <summary>The port space, after the permission check that an <c>in</c> of these bytes would meet.</summary>
    public IPortIo Ports(ulong port, int size)
    {
        Permissions.Check(port, size);
        return OpenPorts();
    }

    public IPortIo OpenPorts() => _ports.Value;

    private sealed class Leave(KernelState? previous) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) CurrentState.Value = previous;
        }
    }
}
