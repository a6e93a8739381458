using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>The program itself, as a shell starts it: exit codes, closed pipes, silence.</summary>
public sealed class ToolProgramTests
{
    // The one that was published, where the build names it; else the one that was built.
    private static string Program => Environment.GetEnvironmentVariable("RAWIO_PROGRAM") is { Length: > 0 } published
        ? published
        : Path.Combine(TestContext.CurrentContext.TestDirectory, "RawIo.Tool");

    private static (int Code, string Output, string Error) Shell(string command)
    {
        if (!File.Exists(Program)) Assert.Ignore($"SKIPPED: there is no program at {Program}");
        var start = new ProcessStartInfo("/bin/bash", ["-c", command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["RAWIO"] = Program;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [Test]
    public void Exit_codes_reach_the_shell()
    {
        Assert.That(Shell("$RAWIO read 0x100000"), Is.EqualTo((0, "0x00000000\n", "")));
        Assert.That(Shell("$RAWIO read 0x3ff00000 2>/dev/null").Code, Is.EqualTo(1));
        Assert.That(Shell("$RAWIO read ten 2>/dev/null").Code, Is.EqualTo(2));
    }

    [Test]
    public void A_reader_that_leaves_ends_it_quietly()
    {
        var watch = Stopwatch.StartNew();
        Assert.That(Shell("$RAWIO dump 0x100000 0x20000000 --on sim:pc | head -1; echo ${PIPESTATUS[0]}"),
            Is.EqualTo((0, "00100000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n0\n", "")));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)), "half a gigabyte would take minutes to print");
    }

    [TestCase("iomem")]
    [TestCase("qtest < <(echo endianness)")]
    public void A_full_disk_is_an_error(string command)
    {
        var result = Shell($"$RAWIO {command} > /dev/full");
        Assert.That((result.Code, result.Error), Is.EqualTo((1, result.Error)));
        Assert.That(result.Error, Does.StartWith("rawio: ").And.Contain("No space left"));
    }

    [Test]
    public void Output_and_errors_may_go_to_one_file()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "both.txt");
        Shell($"$RAWIO shell -k > {file} 2>&1 < <(printf 'read 0x100000\\nread ten\\nread 0x100000\\n')");
        var lines = File.ReadAllLines(file);
        Assert.That(lines, Has.Length.EqualTo(3).And.ItemAt(0).EqualTo("0x00000000").And.ItemAt(1).StartsWith("rawio: line 2").And.ItemAt(2).EqualTo("0x00000000"));
    }

    [Test]
    public void Interrupt_ends_it_with_130() =>
        Assert.That(Shell("coproc $RAWIO qtest; p=$COPROC_PID; echo endianness >&${COPROC[1]}; read -r l <&${COPROC[0]}; kill -INT $p; wait $p; echo $l $?").Output,
            Is.EqualTo("OK little 130\n"));
}
