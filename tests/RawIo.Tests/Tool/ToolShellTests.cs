using RawIo.Tool;

namespace RawIo.Tests;

/// <summary>The shell, and the qtest server on its board.</summary>
public sealed class ToolShellTests
{
    [Test]
    public void State_stays_from_line_to_line() => Assert.That(
        ToolRun.Succeed("shell", "write 0x3f200004 0x40000   # GPFSEL1\n\n  # a comment\nwrite 0x3f20001c 0x10000\nrawio gpio 16\n").Output,
        Is.EqualTo("GPIO16: out, high\n"));

    [Test]
    public void A_failing_line_ends_a_script_with_its_number_and_code()
    {
        var result = ToolRun.Run("shell", "read 0x100000\nread ten\nread 0x100000\n");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Lines, Is.EqualTo(["0x00000000"]));
        Assert.That(result.Error, Does.StartWith("rawio: line 2: ADDR 'ten'").And.Not.Contain("line 3"));
    }

    [Test]
    public void Keep_going_runs_the_rest_and_exits_with_the_first_code()
    {
        var result = ToolRun.Run("shell -k", "read 0x3ff00000\nread ten\nread 0x100000\n");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Lines, Is.EqualTo(["0x00000000"]));
        Assert.That(result.Error.Split('\n'), Has.Exactly(1).StartsWith("rawio: line 1: ").And.Exactly(1).StartsWith("rawio: line 2: "));
    }

    [Test]
    public void A_person_is_prompted_and_told_and_may_go_on()
    {
        var result = ToolRun.RunAtTerminal("shell", "read ten\nread 0x100000\n");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Is.EqualTo("rawio> rawio> 0x00000000\nrawio> \n"));
        Assert.That(result.Error, Does.StartWith("rawio: ADDR 'ten'"), "a person sees which line it was");
    }

    [TestCase("exit")]
    [TestCase("quit")]
    public void Exit_ends_it(string word) =>
        Assert.That(ToolRun.Succeed("shell", $"read 0x100000\n{word}\nfrobnicate\n").Lines, Is.EqualTo(["0x00000000"]));

    [Test]
    public void A_script_file_is_a_shell_too()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "script.rawio");
        File.WriteAllText(path, "out 0x64 0xaa\r\nin 0x60\r\n");
        Assert.That(ToolRun.Run(["shell", path, "--on", "sim:pc"]).Output, Is.EqualTo("0x55\n"));
    }

    [TestCase("iomem --on sim:pc", "--on has no place in the shell")]
    [TestCase("shell", "runs no shell")]
    [TestCase("qtest", "run rawio qtest by itself")]
    [TestCase("boards pi3", "run it outside the shell")]
    [TestCase("read 'open", "A quote is opened and not closed")]
    public void What_would_leave_the_board_is_refused(string line, string saying)
    {
        var result = ToolRun.Run("shell", line + "\n");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("rawio: line 1: ").And.Contain(saying));
    }

    [TestCase("a  b\tc # d", new[] { "a", "b", "c" })]
    [TestCase("'a b' \"c # d\" e#f", new[] { "a b", "c # d", "e#f" })]
    [TestCase("''", new[] { "" })]
    [TestCase("#", new string[0])]
    public void Words_are_split_as_a_shell_does(string line, string[] expected)
    {
        Assert.That(ShellLine.TrySplit(line, out var words));
        Assert.That(words, Is.EqualTo(expected));
    }

    [Test]
    public void Qtest_tests_the_keyboard_controller() => Assert.That(
        ToolRun.Succeed("qtest --on sim:pc", "inb 0x64\noutb 0x64 0xaa\ninb 0x60\n").Lines,
        Has.Length.EqualTo(3).And.ItemAt(1).EqualTo("OK").And.ItemAt(2).EqualTo("OK 0x0055"));

    [Test]
    public void Qtest_makes_pin_16_high()
    {
        var lines = ToolRun.Succeed("qtest --on sim:pi3", "writel 0x3f200004 0x40000\nwritel 0x3f20001c 0x10000\nreadl 0x3f200034\n").Lines;
        Assert.That(lines[..2], Is.EqualTo(["OK", "OK"]));
        Assert.That(Convert.ToUInt64(lines[2][3..], 16) & 0x10000, Is.Not.Zero);
        Assert.That(lines[2], Has.Length.EqualTo(21));
    }

    [Test]
    public void Qtest_time_moves_only_by_steps_where_the_clock_is_stepped()
    {
        var lines = ToolRun.Succeed("qtest --clock stepped", "readl 0x3f003004\nclock_step 5000\nreadl 0x3f003004\nclock_set 7000\nclock_set 6000\nendianness\n").Lines;
        var (before, after) = (Convert.ToUInt64(lines[0][3..], 16), Convert.ToUInt64(lines[2][3..], 16));
        Assert.That(after - before, Is.EqualTo(5), "the system timer counts microseconds");
        Assert.That((lines[1], lines[3], lines[4], lines[5]), Is.EqualTo(("OK 5000", "OK 7000", "FAIL 7000", "OK little")));
    }

    [Test]
    public void Qtest_goes_on_as_the_hardware_unless_told_to_throw()
    {
        Assert.That(ToolRun.Succeed("qtest", "readl 0x3ff00000\n").Lines[0], Does.StartWith("OK 0x"));
        Assert.That(ToolRun.Succeed("qtest --faults throw", "readl 0x3ff00000\ninb 0x60\nendianness\n").Lines,
            Has.Length.EqualTo(3).And.ItemAt(0).StartsWith("FAIL ").And.ItemAt(1).StartsWith("FAIL ").And.ItemAt(2).EqualTo("OK little"));
    }

    [Test]
    public void Qtest_blocks_reach_ram_and_registers()
    {
        var lines = ToolRun.Succeed("qtest", "write 0x100001 6 0x010203040506\nread 0x100000 8\nmemset 0x100000 4 0xff\nread 0x100000 8\nread 0x3f200034 4\n").Lines;
        Assert.That(lines[..4], Is.EqualTo(["OK", "OK 0x0001020304050600", "OK", "OK 0xffffffff04050600"]));
        Assert.That(lines[4], Does.StartWith("OK 0x"));
    }
}
