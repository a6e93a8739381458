namespace RawIo.Tests;

/// <summary>The librawio that is shipped for each runtime does what it says there: loops, barriers, probe.</summary>
[Platform("Linux")]
internal sealed class LibRawIoRunTests
{
    [TestCase("linux-x64")]
    [TestCase("linux-arm64")]
    [TestCase("linux-arm")]
    public void Loops_barriers_and_probe_run(string runtime)
    {
        var library = CrossProgram.Library(runtime);
        CrossProgram.Check(runtime, "device_test.c", ["-O1", library, $"-Wl,-rpath,{Path.GetDirectoryName(library)}"]);
    }
}
