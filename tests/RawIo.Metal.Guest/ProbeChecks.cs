namespace RawIo.Metal;

/// <summary>The guarded probe: an access that the machine answers with SIGBUS comes back as false, and the program goes on.</summary>
internal static class ProbeChecks
{
    // Nothing of a Pi 3 is behind this address: the bus answers with an external abort.
    private const ulong Nowhere = 0x50000000;

    public static IEnumerable<Check> AnyMachine() =>
    [
        Check.Of(The_guarded_probe_survives_1000_accesses_beyond_the_end_of_a_file),
        Check.Of(The_guarded_probe_survives_on_8_threads_at_once),
    ];

    public static IEnumerable<Check> Pi() => [Check.Of(The_guarded_probe_survives_1000_bus_faults_of_the_machine)];

    private static void The_guarded_probe_survives_1000_bus_faults_of_the_machine()
    {
        using var host = HostMachine.Open();
        using var nowhere = host.IoRemap(Nowhere, 0x1000);
        using var timer = host.IoRemap(0x3f003000, 0x20);
        var last = timer.Read32(4);
        for (var i = 0; i < 1000; i++)
        {
            var size = 1 << i % 4;
            if (nowhere.TryRead(i % 64 * 8, size, out var value) || value != 0) Assert.Fail($"access {i} of {size} bytes was answered: 0x{value:x}");
            // Between the faults a device that is there answers.
            if (!timer.TryRead32(4, out var now) || now - last > 60_000_000) Assert.Fail($"the timer after fault {i}: {now}, before it {last}");
            last = now;
        }
    }

    private static void The_guarded_probe_survives_1000_accesses_beyond_the_end_of_a_file()
    {
        using var hole = new Hole();
        for (var i = 0; i < 1000; i++) hole.Probe(i);
    }

    private static void The_guarded_probe_survives_on_8_threads_at_once()
    {
        using var hole = new Hole();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 250; i++) hole.Probe(i);
        });
    }

    /// <summary>Two pages of a file that has one.</summary>
    private sealed class Hole : IDisposable
    {
        private static readonly int s_page = Environment.SystemPageSize;
        private readonly string _path = Path.GetTempFileName();
        private readonly NativeMmio _io;

        public Hole()
        {
            using var file = File.OpenWrite(_path);
            file.SetLength(2 * s_page);
            _io = DeviceFile.Map(_path, 0, 2 * s_page, 0);
            _io.Write32(0, 0xcafe);
            file.SetLength(s_page);
        }

        public void Probe(int i)
        {
            var size = 1 << i % 4;
            if (_io.TryRead(s_page + i % 64 * 8, size, out var value) || value != 0) throw new InvalidOperationException($"access {i} of {size} bytes was answered: 0x{value:x}");
            if (!_io.TryRead32(0, out var good) || good != 0xcafe) throw new InvalidOperationException($"after fault {i} the page that is there reads 0x{good:x}");
        }

        public void Dispose()
        {
            _io.Dispose();
            File.Delete(_path);
        }
    }
}
