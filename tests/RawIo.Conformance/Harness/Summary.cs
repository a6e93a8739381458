namespace RawIo.Conformance;

/// <summary>Tells at the end what was compared, on the console and in a file for the build.</summary>
[SetUpFixture]
internal sealed class Summary
{
    [OneTimeTearDown]
    public void Tell()
    {
        var lines = Results.All.Where(r => r.WasRun).Select(Line).ToArray();
        if (lines.Length == 0) return;
        foreach (var line in lines) TestContext.Progress.WriteLine(line);
        var folder = Environment.GetEnvironmentVariable("RAWIO_CONFORMANCE_SUMMARY") is { Length: > 0 } named ? named : Path.Join(Tests.Repository.Root, "artifacts", "conformance");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Join(folder, "summary.txt"), lines);
    }

    private static string Line(Results results)
    {
        var comparison = results.Comparison;
        return FormattableString.Invariant(
            $"{results.Profile.Name,-28} {comparison.Accesses,8:N0} accesses compared, {comparison.Values,8:N0} values, {results.Differences} differences, {comparison.Hits.Count} of {results.Profile.Deviations.Count} deviations met");
    }
}
