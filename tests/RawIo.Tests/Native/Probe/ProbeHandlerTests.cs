using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>The probe's signal handlers among other code's: a program in C, since a test host must not play with its own.</summary>
[Platform("Linux")]
internal sealed class ProbeHandlerTests
{
    [Test]
    public void Handlers_are_chained_restored_and_survive_being_covered()
    {
        var native = Path.Combine(Repository.Root, "native");
        var program = Path.Combine(Path.GetTempPath(), $"rawio-guard-{Guid.NewGuid():n}");
        var sources = Directory.GetFiles(native, "*.c").Append(
            Path.Combine(Repository.Root, "tests", "RawIo.Tests", "Native", "Probe", "guard_test.c"));
        var compiler = new[] { "/usr/bin/gcc", "/usr/bin/cc" }.FirstOrDefault(File.Exists);
        if (compiler is null) Assert.Ignore("SKIPPED: no C compiler here");
        try
        {
            var (code, text) = Run(compiler!, ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-ftls-model=initial-exec", "-fno-builtin",
                "-pthread", "-I", native, "-o", program, .. sources]);
            Assert.That(code, Is.Zero, text);
            (code, text) = Run(program, []);
            Assert.That((code, text), Is.EqualTo((0, "")));
        }
        finally
        {
            File.Delete(program);
        }
    }

    internal static (int Code, string Text) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
