using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(RawIo.Bench.SimulatedAccess).Assembly).Run(args);
