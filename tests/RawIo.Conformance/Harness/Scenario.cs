namespace RawIo.Conformance;

/// <summary>
/// A script of qtest lines with what the datasheet expects, run on both machines:
/// <code>
/// # a comment
/// outb 0x43 0x36
/// inb 0x61 &amp; 0x20 -> 0x00
/// outb 0x60 0x12 -> raise 1
/// inb 0x40 -> 0x12, qemu 0x34 : latch-twice
/// sim: clock_step 1000000
/// qemu: outb 0x80 0
/// </code>
/// "&amp;" masks the value; "raise N" and "lower N" expect an interrupt line to change before the answer, where the profile
/// intercepts them; ", qemu VALUE : ID" is what QEMU answers instead, by the deviation of that id, which must be so.
/// A read without "->" must be alike on both.
/// </summary>
internal sealed class Scenario
{
    /// <param name="name">What it shows, a sentence.</param>
    /// <param name="script">The lines.</param>
    public Scenario(string name, string script)
    {
        Name = name;
        Lines = [.. script.Split('\n').Select(l => l.Split('#')[0].Trim()).Where(l => l.Length > 0).Select(Parse)];
    }

    public string Name { get; }

    public IReadOnlyList<ScenarioLine> Lines { get; }

    public override string ToString() => Name;

    private static ScenarioLine Parse(string text)
    {
        var sides = text.StartsWith("sim:", StringComparison.Ordinal) ? Sides.SimOnly : text.StartsWith("qemu:", StringComparison.Ordinal) ? Sides.QemuOnly : Sides.Both;
        var rest = sides == Sides.Both ? text : text[(text.IndexOf(':') + 1)..].Trim();
        var parts = rest.Split("->", 2, StringSplitOptions.TrimEntries);
        var request = parts[0].Split('&', 2, StringSplitOptions.TrimEntries);
        var line = new ScenarioLine(text, Step.Parse(request[0], sides), request.Length > 1 ? Step.Number(request[1]) : ulong.MaxValue);
        if (parts.Length == 1) return line;
        var expected = parts[1].Split(", qemu ", 2, StringSplitOptions.TrimEntries);
        if (expected.Length == 2)
        {
            var other = expected[1].Split(':', 2, StringSplitOptions.TrimEntries);
            if (other.Length < 2) throw new FormatException($"\"{text}\": \", qemu VALUE\" is followed by \" : ID\" of a deviation.");
            line = line with { Qemu = Step.Number(other[0]), DeviationId = other[1] };
        }
        if (expected[0].StartsWith("raise ", StringComparison.Ordinal) || expected[0].StartsWith("lower ", StringComparison.Ordinal))
            return line with { Interrupt = (int)Step.Number(expected[0][6..]), Raised = expected[0][0] == 'r' };
        return line with { Expected = Step.Number(expected[0]) };
    }
}

/// <summary>A line of a scenario.</summary>
internal sealed record ScenarioLine(string Text, Step Step, ulong Mask)
{
    public ulong? Expected { get; init; }
    public ulong? Qemu { get; init; }
    public string? DeviationId { get; init; }
    public int? Interrupt { get; init; }
    public bool Raised { get; init; }
}
