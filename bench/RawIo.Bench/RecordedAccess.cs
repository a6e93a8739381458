using BenchmarkDotNet.Attributes;
using RawIo.Sim;

namespace RawIo.Bench;

/// <summary>A simulated access with a recorder in between, which writes to a file.</summary>
public class RecordedAccess
{
    private const int Times = 1024;
    private const long Gplev0 = 0x34;
    private const long Gpset0 = 0x1c;

    private SimMachine _plain = null!;
    private Recorder _recorder = null!;
    private IMmioMapping _gpio = null!, _recorded = null!;

    [GlobalSetup]
    public void Setup()
    {
        _plain = SimMachine.Create("pi3");
        _recorder = Recording.Record(SimMachine.Create("pi3"), new OverwrittenFile());
        (_gpio, _recorded) = (_plain.IoRemap(0x3f200000, 0xb4), _recorder.IoRemap(0x3f200000, 0xb4));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _recorder.Dispose();
        _plain.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public uint Read() => Sum(_gpio);

    [Benchmark(OperationsPerInvoke = Times), Bound("what recording adds to a read", 25, Of = nameof(Read), IsAdded = true)]
    public uint ReadRecorded() => Sum(_recorded);

    [Benchmark(OperationsPerInvoke = Times)]
    public void Write() => Set(_gpio);

    [Benchmark(OperationsPerInvoke = Times), Bound("what recording adds to a write", 25, Of = nameof(Write), IsAdded = true)]
    public void WriteRecorded() => Set(_recorded);

    private static uint Sum(IMmioMapping io)
    {
        var sum = 0u;
        for (var i = 0; i < Times; i++) sum += io.Read32(Gplev0);
        return sum;
    }

    private static void Set(IMmioMapping io)
    {
        for (var i = 0; i < Times; i++) io.Write32(Gpset0, 1);
    }

    /// <summary>A file that begins again after 16 MiB: it costs what a file does and does not fill the disk.</summary>
    private sealed class OverwrittenFile() : FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose)
    {
        private const long Most = 16 << 20;

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Position > Most) Position = 0;
            base.Write(buffer, offset, count);
        }
    }
}
