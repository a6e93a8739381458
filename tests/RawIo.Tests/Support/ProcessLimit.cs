using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>Processes that may hang, and a test run that must not.</summary>
internal static class ProcessLimit
{
    /// <summary>Kills the process, and what it started, where it still runs after a time: whoever reads its output is let go.</summary>
    public static IDisposable EndAfter(this Process process, TimeSpan time) => new Timer(_ =>
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }, null, time, Timeout.InfiniteTimeSpan);
}
