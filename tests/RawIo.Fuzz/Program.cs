using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace RawIo.Fuzz;

/// <summary>
/// Tries every device of every board with random tapes, as many at once as there are processors, and prints a table.
/// --steps N (a device; 100000), --seed N (1), --board NAME, --device N or part of a name, --tape FILE (of one device).
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || arguments[i] is not ("--steps" or "--seed" or "--board" or "--device" or "--tape"))
            {
                Console.Error.WriteLine($"What is '{arguments[i]}'? --steps N, --seed N, --board NAME, --device N or part of a name, --tape FILE.");
                return 2;
            }
            options[arguments[i]] = arguments[i + 1];
        }
        var steps = long.Parse(options.GetValueOrDefault("--steps", "100000"), CultureInfo.InvariantCulture);
        var seed = ulong.Parse(options.GetValueOrDefault("--seed", "1"), CultureInfo.InvariantCulture);
        var subjects = Subject.All().Where(s => Asked(s, options)).ToList();
        if (options.TryGetValue("--tape", out var tape)) return OneTape(subjects, File.ReadAllBytes(tape));
        var started = Stopwatch.GetTimestamp();
        var (outcomes, told) = (new Outcome?[subjects.Count], 0);
        Console.WriteLine($"{"device",-42} {"steps",12} {"M/s",6} {"snapshots",10} {"timers run",12} {"bytes/step",10}");
        Parallel.ForEach(Partitioner.Create(subjects.Index(), EnumerablePartitionerOptions.NoBuffering), new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, numbered =>
        {
            using var watch = new Watch(numbered.Item, seed);
            var outcome = DeviceFuzz.Try(numbered.Item, steps, seed, watch.Progress);
            lock (outcomes)
            {
                outcomes[numbered.Index] = outcome;
                for (; told < outcomes.Length && outcomes[told] is { } next; told++) Tell(next);
            }
        });
        var failed = outcomes.Count(o => o!.Failure is not null);
        Console.WriteLine($"{outcomes.Length} devices, {outcomes.Sum(o => o!.Steps)} steps in {Stopwatch.GetElapsedTime(started):hh\\:mm\\:ss}, seed {seed}: {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static void Tell(Outcome outcome)
    {
        Console.WriteLine($"{outcome.Subject,-42} {outcome.Steps,12} {outcome.Steps / outcome.Took.TotalSeconds / 1e6,6:f2} {(outcome.HasSnapshot ? outcome.Snapshots : "none"),10} {outcome.Timers,12} {outcome.BytesAStep,10:f1}");
        if (outcome.Failure is not null) Console.WriteLine(outcome.Failure);
    }

    private static bool Asked(Subject subject, Dictionary<string, string> options) =>
        (!options.TryGetValue("--board", out var board) || subject.Board == board)
        && (!options.TryGetValue("--device", out var device) || (int.TryParse(device, out var index) ? subject.Index == index : subject.Name.Contains(device, StringComparison.OrdinalIgnoreCase)));

    private static int OneTape(List<Subject> subjects, byte[] tape)
    {
        if (subjects is not [var subject])
        {
            Console.Error.WriteLine($"A tape is for one device; --board and --device name {subjects.Count}.");
            return 2;
        }
        var failure = DeviceFuzz.TryTape(subject, tape);
        Console.WriteLine(failure ?? $"{subject}: {tape.Length} bytes, nothing found");
        return failure is null ? 0 : 1;
    }

    /// <summary>Says now and then how far it is, and that a step does not end.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly Timer _timer;
        private long _done, _told = -1;

        public Watch(Subject subject, ulong seed) => _timer = new(_ =>
        {
            var done = Interlocked.Read(ref _done);
            Console.Error.WriteLine(done == _told
                ? $"{subject}: no tape has ended for 10 s: a step of the tape after {done} steps, seed {seed}, hangs or is slow"
                : $"{subject}: {done} steps");
            _told = done;
        }, null, 10_000, 10_000);

        public void Progress(long done) => Interlocked.Exchange(ref _done, done);

        public void Dispose() => _timer.Dispose();
    }
}
