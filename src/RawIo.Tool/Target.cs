using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The board a command works on, and the ways to its registers.</summary>
internal sealed class Target(SimMachine machine, bool owned) : IDisposable
{
    private readonly List<IDisposable> _mapped = [];

    public SimMachine Machine => machine;

    /// <summary>A window as a driver has it: device memory mapped with ioremap; RAM, which ioremap refuses, as a debugger sees it.</summary>
    public IMmio Window(ulong address, long length)
    {
        if (machine.IsRam(address))
        {
            var memory = machine.PhysicalMemory;
            return memory.Window((long)(address - memory.PhysicalAddress), length);
        }
        var mapping = machine.IoRemap(address, length);
        _mapped.Add(mapping);
        return mapping;
    }

    /// <summary>Gives back what was mapped so far.</summary>
    public void Unmap()
    {
        foreach (var mapping in _mapped) mapping.Dispose();
        _mapped.Clear();
    }

    /// <summary>Refuses bytes that lie outside the machine's physical addresses.</summary>
    public void CheckRange(ulong address, ulong length)
    {
        var end = (ulong)machine.PhysicalMemory.Length;
        if (address >= end || length > end - address)
            throw new UsageException($"0x{length:x} bytes from ADDR 0x{address:x} leave the address space, which ends at 0x{end - 1:x}.");
    }

    /// <summary>The device at a physical address, or null.</summary>
    public AttachedDevice? DeviceAt(ulong address) =>
        machine.Devices.FirstOrDefault(d => !d.IsPort && address >= d.Start && address - d.Start < (ulong)d.Length);

    public void Dispose()
    {
        Unmap();
        if (owned) machine.Dispose();
    }
}
