[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: LevelOfParallelism(2)]

namespace RawIo.Metal;

/// <summary>A boot of a real kernel in QEMU; each check that the guest makes is a test.</summary>
internal abstract class MetalTests(Boot boot)
{
    private GuestReport _report = null!;

    [OneTimeSetUp]
    public void Boot() => _report = boot.Run();

    protected void See(string check) => _report.AssertPassed(check);

    protected static IEnumerable<TestCaseData> NamesOf(string boot) =>
        Lab.ChecksOf(boot).Select(check => new TestCaseData(check.Name).SetName($"{boot}: {check.Name}"));
}

[Parallelizable(ParallelScope.Self)]
internal sealed class PcTests() : MetalTests(Metal.Boot.PcWith(Lab.Pc, ""))
{
    public static IEnumerable<TestCaseData> Names => NamesOf(Lab.Pc);

    [TestCaseSource(nameof(Names))]
    public void Check(string name) => See(name);
}

[Parallelizable(ParallelScope.Self)]
internal sealed class PcRelaxedTests() : MetalTests(Metal.Boot.PcWith(Lab.PcRelaxed, "iomem=relaxed"))
{
    public static IEnumerable<TestCaseData> Names => NamesOf(Lab.PcRelaxed);

    [TestCaseSource(nameof(Names))]
    public void Check(string name) => See(name);
}

[Parallelizable(ParallelScope.Self)]
internal sealed class Pi3Tests() : MetalTests(Metal.Boot.PiWith(Lab.Pi3, "iomem=relaxed"))
{
    public static IEnumerable<TestCaseData> Names => NamesOf(Lab.Pi3);

    [TestCaseSource(nameof(Names))]
    public void Check(string name) => See(name);
}

[Parallelizable(ParallelScope.Self)]
internal sealed class Pi3StrictTests() : MetalTests(Metal.Boot.PiWith(Lab.Pi3Strict, ""))
{
    public static IEnumerable<TestCaseData> Names => NamesOf(Lab.Pi3Strict);

    [TestCaseSource(nameof(Names))]
    public void Check(string name) => See(name);
}
