using RawIo.Native;

namespace RawIo.Tests;

[TestFixture(PortAccess.Auto)]
[TestFixture(PortAccess.IoPerm)]
[TestFixture(PortAccess.IoPl)]
internal sealed class NativePortsContract(PortAccess way) : PortIoContract
{
    protected override IPortProbe MakeProbe() => new Probe(way);

    private sealed class Probe(PortAccess way) : IPortProbe
    {
        private readonly FakePortKernel _kernel = new();
        private PortRights? _rights;

        public int First => 0x300;

        public IPortGrant Open(int first, int count) =>
            PortWays.Open(new() { PortAccess = way }, first, count, _rights ??= new(_kernel));

        public IReadOnlyList<string> TakeAccesses()
        {
            var cycles = _kernel.Cycles!.Where(c => c != "W@80").Select(c => $"{c[..2]}{Convert.ToInt32(c[2..], 16) - First:x}").ToList();
            _kernel.Cycles!.Clear();
            return cycles;
        }

        public void Dispose()
        {
            Assert.That(_kernel.Crimes, Is.Empty);
            Assert.That($"{_kernel.Mine}", Is.Empty, "rights left behind");
            Assert.That(_kernel.Mine.Level, Is.Zero, "rights left behind");
            _kernel.Dispose();
        }
    }
}

[TestFixture(PortAccess.Auto)]
[TestFixture(PortAccess.DevPort)]
[Platform("Linux")]
internal sealed class DevPortContract(PortAccess way) : PortIoContract
{
    protected override IPortProbe MakeProbe()
    {
        if (!System.Runtime.Intrinsics.X86.X86Base.IsSupported) Assert.Ignore("SKIPPED: this machine has no ports");
        return new Probe(way);
    }

    private sealed class Probe : IPortProbe
    {
        private readonly MachineFolder _root = new();
        private readonly HostOptions _options;

        public Probe(PortAccess way)
        {
            _root.WriteBytes("dev/port", new byte[0x10000]);
            _options = _root.Options with { PortAccess = way };
        }

        public int First => 0x300;

        public bool BytesOnly => true;

        public IPortGrant Open(int first, int count) => PortWays.Open(_options, first, count);

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose() => _root.Dispose();
    }
}
