namespace RawIo.Metal;

/// <summary>That the lab believes no guest more than it said.</summary>
internal sealed class GuestReportTests
{
    private string _console = null!;

    [SetUp]
    public void Make() => _console = Path.GetTempFileName();

    [TearDown]
    public void Remove() => File.Delete(_console);

    private string? Outcome(string check, string console)
    {
        File.WriteAllText(_console, console);
        var report = new GuestReport("pc", _console, "");
        using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
        {
            try
            {
                report.AssertPassed(check);
                return null;
            }
            catch (Exception outcome) when (outcome is AssertionException or IgnoreException)
            {
                return outcome.Message;
            }
        }
    }

    [Test]
    public void A_check_that_passed_is_passed_whatever_else_the_console_has() =>
        Assert.That(Outcome("a b", "\u00ff\u00fe\r\nSeaBIOS\r\nCHECK a b\r\n[  1.0] kernel talks\r\nPASS a b 12\r\nEND 1\r\nOVER\r\n"), Is.Null);

    [Test]
    public void A_check_that_was_not_reported_has_failed()
    {
        Assert.That(Outcome("b", "CHECK a\nPASS a 1\nEND 1\nOVER\n"), Does.Contain("did not report it").And.Contain("OVER"));
        Assert.That(Outcome("a", "CHECK a\nKernel panic - not syncing\n"), Does.Contain("did not report it").And.Contain("panic"));
        Assert.That(Outcome("a", ""), Does.Contain("did not report it"));
        Assert.That(Outcome("a", "PASS a 1\n"), Does.Contain("did not report it"), "it did not run");
        Assert.That(Outcome("a", "CHECK a\nCHECK b\nPASS a 1\n"), Does.Contain("did not report it"), "another ran");
        Assert.That(Outcome("a", "CHECK a\nPASS ab 1\nPASS another 1\n"), Does.Contain("did not report it"), "another's name begins so");
    }

    [Test]
    public void A_failure_has_its_message_and_nothing_after_it_mends_it()
    {
        Assert.That(Outcome("a", "CHECK a\nFAIL a: it is 3 | not 4\nPASS a 1\n"), Is.EqualTo("it is 3 | not 4"));
        Assert.That(Outcome("a", "CHECK a\nFAIL a: it ended the whole program: exit code 139\n"), Does.Contain("139"));
    }

    [Test]
    public void A_skip_says_why() => Assert.That(Outcome("a", "CHECK a\nSKIP a: no such device\n"), Is.EqualTo("SKIPPED: no such device"));

    [TestCase(Lab.Pc)]
    [TestCase(Lab.PcRelaxed)]
    [TestCase(Lab.Pi3)]
    [TestCase(Lab.Pi3Strict)]
    public void Checks_are_told_apart_by_their_names(string boot) =>
        Assert.That(Lab.ChecksOf(boot).Select(check => check.Name), Is.Unique.And.All.Matches<string>(name => !name.Contains('\n')));

    [Test]
    public void It_is_over_when_the_guest_says_so_or_its_kernel_gave_up()
    {
        foreach (var (console, over) in new[] { ("CHECK a\n", false), ("END 3\n", false), ("CHECK over OVER x\n", false), ("END 3\nOVER\r\n", true), ("[ 1.0] Kernel panic - not syncing: x\n", true), ("", false) })
        {
            File.WriteAllText(_console, console);
            Assert.That(GuestReport.IsOver(_console), Is.EqualTo(over), console);
        }
        Assert.That(GuestReport.IsOver(_console + ".none"), Is.False);
    }
}
