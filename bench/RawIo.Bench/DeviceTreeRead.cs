using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>The device tree of a Raspberry Pi 4 from bytes to CPU addresses, beside libfdt.</summary>
public partial class DeviceTreeRead
{
    private byte[] _blob = [];

    [GlobalSetup]
    public void Setup()
    {
        _blob = File.ReadAllBytes(Kernels.DeviceTree("bcm2711-rpi-4-b.dtb"));
        if (Libfdt() != RawIo() || Libfdt() == 0) throw new InvalidOperationException("The two read different trees.");
    }

    [Benchmark]
    public uint Libfdt() => (uint)TwinFdt(_blob, _blob.Length);

    [Benchmark, Bound("device tree of a Pi 4 parsed and translated", 2, Of = nameof(Libfdt), Reference = "libfdt in C", Allocates = true)]
    public uint RawIo()
    {
        var sum = 0ul;
        foreach (var node in DeviceTree.Parse(_blob).Nodes)
        {
            foreach (var property in node.Properties) sum += (uint)property.Value.Length;
            foreach (var entry in node.Reg)
                if (node.TryTranslateAddress(entry.Address, out var address, out _)) sum += address;
        }
        return (uint)sum;
    }

    [LibraryImport("rawiofdt", EntryPoint = "twin_fdt")]
    private static partial ulong TwinFdt(byte[] blob, long size);
}
