namespace RawIo.Sim;

/// <summary>The way of a debugger: straight to the bus, which splits what a device does not take.</summary>
internal readonly struct BusPath(SimMachine machine, PhysicalBus bus, BiasedLock gate) : IAccessPath
{
    public ulong Load(ulong address, int size)
    {
        using var held = new HeldLock(gate);
        ThrowIfGone();
        return bus.Read(address, size, split: true);
    }

    public void Store(ulong address, int size, ulong value)
    {
        using var held = new HeldLock(gate);
        ThrowIfGone();
        bus.Write(address, size, value, split: true);
    }

    public void ThrowIfGone() => machine.ThrowIfDisposed();
}

/// <summary>The whole physical address space, or a window of it, without MMU and caches.</summary>
internal sealed class PhysicalMemory(BusPath path, ulong start, long length) : PathWindow<BusPath>(path, start, start, length)
{
    protected override IMmio MakeWindow(ulong first, ulong physicalAddress, long length) => new PhysicalMemory(Path, first, length);
}
