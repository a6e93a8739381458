using System.Runtime.InteropServices;

namespace RawIo;

/// <summary>Restores the journals that nobody disposed when the process ends, the last made first.</summary>
internal static class JournalExit
{
    private static readonly Lock s_lock = new();
    private static readonly Lock s_undoing = new();
    private static readonly List<JournalLog> s_live = [];
    private static PosixSignalRegistration[]? s_signals;

    public static void Add(JournalLog log)
    {
        lock (s_lock)
        {
            if (s_signals is null) Hook();
            s_live.Add(log);
        }
    }

    public static void Remove(JournalLog log)
    {
        lock (s_lock) s_live.Remove(log);
    }

    // Once, and for good: without a journal the handlers do nothing, and taking one away while it runs is a race.
    private static void Hook()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => UndoAll();
        // Comes on the thread that threw, before its finally blocks have run, and perhaps instead of them.
        AppDomain.CurrentDomain.UnhandledException += (_, _) => UndoAll();
        s_signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    // Who cancels a signal goes on: its journals too.
    private static void OnSignal(PosixSignalContext context)
    {
        if (!context.Cancel) UndoAll();
    }

    private static void UndoAll()
    {
        // Two ends may come at once; the process is not to be gone before the slower has restored.
        lock (s_undoing)
        {
            while (TakeLast() is { } log)
            {
                var errors = new List<Exception>();
                DeviceScope.Collect(log.End, errors);
                // Nobody is left to catch it.
                foreach (var error in errors) Console.Error.WriteLine($"RawIo: a journal could not restore all: {error.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private static JournalLog? TakeLast()
    {
        lock (s_lock)
        {
            if (s_live.Count == 0) return null;
            var last = s_live[^1];
            s_live.RemoveAt(s_live.Count - 1);
            return last;
        }
    }
}
