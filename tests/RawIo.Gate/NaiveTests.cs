namespace RawIo.Gate;

/// <summary>The gate can fail: what one writes first is caught, on the same patterns.</summary>
public class NaiveTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from compiler in Compiler.All
        from accessor in Catalogue.Naive
        select new TestCaseData(compiler, accessor).SetArgDisplayNames(compiler.Name, accessor.Name);

    [TestCaseSource(nameof(Cases))]
    public void A_naive_accessor_is_caught_on_at_least_8_patterns(object compiler, Type accessor)
    {
        var by = (Compiler)compiler;
        if (by.Missing() is { } missing) Assert.Ignore($"SKIPPED: {missing}");
        var caught = Caught(by, accessor).Distinct().ToList();
        TestContext.Out.WriteLine(string.Join('\n', caught));
        Assert.That(caught, Has.Count.AtLeast(8));
    }

    [Test]
    public void The_traps_that_this_library_was_written_for_are_caught()
    {
        var jit = Compiler.All[0];
        if (jit.Missing() is { } missing) Assert.Ignore($"SKIPPED: {missing}");
        Assert.That(Caught(jit, typeof(Plain)), Is.SupersetOf(new[]
        {
            "bit 7 tested", "cast to 8 bits", "read, discarded", "poll until bit 0 is set", "write 1, then 2", "modify: or a constant",
        }));
        Assert.That(Caught(jit, typeof(VolatileOnly)), Is.SupersetOf(new[] { "bit 7 tested", "cast to 8 bits", "modify: or a constant" }));
    }

    [Test]
    public void On_arm64_plain_accesses_to_neighbours_are_joined_and_caught()
    {
        var arm = Compiler.All.First(c => c.Name.Contains("arm64", StringComparison.Ordinal));
        if (arm.Missing() is { } missing) Assert.Ignore($"SKIPPED: {missing}");
        Assert.That(Caught(arm, typeof(Plain)), Is.SupersetOf(new[] { "two adjacent", "write four adjacent zeros", "poll until bit 0 is set" }));
    }

    // Only what is known to be wrong counts, not what could not be judged.
    private static IEnumerable<string> Caught(Compiler compiler, Type accessor) =>
        from gateCase in GateCase.Naive(accessor)
        where gateCase.Judge(compiler.Gate, gateCase.Methods[0]).Wrong is not null
        select gateCase.Name;
}
