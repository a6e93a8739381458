using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The port contract over the file of an IO BAR.</summary>
internal sealed class PciBarPortsContract : PortIoContract
{
    protected override IPortProbe MakeProbe() => new Probe();

    private sealed class Probe : IPortProbe
    {
        private readonly string _path = Path.GetTempFileName();

        public Probe() => File.WriteAllBytes(_path, new byte[8]);

        public int First => 0xc100;

        public IPortGrant Open(int first, int count) => PciBarPorts.Open(_path, first, count);

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose() => File.Delete(_path);
    }
}

/// <summary>The window contract over a BAR smaller than a page, inside its page.</summary>
internal sealed class PciMmioContract : MmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe();

    private sealed class Probe : IMmioProbe
    {
        private readonly SysfsFolder _folder = new();

        public Probe()
        {
            var device = _folder.AddPci();
            _folder.Write($"{device}/resource", SysfsFolder.Resources.Replace("0x00000000fea00000 0x00000000feafffff", "0x00000000fea00c00 0x00000000fea00cff", StringComparison.Ordinal));
        }

        public IMmioMapping Map() => PciDevice.Open("00:04.0", _folder.Options).MapBar(0);

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose() => _folder.Dispose();
    }
}
