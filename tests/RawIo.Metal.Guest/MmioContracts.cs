using RawIo.Tests;

namespace RawIo.Metal;

/// <summary>The window contract over memory that takes every size and is no RAM of the kernel's.</summary>
internal sealed class MetalMmioContract(Func<IMmioMapping> map) : MmioContract
{
    /// <summary>The contract's tests over RAM of a Raspberry Pi that mem=512M keeps from the kernel: device memory, mapped by /dev/mem.</summary>
    public static IEnumerable<Check> OverReservedRam(string what, ulong address) =>
        ContractRunner.ChecksOf($"MMIO contract, {what}", typeof(MmioContract), () => new MetalMmioContract(() =>
        {
            var host = HostMachine.Open();
            return host.IoRemap(address, Length);
        }));

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
