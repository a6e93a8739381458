using System.Diagnostics;

namespace RawIo.Metal;

/// <summary>
/// Runs checks and says on the console what became of them, a line each: "CHECK name", then "PASS name ms",
/// "FAIL name: message" or "SKIP name: why"; "END n" closes the run. A check that hangs is left behind, one that
/// throws ends nothing; if one takes the process with it, /init says so and starts the program again after it.
/// </summary>
internal static class CheckRunner
{
    // Which check runs, for /init to see when the process has died.
    private const string Progress = "/run/check";

    public static void Run(IReadOnlyList<Check> checks, int first)
    {
        for (var i = first; i < checks.Count; i++)
        {
            File.WriteAllText(Progress, $"{i}\n{checks[i].Name}\n");
            Run(checks[i]);
        }
        Say($"END {checks.Count}");
    }

    private static void Run(Check check)
    {
        Say($"CHECK {check.Name}");
        var clock = Stopwatch.StartNew();
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                check.Run();
            }
            catch (Exception e)
            {
                error = e;
            }
        }) { IsBackground = true, Name = check.Name };
        thread.Start();
        if (!thread.Join(check.TimeLimit)) Say($"FAIL {check.Name}: it hangs, after {check.TimeLimit.TotalSeconds} s");
        else if (error is null or SuccessException) Say($"PASS {check.Name} {clock.ElapsedMilliseconds}");
        else if (error is IgnoreException) Say($"SKIP {check.Name}: {OneLine(error.Message)}");
        else Say($"FAIL {check.Name}: {OneLine(error is AssertionException ? error.Message : error.ToString())}");
    }

    public static string OneLine(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
