using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using RawIo.Bench;

// table [--quick] [--only CLASS]: what has a bound; anything else is BenchmarkDotNet's.
if (args is ["table", .. var rest])
    return new BoundsTable(rest.Contains("--quick"), Array.IndexOf(rest, "--only") is >= 0 and var at && at + 1 < rest.Length ? rest[at + 1] : "").Run();
BenchmarkSwitcher.FromAssembly(typeof(BoundsTable).Assembly).Run(args, DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default));
return 0;
