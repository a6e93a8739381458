using RawIo.QTest;

namespace RawIo.Conformance;

/// <summary>Runs a scenario on a fresh pair and holds the answers against what it expects.</summary>
internal sealed class ScenarioRun(DeviceProfile profile, Comparison comparison)
{
    /// <returns>What was wrong, a line each; null where nothing was.</returns>
    public string? Run(Scenario scenario)
    {
        var steps = scenario.Lines.Select(l => l.Step).ToArray();
        QTestAnswer?[] theirs, ours;
        using (var qemu = Side.Qemu(profile)) theirs = qemu.Make(steps, profile.AfterStep);
        using (var sim = Side.Sim(profile)) ours = sim.Make(steps, profile.AfterStep);
        var wrong = new List<string>();
        for (var i = 0; i < steps.Length; i++)
        {
            var line = scenario.Lines[i];
            comparison.Count(steps[i]);
            if (ours[i] is { } our) Check(line, our, "Sim", line.Expected, wrong);
            if (theirs[i] is { } their) Check(line, their, "QEMU", line.Qemu ?? line.Expected, wrong);
            if (line.Expected is null && steps[i].IsRead && theirs[i] is { } one && ours[i] is { } two
                && ((Comparison.Value(one) ^ Comparison.Value(two)) & line.Mask) != 0)
                wrong.Add($"{line.Text}: QEMU 0x{Comparison.Value(one):x}, Sim 0x{Comparison.Value(two):x}");
            if (line.DeviationId is not { } id) continue;
            if (profile.Deviations.Any(d => d.Id == id)) comparison.Hit(id);
            else wrong.Add($"{line.Text}: the profile has no deviation \"{id}\"");
        }
        return wrong.Count == 0 ? null : $"{profile.Name}, {scenario.Name}:\n{string.Concat(wrong.Select(w => $"    {w}\n"))}";
    }

    private static void Check(ScenarioLine line, QTestAnswer answer, string who, ulong? expected, List<string> wrong)
    {
        if (!answer.Ok) wrong.Add($"{line.Text}: {who} FAIL {answer.Text}");
        var value = Comparison.Value(answer) & line.Mask;
        if (expected is { } value1 && value != value1) wrong.Add($"{line.Text}: {who} 0x{value:x}");
        if (line.Interrupt is { } number && !answer.Interrupts.Contains(new(number, line.Raised)))
            wrong.Add($"{line.Text}: {who} did not");
    }
}
