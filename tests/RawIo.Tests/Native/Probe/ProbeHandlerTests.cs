namespace RawIo.Tests;

/// <summary>The probe's signal handlers among other code's: a program in C, since a test host must not play with its own.</summary>
[Platform("Linux")]
internal sealed class ProbeHandlerTests
{
    // From the sources: it looks at what the library hides.
    [TestCase("linux-x64")]
    [TestCase("linux-arm64")]
    [TestCase("linux-arm")]
    public void Handlers_are_chained_restored_and_survive_being_covered(string runtime) =>
        CrossProgram.Check(runtime, "guard_test.c",
            ["-O2", "-ftls-model=initial-exec", "-fno-builtin", .. Directory.GetFiles(Path.Combine(Repository.Root, "native"), "*.c")]);
}
