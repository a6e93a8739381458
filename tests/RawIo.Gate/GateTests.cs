namespace RawIo.Gate;

/// <summary>
/// The access that was written is the access that was compiled: each pattern, at each width, in each way of reaching
/// the device, by each compiler.
/// </summary>
public class GateTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from compiler in Compiler.All
        from gateCase in GateCase.Exact
        select new TestCaseData(compiler, gateCase).SetArgDisplayNames(compiler.Name, gateCase.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Every_access_is_the_one_that_was_written(object compiler, object gateCase)
    {
        var (by, pattern) = ((Compiler)compiler, (GateCase)gateCase);
        if (by.Missing() is { } missing) Assert.Ignore($"SKIPPED: {missing}");
        Assert.Multiple(() =>
        {
            foreach (var method in pattern.Methods)
                if (pattern.Judge(by.Gate, method) is { Exact: false } verdict)
                    Assert.Fail($"{by.Name}, {method.Way}: '{pattern}' is to make {pattern.Accesses}, but {verdict}");
        });
    }

    private static IEnumerable<TestCaseData> AccessorCases() =>
        GateCase.Accessors.Select(accessor => new TestCaseData(accessor).SetArgDisplayNames(accessor.ToString()));

    [TestCaseSource(nameof(AccessorCases))]
    public void The_accessors_are_exact_before_they_are_optimised(object accessor)
    {
        var (by, pattern) = (Compiler.Tier0, (GateCase)accessor);
        if (by.Missing() is { } missing) Assert.Ignore($"SKIPPED: {missing}");
        var verdict = pattern.Judge(by.Gate, pattern.Methods[0]);
        Assert.That(verdict.Exact, Is.True, $"{by.Name}: '{pattern}' is to make {pattern.Accesses}, but {verdict}");
    }
}
