using RawIo.Tool;

namespace RawIo.Tests;

/// <summary>--undo: what a command wrote is back when it ends, however it ends.</summary>
public sealed class ToolUndoTests
{
    private const long Fsel1 = 0x3f200004, Set0 = 0x3f20001c, Clr0 = 0x3f200028, Lev0 = 0x3f200034;

    private HostPi _pi = null!;

    [SetUp]
    public void Make()
    {
        _pi = new();
        _pi[Fsel1] = 0x1234;
    }

    [TearDown]
    public void Remove() => _pi.Dispose();

    [Test]
    public void Write_prints_what_was_there_holds_and_restores()
    {
        var result = _pi.Run($"write --host --undo {Fsel1} 5 --for 1ms");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "0x00001234\n")));
        Assert.That(result.Error, Is.EqualTo("rawio: holds for 0.001 s, or until Ctrl-C\nrawio: restored 0x3f200004 = 0x00001234\n"));
        Assert.That(_pi[Fsel1], Is.EqualTo(0x1234));
    }

    [Test]
    public void It_holds_until_the_end_of_input_or_a_persons_enter()
    {
        var result = _pi.Run($"write --undo --host {Fsel1} 5 --json", "one\ntwo\n");
        Assert.That(result.Output, Does.Contain("\"was\": \"0x00001234\""));
        Assert.That(result.Error, Is.EqualTo("rawio: holds until the end of input or Ctrl-C\nrawio: restored 0x3f200004 = 0x00001234\n"));
        var simulated = ToolRun.RunAtTerminal("write --undo 0x3f200004 5", "\n");
        Assert.That(simulated.Error, Is.EqualTo("rawio: holds until Enter or Ctrl-C\nrawio: restored 0x3f200004 = 0x00000000\n"), "on a simulated board too");
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void A_signal_restores_and_says_so(string signal, int code)
    {
        using var child = new Child("tool", _pi.Folder, "write", "--host", "--undo", $"{Fsel1}", "5");
        Assert.That(child.Output.ReadLine(), Is.EqualTo("0x00001234"));
        child.UntilItSays("holds until");
        Assert.That(_pi[Fsel1], Is.EqualTo(5));
        child.Send(signal);
        Assert.That(child.End(), Is.EqualTo((code, "rawio: holds until the end of input or Ctrl-C\nrawio: restored 0x3f200004 = 0x00001234\n")));
        Assert.That(_pi[Fsel1], Is.EqualTo(0x1234));
    }

    [Test]
    public void A_signal_restores_a_shells_session()
    {
        using var child = new Child("tool", _pi.Folder, "shell", "--host", "--undo");
        child.Input.Write($"write {Fsel1} 5\nwrite {Fsel1} 6 -w 8\nwrite {Fsel1 + 4} 7\nread {Fsel1} --json\ndump {Fsel1} 0x10000\n");
        child.Input.Flush();
        // The dump is more than the buffer holds: what comes before it can be seen.
        while (child.Output.ReadLine() is { } line && !line.Contains("0x00000006", StringComparison.Ordinal)) { }
        Assert.That(_pi[Fsel1], Is.EqualTo(6));
        child.Send("INT");
        _ = child.Output.ReadToEnd();
        var (code, error) = child.End();
        Assert.That(code, Is.EqualTo(130));
        Assert.That(error, Does.Contain("rawio: restored 2 places"));
        Assert.That((_pi[Fsel1], _pi[Fsel1 + 4]), Is.EqualTo((0x1234, 0)));
    }

    [Test]
    public void A_shell_restores_everything_at_its_end_also_after_a_line_that_fails()
    {
        var result = _pi.Run("shell --host --undo", $"write {Fsel1} 0xff -w 8\nwrite {Fsel1} 7\nread {Fsel1}\nread ten\n");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "0x00000007\n")));
        Assert.That(result.Error, Does.Contain("rawio: restored 2 places\n"));
        Assert.That(_pi[Fsel1], Is.EqualTo(0x1234));
    }

    [TestCase("out 0x80 1", 2, "out has no way back")]
    [TestCase("write 0x3f200004 1 --for 1s", 2, "restores at its end")]
    [TestCase("write 0x3f200004 1 --undo", 2, "--undo has no place in the shell")]
    [TestCase("write 0x3f20001c 1", 1, "GPSET0 at 0x3f20001c cannot be undone")]
    [TestCase("write 0x3f104008 1", 1, "RNG_DATA at 0x3f104008 cannot be undone")]
    [TestCase("gpio 16 up", 1, "GPPUDCLK0")]
    public void What_has_no_way_back_is_refused(string line, int code, string saying)
    {
        var result = _pi.Run("shell --host --undo", line + "\n");
        Assert.That(result.ExitCode, Is.EqualTo(code));
        Assert.That(result.Error, Does.Contain(saying));
        Assert.That((_pi[Fsel1], _pi[Set0], _pi[0x3f200094]), Is.EqualTo((0x1234, 0, 0)));
    }

    [Test]
    public void A_pin_is_put_back_its_level_too()
    {
        (_pi[Fsel1], _pi[Lev0]) = (1 << 18, 0);
        var result = _pi.Run("gpio --host --undo 16 high in --for 1ms");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "GPIO16: in, low\n")));
        Assert.That((_pi[Fsel1], _pi[Set0], _pi[Clr0]), Is.EqualTo((1 << 18, 1u << 16, 1u << 16)), "it was set, and then cleared");
        (_pi[Fsel1], _pi[Clr0]) = (0, 0);
        Assert.That(_pi.Run("gpio --host --undo 16 high out --for 1ms").ExitCode, Is.Zero);
        Assert.That((_pi[Fsel1], _pi[Clr0]), Is.EqualTo((0, 0)), "an input's latch is nobody's to know");
    }

    [Test]
    public void What_could_not_be_restored_is_one_refusal() =>
        Assert.That(Failures.ExitCode(new AggregateException("2 of 3 places", new RawIoException(Errno.EIO, "a"), new ObjectDisposedException("b"))), Is.EqualTo(1));

    [Test]
    public void Qtest_restores_memory_and_has_no_ports()
    {
        var result = _pi.Run("qtest --host --undo", $"writel {Fsel1} 1\nreadl {Fsel1}\ninb 0x64\n");
        Assert.That(result.Lines[1], Is.EqualTo("OK 0x0000000000000001"));
        Assert.That(result.Lines[2], Does.StartWith("FAIL"));
        Assert.That(_pi[Fsel1], Is.EqualTo(0x1234));
        Assert.That(result.Error, Is.EqualTo("rawio: restored 0x3f200004 = 0x00001234\n"));
    }

    [Test]
    public void What_is_claimed_stays_so_until_it_is_restored()
    {
        using var child = new Child("tool", _pi.Folder, "write", "--host", "--undo", $"{Fsel1}", "5");
        Assert.That(child.Output.ReadLine(), Is.EqualTo("0x00001234"));
        var other = _pi.Run($"write --host {Fsel1} 9");
        Assert.That(other.ExitCode, Is.EqualTo(1));
        Assert.That(_pi[Fsel1], Is.EqualTo(5));
        child.Input.Close();
        Assert.That(child.End().Code, Is.Zero);
        Assert.That(_pi.Run($"write --host {Fsel1} 9").ExitCode, Is.Zero);
    }
}
