using RawIo.Tests;

namespace RawIo.Metal;

/// <summary>The window contract over memory that takes every size and is no RAM of the kernel's.</summary>
internal sealed class MetalMmioContract(Func<IMmioMapping> map) : MmioContract
{
    /// <summary>The length of the window that the contract wants.</summary>
    public const int Size = Length;

    /// <summary>The contract's tests. What is mapped may be longer than the window.</summary>
    public static IEnumerable<Check> Over(string what, Func<IMmioMapping> map) =>
        ContractRunner.ChecksOf($"MMIO contract, {what}", typeof(MmioContract), () => new MetalMmioContract(map));

    protected override IMmioProbe MakeProbe() => new Probe(map);

    private sealed class Probe(Func<IMmioMapping> map) : IMmioProbe
    {
        public IMmioMapping Map()
        {
            var io = map();
            for (var i = 0; i < Length; i++) io.Write8(i, 0);
            return io;
        }

        public IReadOnlyList<string>? TakeAccesses() => null;

        public void Dispose()
        {
        }
    }
}

/// <summary>The machine contract over the machine itself.</summary>
internal sealed class MetalHardwareContract(ulong device, int? ports) : HardwareContract
{
    /// <summary>The contract's tests.</summary>
    public static IEnumerable<Check> On(Func<ulong> device, Func<int?> ports) =>
        ContractRunner.ChecksOf("hardware contract", typeof(HardwareContract), () => new MetalHardwareContract(device(), ports()));

    protected override ulong DeviceAddress => device;

    protected override int? Ports => ports;

    protected override IHardware MakeHardware() => HostMachine.Open();
}
