using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>A resource tree with more and more regions beside each other: ten times as many may cost a step or two more.</summary>
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
