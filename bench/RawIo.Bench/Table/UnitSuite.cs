using System.Diagnostics;

namespace RawIo.Bench;

/// <summary>The unit tests, built before.</summary>
internal static class UnitSuite
{
    private const double Bound = 60e9;

    public static IEnumerable<Row> Run()
    {
        Host.Output("dotnet", "build", "tests/RawIo.Tests", "-v", "quiet", "--nologo");
        var begin = Stopwatch.GetTimestamp();
        Host.Output("dotnet", "test", "tests/RawIo.Tests", "--no-build", "-v", "quiet", "--nologo");
        yield return Row.OfTime("the unit tests", "JIT", Stopwatch.GetElapsedTime(begin).TotalNanoseconds, Bound);
    }
}
