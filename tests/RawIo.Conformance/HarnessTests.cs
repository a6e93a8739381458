namespace RawIo.Conformance;

/// <summary>The harness itself: that it sees what differs, and tells it short.</summary>
internal sealed class HarnessTests
{
    [Test]
    public void A_failing_run_shrinks_to_the_steps_that_matter()
    {
        var random = new Random(1);
        var steps = new Steps(0x100);
        for (var i = 0; i < 1000; i++)
        {
            steps.NextGroup();
            steps.Out(random.Next(8), (ulong)random.Next(0x100));
            if (random.Next(3) == 0) steps.In(random.Next(8));
        }
        // It fails where 0x103 is read after a write of 0x4x to 0x101.
        var least = Shrinker.Shrink(steps.All, run =>
        {
            var armed = false;
            for (var i = 0; i < run.Count; i++)
            {
                armed |= run[i].IsWrite && run[i].Address == 0x101 && run[i].Value >> 4 == 4;
                if (armed && run[i].IsRead && run[i].Address == 0x103) return i;
            }
            return null;
        });
        Assert.That(least[^1].ToString(), Is.EqualTo("inb 0x103"));
        Assert.That(least, Has.Count.LessThanOrEqualTo(4), "two groups at most");
        Assert.That(least.Any(s => s.IsWrite && s.Address == 0x101), Is.True);
    }

    [Test]
    public void Scenarios_are_read()
    {
        var lines = new Scenario("x", """
            # nothing
            outb 0x43 0x36
            inb 0x61 & 0x20 -> 0x00   # a comment
            outb 0x60 0x12 -> raise 12
            inb 0x40 -> 0x12, qemu 0x34 : latch
            sim: clock_step 1000
            """).Lines;
        Assert.That(lines.Select(l => l.Step.ToString()), Is.EqualTo(new[] { "outb 0x43 0x36", "inb 0x61", "outb 0x60 0x12", "inb 0x40", "sim: clock_step 1000" }));
        Assert.That((lines[1].Mask, lines[1].Expected), Is.EqualTo((0x20, 0)));
        Assert.That((lines[2].Interrupt, lines[2].Raised, lines[2].Expected), Is.EqualTo((12, true, (ulong?)null)));
        Assert.That((lines[3].Expected, lines[3].Qemu, lines[3].DeviationId), Is.EqualTo((0x12, 0x34, "latch")));
        Assert.Throws<FormatException>(() => _ = new Scenario("x", "inb 0x40 -> 1, qemu 2"));
    }

    [Test]
    public void A_difference_a_wrong_expectation_and_a_deviation_that_is_none_are_seen()
    {
        var profile = new Stub();
        var difference = new Comparison(profile).Run([Step.Parse("outb 0x80 1"), Step.Parse("endianness", Sides.QemuOnly), Step.Parse("inb 0x64"), Step.Parse("outb 0x60 0xf8"), Step.Parse("inb 0x60")]);
        Assert.That(difference!.Index, Is.EqualTo(4));
        Assert.That(difference.What, Is.EqualTo("QEMU 0xfe, Sim 0xfa"));
        string? Run(string script) => new ScenarioRun(profile, new(profile)).Run(new("x", script));
        Assert.That(Run("inb 0x64 & 0x10 -> 0x10"), Is.Null);
        Assert.That(Run("inb 0x64 & 0x10 -> 0x00"), Does.Contain("QEMU 0x10").And.Contain("Sim 0x10"));
        Assert.That(Run("outb 0x60 0xf8\ninb 0x60"), Does.Contain("QEMU 0xfe, Sim 0xfa"));
        Assert.That(Run("outb 0x60 0xf8\ninb 0x60 -> 0xfa, qemu 0xfe : unheard"), Does.Contain("unheard"));
        Assert.That(Run("outb 0x60 0xf4\ninb 0x60 -> 0xfa, qemu 0xfe : unheard"), Does.Contain("QEMU 0xfa"));
        Assert.That(Run("outb 0x60 0xf4 -> raise 1"), Does.Contain("did not"), "nothing is intercepted");
    }

    // Nested classes are not among the profiles that are run.
    private sealed class Stub : DeviceProfile
    {
        public override string Name => "stub";
        public override string Machine => "pc";
        public override string Board => "pc";

        public override void Generate(Random random, Steps steps) => steps.In(0x64);
    }
}
