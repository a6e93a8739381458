namespace RawIo.Tests;

/// <summary>
/// A machine with nothing in it but resource trees. What is claimed, mapped and given back is written to
/// <see cref="Log"/>; <see cref="FailMapping"/> makes mapping fail.
/// </summary>
internal sealed class LoggingHardware(DeviceTree? deviceTree = null) : IHardware, IDeviceBarriers
{
    public List<string> Log { get; } = [];
    public bool FailMapping { get; set; }

    /// <summary>What happens elsewhere just before a claim of memory is made.</summary>
    public Action? BeforeClaim { get; set; }

    public string Name => "test";
    public DeviceTree? DeviceTree => deviceTree;
    public ResourceTree Memory { get; } = new(new Resource(0, ulong.MaxValue, "PCI mem"));
    public ResourceTree Ports { get; } = new(new Resource(0, 0xffff, "PCI IO", ResourceFlags.Io));
    public TimeProvider Time => TimeProvider.System;

    public void ReadBarrier() => Log.Add("rmb");

    public void WriteBarrier() => Log.Add("wmb");

    public void FullBarrier() => Log.Add("mb");

    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        BeforeClaim?.Invoke();
        var claim = Memory.Request(start, (ulong)length, name);
        Log.Add($"claim {start:x} {name}");
        return new MemRegion(this, claim, () =>
        {
            Log.Add($"release {start:x}");
            Assert.That(Memory.Release(start, (ulong)length), Is.True);
        });
    }

    public PortRegion RequestRegion(int first, int count, string name)
    {
        var claim = Ports.Request((ulong)first, (ulong)count, name);
        Log.Add($"claim ports {first:x} {name}");
        return new PortRegion(OpenPorts(first, count), claim, () =>
        {
            Log.Add($"release ports {first:x}");
            Assert.That(Ports.Release((ulong)first, (ulong)count), Is.True);
        });
    }

    public IMmioMapping IoRemap(ulong physicalAddress, long length)
    {
        if (FailMapping) throw new RawIoException(Errno.ENOMEM, "No address space is left.");
        Log.Add($"map {physicalAddress:x}");
        return new Mapping(this, physicalAddress, length);
    }

    public IPortGrant OpenPorts(int first, int count) => new Grant(first, count);

    public IInterrupt OpenInterrupt(int irq, string name) => throw new RawIoException(Errno.ENXIO, "There are no interrupts.");

    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name) => throw new RawIoException(Errno.ENXIO, "There are no interrupts.");

    public void Dispose()
    {
    }

    private sealed class Mapping(LoggingHardware owner, ulong address, long length) : FakeMmio(address, length), IMmioMapping
    {
        public void Dispose() => owner.Log.Add($"unmap {PhysicalAddress:x}");
        protected override ulong Read(long offset, int size) => throw new NotSupportedException();
        protected override void Write(long offset, int size, ulong value) => throw new NotSupportedException();
    }

    private sealed class Grant(int first, int count) : FakePorts(first, count), IPortGrant
    {
        public void Dispose() { }
        protected override ulong In(int port, int size) => throw new NotSupportedException();
        protected override void Out(int port, int size, ulong value) => throw new NotSupportedException();
    }
}
