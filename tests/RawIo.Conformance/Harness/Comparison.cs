using System.Globalization;
using RawIo.QTest;

namespace RawIo.Conformance;

/// <summary>A step to which the machines answered otherwise, beyond the known deviations.</summary>
/// <param name="Index">Which step.</param>
/// <param name="What">What each answered.</param>
internal sealed record Difference(int Index, string What);

/// <summary>Runs steps on a fresh pair of machines and compares each answer.</summary>
internal sealed class Comparison(DeviceProfile profile)
{
    /// <summary>Accesses that both machines made.</summary>
    public long Accesses { get; private set; }

    /// <summary>Values that were compared.</summary>
    public long Values { get; private set; }

    /// <summary>How often each deviation explained a difference, by its id.</summary>
    public Dictionary<string, long> Hits { get; } = [];

    /// <summary>Counts a deviation as met.</summary>
    public void Hit(string id) => Hits[id] = Hits.GetValueOrDefault(id) + 1;

    /// <summary>Counts a step that both machines made.</summary>
    public void Count(Step step)
    {
        if (!step.IsAccess || step.Sides != Sides.Both) return;
        Accesses++;
        if (step.IsRead) Values++;
    }

    /// <summary>Runs steps on a fresh pair; the first difference, or null.</summary>
    public Difference? Run(IReadOnlyList<Step> steps)
    {
        using var qemu = Side.Qemu(profile);
        using var sim = Side.Sim(profile);
        var (theirs, ours) = (qemu.Make(steps, profile.AfterStep), sim.Make(steps, profile.AfterStep));
        var lines = new Lines();
        for (var i = 0; i < steps.Count; i++)
        {
            if (ours[i] is { Ok: false } failed && !(theirs[i] is { Ok: false })) return new(i, $"Sim FAIL {failed.Text}");
            if (theirs[i] is not { } their || ours[i] is not { } our) continue;
            Count(steps[i]);
            if (Compare(steps, i, their, our, lines) is { } what) return new(i, what);
        }
        return null;
    }

    public static ulong Value(QTestAnswer answer) =>
        answer.Text.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(answer.Text.AsSpan(2), NumberStyles.HexNumber, null, out var value) ? value : 0;

    private string? Compare(IReadOnlyList<Step> steps, int index, QTestAnswer qemu, QTestAnswer sim, Lines lines)
    {
        var step = steps[index];
        if (qemu.Ok != sim.Ok) return $"QEMU {(qemu.Ok ? "OK" : "FAIL")} {qemu.Text}, Sim {(sim.Ok ? "OK" : "FAIL")} {sim.Text}";
        var compared = new Compared(steps, index, Value(qemu), Value(sim));
        if (step.IsRead)
        {
            var left = (compared.Qemu ^ compared.Sim) & step.Width;
            foreach (var deviation in left == 0 ? [] : profile.Deviations)
            {
                var mask = deviation.Mask?.Invoke(compared) ?? 0;
                if ((left & mask) == 0) continue;
                Hit(deviation.Id);
                left &= ~mask;
            }
            if (left != 0) return $"QEMU 0x{compared.Qemu:x}, Sim 0x{compared.Sim:x}{(left == ((compared.Qemu ^ compared.Sim) & step.Width) ? "" : $"; bits 0x{left:x} beyond the deviations")}";
        }
        return profile.Intercept is null ? null : CompareInterrupts(compared, qemu, sim, lines);
    }

    /// <summary>Changes are to be the same; and where a deviation made the levels differ before, the levels are again.</summary>
    private string? CompareInterrupts(Compared compared, QTestAnswer qemu, QTestAnswer sim, Lines lines)
    {
        var (theirs, ours) = (Changes(qemu), Changes(sim));
        var wereSame = lines.AreSame;
        lines.Take(theirs, ours);
        if (lines.AreSame && (!wereSame || theirs.SequenceEqual(ours))) return null;
        foreach (var deviation in profile.Deviations)
        {
            if (deviation.Interrupts?.Invoke(compared) != true) continue;
            Hit(deviation.Id);
            return null;
        }
        return $"interrupts: QEMU {Text(theirs)}, Sim {Text(ours)}{(wereSame ? "" : "; they differed before by a deviation")}";
    }

    private QTestInterruptChange[] Changes(QTestAnswer answer) => [.. answer.Interrupts.Where(i => profile.IsInterrupt(i.Number))];

    private static string Text(QTestInterruptChange[] changes) =>
        changes.Length == 0 ? "none" : string.Join(", ", changes.Select(i => $"{(i.Raised ? "raise" : "lower")} {i.Number}"));

    /// <summary>The levels of the interrupt lines of both.</summary>
    private sealed class Lines
    {
        private readonly HashSet<int> _qemu = [], _sim = [];

        public bool AreSame => _qemu.SetEquals(_sim);

        public void Take(QTestInterruptChange[] qemu, QTestInterruptChange[] sim)
        {
            foreach (var change in qemu) Take(_qemu, change);
            foreach (var change in sim) Take(_sim, change);
        }

        private static void Take(HashSet<int> levels, QTestInterruptChange change) => _ = change.Raised ? levels.Add(change.Number) : levels.Remove(change.Number);
    }
}
