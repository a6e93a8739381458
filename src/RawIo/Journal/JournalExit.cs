using System.Runtime.InteropServices;

namespace RawIo;

/// <summary>Restores the journals that nobody disposed when the process ends, the last made first.</summary>
internal static class JournalExit
{
    private static readonly Lock s_lock = new();
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
        // Two ends may come at once, and the process is not to be gone before the slower has restored: each goes through
        // all, and waits for what the other is at. But by the journal's own lock: an end that comes in the midst of a
        // write holds one already, and whoever waits for that must hold nothing.
        while (Last() is { } log)
        {
            var errors = new List<Exception>();
            DeviceScope.Collect(log.End, errors);
            Remove(log);
            foreach (var error in errors) Say($"RawIo: a journal could not restore all: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Nobody is left to catch what cannot be restored, nor that it cannot be said.
    private static void Say(string line) => DeviceScope.Collect(() => Console.Error.WriteLine(line), []);

    private static JournalLog? Last()
    {
        lock (s_lock) return s_live.Count == 0 ? null : s_live[^1];
    }
}
