using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>The program itself, as a shell starts it: exit codes, closed pipes, silence.</summary>
public sealed class ToolProgramTests
{
    private static (int Code, string Output, string Error) Shell(string command) => ToolProgram.Shell(command);

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

    [TestCase("iomem", 0)]
    [TestCase("read ten", 2)]
    public void A_closed_standard_input_is_nothing_to_a_command_that_reads_none(string command, int code) =>
        Assert.That(Shell($"$RAWIO {command} <&-").Code, Is.EqualTo(code));

    [TestCase("shell")]
    [TestCase("qtest")]
    public void A_closed_standard_input_is_one_line_and_exit_1(string command)
    {
        // The .NET host, which a native program does without, opens files before Main, and one of them becomes descriptor 0.
        if (!ToolProgram.IsPublished) Assert.Ignore("SKIPPED: RAWIO_PROGRAM names no native program");
        var result = Shell($"$RAWIO {command} <&-");
        Assert.That((result.Code, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.StartWith("rawio: Standard input").And.Match("^[^\n]*\n$"));
    }

    [Test]
    public void A_folder_is_no_standard_input()
    {
        var result = Shell("$RAWIO shell < /");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.Match("^rawio: [^\n]*\n$"));
    }

    [TestCase("iomem > /dev/null 2>&-", 0)]
    [TestCase("read ten 2>&-", 2)]
    [TestCase("read ten 2>/dev/full", 2)]
    [TestCase("read 0x3ff00000 2>/dev/full", 1)]
    public void A_standard_error_that_takes_nothing_leaves_the_exit_code(string command, int code) =>
        Assert.That(Shell($"$RAWIO {command}").Code, Is.EqualTo(code));

    [Test]
    public void A_shell_ends_where_its_reader_leaves() => Assert.That(
        Shell("yes 'read 0x100000' 2>/dev/null | $RAWIO shell | head -1; echo ${PIPESTATUS[1]}"), Is.EqualTo((0, "0x00000000\n0\n", "")));

    [Test]
    public void A_stream_without_line_ends_is_no_script()
    {
        var result = Shell("$RAWIO shell /dev/zero");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.Match("^rawio: line 1: it is longer than 4096 characters[^\n]*\n$"));
    }

    [Test]
    public void A_terminal_gets_no_escape_sequences_where_it_knows_none()
    {
        if (!File.Exists("/usr/bin/script")) Assert.Ignore("SKIPPED: no /usr/bin/script (Debian's bsdutils) to make a terminal");
        Assert.That(Shell("TERM=dumb script -qc \"$RAWIO gpio\" /dev/null").Output, Does.Contain("GPIO16").And.Not.Contain('\u001b'));
    }
}
