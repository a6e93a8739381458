using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>A machine with more and more devices on its bus: an access must not notice.</summary>
[MemoryDiagnoser]
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

/// <summary>A resource tree with more and more regions beside each other: ten times as many may cost a step or two more.</summary>
[MemoryDiagnoser]
public class TreeGrowth
{
    private ResourceTree _small = null!, _large = null!;

    /// <summary>How many regions are claimed already.</summary>
    [Params(1000, 100_000, 1_000_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Setup() => (_small, _large) = (Make(100), Make(Regions));

    // A sorted set of n takes log n steps: log 1,000,000 is three times log 100, and what does not fit the caches costs again as much.
    [Benchmark]
    public void Hundred() => ClaimAndRelease(_small, 100);

    [Benchmark, Bound("claim and release beside many regions", 8, Of = nameof(Hundred), Reference = "the same beside a hundred", Allocates = true)]
    public void Many() => ClaimAndRelease(_large, Regions);

    [Benchmark]
    public Resource? LookUpHundred() => _small.Lookup(0x2000 * 50);

    [Benchmark, Bound("look up among many regions", 8, Of = nameof(LookUpHundred), Reference = "the same among a hundred", Allocates = true)]
    public Resource? LookUpMany() => _large.Lookup(0x2000 * (ulong)(Regions / 2));

    private static void ClaimAndRelease(ResourceTree tree, int regions) => tree.Release(tree.Request((ulong)(regions / 2) * 0x2000 + 0x1000, 0x1000, "new"));

    private static ResourceTree Make(int regions)
    {
        var tree = new ResourceTree(new(0, ulong.MaxValue, "iomem", ResourceFlags.Mem));
        for (var i = 0; i < regions; i++) tree.Request((ulong)i * 0x2000, 0x1000, "region");
        return tree;
    }
}

/// <summary>From nothing to a board.</summary>
[MemoryDiagnoser]
public class BoardReady
{
    [Benchmark, Bound("`pi3` made ready", 1e6, Allocates = true)]
    public void Pi3() => SimMachine.Create("pi3").Dispose();

    [Benchmark, Bound("`pc` made ready", 1e6, Allocates = true)]
    public void Pc() => SimMachine.Create("pc").Dispose();
}
