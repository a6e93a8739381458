namespace RawIo.Tool;

/// <summary>A recording as a machine, as <c>--on recording:FILE</c> asks for it, and a machine recorded, as <c>--record FILE</c> does.</summary>
internal static class RecordedMachine
{
    private const string Prefix = "recording:";

    /// <summary>Whether the option names one.</summary>
    public static bool IsNamed(string? on) => on?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>Opens it; the session checks at its end that all of it was done.</summary>
    public static Replay Open(string on, Session session)
    {
        var file = on[Prefix.Length..];
        if (file.Length == 0) throw new UsageException($"--on '{on}' names no file; write recording:run.rec, as --record run.rec made it.");
        return session.Replay = Read(file, Recording.Open);
    }

    /// <summary>Records a machine, which is disposed where that cannot be.</summary>
    public static Recorder Record(IHardware machine, string file)
    {
        try
        {
            if (file.Length == 0) throw new UsageException("--record needs the name of a file.");
            return Recording.Record(machine, file);
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>Opens a recording; what is wrong with it is told with its name.</summary>
    public static T Read<T>(string file, Func<string, T> open)
    {
        try
        {
            return open(file);
        }
        catch (MalformedInputException error)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }
    }
}
