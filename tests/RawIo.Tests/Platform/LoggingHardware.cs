namespace RawIo.Tests;

/// <summary>
/// A machine with nothing in it but resource trees. What is claimed, mapped and given back is written to
/// <see cref="Log"/>; <see cref="FailMapping"/> makes mapping fail.
/// </summary>
internal sealed class LoggingHardware(DeviceTree? deviceTree = null) : IHardware
{
    public List<string> Log { get; } = [];
    public bool FailMapping { get; set; }
    public string Name => "test";
    public DeviceTree? DeviceTree => deviceTree;
    public ResourceTree Memory { get; } = new(new Resource(0, ulong.MaxValue, "PCI mem"));
    public ResourceTree Ports { get; } = new(new Resource(0, 0xffff, "PCI IO", ResourceFlags.Io));
    public TimeProvider Time => TimeProvider.System;

    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
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

    public void Dispose()
    {
    }

    private sealed class Mapping(LoggingHardware owner, ulong address, long length) : IMmioMapping
    {
        public ulong PhysicalAddress => address;
        public long Length => length;
        public void Dispose() => owner.Log.Add($"unmap {address:x}");
        public byte Read8(long offset) => throw new NotSupportedException();
        public ushort Read16(long offset) => throw new NotSupportedException();
        public uint Read32(long offset) => throw new NotSupportedException();
        public ulong Read64(long offset) => throw new NotSupportedException();
        public void Write8(long offset, byte value) => throw new NotSupportedException();
        public void Write16(long offset, ushort value) => throw new NotSupportedException();
        public void Write32(long offset, uint value) => throw new NotSupportedException();
        public void Write64(long offset, ulong value) => throw new NotSupportedException();
        public byte ReadRelaxed8(long offset) => throw new NotSupportedException();
        public ushort ReadRelaxed16(long offset) => throw new NotSupportedException();
        public uint ReadRelaxed32(long offset) => throw new NotSupportedException();
        public ulong ReadRelaxed64(long offset) => throw new NotSupportedException();
        public void WriteRelaxed8(long offset, byte value) => throw new NotSupportedException();
        public void WriteRelaxed16(long offset, ushort value) => throw new NotSupportedException();
        public void WriteRelaxed32(long offset, uint value) => throw new NotSupportedException();
        public void WriteRelaxed64(long offset, ulong value) => throw new NotSupportedException();
        public void ReadRep(long offset, Span<byte> destination) => throw new NotSupportedException();
        public void ReadRep(long offset, Span<ushort> destination) => throw new NotSupportedException();
        public void ReadRep(long offset, Span<uint> destination) => throw new NotSupportedException();
        public void ReadRep(long offset, Span<ulong> destination) => throw new NotSupportedException();
        public void WriteRep(long offset, ReadOnlySpan<byte> source) => throw new NotSupportedException();
        public void WriteRep(long offset, ReadOnlySpan<ushort> source) => throw new NotSupportedException();
        public void WriteRep(long offset, ReadOnlySpan<uint> source) => throw new NotSupportedException();
        public void WriteRep(long offset, ReadOnlySpan<ulong> source) => throw new NotSupportedException();
        public void Fill(long offset, byte value, long length) => throw new NotSupportedException();
        public void CopyFrom(long offset, Span<byte> destination) => throw new NotSupportedException();
        public void CopyTo(long offset, ReadOnlySpan<byte> source) => throw new NotSupportedException();
        public IMmio Window(long offset, long length) => throw new NotSupportedException();
    }

    private sealed class Grant(int first, int count) : IPortGrant
    {
        public int FirstPort => first;
        public int Count => count;
        public void Dispose() { }
        public byte In8(int port) => throw new NotSupportedException();
        public ushort In16(int port) => throw new NotSupportedException();
        public uint In32(int port) => throw new NotSupportedException();
        public void Out8(int port, byte value) => throw new NotSupportedException();
        public void Out16(int port, ushort value) => throw new NotSupportedException();
        public void Out32(int port, uint value) => throw new NotSupportedException();
        public void InRep(int port, Span<byte> destination) => throw new NotSupportedException();
        public void InRep(int port, Span<ushort> destination) => throw new NotSupportedException();
        public void InRep(int port, Span<uint> destination) => throw new NotSupportedException();
        public void OutRep(int port, ReadOnlySpan<byte> source) => throw new NotSupportedException();
        public void OutRep(int port, ReadOnlySpan<ushort> source) => throw new NotSupportedException();
        public void OutRep(int port, ReadOnlySpan<uint> source) => throw new NotSupportedException();
        public void Pause() => throw new NotSupportedException();
    }
}
