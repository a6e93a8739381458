using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>A machine with more and more devices on its bus: an access must not notice.</summary>
public class BusGrowth
{
    private SimMachine _machine = null!, _small = null!;
    private IMmioMapping _last = null!, _only = null!;

    /// <summary>How many devices are on the bus beside the board's own.</summary>
    [Params(10, 1000, 100_000)]
    public int Devices { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_small, _only) = Make(1);
        (_machine, _last) = Make(Devices);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _small.Dispose();
        _machine.Dispose();
    }

    [Benchmark(OperationsPerInvoke = 256)]
    public uint One() => Sum(_only);

    [Benchmark(OperationsPerInvoke = 256), Bound("simulated read beside many devices", 1.2, Of = nameof(One), Reference = "the same beside one")]
    public uint Many() => Sum(_last);

    private static uint Sum(IMmioMapping io)
    {
        var sum = 0u;
        for (var i = 0; i < 256; i++) sum += io.Read32(0);
        return sum;
    }

    private static (SimMachine, IMmioMapping) Make(int devices)
    {
        const ulong First = 0x10_0000_0000;
        var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        for (var i = 0; i < devices; i++) machine.Attach(new Word(), First + (ulong)i * 0x1000, 4);
        return (machine, machine.IoRemap(First + (ulong)(devices - 1) * 0x1000, 4));
    }

    private sealed class Word : Device
    {
        private uint _value;

        public override string Name => "word";

        public override IReadOnlyList<string> Compatible => [];

        public override AccessSizes Sizes => AccessSizes.Four;

        public override ulong Read(int offset, int size) => _value;

        public override void Write(int offset, int size, ulong value) => _value = (uint)value;

        public override void Reset() => _value = 0;
    }
}
