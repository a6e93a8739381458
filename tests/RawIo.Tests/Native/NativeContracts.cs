using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The window contract over a mapped file: at the start of a page, inside one, across two.</summary>
[TestFixture(0x10000ul)]
[TestFixture(0x10608ul)]
[TestFixture(0x10f80ul)]
internal sealed class NativeMmioContract(ulong offset) : MmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe(offset);

    private sealed class Probe : IMmioProbe
    {
        private readonly ulong _offset;
        private readonly string _path = Path.GetTempFileName();

        public Probe(ulong offset)
        {
            _offset = offset;
            using var file = File.OpenWrite(_path);
            file.SetLength(0x20000);
        }

        public IMmioMapping Map() => DeviceFile.Map(_path, _offset, 256, 0x7000_0000);

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose() => File.Delete(_path);
    }
}

/// <summary>The machine contract over a folder of ordinary files.</summary>
internal sealed class HostHardwareContract : HardwareContract
{
    private HostFolder _folder = null!;

    protected override ulong DeviceAddress => 0xfea00000;

    protected override int? Ports => 0x300;

    protected override IHardware MakeHardware() => (_folder = new()).Open();

    [TearDown]
    public void Remove() => _folder.Dispose();
}
