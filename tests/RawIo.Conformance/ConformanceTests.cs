namespace RawIo.Conformance;

/// <summary>Every profile's scenarios and random runs, and that each deviation is still one.</summary>
internal sealed class ConformanceTests
{
    private static IEnumerable<TestCaseData> Scenarios =>
        Results.All.SelectMany(r => r.Profile.Scenarios.Select(s => new TestCaseData(r, s).SetName($"{r.Profile.Name}: {s.Name}")));

    private static IEnumerable<TestCaseData> Randoms =>
        Results.All.SelectMany(r => Results.Seeds.Select(s => new TestCaseData(r, s).SetName($"{r.Profile.Name}: random accesses, seed {s}")));

    private static IEnumerable<TestCaseData> Profiles =>
        Results.All.Select(r => new TestCaseData(r).SetName($"{r.Profile.Name}: each deviation is met"));

    [TestCaseSource(nameof(Scenarios))]
    public void Scenario(object results, object scenario)
    {
        if (((Results)results).Run((Scenario)scenario) is { } wrong) Assert.Fail(wrong);
    }

    [TestCaseSource(nameof(Randoms))]
    public void Random(object results, int seed)
    {
        if (((Results)results).Random(seed) is { } difference) Assert.Fail(difference);
    }

    [TestCaseSource(nameof(Profiles))]
    public void Deviations(object device)
    {
        var results = (Results)device;
        foreach (var scenario in results.Profile.Scenarios) results.Run(scenario);
        foreach (var seed in Results.Seeds) results.Random(seed);
        var comparison = results.Comparison;
        Assert.Multiple(() =>
        {
            Assert.That(results.Profile.Deviations.Where(d => comparison.Hits.GetValueOrDefault(d.Id) == 0).Select(d => d.Id), Is.Empty,
                "deviations that no run met: stale, or no scenario shows them");
            Assert.That(results.Profile.Deviations.Select(d => d.Id), Is.Unique);
            if (results.Differences == 0) Assert.That(comparison.Accesses, Is.AtLeast(10_000), "accesses a run");
        });
    }
}
