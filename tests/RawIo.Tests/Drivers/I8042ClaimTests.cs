using RawIo.Drivers;

namespace RawIo.Tests;

/// <summary>The claims the driver makes on a machine.</summary>
public class I8042ClaimTests
{
    [Test]
    public void It_claims_two_ports_as_the_kernel_does_and_gives_them_back()
    {
        var machine = new Machine();
        using (var driver = new I8042(machine))
        {
            Assert.That(machine.Held, Is.EqualTo(new[] { "0060-0060 keyboard", "0064-0064 keyboard" }));
            Assert.That(driver.SelfTest(), Is.EqualTo(0x55));
            Assert.That(driver.Probe().Passed, Is.True);
        }
        Assert.That(machine.Held, Is.Empty);
    }

    [Test]
    public void A_refused_second_claim_gives_the_first_back()
    {
        var machine = new Machine { Refused = 0x64 };
        Assert.That(() => new I8042(machine), Throws.TypeOf<ResourceBusyException>());
        Assert.That(machine.Held, Is.Empty);
    }

    private sealed class Machine : IHardware
    {
        private readonly I8042Rig _rig = new();

        public int Refused { get; init; }

        public List<string> Held { get; } = [];

        public string Name => "bench";

        public DeviceTree? DeviceTree => null;

        public ResourceTree Memory => throw new NotSupportedException();

        public ResourceTree Ports => throw new NotSupportedException();

        public TimeProvider Time => _rig.Time;

        public MemRegion RequestMemRegion(ulong start, long length, string name) => throw new NotSupportedException();

        public PortRegion RequestRegion(int first, int count, string name)
        {
            var resource = new Resource((ulong)first, (ulong)(first + count - 1), name, ResourceFlags.Io | ResourceFlags.Busy);
            if (first == Refused) throw new ResourceBusyException("held", resource);
            var entry = $"{first:x4}-{first + count - 1:x4} {name}";
            Held.Add(entry);
            return new PortRegion(new Grant(new DevicePorts(_rig.Model, first, count, start: 0x60)), resource, () => Held.Remove(entry));
        }

        public IMmioMapping IoRemap(ulong physicalAddress, long length) => throw new NotSupportedException();

        public IPortGrant OpenPorts(int first, int count) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Grant(DevicePorts ports) : IPortGrant
    {
        public int FirstPort => ports.FirstPort;

        public int Count => ports.Count;

        public byte In8(int port) => ports.In8(port);

        public ushort In16(int port) => ports.In16(port);

        public uint In32(int port) => ports.In32(port);

        public void Out8(int port, byte value) => ports.Out8(port, value);

        public void Out16(int port, ushort value) => ports.Out16(port, value);

        public void Out32(int port, uint value) => ports.Out32(port, value);

        public void InRep(int port, Span<byte> destination) => ports.InRep(port, destination);

        public void InRep(int port, Span<ushort> destination) => ports.InRep(port, destination);

        public void InRep(int port, Span<uint> destination) => ports.InRep(port, destination);

        public void OutRep(int port, ReadOnlySpan<byte> source) => ports.OutRep(port, source);

        public void OutRep(int port, ReadOnlySpan<ushort> source) => ports.OutRep(port, source);

        public void OutRep(int port, ReadOnlySpan<uint> source) => ports.OutRep(port, source);

        public void Pause() => ports.Pause();

        public void Dispose()
        {
        }
    }
}
