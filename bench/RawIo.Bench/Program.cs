using BenchmarkDotNet.Running;
using RawIo.Bench;

if (args is ["table", .. var rest]) return BoundsTable.Run(rest.Contains("--quick"));
BenchmarkSwitcher.FromAssembly(typeof(SimulatedAccess).Assembly).Run(args);
return 0;
