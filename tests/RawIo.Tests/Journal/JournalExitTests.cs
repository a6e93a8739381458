namespace RawIo.Tests;

/// <summary>However a process ends, its journals are restored: seen in the file it had mapped.</summary>
public sealed class JournalExitTests
{
    private static readonly byte[] s_before = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
    private string _file = null!;

    [SetUp]
    public void Make()
    {
        _file = Path.GetTempFileName();
        File.WriteAllBytes(_file, s_before);
    }

    [TearDown]
    public void Remove() => File.Delete(_file);

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    [TestCase("QUIT", 131)]
    public void A_signal_restores_and_ends_it_as_it_would_have(string signal, int code)
    {
        using var child = Ready("wait");
        Assert.That(File.ReadAllBytes(_file).AsSpan(0, 4).ToArray(), Is.All.EqualTo(0xbb), "it was written");
        child.Send(signal);
        Assert.That(child.End(), Is.EqualTo((code, "")));
        AssertRestored();
    }

    [TestCase("exit", 3)]
    [TestCase("leave", 0)]
    public void A_normal_exit_restores(string how, int code)
    {
        using var child = Ready(how);
        Assert.That(child.End(), Is.EqualTo((code, "")));
        AssertRestored();
    }

    [TestCase("throw")]
    [TestCase("throw on a thread")]
    [TestCase("throw in a write")]
    public void An_unhandled_exception_restores(string how)
    {
        using var child = Ready(how);
        var (code, error) = child.End();
        Assert.That(code, Is.EqualTo(134), "abort");
        Assert.That(error, Does.Contain("NotSupportedException: a bug"));
        var after = File.ReadAllBytes(_file);
        // The write that threw says it was not made: its journal believes it.
        if (how == "throw in a write") s_before.AsSpan(8, 4).CopyTo(after.AsSpan(8));
        Assert.That(after, Is.EqualTo(s_before));
    }

    [Test]
    public void A_signal_that_a_later_handler_cancels_leaves_the_journal_as_it_is()
    {
        using var child = Ready("cancelled");
        child.Send("INT");
        Assert.That(child.Output.ReadLine(), Is.EqualTo("cancelled"));
        Assert.That(child.Output.ReadLine(), Is.EqualTo("then bbbbbbbb"));
        Assert.That(File.ReadAllBytes(_file).AsSpan(0, 4).ToArray(), Is.All.EqualTo(0xbb));
        child.Input.WriteLine();
        Assert.That(child.End(), Is.EqualTo((0, "")));
        AssertRestored();
    }

    [Test]
    public void A_signal_that_is_ignored_stays_so()
    {
        using var child = Child.Ignoring("HUP", "journal", "wait", _file);
        Assert.That(child.Output.ReadLine(), Is.EqualTo("ready"));
        child.Send("HUP");
        child.Send("TERM");
        Assert.That(child.End(), Is.EqualTo((143, "")), "it was SIGTERM that ended it");
        AssertRestored();
    }

    [Test]
    public void What_can_not_be_restored_at_the_end_is_said()
    {
        using var child = Ready("unmapped first");
        var (code, error) = child.End();
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.Match("^RawIo: a journal could not restore all: [^\n]*\nRawIo: a journal could not restore all: [^\n]*\n$"));
    }

    [Test]
    public void That_it_cannot_be_said_keeps_no_other_journal_from_being_restored()
    {
        using var child = Ready("nothing to be said");
        Assert.That(child.End().Code, Is.Zero);
        AssertRestored();
    }

    [Test]
    public void A_signal_and_an_exception_under_way_at_once_do_not_wait_for_each_other()
    {
        using var child = Ready("two ends");
        Assert.That(child.End().Code, Is.EqualTo(134).Or.EqualTo(130));
        AssertRestored();
    }

    private Child Ready(string how)
    {
        var child = new Child("journal", how, _file);
        Assert.That(child.Output.ReadLine(), Is.EqualTo("ready"));
        return child;
    }

    private void AssertRestored() => Assert.That(File.ReadAllBytes(_file), Is.EqualTo(s_before));
}
