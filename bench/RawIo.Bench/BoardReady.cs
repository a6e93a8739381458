using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>From nothing to a board.</summary>
public class BoardReady
{
    [Benchmark, Bound("`pi3` made ready", 1e6, Allocates = true)]
    public void Pi3() => SimMachine.Create("pi3").Dispose();

    [Benchmark, Bound("`pc` made ready", 1e6, Allocates = true)]
    public void Pc() => SimMachine.Create("pc").Dispose();
}
