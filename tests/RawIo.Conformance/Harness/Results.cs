using System.Reflection;

namespace RawIo.Conformance;

/// <summary>What was run for a profile so far; each run is made once, whichever test asks for it first.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, string?> _done = [];

    private Results(DeviceProfile profile) => (Profile, Comparison) = (profile, new(profile));

    /// <summary>Every profile of this assembly, by name.</summary>
    public static IReadOnlyList<Results> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetTypes().Where(t => t.IsSubclassOf(typeof(DeviceProfile)) && t is { IsAbstract: false, IsNested: false })
            .Select(t => new Results((DeviceProfile)Activator.CreateInstance(t)!)).OrderBy(r => r.Profile.Name, StringComparer.Ordinal),
    ];

    /// <summary>The seeds of the random runs; RAWIO_CONFORMANCE_SEEDS has more of them made.</summary>
    public static IEnumerable<int> Seeds =>
        Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("RAWIO_CONFORMANCE_SEEDS"), out var count) ? Math.Max(1, count) : 3);

    public DeviceProfile Profile { get; }

    public Comparison Comparison { get; }

    /// <summary>Runs that differed.</summary>
    public int Differences => _done.Values.Count(text => text is not null);

    public bool WasRun => _done.Count > 0;

    /// <summary>The first difference of a random run as a minimal script; null where there is none.</summary>
    public string? Random(int seed)
    {
        if (_done.TryGetValue($"seed {seed}", out var known)) return known;
        var (random, steps) = (new Random(seed), new Steps(Profile.Base));
        while (steps.Accesses < Profile.StepsPerSeed)
        {
            steps.NextGroup();
            Profile.Generate(random, steps);
        }
        var difference = Comparison.Run(steps.All);
        return _done[$"seed {seed}"] = difference is null ? null : Explain(seed, steps.All);
    }

    /// <summary>What a scenario's machines answered that they should not; null where all is well.</summary>
    public string? Run(Scenario scenario)
    {
        if (_done.TryGetValue(scenario.Name, out var known)) return known;
        return _done[scenario.Name] = new ScenarioRun(Profile, Comparison).Run(scenario);
    }

    private string Explain(int seed, List<Step> steps)
    {
        // Tries are not part of what is counted.
        var scratch = new Comparison(Profile);
        var least = Shrinker.Shrink(steps, run => scratch.Run(run)?.Index);
        var what = scratch.Run(least);
        return $"{Profile.Name}, seed {seed}: QEMU ({Profile.Machine}) and Sim ({Profile.Board}) differ. The least of its steps that show it:\n"
            + string.Concat(least.Select((step, i) => $"    {step}{(i == what?.Index ? $"    # {what.What}" : "")}\n"));
    }
}
