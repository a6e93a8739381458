using System.Diagnostics;

namespace RawIo.Fuzz;

/// <summary>What became of one device.</summary>
internal sealed record Outcome(Subject Subject, long Steps, long Snapshots, long Timers, double BytesAStep, TimeSpan Took, bool HasSnapshot, string? Failure);

/// <summary>Tries one device with tapes of random bytes.</summary>
internal static class DeviceFuzz
{
    /// <summary>Bytes of a tape: some 8000 steps.</summary>
    private const int TapeLength = 32 * 1024;

    /// <summary>A step may allocate so much on average: a character queued, a word of RAM touched for the first time.</summary>
    private const long BytesAStep = 512;

    /// <summary>What a device may keep, beside what it wrote to RAM.</summary>
    private const long KeptBytes = 32 << 20;

    /// <summary>Held by each tape for reading, and for writing where the process's memory is weighed: then no other runs.</summary>
    private static readonly ReaderWriterLockSlim s_running = new();

    /// <summary>Runs so many steps, tape after tape, each on a board just powered on.</summary>
    public static Outcome Try(Subject subject, long steps, ulong seed, Action<long>? progress = null)
    {
        var shape = DeviceShape.Probe(subject);
        var started = Stopwatch.GetTimestamp();
        var bytes = new byte[TapeLength];
        var list = new List<FuzzStep>();
        var trace = Array.Empty<ulong>();
        var (done, snapshots, timers, allocated, hasSnapshot) = (0L, 0L, 0L, 0L, true);
        for (var episode = 0ul; done < steps; episode++)
        {
            var tapeSeed = seed + episode;
            Fill(bytes, Mix(tapeSeed) ^ Mix(subject.Salt));
            Decode(bytes, shape, list, (int)Math.Min(steps - done, int.MaxValue));
            if (trace.Length < list.Count) trace = new ulong[list.Count + 1024];
            s_running.EnterReadLock();
            var run = new Run(subject);
            var failure = run.Do(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list), trace);
            if (failure is null && run.Allocated > BytesAStep * (run.Steps + run.MasterAccesses + 10_000)) failure = new(FailureKind.Memory, list.Count - 1, $"{run.Allocated / run.Steps} bytes allocated a step");
            run.Dispose();
            s_running.ExitReadLock();
            (done, snapshots, timers, allocated, hasSnapshot) = (done + list.Count, snapshots + run.Snapshots, timers + run.Timers, allocated + run.Allocated, hasSnapshot && run.HasSnapshot);
            if (failure is not null) return Result(Minimiser.Report(subject, shape, tapeSeed, list, failure));
            progress?.Invoke(done);
        }
        return Result(Kept(subject, list, trace));

        Outcome Result(string? failure) =>
            new(subject, done, snapshots, timers, done == 0 ? 0 : (double)allocated / done, Stopwatch.GetElapsedTime(started), hasSnapshot, failure);
    }

    /// <summary>Runs one tape, as a fuzzer that watches coverage writes it.</summary>
    public static string? TryTape(Subject subject, ReadOnlySpan<byte> tape)
    {
        var shape = DeviceShape.Probe(subject);
        var list = new List<FuzzStep>();
        Decode(tape, shape, list, int.MaxValue);
        using var run = new Run(subject);
        return run.Do([.. list], new ulong[list.Count]) is { } failure ? Minimiser.Report(subject, shape, null, list, failure) : null;
    }

    public static void Decode(ReadOnlySpan<byte> bytes, DeviceShape shape, List<FuzzStep> steps, int most)
    {
        steps.Clear();
        var tape = new Tape(bytes, shape);
        while (steps.Count < most && tape.TryNext(out var step)) steps.Add(step);
    }

    /// <summary>The last tape once more, weighing what is kept at its end: at most what it allocated, and only where that is too much the process is weighed.</summary>
    private static string? Kept(Subject subject, List<FuzzStep> steps, ulong[] trace)
    {
        if (Allocated(subject, steps, trace) <= KeptBytes) return null;
        s_running.EnterWriteLock();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var run = new Run(subject);
        run.Do([.. steps], trace);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before - run.RamBytes;
        GC.KeepAlive(run);
        s_running.ExitWriteLock();
        return kept > KeptBytes ? $"{subject}: Memory: it keeps {kept >> 20} MiB after {steps.Count} steps" : null;
    }

    private static long Allocated(Subject subject, List<FuzzStep> steps, ulong[] trace)
    {
        s_running.EnterReadLock();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var run = new Run(subject);
        run.Do([.. steps], trace);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before - run.RamBytes;
        s_running.ExitReadLock();
        return allocated;
    }

    /// <summary>SplitMix64: the same bytes on every machine.</summary>
    private static void Fill(byte[] bytes, ulong seed)
    {
        for (var i = 0; i < bytes.Length; i += 8) BitConverter.TryWriteBytes(bytes.AsSpan(i), Mix(seed += 0x9e37_79b9_7f4a_7c15));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ z >> 27) * 0x94d0_49bb_1331_11eb;
        return z ^ z >> 31;
    }
}
