using System.Diagnostics;

namespace RawIo.Bench;

/// <summary>From the start of a program to the end of its first answer: rawio beside what else reads a register from a shell.</summary>
internal static class ColdStart
{
    private const string What = "`rawio read` of a simulated register from start to end";
    private const double Bound = 20e6;

    /// <param name="rawio">The program, compiled ahead of time.</param>
    /// <param name="rounds">How often each is started; they take turns.</param>
    public static IEnumerable<Row> Run(string rawio, int rounds)
    {
        var page = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(page, new byte[4096]);
            (string Name, string[] Command)[] programs =
            [
                ("rawio", [rawio, "read", "0x3f200034"]),
                ("python-periphery", ["/usr/bin/python3", "-c", $"from periphery import MMIO; print(hex(MMIO(0, 4096, path='{page}').read32(0x34)))"]),
                // It takes nothing but /dev/mem, and ends at once where there is none.
                ("busybox devmem", ["busybox", "devmem", "0x3f200034"]),
            ];
            var times = programs.ToDictionary(p => p.Name, _ => new double[rounds]);
            for (var round = 0; round < rounds; round++)
                foreach (var (name, command) in programs) times[name][round] = Nanoseconds(command);

            double Median(string name) => times[name].Order().ElementAt(rounds / 2);
            double Ratio(string name) => times["rawio"].Zip(times[name], (ours, theirs) => ours / theirs).Order().ElementAt(rounds / 2);
            yield return Row.OfTime(What, "AOT", Median("rawio"), Bound);
            yield return new(What, "AOT", $"python-periphery, {Median("python-periphery") / 1e6:f1} ms", Median("rawio"), Ratio("python-periphery"), 1, null, true);
            yield return new(What, "AOT", $"busybox devmem, {Median("busybox devmem") / 1e6:f1} ms", Median("rawio"), Ratio("busybox devmem"), double.PositiveInfinity, null, true);
        }
        finally
        {
            File.Delete(page);
        }
    }

    private static double Nanoseconds(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        // busybox's answer depends on the machine.
        return process.ExitCode == 0 || command[0] == "busybox" ? took
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {process.StandardError.ReadToEnd()}");
    }
}
