using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The window contract over the second map of a UIO device, which begins inside its page.</summary>
internal sealed class UioMmioContract : MmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe();

    private sealed class Probe : IMmioProbe
    {
        private readonly SysfsFolder _folder = new();
        private readonly UioDevice _uio;

        public Probe()
        {
            _folder.AddUio(0, "scratch");
            _folder.AddMap(0, 1, "scratch", "0xfea00f80", "0x100", "0xf80");
            _uio = UioDevice.Open("scratch", _folder.Options);
        }

        public IMmioMapping Map() => _uio.Map("scratch");

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose()
        {
            _uio.Dispose();
            _folder.Dispose();
        }
    }
}
