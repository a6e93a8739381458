namespace RawIo.Sim;

/// <summary>Stub: a whole machine in the process.</summary>
public sealed class SimMachine : IHardware, IDisposable
{
    /// <summary>The built-in boards' names.</summary>
    public static IReadOnlyList<string> Boards => ["pi1", "pi3", "pi4", "pc"];

    /// <summary>Makes a built-in board.</summary>
    public static SimMachine Create(string board, SimOptions? options = null) => throw new NotImplementedException();

    /// <summary>Makes the board a device tree describes: every node with a model gets one.</summary>
    public static SimMachine FromDeviceTree(DeviceTree tree, string name, SimOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public string Name => throw new NotImplementedException();
    /// <inheritdoc/>
    public DeviceTree? DeviceTree => throw new NotImplementedException();
    /// <inheritdoc/>
    public ResourceTree Memory => throw new NotImplementedException();
    /// <inheritdoc/>
    public ResourceTree Ports => throw new NotImplementedException();
    /// <inheritdoc/>
    public TimeProvider Time => Clock;

    /// <summary>The machine's clock.</summary>
    public MachineClock Clock => throw new NotImplementedException();

    /// <summary>The machine's policy for guest errors.</summary>
    public GuestErrors Faults => throw new NotImplementedException();

    /// <summary>Every device model, where it sits.</summary>
    public IReadOnlyList<AttachedDevice> Devices => throw new NotImplementedException();

    /// <summary>The whole physical address space as a debugger sees it: no MMU, no cache; accesses a device does not take are split as the bus does.</summary>
    public IMmio PhysicalMemory => throw new NotImplementedException();

    /// <summary>The model of that type.</summary>
    public T Device<T>() where T : Device => throw new NotImplementedException();

    /// <summary>Makes one read of size bytes the way a driver's access goes (RAM by the linear map, else by an ioremap kept for the page), and tells its route.</summary>
    public AccessRoute Explain(ulong physicalAddress, int size) => throw new NotImplementedException();

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name) => throw new NotImplementedException();
    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name) => throw new NotImplementedException();
    /// <inheritdoc/>
    public IMmioMapping IoRemap(ulong physicalAddress, long length) => throw new NotImplementedException();
    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count) => throw new NotImplementedException();
    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>A device model at its place.</summary>
/// <param name="Device">The model.</param>
/// <param name="Start">The first physical address or port.</param>
/// <param name="Length">The length in bytes or ports.</param>
/// <param name="IsPort">Whether it sits in port space.</param>
/// <param name="Node">Its device tree node, if any.</param>
public sealed record AttachedDevice(Device Device, ulong Start, long Length, bool IsPort, DeviceTreeNode? Node);

/// <summary>Stub: the machine's time, in nanoseconds since power-on.</summary>
public sealed class MachineClock : TimeProvider
{
    /// <summary>Nanoseconds since power-on.</summary>
    public long Now => throw new NotImplementedException();

    /// <summary>Moves time forward, running due timers in order.</summary>
    public void Step(long nanoseconds) => throw new NotImplementedException();

    /// <summary>Moves time to the next timer's due time; returns false, and does nothing, where there is none.</summary>
    public bool StepToNextTimer() => throw new NotImplementedException();
}
